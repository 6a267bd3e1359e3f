//! What a developer may do: invoke the allowed models, through profiles, from the deployment's region. Nothing else.

use policy::Document;

use super::invocation::{self, ModelForm};
use crate::deployment::model::Deployment;

/// The developers' policy.
pub fn document(d: &Deployment, form: ModelForm) -> Document {
    Document::new(invocation::statements(d, form))
}
