//! The syntax of Terraform's native language: tokens with exact positions, and the structure of a file.
//!
//! Accepts and rejects what Terraform 1.11 accepts and rejects. Positions are byte offsets into the source; the tokens
//! together with the blanks between them are the source, byte for byte.

mod error;
mod expression;
mod identifier;
mod lexer;
mod parser;
mod template;
mod token;
mod unicode;

pub use error::SyntaxError;
pub use identifier::{is_continue as is_identifier_continue, is_start as is_identifier_start};
pub use lexer::lex;
pub use parser::{Attribute, Block, Body, Item, parse};
pub use token::{Fault, Token, TokenKind};
