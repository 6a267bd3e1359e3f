//! What an analyst may do: query the logs and look at metrics. No invocation.

use policy::Document;

use super::reading;
use crate::deployment::model::Deployment;

/// The analysts' policy.
pub fn document(d: &Deployment) -> Document {
    let mut statements = reading::analytics(d);
    statements.extend(reading::log_objects(d));
    statements.push(reading::metrics());
    Document::new(statements)
}
