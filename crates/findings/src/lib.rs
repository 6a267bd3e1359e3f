//! A finding as a value, and how findings are shown: to people, as JSON, SARIF, JUnit, GitHub annotations and Markdown.

mod finding;
mod nearest;
mod rule;
mod source;

pub use finding::{Edit, Finding, Fix, Place, Related, Report, Suppressed, Undetermined};
pub use nearest::{nearest, nearest_few};
pub use rule::{Confidence, Family, Rule, Severity};
pub use source::Source;
