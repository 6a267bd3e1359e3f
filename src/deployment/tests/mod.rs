//! Tests of reading deployment files.

mod errors;
mod example;
mod hostile;
mod roster;
mod schema;

use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::Date;

use super::{Failure, Loaded, load_text};
use crate::diagnostic::Source;

/// A day on which the catalogue is fresh.
fn today() -> Date {
    static AS_OF: LazyLock<Date> = LazyLock::new(|| catalog::Catalog::embedded().unwrap().as_of());
    *AS_OF
}

/// A deployment file with nothing but what is required.
const LEAST: &str = r#"
name       = "claude-code"
account_id = "123456789012"
region     = "us-east-1"
models {
  geography = "us"
  allow     = ["opus-4-6", "haiku-4-5"]
}
roles {
  trusted = ["arn:aws:iam::123456789012:user/alice"]
}
"#;

fn load(text: &str) -> Result<Loaded, Failure> {
    load_text(&Source::new("tfgen.hcl", text), Path::new(""), today())
}
