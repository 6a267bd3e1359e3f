//! The tree of a file, and what is said of files that are broken.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

mod json;
mod limits;
mod properties;
mod recovery;
mod show;
mod spans;
mod tree;

use terraform::ast::Body;
use terraform::syntax::parse_file;

/// The tree of a valid file.
fn valid(source: &str) -> Body {
    let (body, errors) = parse_file(source);
    assert_eq!(errors, [], "{source}");
    spans::check(source, &body);
    body
}
