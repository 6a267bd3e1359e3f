//! Terraform source: formatting as `terraform fmt` does, and writing HCL from values.

mod format;
pub mod syntax;
pub mod write;

pub use format::{FormatError, format};
