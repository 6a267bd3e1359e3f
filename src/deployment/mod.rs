//! The deployment file: decoding, validation, defaults, roster, names.

pub mod model;
pub mod names;
pub mod read;
