//! The language family: what `terraform validate` decides by the language and the provider's schema.
//!
//! Every module of a tree is checked once, its variables unknown, as Terraform checks it; then the dependencies of the
//! whole tree.

mod attributes;
mod body;
mod calls;
mod environment;
mod graph;
mod modules;
mod providers;
mod references;
pub mod rules;
mod shape;
mod tests;
mod version;
mod walk;

use terraform::module::{Module, ModuleId, Tree};

use self::environment::Environment;
pub(crate) use self::providers::Schemas;
use self::walk::Walk;
use crate::sink::{Sink, Sources};

/// Checks all modules of a tree.
pub(crate) fn check(tree: &Tree, schemas: &Schemas, sources: &Sources, sink: &mut Sink) {
    for (id, module) in tree.modules() {
        check_module(tree, id, module, schemas, sources, sink);
    }
    graph::check(tree, sources, sink);
}

fn check_module(tree: &Tree, id: ModuleId, module: &Module, schemas: &Schemas, sources: &Sources, sink: &mut Sink) {
    let environment = Environment::new(tree, id, module);
    let mut walk = Walk {
        environment: &environment,
        schemas,
        sources,
        sink,
    };
    walk.module();
    walk.tests();
}
