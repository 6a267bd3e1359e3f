//! Terraform source: formatting as `terraform fmt` does, and writing HCL from values.

pub mod ast;
pub mod evaluate;
mod format;
pub mod module;
pub mod parallel;
pub mod schema;
pub mod syntax;
pub mod value;
pub mod write;

pub use format::{FormatError, format};
