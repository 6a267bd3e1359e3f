//! A report in the forms that people and systems read.

pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
