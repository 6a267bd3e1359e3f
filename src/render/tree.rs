//! The files of a rendered deployment, in memory.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::steps;

/// What may happen to a file after it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Owned by render: an edit by hand is a conflict.
    Generated,
    /// The checklist: its ticks belong to the reader and survive.
    Checklist,
    /// Written once, then Terraform's own (the dependency lock file): later versions of it are left alone.
    Seed,
}

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its text, with `\n` line endings.
    pub content: String,
    /// What may happen to it later.
    pub kind: Kind,
}

/// Files by path relative to the output folder, `/`-separated on every system.
pub type Tree = BTreeMap<String, File>;

/// Adds a generated file.
pub fn insert(tree: &mut Tree, path: impl Into<String>, content: impl Into<String>) {
    tree.insert(
        path.into(),
        File {
            content: content.into(),
            kind: Kind::Generated,
        },
    );
}

/// The text as it is compared and hashed: line endings as `\n`, the checklist without its ticks.
pub fn normalised(kind: Kind, text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    match kind {
        Kind::Checklist => steps::without_ticks(&text),
        Kind::Generated | Kind::Seed => text,
    }
}

/// SHA-256 of the normalised text, in hexadecimal.
pub fn hash(kind: Kind, text: &str) -> String {
    let digest = Sha256::digest(normalised(kind, text).as_bytes());
    let mut hex = String::with_capacity(64);
    for byte in digest {
        hex.push_str(&format!("{byte:02x}"));
    }
    hex
}
