//! The language family: what `terraform validate` decides by the language and the provider's schema.
//!
//! Every module of a tree is checked once, its variables unknown, as Terraform checks it; then the dependencies of the
//! whole tree.

mod attributes;
mod body;
mod calls;
mod combinations;
mod dynamic;
mod environment;
mod graph;
mod imports;
mod marks;
mod mend;
mod meta;
mod modules;
mod planned;
mod providers;
mod provisioners;
mod references;
mod resources;
pub mod rules;
mod scoped;
mod settings;
mod shape;
mod source;
mod test_run;
mod tests;
mod usage;
mod validation;
mod values;
mod variables;
mod version;
mod walk;

use terraform::module::{SideFile, Tree};

pub(crate) use self::environment::{Environment, Here, Local};
pub(crate) use self::planned::not_made;
pub(crate) use self::providers::Schemas;
pub(crate) use self::values::{check_declared, planned};
use self::walk::Walk;
use crate::sink::{Sink, Sources};

/// Checks the configuration of one module.
pub(crate) fn check(environment: &Environment<'_>, schemas: &Schemas, sources: &Sources, sink: &mut Sink) {
    let mut walk = Walk {
        environment,
        schemas,
        sources,
        sink,
    };
    walk.module();
}

/// Checks what stands beside the configuration of a module: tests, and files of values; `given` are those that were
/// named.
pub(crate) fn check_beside(
    environment: &Environment<'_>,
    schemas: &Schemas,
    sources: &Sources,
    given: &[SideFile],
    sink: &mut Sink,
) {
    let mut walk = Walk {
        environment,
        schemas,
        sources,
        sink,
    };
    walk.tests();
    walk.values(given);
}

/// Checks what depends on what.
pub(crate) fn check_dependencies(tree: &Tree, sources: &Sources, sink: &mut Sink) {
    for root in tree.roots() {
        graph::check(tree, root, sources, sink);
    }
}
