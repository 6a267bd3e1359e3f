//! How long the documents are, against the limits of what they are attached to.

use std::fmt;

use policy::size::{Size, of_document};

use super::documents::{ADMIN, DEVELOPER, Documents, SCP};
use crate::deployment::model::Deployment;

/// A document that AWS would not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// File name.
    pub name: &'static str,
    /// How long it is, and how long it may be.
    pub size: Size,
    /// What takes the space, and what to shorten.
    pub advice: String,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (characters, most) = (self.size.characters, self.size.limit.characters);
        write!(
            f,
            "{} has {characters} characters, AWS accepts {most}: {}",
            self.name, self.advice
        )
    }
}

impl std::error::Error for TooLarge {}

impl TooLarge {
    /// Arguments of the deployment file that the document grows with, the one that most likely did it first.
    pub fn causes(&self) -> &'static [&'static str] {
        match self.name {
            SCP => &["deploy.principals", "models.allow"],
            DEVELOPER | ADMIN => &["models.allow"],
            name if name.starts_with("developer") => &["roles.trusted"],
            name if name.starts_with("admin") => &["roles.admins"],
            name if name.starts_with("analyst") => &["roles.analysts"],
            _ => &["name"],
        }
    }
}

/// The length of every document that has a limit, by file name. The service control policy is counted as it is stored,
/// so Terraform must store its minified form (`jsonencode(jsondecode(…))`).
pub fn sizes(documents: &Documents) -> Vec<(&'static str, Size)> {
    documents
        .iter()
        .filter_map(|(name, file)| Some((*name, of_document(&file.document, file.attachment.limited()?))))
        .collect()
}

/// The documents that AWS would not accept, and what to shorten in the deployment file.
///
/// # Errors
///
/// Every document that is too long.
pub fn check(d: &Deployment, documents: &Documents) -> Result<(), Vec<TooLarge>> {
    let faults: Vec<TooLarge> = sizes(documents)
        .into_iter()
        .filter(|(_, size)| !size.fits())
        .map(|(name, size)| TooLarge {
            name,
            size,
            advice: advice(d, documents, name, size),
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn advice(d: &Deployment, documents: &Documents, name: &str, size: Size) -> String {
    let over = size.characters.saturating_sub(size.limit.characters);
    match name {
        SCP => {
            let text = documents
                .get(SCP)
                .map(|file| policy::print::minified(&file.document))
                .unwrap_or_default();
            let patterns = d.deploy.iter().flat_map(|deploy| deploy.exempt());
            let (mut count, mut exempt) = (0, 0);
            for pattern in patterns {
                count += 1;
                // Quotes and comma included.
                exempt += text.matches(&format!("\"{pattern}\"")).count() * (pattern.chars().count() + 3);
            }
            let models: usize = d
                .models
                .iter()
                .map(|model| text.matches(&model.base_id).count() * (model.base_id.chars().count() + 48))
                .sum();
            format!(
                "{over} too many. {count} exempt patterns take about {exempt}, {} models about {models}: join patterns \
                 of `deploy` with `*`, shorten them, or allow fewer models",
                d.models.len()
            )
        }
        DEVELOPER | ADMIN => format!("{over} too many, with {} models: allow fewer models", d.models.len()),
        _ if name.ends_with("-trust.json") => {
            format!("{over} too many: trust a role pattern in place of single users and roles")
        }
        _ => format!("{over} too many: shorten the deployment's name"),
    }
}
