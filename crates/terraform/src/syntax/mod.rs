//! The syntax of Terraform's language: tokens with exact positions, and the tree of a file.
//!
//! Accepts and rejects what Terraform 1.11 accepts and rejects. Positions are byte offsets into the source; the tokens
//! together with the blanks between them are the source, byte for byte. One parser serves the formatter and the tree.

mod body;
mod collection;
mod comment;
mod error;
mod expression;
mod identifier;
mod json;
mod lexer;
mod literal;
mod parser;
mod recovery;
mod source;
mod template;
mod token;
mod tree;
mod unicode;

pub(crate) use body::read;

pub use body::parse_file;
pub use comment::{Comment, comments};
pub use error::SyntaxError;
pub use identifier::{is_continue as is_identifier_continue, is_start as is_identifier_start};
pub use json::{parse_json, parse_json_variables};
pub use lexer::lex;
pub use parser::MAX_DEPTH;
pub use source::{MAX_SIZE, decode};
pub use token::{Fault, Token, TokenKind};
