//! How long the documents are, against the limits of what they are attached to.

use std::fmt;

use policy::Document;

use super::documents::{Attachment, Documents};
use super::json;

/// The length of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// File name.
    pub name: &'static str,
    /// Characters as AWS counts them.
    pub characters: usize,
    /// The most that AWS accepts.
    pub limit: usize,
}

/// A document that AWS would not accept, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// What is too long.
    pub size: Size,
    /// What takes the space, and what to shorten.
    pub advice: String,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size {
            name,
            characters,
            limit,
        } = &self.size;
        write!(
            f,
            "{name} has {characters} characters, AWS accepts {limit}: {}",
            self.advice
        )
    }
}

impl std::error::Error for TooLarge {}

/// The most characters that a document may have where it is attached.
pub fn limit(attachment: Attachment) -> usize {
    match attachment {
        Attachment::PermissionSet | Attachment::RoleInline | Attachment::ServiceControl => 10_240,
        Attachment::Managed => 6_144,
        Attachment::Trust => 2_048,
        Attachment::Bucket => 20_480,
        Attachment::Topic => 30_720,
        Attachment::Key => 32_768,
    }
}

/// Characters of a document as AWS counts them there.
pub fn measure(_attachment: Attachment, document: &Document) -> usize {
    json::minified(document).chars().count()
}

/// The lengths of all documents, or those that AWS would not accept.
pub fn sizes(documents: &Documents) -> Vec<Size> {
    documents
        .iter()
        .map(|(name, file)| Size {
            name,
            characters: measure(file.attachment, &file.document),
            limit: limit(file.attachment),
        })
        .collect()
}
