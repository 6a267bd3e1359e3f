//! The language family: what `terraform validate` decides by the language and the provider's schema.
//!
//! Every module of a tree is checked once, its variables unknown, as Terraform checks it; then the dependencies of the
//! whole tree.

mod attributes;
mod body;
mod calls;
mod combinations;
mod environment;
mod graph;
mod marks;
mod modules;
mod providers;
mod provisioners;
mod references;
pub mod rules;
mod shape;
mod source;
mod tests;
mod usage;
mod validation;
mod values;
mod version;
mod walk;

use terraform::module::Tree;

pub(crate) use self::environment::{Environment, Here, Local};
pub(crate) use self::providers::Schemas;
use self::walk::Walk;
use crate::sink::{Sink, Sources};

/// Checks one module.
pub(crate) fn check(environment: &Environment<'_>, schemas: &Schemas, sources: &Sources, sink: &mut Sink) {
    let mut walk = Walk {
        environment,
        schemas,
        sources,
        sink,
    };
    walk.module();
    walk.tests();
    walk.values();
}

/// Checks what depends on what.
pub(crate) fn check_dependencies(tree: &Tree, sources: &Sources, sink: &mut Sink) {
    for root in tree.roots() {
        graph::check(tree, root, sources, sink);
    }
}
