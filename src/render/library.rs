//! The module library, embedded at build time.

use super::tree::{self, Tree};

/// Files of all modules: path below `terraform/modules` and text.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/modules.rs"));

/// Adds the files of the module `name`.
pub fn insert(tree: &mut Tree, name: &str) {
    for (path, text) in FILES {
        if path.split('/').next() == Some(name) {
            tree::insert(tree, format!("terraform/modules/{path}"), *text);
        }
    }
}
