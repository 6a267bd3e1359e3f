//! What an expression may refer to.

use std::borrow::Cow;

use crate::ast::Traversal;
use crate::value::Value;

/// The surroundings of an expression: what references stand for, and the files that functions read.
pub trait Scope {
    /// What a reference stands for. The evaluator looks up the steps that this does not consume.
    ///
    /// A reference to something that does not exist is unknown here: that it does not exist is reported by whoever
    /// checks references.
    fn reference(&self, traversal: &Traversal<'_>) -> Resolved<'_>;

    /// What `file` and its kin find at this path, which is as written: relative paths start at the folder from which
    /// Terraform is run.
    fn file(&self, path: &str) -> File {
        let _ = path;
        File::Unknown
    }

    /// The files below `folder` that match `pattern`, relative to it; `None` where that is not known.
    fn files(&self, folder: &str, pattern: &str) -> Option<Vec<String>> {
        let _ = (folder, pattern);
        None
    }

    /// Whether the module names a provider in `required_providers`, as it must where it calls its functions.
    fn requires(&self, local_name: &str) -> bool {
        let _ = local_name;
        true
    }

    /// The source address of the provider that the module calls by this local name, as `hashicorp/aws`; `None` leaves
    /// calls of its functions unknown.
    fn provider(&self, local_name: &str) -> Option<String> {
        let _ = local_name;
        None
    }
}

/// What a reference stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved<'s> {
    /// The value of the reference up to a step.
    Value {
        /// The value.
        value: Cow<'s, Value>,
        /// How many of the traversal's steps led to it.
        steps: usize,
    },
    /// Nothing is known of it.
    Unknown,
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// A file with these contents.
    Contents(Vec<u8>),
    /// Nothing.
    Missing,
    /// That is not known, or not to be looked at.
    Unknown,
}

/// The surroundings of an expression that may refer to nothing, as a default value: every reference is unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Scope for Nothing {
    fn reference(&self, _: &Traversal<'_>) -> Resolved<'_> {
        Resolved::Unknown
    }
}
