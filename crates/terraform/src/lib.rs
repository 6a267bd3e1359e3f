//! Terraform source: formatting as `terraform fmt` does, and writing HCL from values.

pub mod write;
