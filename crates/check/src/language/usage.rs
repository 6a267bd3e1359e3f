//! Whether anything uses a provider configuration.

use std::collections::BTreeSet;

use terraform::ast::ExpressionKind;
use terraform::module::{Declaration, Module, ModuleId, Target, Tree};

use super::environment::Environment;
use super::providers::implied;

/// Whether a resource, or a module that is called, may use this configuration.
pub fn is_used(environment: &Environment<'_>, name: &str, alias: Option<&str>) -> bool {
    let own = environment.module;
    if named(own).any(|(found, with)| found == name && with.as_deref() == alias) {
        return true;
    }
    // The default configuration reaches into the modules that are called; of those that are not here anything may be.
    alias.is_none() && below(environment.tree, environment.id, name, &mut BTreeSet::new())
}

fn below(tree: &Tree, id: ModuleId, name: &str, seen: &mut BTreeSet<ModuleId>) -> bool {
    if !seen.insert(id) {
        return false;
    }
    let uses = |module: &Module| named(module).any(|(found, _)| found == name);
    tree.module(id).is_some_and(uses)
        || tree.calls(id).iter().any(|call| match &call.target {
            Target::Module(called) => below(tree, *called, name, seen),
            _ => true,
        })
}

/// The configurations that a module's resources and calls name, and those that they take without a word.
fn named(module: &Module) -> impl Iterator<Item = (String, Option<String>)> {
    let resources = ["resource", "data", "ephemeral"].into_iter();
    let resources = resources.flat_map(|kind| module.of_kind(kind)).filter_map(of_resource);
    let checks = module
        .of_kind("check")
        .flat_map(|check| check.block.body.blocks_of("data"));
    let checks = checks.filter_map(|data| Some((implied(&data.labels.first()?.text).to_owned(), None)));
    resources
        .chain(checks)
        .chain(module.of_kind("module").flat_map(of_call))
}

fn of_resource(declaration: &Declaration) -> Option<(String, Option<String>)> {
    match declaration.view().attribute("provider") {
        Some((_, attribute)) => reference(&attribute.value),
        None => Some((implied(declaration.label(0)?).to_owned(), None)),
    }
}

fn of_call(declaration: &Declaration) -> Vec<(String, Option<String>)> {
    let view = declaration.view();
    match view.attribute("providers").map(|(_, attribute)| &attribute.value.kind) {
        Some(ExpressionKind::Object(items)) => items.iter().filter_map(|item| reference(&item.value)).collect(),
        _ => Vec::new(),
    }
}

fn reference(expression: &terraform::ast::Expression) -> Option<(String, Option<String>)> {
    if let Some(text) = expression.as_string() {
        return Some(match text.split_once('.') {
            Some((name, alias)) => (name.to_owned(), Some(alias.to_owned())),
            None => (text.to_owned(), None),
        });
    }
    let traversal = expression.as_traversal()?;
    let alias = traversal.steps.first().and_then(|step| match step {
        terraform::ast::Step::Name(name) => Some(name.text.clone()),
        terraform::ast::Step::Key(..) => None,
    });
    Some((traversal.root.to_owned(), alias))
}
