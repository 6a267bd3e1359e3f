//! Module calls, and arguments that the language itself gives a meaning in resources and calls.

use std::collections::BTreeSet;

use findings::Severity;
use terraform::ast::{Expression, ExpressionKind, Identifier, ObjectKey, Span, Step};
use terraform::evaluate::{Nothing, evaluate, type_constraint};
use terraform::module::{Declaration, FileId, Module, Target, View};
use terraform::schema::{BlockSchema, Kind};
use terraform::value::{ConversionError, Type, Value, convert};

use super::attributes;
use super::environment::Local;
use super::providers::Providers;
use super::references::Place;
use super::rules;
use super::shape::Shape;
use super::source;
use super::walk::Walk;

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
            let fault = if source::is_none(text) {
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
                let message = format!("{what} leads to {}, where no configuration stands", folder.display());
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
        let inside = self.environment.called(id, called);
        self.passed_providers(view);
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
                self.push(finding);
                self.value(&attribute.value, place);
                continue;
            };
            let value = self.value(&attribute.value, place);
            let view = variable.view();
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
            Some(ExpressionKind::Object(items)) => items
                .iter()
                .filter_map(|item| match &item.key {
                    ObjectKey::Word(word) => Some(word.text.clone()),
                    ObjectKey::Expression(key) => match key.as_traversal() {
                        Some(traversal) => match traversal.steps.as_slice() {
                            [Step::Name(alias)] => Some(format!("{}.{}", traversal.root, alias.text)),
                            _ => None,
                        },
                        None => key.as_string().map(str::to_owned),
                    },
                })
                .collect(),
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
    fn passed_providers(&mut self, view: &View<'_>) {
        let Some((file, attribute)) = view.attribute("providers") else {
            return;
        };
        let ExpressionKind::Object(items) = &attribute.value.kind else {
            let message = "`providers` is an object, as `{ aws = aws.west }`";
            self.report(&rules::META_ARGUMENT, file, &attribute.value.span, message);
            return;
        };
        for item in items {
            self.provider_reference(&item.value, file);
        }
    }

    /// The module's name for the provider that an expression names; that its configuration does not exist is reported.
    pub fn provider_reference(&mut self, expression: &Expression, file: FileId) -> Option<String> {
        let (name, alias) = match expression.as_string() {
            // The way of Terraform 0.11.
            Some(text) => match text.split_once('.') {
                Some((name, alias)) => (name.to_owned(), Some(alias.to_owned())),
                None => (text.to_owned(), None),
            },
            None => {
                let traversal = expression.as_traversal();
                let parts = traversal.and_then(|it| match it.steps.as_slice() {
                    [] => Some((it.root.to_owned(), None)),
                    [Step::Name(alias)] => Some((it.root.to_owned(), Some(alias.text.clone()))),
                    _ => None,
                });
                let Some(parts) = parts else {
                    let message = "a provider is named plainly, as `aws` or `aws.west`: it cannot be computed";
                    self.report(&rules::META_ARGUMENT, file, &expression.span, message);
                    return None;
                };
                parts
            }
        };
        let words = [Some(name.as_str()), alias.as_deref()];
        if !words
            .into_iter()
            .flatten()
            .all(|word| !word.is_empty() && is_name(word))
        {
            let message = "a provider is named plainly, as `aws` or `aws.west`";
            self.report(&rules::META_ARGUMENT, file, &expression.span, message);
            return None;
        }
        if let Some(alias) = alias {
            let required = self.environment.providers.get(&name);
            let module = self.environment.module;
            let exists = module.labelled("provider", &name, &alias).is_some() || required.aliases.contains(&alias);
            if !exists {
                let known: Vec<String> = module
                    .of_kind("provider")
                    .filter(|provider| provider.label(0) == Some(&name))
                    .filter_map(|provider| {
                        let view = provider.view();
                        let (_, alias) = view.attribute("alias")?;
                        alias.value.as_string().map(str::to_owned)
                    })
                    .chain(required.aliases.iter().cloned())
                    .collect();
                let finding = self
                    .finding(
                        &rules::PROVIDER_CONFIGURATION,
                        file,
                        &expression.span,
                        format!("there is no configuration of provider {name} with the alias `{alias}` in this module"),
                    )
                    .nearest(&alias, known.iter().map(String::as_str));
                self.push(finding);
            }
        }
        Some(name)
    }

    /// `depends_on` and `lifecycle` of a resource.
    pub fn meta_arguments(&mut self, view: &View<'_>, local: &Local, kind: Kind) {
        self.depends_on(view);
        if kind != Kind::Resource {
            return;
        }
        for (file, lifecycle) in view.blocks_of("lifecycle") {
            let Some(attribute) = lifecycle.body.attribute("replace_triggered_by") else {
                continue;
            };
            let ExpressionKind::Tuple(elements) = &attribute.value.kind else {
                let message = "`replace_triggered_by` is a list of references";
                self.report(&rules::META_ARGUMENT, file, &attribute.value.span, message);
                continue;
            };
            let place = Place {
                file,
                local,
                inside: None,
            };
            for element in elements {
                self.warned(|walk| walk.references(element, place));
                let root = base(element).and_then(|base| base.as_traversal().map(|it| it.root.to_owned()));
                let other = root.is_none_or(|root| {
                    matches!(
                        root.as_str(),
                        "var" | "local" | "module" | "data" | "path" | "terraform" | "each" | "count" | "self"
                    )
                });
                if other {
                    let message = "`replace_triggered_by` takes references to resources and their attributes alone";
                    self.report(&rules::META_ARGUMENT, file, &element.span, message);
                }
            }
        }
    }

    /// Checks `depends_on`: whole things, named plainly.
    pub fn depends_on(&mut self, view: &View<'_>) {
        let Some((file, attribute)) = view.attribute("depends_on") else {
            return;
        };
        let ExpressionKind::Tuple(elements) = &attribute.value.kind else {
            let message = "`depends_on` is a list of references, as `[aws_s3_bucket_policy.logs]`";
            self.report(&rules::META_ARGUMENT, file, &attribute.value.span, message);
            return;
        };
        let nothing = Local::default();
        let place = Place {
            file,
            local: &nothing,
            inside: None,
        };
        for element in elements {
            // The way of Terraform 0.11, of which it warns.
            if element.as_string().is_some() {
                continue;
            }
            let Some(traversal) = element.as_traversal() else {
                let message = "`depends_on` takes references alone, named plainly: it cannot be computed";
                self.report(&rules::META_ARGUMENT, file, &element.span, message);
                continue;
            };
            let whole = match traversal.root {
                "data" | "ephemeral" | "resource" => 2,
                "each" | "count" | "path" | "terraform" | "self" => 0,
                _ => 1,
            };
            if whole == 0 {
                let message = format!("`{}` is nothing that `depends_on` could wait for", traversal.root);
                self.report(&rules::META_ARGUMENT, file, &element.span, message);
                continue;
            }
            let rest = traversal.steps.get(whole..).unwrap_or_default();
            if rest.iter().any(|step| matches!(step, Step::Name(_))) && traversal.root != "module" {
                let message = "`depends_on` waits for whole things: an attribute of one cannot be waited for alone";
                self.report(&rules::META_ARGUMENT, file, &element.span, message);
                continue;
            }
            self.references(element, place);
        }
    }

    /// `ignore_changes` names arguments that exist.
    pub fn ignored_changes(&mut self, view: &View<'_>, schema: &BlockSchema) {
        for (file, lifecycle) in view.blocks_of("lifecycle") {
            let Some(attribute) = lifecycle.body.attribute("ignore_changes") else {
                continue;
            };
            let elements = match &attribute.value.kind {
                ExpressionKind::Tuple(elements) => elements.as_slice(),
                ExpressionKind::Variable(word) if word == "all" => continue,
                _ if attribute.value.as_string() == Some("all") => continue,
                _ => {
                    let message = "`ignore_changes` is a list of arguments, or `all`";
                    self.report(&rules::META_ARGUMENT, file, &attribute.value.span, message);
                    continue;
                }
            };
            for element in elements {
                self.ignored_change(element, schema, file);
            }
        }
    }

    fn ignored_change(&mut self, element: &Expression, schema: &BlockSchema, file: FileId) {
        if element.as_string() == Some("*") {
            return;
        }
        let root = match (element.as_string(), element.as_traversal()) {
            (Some(text), _) if is_name(text) => Identifier {
                text: text.to_owned(),
                span: element.span.clone(),
            },
            (Some(_), _) => return,
            (None, Some(traversal)) => Identifier {
                text: traversal.root.to_owned(),
                span: traversal.root_span.clone(),
            },
            (None, None) => {
                let message = "`ignore_changes` takes arguments alone, named plainly: it cannot be computed";
                self.report(&rules::META_ARGUMENT, file, &element.span, message);
                return;
            }
        };
        let mut steps = vec![Step::Name(&root)];
        let traversal = element.as_traversal();
        if let Some(traversal) = &traversal {
            steps.extend(traversal.steps.iter().cloned());
        }
        if let Err(fault) = attributes::follow(schema, &steps) {
            let span: &Span = fault.span.as_ref().unwrap_or(&element.span);
            let finding = self
                .finding(
                    &rules::UNKNOWN_ATTRIBUTE,
                    file,
                    span,
                    format!("`ignore_changes`: {}", fault.message),
                )
                .nearest(&fault.name, fault.candidates.iter().map(String::as_str));
            self.push(finding);
        }
    }

    /// `moved`, `removed` and `import`: their addresses.
    pub fn state_change(&mut self, declaration: &Declaration, view: &View<'_>) {
        let kind = declaration.block.kind.text.as_str();
        let mut ends = Vec::new();
        for name in ["from", "to"] {
            let Some((file, attribute)) = view.attribute(name) else {
                continue;
            };
            match End::of(&attribute.value) {
                Some(end) => ends.push((end, file, attribute.value.span.clone())),
                // The instance that something is imported to may be computed.
                None if kind == "import" => {}
                None => {
                    let message = format!("`{name}` is no address of a resource or module, as `aws_s3_bucket.logs`");
                    self.report(&rules::STATE_CHANGE, file, &attribute.value.span, message);
                }
            }
        }
        if kind == "removed"
            && let Some((file, attribute)) = view.attribute("from")
            && let Some(traversal) = attribute.value.as_traversal()
        {
            let data = traversal
                .steps
                .iter()
                .any(|step| matches!(step, Step::Name(name) if name.text == "data"));
            let fault = if traversal.steps.iter().any(|step| matches!(step, Step::Key(..))) {
                Some("a whole resource or module is removed, so no instance can be named")
            } else if traversal.root == "data" || (traversal.root == "module" && data) {
                Some("a data source has nothing that could be removed: delete its block")
            } else {
                None
            };
            if let Some(fault) = fault {
                self.report(&rules::STATE_CHANGE, file, &attribute.value.span, fault);
            }
        }
        if let [(from, ..), (to, file, span)] = ends.as_slice()
            && from != to
        {
            let message = "`from` and `to` must both be resources, or both be modules";
            self.report(&rules::STATE_CHANGE, *file, span, message);
        }
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Module,
    Resource,
}

impl End {
    fn of(address: &Expression) -> Option<Self> {
        let traversal = address.as_traversal()?;
        let mut words: Vec<&str> = vec![traversal.root];
        words.extend(traversal.steps.iter().filter_map(|step| match step {
            Step::Name(name) => Some(name.text.as_str()),
            Step::Key(..) => None,
        }));
        let mut rest = words.as_slice();
        let mut modules = false;
        while let ["module", _, after @ ..] = rest {
            rest = after;
            modules = true;
        }
        match rest {
            [] if modules => Some(Self::Module),
            ["data", _, _] | [_, _] => Some(Self::Resource),
            _ => None,
        }
    }
}

/// What an expression looks into: `a.b` of `a.b[count.index]`.
fn base(expression: &Expression) -> Option<&Expression> {
    match &expression.kind {
        ExpressionKind::Access { base: inner, .. } if expression.as_traversal().is_none() => base(inner),
        ExpressionKind::Access { .. } | ExpressionKind::Variable(_) => Some(expression),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    text.chars().all(terraform::syntax::is_identifier_continue)
}
