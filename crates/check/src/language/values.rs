//! Files of values of variables, `.tfvars`: those beside a module, and those that were named with `--var-file`.
//!
//! Terraform reads `terraform.tfvars`, `terraform.tfvars.json` and `*.auto.tfvars` in the folder of the root by itself,
//! then the files that it is given; the last value of a variable counts, and no other is looked at. Any other file
//! beside the configuration is judged as if it were given.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence>

use std::collections::{BTreeMap, BTreeSet};

use findings::Severity;
use terraform::ast::{Attribute, ExpressionKind, Span};
use terraform::evaluate::{Nothing, evaluate, type_constraint};
use terraform::module::{Declaration, FileId, Module, ModuleId, SideFile, Tree, View};
use terraform::value::{Type, Value, convert};

use super::environment::{Environment, Here, Local};
use super::rules;
use super::walk::{Walk, first_reference};
use crate::sink::{self, Sink, Sources};

/// The values of a root's variables when it is planned, as far as files give them. Sensitive ones are left out, so that
/// no message shows them.
pub fn planned(module: &Module, sources: &Sources, given: &[SideFile]) -> BTreeMap<String, Value> {
    let mut values = known(module, &effective(&chain(module, sources, given)));
    values.retain(|name, _| !module.named("variable", name).is_some_and(is_sensitive));
    values
}

/// Checks that somebody declares what the files that were named give values to.
pub fn check_declared(tree: &Tree, roots: &BTreeSet<ModuleId>, given: &[SideFile], sources: &Sources, sink: &mut Sink) {
    let names = |id: &ModuleId| tree.module(*id).into_iter().flat_map(variables);
    let declared: BTreeSet<&str> = roots.iter().flat_map(names).collect();
    for (file, attribute) in given
        .iter()
        .flat_map(|values| values.body.attributes().map(|it| (values.file, it)))
    {
        let name = &attribute.name.text;
        if !roots.is_empty() && !declared.contains(name.as_str()) {
            let message = format!("no root module that is checked declares a variable `{name}`");
            let finding = sink::finding(sources, &rules::VARIABLES_FILE, file, &attribute.name.span, message)
                .severity(Severity::Warning)
                .nearest(name, declared.iter().copied());
            sink.push(finding);
        }
    }
}

/// The files whose values a root has, the later ones first in rank.
fn chain<'v>(module: &'v Module, sources: &Sources, given: &'v [SideFile]) -> Vec<&'v SideFile> {
    let mut automatic: Vec<(u8, String, &SideFile)> = module
        .values
        .iter()
        .filter(|values| !is_given(values, given))
        .filter_map(|values| {
            let path = sources.place(values.file, &(0..0)).source;
            let name = path.name.rsplit('/').next().unwrap_or_default();
            Some((rank(name)?, name.to_owned(), values))
        })
        .collect();
    automatic.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    automatic
        .into_iter()
        .map(|(_, _, values)| values)
        .chain(given)
        .collect()
}

/// The place in the order of the files that Terraform reads by itself.
fn rank(name: &str) -> Option<u8> {
    match name {
        "terraform.tfvars" => Some(0),
        "terraform.tfvars.json" => Some(1),
        _ if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => Some(2),
        _ => None,
    }
}

fn is_given(values: &SideFile, given: &[SideFile]) -> bool {
    given.iter().any(|given| given.file == values.file)
}

/// The assignments that count.
fn effective<'v>(chain: &[&'v SideFile]) -> BTreeMap<&'v str, (FileId, &'v Attribute)> {
    let mut assignments = BTreeMap::new();
    for values in chain.iter().rev() {
        // Of two in one file, which is an error of its own, the first counts.
        for attribute in values.body.attributes() {
            let name = attribute.name.text.as_str();
            assignments.entry(name).or_insert((values.file, attribute));
        }
    }
    assignments
}

/// The values of the variables that have one of the type that they want.
fn known(module: &Module, assignments: &BTreeMap<&str, (FileId, &Attribute)>) -> BTreeMap<String, Value> {
    assignments
        .iter()
        .filter(|(_, (_, attribute))| first_reference(&attribute.value).is_none())
        .filter_map(|(name, (_, attribute))| {
            let variable = module.named("variable", name)?;
            let value = evaluate(&attribute.value, &Nothing, &mut Vec::new());
            match converted(variable, value).ok()? {
                // A variable that cannot be null takes its default instead.
                Value::Null(_) if is_not_nullable(variable) => None,
                value => Some(((*name).to_owned(), value)),
            }
        })
        .collect()
}

/// A value as the variable takes it.
pub fn converted(variable: &Declaration, value: Value) -> Result<Value, String> {
    let constraint = variable
        .view()
        .attribute("type")
        .and_then(|(_, attribute)| type_constraint(&attribute.value).ok());
    match constraint {
        None => Ok(value),
        Some(constraint) => {
            convert(constraint.defaults.apply(value), &constraint.kind).map_err(|error| error.to_string())
        }
    }
}

fn variables(module: &Module) -> impl Iterator<Item = &str> {
    module.of_kind("variable").filter_map(|variable| variable.label(0))
}

fn is_sensitive(variable: &Declaration) -> bool {
    let view = variable.view();
    // Whatever is no plain `false` counts.
    ["sensitive", "ephemeral"].iter().any(|name| {
        view.attribute(name)
            .is_some_and(|(_, attribute)| !matches!(attribute.value.kind, ExpressionKind::Bool(false)))
    })
}

fn is_not_nullable(variable: &Declaration) -> bool {
    let view = variable.view();
    view.attribute("nullable")
        .is_some_and(|(_, attribute)| matches!(attribute.value.kind, ExpressionKind::Bool(false)))
}

impl Walk<'_, '_> {
    /// Checks the files of values in the module's folder and, for a root, those that were named.
    pub fn values(&mut self, given: &[SideFile]) {
        let module = self.environment.module;
        let given = if self.environment.root { given } else { &[] };
        let main = chain(module, self.sources, given);
        self.values_in(&main, &main, given);
        let automatic = chain(module, self.sources, &[]);
        for other in &module.values {
            let is_main = main.iter().any(|values| values.file == other.file);
            if !is_main {
                let chain: Vec<&SideFile> = automatic.iter().copied().chain([other]).collect();
                self.values_in(&chain, &[other], &[]);
            }
        }
    }

    /// Checks some of the files that together give a module its values.
    fn values_in(&mut self, chain: &[&SideFile], judged: &[&SideFile], given: &[SideFile]) {
        if judged.is_empty() {
            return;
        }
        let module = self.environment.module;
        let assignments = effective(chain);
        let planned = self
            .environment
            .with_module(module)
            .with_values(known(module, &assignments));
        for values in judged {
            let file = values.file;
            for block in values.body.blocks() {
                let message = "a file of values has arguments alone, one for each variable";
                let finding = self
                    .finding(&rules::VARIABLES_FILE, file, &block.header, message)
                    .help(format!("a map is written `{} = {{ … }}`", block.kind.text));
                self.push(finding);
            }
            for attribute in values.body.attributes() {
                let name = attribute.name.text.as_str();
                let what = format!("the value of var.{name}");
                let value = self.constant(&attribute.value, &Type::Any, file, &what);
                let counts = assignments
                    .get(name)
                    .is_some_and(|(from, counting)| *from == file && counting.span == attribute.span);
                match module.named("variable", name) {
                    None if is_given(values, given) => {}
                    None => self.without_variable(file, attribute),
                    Some(_) if !counts => {}
                    Some(variable) => self.assigned(variable, value, (file, attribute), &planned),
                }
            }
        }
    }

    /// Terraform only warns: one file may serve several configurations.
    fn without_variable(&mut self, file: FileId, attribute: &Attribute) {
        let name = &attribute.name.text;
        let message = format!("the configuration in this folder declares no variable `{name}`");
        let finding = self
            .finding(&rules::VARIABLES_FILE, file, &attribute.name.span, message)
            .severity(Severity::Warning)
            .nearest(name, variables(self.environment.module));
        self.push(finding);
    }

    /// Checks a value that a variable gets.
    fn assigned(
        &mut self,
        variable: &Declaration,
        value: Value,
        (file, attribute): (FileId, &Attribute),
        planned: &Environment<'_>,
    ) {
        let name = &attribute.name.text;
        let view = variable.view();
        let fault = match converted(variable, value) {
            Err(error) => Some(format!("the value of var.{name}: {error}")),
            Ok(Value::Null(_)) if is_not_nullable(variable) => match view.attribute("default") {
                Some(_) => None,
                None => Some(format!("var.{name} has no default and takes no null")),
            },
            Ok(_) => None,
        };
        let declared = self.sources.place(variable.file, &variable.block.header);
        if let Some(fault) = fault {
            let finding = self
                .finding(&rules::VARIABLES_FILE, file, &attribute.value.span, fault)
                .also(declared, "the variable is declared here");
            self.push(finding);
            return;
        }
        for (condition_file, message) in failed(variable, &view, planned) {
            let says = message.map_or(String::new(), |message| format!(": {message}"));
            let fault = format!("the value of var.{name} fails its validation{says}");
            let condition = self.sources.place(condition_file.0, &condition_file.1);
            let finding = self
                .finding(&rules::VARIABLES_FILE, file, &attribute.value.span, fault)
                .also(condition, "this must be true");
            self.push(finding);
        }
    }
}

/// The validations of a variable that fail for certain: the place of the condition, and its message where that is known
/// and shows no secret.
fn failed(variable: &Declaration, view: &View<'_>, planned: &Environment<'_>) -> Vec<((FileId, Span), Option<String>)> {
    let scope = Here {
        environment: planned,
        local: &Local::default(),
    };
    let value = |expression| evaluate(expression, &scope, &mut Vec::new());
    let mut failed = Vec::new();
    for (file, block) in view.blocks_of("validation") {
        let Some(condition) = block.body.attribute("condition") else {
            continue;
        };
        if convert(value(&condition.value), &Type::Bool) == Ok(Value::Bool(false)) {
            let message = block.body.attribute("error_message").and_then(|message| {
                let plain = message.value.as_string().map(str::to_owned);
                let shown = || value(&message.value).as_str().map(str::to_owned);
                plain.or_else(|| (!is_sensitive(variable)).then(shown).flatten())
            });
            failed.push(((file, condition.value.span.clone()), message));
        }
    }
    failed
}
