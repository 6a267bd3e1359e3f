//! Terraform source: formatting as `terraform fmt` does, and writing HCL from values.

pub mod ast;
mod format;
pub mod schema;
pub mod syntax;
pub mod value;
pub mod write;

pub use format::{FormatError, format};
