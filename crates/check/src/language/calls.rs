//! Module calls, and arguments that the language itself gives a meaning in resources and calls.

use std::collections::BTreeSet;

use findings::Severity;
use terraform::ast::{ExpressionKind, ObjectKey, Span, Step};
use terraform::evaluate::{Nothing, evaluate, type_constraint};
use terraform::module::{Declaration, FileId, Module, Target, View};
use terraform::schema::BUILTIN_SOURCE;
use terraform::value::{ConversionError, Type, Value, convert};

use super::environment::Local;
use super::marks::{Mark, marked};
use super::mend;
use super::providers::Providers;
use super::references::Place;
use super::rules;
use super::shape::Shape;
use super::source;
use super::walk::Walk;
use crate::sink::display;

impl Walk<'_, '_> {
    /// Checks a module call.
    pub fn call(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape) {
        let Some(label) = declaration.block.labels.first() else {
            return;
        };
        let what = format!("module \"{}\"", label.text);
        self.name(&label.text, declaration.file, &label.span);
        let header = (declaration.file, &declaration.block.header);
        for argument in ["source", "version"] {
            if let Some((file, attribute)) = view.attribute(argument) {
                self.constant(&attribute.value, &Type::String, file, &format!("`{argument}`"));
            }
        }
        if let Some((file, attribute)) = view.attribute("version") {
            self.constraint(attribute.value.as_string(), file, &attribute.value.span);
        }
        let local = self.repetition(view, &what);
        self.depends_on(view);
        for (file, block) in view.blocks() {
            let finding = self
                .finding(
                    &rules::UNKNOWN_BLOCK,
                    file,
                    &block.header,
                    format!("{what} has no block `{}`", block.kind.text),
                )
                .help("a module call has arguments alone, one for each variable of the module");
            self.push(finding);
        }
        let local = Local {
            instances: true,
            ..local
        };
        let place = Place {
            file: declaration.file,
            local: &local,
            inside: None,
        };
        let Some((source_file, source)) = view.attribute("source") else {
            let message = format!("{what} lacks the argument `source`, which must be set");
            self.report(&rules::MISSING_ARGUMENT, header.0, header.1, message);
            return;
        };
        if let Some(text) = source.value.as_string() {
            let fault = if matches!(text, "." | "..") {
                Some(format!("a path to a folder has a slash after its dots: `{text}/`"))
            } else if source::is_none(text) {
                Some(format!(
                    "`{text}` is no source of a module; a folder beside this one is written `./{text}`"
                ))
            } else if source::is_path(text) && view.attribute("version").is_some() {
                Some("a module in a folder has no versions: `version` is for modules of a registry".to_owned())
            } else {
                None
            };
            if let Some(fault) = fault {
                self.report(&rules::MODULE_SOURCE, source_file, &source.value.span, fault);
            }
        }
        let target = self.environment.tree.target(self.environment.id, &label.text).cloned();
        let called = match &target {
            Some(Target::Module(id)) => self.environment.tree.module(*id).map(|module| (*id, module)),
            Some(Target::Missing(folder)) => {
                let message = format!("{what} leads to {}, where there is no folder", folder.display());
                self.report(&rules::MODULE_SOURCE, source_file, &source.value.span, message);
                None
            }
            Some(Target::Recursive(folder)) => {
                let message = format!("{what} calls {}, which leads back here", folder.display());
                self.report(&rules::MODULE_SOURCE, source_file, &source.value.span, message);
                None
            }
            Some(Target::Remote(address)) => {
                let place = self.sources.place(source_file, &source.value.span);
                self.sink.note(
                    format!("module {address} was not checked: it is not here"),
                    Some(place),
                    "`terraform init`, which fetches it",
                );
                None
            }
            Some(Target::Unknown) | None => None,
        };
        let arguments = view.attributes();
        let Some((id, called)) = called else {
            for (file, attribute) in arguments {
                if shape.argument(&attribute.name.text).is_none() {
                    self.value(&attribute.value, Place { file, ..place });
                }
            }
            return;
        };
        if called.is_empty() {
            let folder = display(&called.folder);
            let message = format!("{what} leads to the folder `{folder}`, which holds no configuration");
            let finding = self.finding(&rules::MODULE_SOURCE, source_file, &source.value.span, message);
            self.push(finding.severity(Severity::Warning));
        }
        let inside = self.environment.called(id, called);
        self.passed_providers(called, view, &what);
        self.wanted_providers(called, view, &what, header);
        for (file, attribute) in &arguments {
            let name = attribute.name.text.as_str();
            if shape.argument(name).is_some() {
                continue;
            }
            let place = Place { file: *file, ..place };
            let Some(variable) = called.named("variable", name) else {
                let finding = self
                    .finding(
                        &rules::UNKNOWN_ARGUMENT,
                        *file,
                        &attribute.name.span,
                        format!("{what} has no argument `{name}`: the module declares no such variable"),
                    )
                    .severity(if view.is_overridden() {
                        Severity::Warning
                    } else {
                        Severity::Error
                    })
                    .nearest(
                        name,
                        called.of_kind("variable").filter_map(|variable| variable.label(0)),
                    );
                let at = self.sources.place(*file, &attribute.name.span);
                let declared = called.of_kind("variable").filter_map(|variable| variable.label(0));
                let free = declared.filter(|known| view.attribute(known).is_none());
                self.push(mend::slip(finding, at, name, free));
                self.value(&attribute.value, place);
                continue;
            };
            let value = self.value(&attribute.value, place);
            let view = variable.view();
            if view.attribute("ephemeral").is_none()
                && marked(self.environment, &attribute.value, Mark::Ephemeral, true)
            {
                let message = format!("`{name}` of {what} is ephemeral, and the variable does not say so");
                let finding = self
                    .finding(&rules::INVALID_EXPRESSION, *file, &attribute.value.span, message)
                    .help("add `ephemeral = true` to the variable");
                self.push(finding);
            }
            let refuses_null = view
                .attribute("nullable")
                .is_some_and(|(_, nullable)| nullable.value.kind == ExpressionKind::Bool(false));
            if matches!(value, Value::Null(_)) && refuses_null {
                if view.attribute("default").is_none() {
                    let message = format!("`{name}` of {what}: the variable takes no null, and has no default");
                    self.report(&rules::TYPE_MISMATCH, *file, &attribute.value.span, message);
                }
                continue;
            }
            let place = (*file, &attribute.value.span);
            match taken(&view, value) {
                Ok(value) => self.validated(&inside, variable, &value, &what, place),
                Err(error) => {
                    let message = format!("`{name}` of {what}: {error}");
                    self.report(&rules::TYPE_MISMATCH, place.0, place.1, message);
                }
            }
        }
        let given: BTreeSet<&str> = arguments
            .iter()
            .map(|(_, attribute)| attribute.name.text.as_str())
            .collect();
        for variable in called.of_kind("variable") {
            let Some(name) = variable.label(0) else { continue };
            if given.contains(name) {
                continue;
            }
            if let Some((_, default)) = variable.view().attribute("default") {
                let value = evaluate(&default.value, &Nothing, &mut Vec::new());
                if let Ok(value) = taken(&variable.view(), value) {
                    self.validated(&inside, variable, &value, &what, header);
                }
            } else {
                let message = format!("{what} lacks the argument `{name}`: the module's variable has no default");
                self.report(&rules::MISSING_ARGUMENT, header.0, header.1, message);
            }
        }
    }

    /// Configurations that a module wants from its caller, and those that it has and must not have.
    fn wanted_providers(&mut self, called: &Module, view: &View<'_>, what: &str, header: (FileId, &Span)) {
        let given: BTreeSet<String> = match view.attribute("providers").map(|(_, attribute)| &attribute.value.kind) {
            Some(ExpressionKind::Object(items)) => items.iter().filter_map(|item| configuration(&item.key)).collect(),
            Some(_) => return,
            None => BTreeSet::new(),
        };
        for (name, required) in Providers::of(called).iter() {
            for alias in &required.aliases {
                let wanted = format!("{name}.{alias}");
                if !given.contains(&wanted) {
                    let message =
                        format!("{what} needs the provider configuration `{wanted}`, which is not passed to it");
                    let finding = self
                        .finding(&rules::PROVIDER_CONFIGURATION, header.0, header.1, message)
                        .help(format!(
                            "add `providers = {{ {wanted} = {name} }}`, with the configuration to use"
                        ));
                    self.push(finding);
                }
            }
        }
        let repeated = ["count", "for_each", "depends_on"];
        if let Some((file, attribute)) = repeated.iter().find_map(|name| view.attribute(name))
            && called
                .of_kind("provider")
                .any(|provider| !provider.block.body.items.is_empty())
        {
            let message = format!(
                "{what} configures a provider itself, so it cannot be called with `{}`",
                attribute.name.text
            );
            self.report(&rules::META_ARGUMENT, file, &attribute.name.span, message);
        }
    }

    /// `providers = { aws = aws.west }`
    fn passed_providers(&mut self, called: &Module, view: &View<'_>, what: &str) {
        let Some((file, attribute)) = view.attribute("providers") else {
            return;
        };
        let ExpressionKind::Object(items) = &attribute.value.kind else {
            let message = "`providers` is an object, as `{ aws = aws.west }`";
            self.report(&rules::META_ARGUMENT, file, &attribute.value.span, message);
            return;
        };
        let theirs = Providers::of(called);
        let mut seen = BTreeSet::new();
        for item in items {
            let passed = self.provider_reference(&item.value, file);
            let Some(wanted) = configuration(&item.key) else {
                continue;
            };
            let name = wanted.split('.').next().unwrap_or_default();
            if let Some(passed) = passed {
                let sources = [self.environment.providers.get(&passed), theirs.get(name)].map(|it| it.source);
                // What `terraform` stands for depends on where it is written.
                if let [ours, theirs] = &sources
                    && ours != theirs
                    && !sources.iter().any(|source| source == BUILTIN_SOURCE)
                {
                    let message =
                        format!("`{passed}` is a configuration of {ours}, and `{name}` of {what} is provider {theirs}");
                    self.report(&rules::PROVIDER_CONFIGURATION, file, &item.value.span, message);
                }
            }
            if !seen.insert(wanted.clone()) {
                let message = format!("`{wanted}` of {what} is passed twice");
                self.report(&rules::DUPLICATE_DECLARATION, file, &item.key.span(), message);
            }
        }
    }
}

/// The name of a configuration of the called module, as `aws.west`.
fn configuration(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Word(word) => Some(word.text.clone()),
        ObjectKey::Expression(key) => match key.as_traversal() {
            Some(traversal) => match traversal.steps.as_slice() {
                [Step::Name(alias)] => Some(format!("{}.{}", traversal.root, alias.text)),
                _ => None,
            },
            None => key.as_string().map(str::to_owned),
        },
    }
}

/// What a variable makes of a value: its type, and what is optional in it.
fn taken(variable: &View<'_>, value: Value) -> Result<Value, ConversionError> {
    let constraint = variable
        .attribute("type")
        .and_then(|(_, attribute)| type_constraint(&attribute.value).ok());
    match constraint {
        Some(constraint) if !matches!(value, Value::Null(_)) => {
            convert(constraint.defaults.apply(value), &constraint.kind)
        }
        _ => Ok(value),
    }
}
