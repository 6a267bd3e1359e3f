//! A finding as a value, and how findings are shown: to people, as JSON, SARIF, JUnit, GitHub annotations and Markdown.
//!
//! Beside that, what is done with findings whatever they are about: [`suppress`] takes out those that a comment
//! suppresses, [`fix`] applies their fixes.

mod excerpt;
mod finding;
pub mod fix;
mod nearest;
pub mod output;
mod page;
mod rule;
mod source;
mod summary;
pub mod suppress;
mod text;

pub use excerpt::{DEFAULT_WIDTH, Mark, Note, Style, write_notes};
pub use finding::{Edit, Finding, Fix, Place, Related, Report, Suppressed, Undetermined};
pub use nearest::{nearest, nearest_few};
pub use page::{index, page};
pub use rule::{Confidence, Family, Rule, Severity};
pub use source::{Region, Source};
pub use summary::Summary;
pub use text::{clip, one_line};
