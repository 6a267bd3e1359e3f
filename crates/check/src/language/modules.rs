//! The declarations of a module.

use std::collections::BTreeMap;

use terraform::ast::{Block, Body, Expression, ExpressionKind, Span};
use terraform::evaluate::type_constraint;
use terraform::module::{Declaration, FileId, View};
use terraform::schema::{BlockSchema, Kind};
use terraform::value::{Type, Value, convert};

use super::body::Setting;
use super::environment::Local;
use super::marks::{Mark, marked};
use super::providers::{Known, implied};
use super::references::{Place, address, each_reference};
use super::rules;
use super::shape::{CONFIG, Expected, Shape, of};
use super::usage;
use super::version::Constraint;
use super::walk::Walk;

/// Names that a variable cannot have, because module calls give them a meaning.
const RESERVED_VARIABLES: [&str; 8] = [
    "source",
    "version",
    "providers",
    "count",
    "for_each",
    "lifecycle",
    "depends_on",
    "locals",
];

impl Walk<'_, '_> {
    /// Checks everything that a module declares.
    pub fn module(&mut self) {
        let module = self.environment.module;
        for (file, error) in &module.errors {
            self.report(&rules::SYNTAX_ERROR, *file, &error.span, error.message.clone());
        }
        for (file, attribute) in &module.stray {
            let name = &attribute.name.text;
            let finding = self
                .finding(
                    &rules::UNKNOWN_ARGUMENT,
                    *file,
                    &attribute.name.span,
                    format!("`{name}` stands outside of any block, where Terraform has no arguments"),
                )
                .nearest(name, CONFIG.blocks.iter().map(|nested| nested.name));
            self.push(finding);
        }
        for (file, block) in &module.orphans {
            let message = format!("this overrides `{}`, which no other file declares", title(block));
            self.report(&rules::INVALID_OVERRIDE, *file, &block.header, message);
        }
        self.duplicates();
        for declaration in &module.declarations {
            self.declaration(declaration);
        }
        for local in &module.locals {
            self.name(&local.attribute.name.text, local.file, &local.attribute.name.span);
            let place = Place {
                file: local.file,
                local: &Local::default(),
                inside: None,
            };
            self.value(&local.attribute.value, place);
        }
    }

    fn declaration(&mut self, declaration: &Declaration) {
        let block = &declaration.block;
        let kind = block.kind.text.as_str();
        let Some(shape) = of(kind) else {
            let finding = self
                .finding(
                    &rules::UNKNOWN_BLOCK,
                    declaration.file,
                    &block.kind.span,
                    format!("there are no blocks `{kind}` in Terraform's language"),
                )
                .nearest(kind, CONFIG.blocks.iter().map(|nested| nested.name));
            self.push(finding);
            return;
        };
        self.labels(block, declaration.file, shape.labels.len());
        for (file, layer) in &declaration.overrides {
            if let Some(attribute) = layer.body.attribute("depends_on") {
                let message = "an override file cannot change `depends_on`";
                self.report(&rules::INVALID_OVERRIDE, *file, &attribute.name.span, message);
            }
        }
        let labelled = block.labels.len() >= shape.labels.len();
        let view = declaration.view();
        let what = title(block);
        let header = (declaration.file, &block.header);
        match kind {
            "resource" if labelled => self.resource_block(declaration, &view, shape, Kind::Resource),
            "data" if labelled => self.resource_block(declaration, &view, shape, Kind::DataSource),
            "ephemeral" if labelled => self.resource_block(declaration, &view, shape, Kind::EphemeralResource),
            "module" if labelled => self.call(declaration, &view, shape),
            "variable" if labelled => self.variable(declaration, &view, shape),
            "provider" if labelled => self.provider_block(declaration, &view, shape),
            "terraform" => self.settings(declaration, &view, shape),
            "locals" => {
                for nested in block.body.blocks() {
                    let message = "a block `locals` holds arguments alone; a map is written `name = { … }`";
                    self.report(&rules::UNKNOWN_BLOCK, declaration.file, &nested.header, message);
                }
            }
            "check" => {
                self.shaped(&view, shape, &what, header, &Local::default());
                if let Some(label) = block.labels.first() {
                    self.name(&label.text, declaration.file, &label.span);
                }
                if view.blocks_of("assert").is_empty() {
                    let message = format!("{what} lacks a block `assert`, which must be there");
                    self.report(&rules::BLOCK_COUNT, header.0, header.1, message);
                }
                for (file, data) in view.blocks_of("data") {
                    let nested = Declaration {
                        file,
                        block: data.clone(),
                        overrides: Vec::new(),
                    };
                    if data.labels.len() == 2 {
                        self.resource_block(&nested, &nested.view(), of("data").unwrap_or(shape), Kind::DataSource);
                    }
                }
            }
            "moved" | "removed" | "import" => {
                let local = Local {
                    each: kind == "import" && view.attribute("for_each").is_some(),
                    ..Local::default()
                };
                self.shaped(&view, shape, &what, header, &local);
                self.state_change(declaration, &view);
                if kind == "import" && !self.environment.root {
                    let message = "a module that is called cannot import: `import` belongs to the root module";
                    self.report(&rules::STATE_CHANGE, declaration.file, &block.header, message);
                }
            }
            _ => {
                self.shaped(&view, shape, &what, header, &Local::default());
                if kind == "output" {
                    self.depends_on(&view);
                    self.marked_output(&view);
                }
                if let Some(label) = block.labels.first()
                    && shape.labels.first() == Some(&"name")
                {
                    self.name(&label.text, declaration.file, &label.span);
                }
            }
        }
    }

    /// Whether something may have this name.
    pub fn name(&mut self, name: &str, file: FileId, span: &Span) {
        let mut letters = name.chars();
        let valid = letters.next().is_some_and(terraform::syntax::is_identifier_start)
            && letters.all(terraform::syntax::is_identifier_continue);
        if !valid {
            let message = format!(
                "`{name}` is no name: a name starts with a letter or `_`, and has letters, digits, `_` and `-` alone"
            );
            self.report(&rules::INVALID_NAME, file, span, message);
        }
    }

    fn duplicates(&mut self) {
        let mut seen: BTreeMap<(String, String, String), (FileId, Span)> = BTreeMap::new();
        let module = self.environment.module;
        for declaration in &module.declarations {
            let block = &declaration.block;
            let kind = block.kind.text.as_str();
            let label = |index: usize| declaration.label(index).unwrap_or_default().to_owned();
            let key = match kind {
                "resource" | "data" | "ephemeral" => (kind.to_owned(), label(0), label(1)),
                "variable" | "output" | "module" | "check" => (kind.to_owned(), label(0), String::new()),
                "provider" => {
                    let view = declaration.view();
                    let alias = view.attribute("alias");
                    let alias = alias.and_then(|(_, alias)| alias.value.as_string().map(str::to_owned));
                    (kind.to_owned(), label(0), alias.unwrap_or_default())
                }
                _ => continue,
            };
            if key.1.is_empty() {
                continue;
            }
            self.seen(&mut seen, key, declaration.file, &block.header, &title(block));
        }
        for declaration in module.of_kind("terraform") {
            for block in declaration.block.body.blocks() {
                let once = match block.kind.text.as_str() {
                    "required_providers" => "required_providers",
                    "backend" | "cloud" => "backend",
                    _ => continue,
                };
                let key = (once.to_owned(), String::new(), String::new());
                self.seen(
                    &mut seen,
                    key,
                    declaration.file,
                    &block.header,
                    &format!("a block `{once}`"),
                );
            }
        }
        for local in &module.locals {
            let name = &local.attribute.name;
            let key = ("local".to_owned(), name.text.clone(), String::new());
            self.seen(&mut seen, key, local.file, &name.span, &format!("local.{}", name.text));
        }
    }

    fn seen(
        &mut self,
        seen: &mut BTreeMap<(String, String, String), (FileId, Span)>,
        key: (String, String, String),
        file: FileId,
        span: &Span,
        what: &str,
    ) {
        match seen.get(&key) {
            Some((first_file, first)) => {
                let finding = self
                    .finding(
                        &rules::DUPLICATE_DECLARATION,
                        file,
                        span,
                        format!("{what} is declared twice in this module"),
                    )
                    .also(self.sources.place(*first_file, first), "first declared here");
                self.push(finding);
            }
            None => {
                seen.insert(key, (file, span.clone()));
            }
        }
    }

    /// Checks a block whose content the language itself fixes.
    pub fn shaped(&mut self, view: &View<'_>, shape: &Shape, what: &str, header: (FileId, &Span), local: &Local) {
        for (file, attribute) in view.attributes() {
            let name = attribute.name.text.as_str();
            let place = Place {
                file,
                local,
                inside: None,
            };
            match shape.argument(name) {
                Some(known) => {
                    let label = format!("`{name}`");
                    match known.value {
                        Expected::Expression => {
                            self.value(&attribute.value, place);
                        }
                        Expected::ConstantString => {
                            self.constant(&attribute.value, &Type::String, file, &label);
                        }
                        Expected::ConstantBool => {
                            self.constant(&attribute.value, &Type::Bool, file, &label);
                        }
                        Expected::Static => {}
                    }
                }
                None if shape.open => {}
                None => {
                    let finding = self
                        .finding(
                            &rules::UNKNOWN_ARGUMENT,
                            file,
                            &attribute.name.span,
                            format!("{what} has no argument `{name}`"),
                        )
                        .nearest(name, shape.arguments.iter().map(|argument| argument.name));
                    self.push(finding);
                }
            }
        }
        for argument in shape.arguments.iter().filter(|argument| argument.required) {
            if view.attribute(argument.name).is_none() {
                let message = format!("{what} lacks the argument `{}`, which must be set", argument.name);
                self.report(&rules::MISSING_ARGUMENT, header.0, header.1, message);
            }
        }
        self.shaped_blocks(view, shape, what, local);
    }

    fn shaped_blocks(&mut self, view: &View<'_>, shape: &Shape, what: &str, local: &Local) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (file, block) in view.blocks() {
            let name = block.kind.text.as_str();
            let Some(nested) = shape.block(name) else {
                if !shape.open {
                    let finding = self
                        .finding(
                            &rules::UNKNOWN_BLOCK,
                            file,
                            &block.header,
                            format!("{what} has no block `{name}`"),
                        )
                        .nearest(
                            name,
                            shape
                                .blocks
                                .iter()
                                .map(|nested| nested.name)
                                .chain(shape.arguments.iter().map(|argument| argument.name)),
                        );
                    self.push(finding);
                }
                continue;
            };
            self.labels(block, file, nested.shape.labels.len());
            let count = counts.entry(nested.name).or_default();
            *count += 1;
            if *count > 1 && !nested.many {
                let message = format!("{what} takes one block `{name}`, and this is one more");
                self.report(&rules::BLOCK_COUNT, file, &block.header, message);
            }
            let mut inner = local.clone();
            if matches!(name, "postcondition" | "provisioner" | "connection") {
                inner.own = true;
            }
            if name == "data" {
                continue;
            }
            self.condition(block, file, &inner);
            let view = View::single(file, &block.body);
            let what = format!("block `{name}`");
            self.shaped(&view, nested.shape, &what, (file, &block.header), &inner);
            if nested.shape.open && matches!(name, "provisioner" | "connection") {
                self.provisioner(block, nested.shape, file, &inner);
            }
        }
    }

    /// An output must say that it is secret, or not stored, where its value is.
    fn marked_output(&mut self, view: &View<'_>) {
        let Some((file, value)) = view.attribute("value") else {
            return;
        };
        let root = self.environment.root;
        for (mark, argument, wanted) in [
            (Mark::Sensitive, "sensitive", root),
            (Mark::Ephemeral, "ephemeral", true),
        ] {
            if wanted && view.attribute(argument).is_none() && marked(self.environment, &value.value, mark, true) {
                let message = format!("the value is {argument}, and the output does not say so");
                let finding = self
                    .finding(&rules::INVALID_EXPRESSION, file, &value.value.span, message)
                    .help(format!("add `{argument} = true`"));
                self.push(finding);
            }
        }
    }

    /// The condition of a check: it looks at something, and is true or false.
    fn condition(&mut self, block: &Block, file: FileId, local: &Local) {
        let kind = block.kind.text.as_str();
        if !matches!(kind, "precondition" | "postcondition" | "validation" | "assert") {
            return;
        }
        let Some(condition) = block.body.attribute("condition") else {
            return;
        };
        let place = Place {
            file,
            local,
            inside: None,
        };
        if refers(&condition.value) {
            let typed = |walk: &mut Self| walk.typed(&condition.value, &Type::Bool, place, "`condition`");
            // That an assertion has no result is no error of Terraform: it asks again after each apply.
            if kind == "assert" {
                self.references(&condition.value, place);
                self.warned(typed);
            } else if typed(self) == Value::Bool(false) && kind == "validation" {
                let message = "the condition is false whatever the value is";
                self.report(&rules::INVALID_EXPRESSION, file, &condition.value.span, message);
            }
        } else {
            let message = "the condition refers to nothing, so it checks nothing";
            self.report(&rules::INVALID_EXPRESSION, file, &condition.value.span, message);
        }
    }

    fn resource_block(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape, kind: Kind) {
        let block = &declaration.block;
        let (Some(resource_type), Some(name)) = (block.labels.first(), block.labels.get(1)) else {
            return;
        };
        self.name(&resource_type.text, declaration.file, &resource_type.span);
        self.name(&name.text, declaration.file, &name.span);
        let what = address(kind, &resource_type.text, &name.text);
        let header = (declaration.file, &block.header);
        let mut local = self.repetition(view, &what);
        let local_name = match view.attribute("provider") {
            Some((file, attribute)) => self.provider_reference(&attribute.value, file),
            None => Some(implied(&resource_type.text).to_owned()),
        };
        local.resource = local_name
            .as_ref()
            .map(|local_name| (kind, resource_type.text.clone(), local_name.clone()));
        self.meta_arguments(view, &local, kind);
        self.language_blocks(view, shape, &what, &local);
        let place = Place {
            file: declaration.file,
            local: &local,
            inside: Some(declaration),
        };
        let Some(local_name) = local_name else {
            self.unjudged(view, shape, place);
            return;
        };
        let Known::Schema(schema) = self.schema(&local_name) else {
            self.unjudged(view, shape, place);
            return;
        };
        let Some(known) = schema.block(kind, &resource_type.text) else {
            let thing = match kind {
                Kind::Resource => "resource type",
                Kind::DataSource => "data source",
                Kind::EphemeralResource => "ephemeral resource type",
            };
            let other = match kind {
                Kind::Resource => Kind::DataSource,
                _ => Kind::Resource,
            };
            let mut finding = self
                .finding(
                    &rules::UNKNOWN_TYPE,
                    declaration.file,
                    &resource_type.span,
                    format!("provider {local_name} has no {thing} `{}`", resource_type.text),
                )
                .nearest(&resource_type.text, schema.names(kind));
            if schema.block(other, &resource_type.text).is_some() {
                finding = finding.help(match other {
                    Kind::DataSource => "a data source has that name: it is declared with `data`",
                    _ => "a resource type has that name: it is declared with `resource`",
                });
            }
            self.push(finding);
            self.unjudged(view, shape, place);
            return;
        };
        self.ignored_changes(view, known);
        let setting = Setting {
            place,
            meta: Some(shape),
            what: &what,
            header,
            // The rules were collected from the embedded version.
            subject: self
                .schemas
                .own
                .is_empty()
                .then_some((kind, resource_type.text.as_str())),
            path: "",
            // The old SDK gives every type an `id` that may be set; the framework's types have none, or a computed one.
            legacy: known.attributes.get("id").is_some_and(|id| id.optional),
        };
        let present = self.body(view, known, setting);
        self.combinations(view, known, &present, setting);
    }

    /// Checks the expressions of a resource whose schema is not known.
    fn unjudged(&mut self, view: &View<'_>, shape: &Shape, place: Place<'_>) {
        for (file, attribute) in view.attributes() {
            if shape.argument(&attribute.name.text).is_none() {
                self.value(&attribute.value, Place { file, ..place });
            }
        }
        let rest = |(file, block): (FileId, &Block)| {
            let known = shape.block(&block.kind.text).is_some();
            (!known).then(|| (file, block.clone()))
        };
        for (file, block) in view.blocks().into_iter().filter_map(rest) {
            let wrapper = Body {
                items: vec![terraform::ast::Item::Block(block)],
                ..Body::default()
            };
            self.loose(&wrapper, Place { file, ..place });
        }
    }

    /// The blocks of a resource that the language gives a meaning.
    fn language_blocks(&mut self, view: &View<'_>, shape: &'static Shape, what: &str, local: &Local) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for nested in shape.blocks {
            for (file, block) in view.blocks_of(nested.name) {
                let count = counts.entry(nested.name).or_default();
                *count += 1;
                if *count > 1 && !nested.many {
                    let message = format!("{what} takes one block `{}`, and this is one more", nested.name);
                    self.report(&rules::BLOCK_COUNT, file, &block.header, message);
                }
                self.labels(block, file, nested.shape.labels.len());
                let mut inner = local.clone();
                inner.own = nested.name != "lifecycle";
                let name = format!("block `{}`", nested.name);
                let inner_view = View::single(file, &block.body);
                self.shaped(&inner_view, nested.shape, &name, (file, &block.header), &inner);
                if nested.shape.open {
                    self.provisioner(block, nested.shape, file, &inner);
                }
            }
        }
    }

    fn provider_block(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape) {
        let block = &declaration.block;
        let Some(label) = block.labels.first() else { return };
        self.name(&label.text, declaration.file, &label.span);
        for argument in ["version", "alias"] {
            if let Some((file, attribute)) = view.attribute(argument) {
                self.constant(&attribute.value, &Type::String, file, &format!("`{argument}`"));
                if argument == "version" {
                    self.constraint(attribute.value.as_string(), file, &attribute.value.span);
                }
            }
        }
        for reserved in ["count", "depends_on", "for_each", "source"] {
            if let Some((file, attribute)) = view.attribute(reserved) {
                let message = format!("`{reserved}` cannot stand in a provider block");
                self.report(&rules::META_ARGUMENT, file, &attribute.name.span, message);
            }
        }
        let what = format!("provider {}", label.text);
        let local = Local::default();
        let place = Place {
            file: declaration.file,
            local: &local,
            inside: None,
        };
        let alias = view.attribute("alias").and_then(|(_, alias)| alias.value.as_string());
        let used = usage::is_used(self.environment, &label.text, alias);
        let Known::Schema(schema) = self.schema(&label.text) else {
            match used {
                true => self.unjudged(view, shape, place),
                false => self.warned(|walk| walk.unjudged(view, shape, place)),
            }
            return;
        };
        let setting = Setting {
            place,
            meta: Some(shape),
            what: &what,
            header: (declaration.file, &block.header),
            subject: None,
            path: "",
            legacy: true,
        };
        // What a provider needs can come from its environment, so nothing is missing here.
        let relaxed = relaxed(schema.configuration());
        if used {
            self.body(view, &relaxed, setting);
        } else {
            // Terraform does not look at a configuration that nothing uses.
            self.warned(|walk| {
                walk.body(view, &relaxed, setting);
            });
        }
    }

    fn variable(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape) {
        let Some(label) = declaration.block.labels.first() else {
            return;
        };
        let what = format!("variable \"{}\"", label.text);
        self.name(&label.text, declaration.file, &label.span);
        if RESERVED_VARIABLES.contains(&label.text.as_str()) {
            let message = format!(
                "a variable cannot be called `{}`: in a module call that name has a meaning",
                label.text
            );
            self.report(&rules::INVALID_NAME, declaration.file, &label.span, message);
        }
        let local = Local::default();
        self.shaped_blocks(view, shape, &what, &local);
        for (file, attribute) in view.attributes() {
            let name = attribute.name.text.as_str();
            match shape.argument(name).map(|argument| argument.value) {
                Some(Expected::ConstantString) => {
                    self.constant(&attribute.value, &Type::String, file, &format!("`{name}`"));
                }
                Some(Expected::ConstantBool) => {
                    self.constant(&attribute.value, &Type::Bool, file, &format!("`{name}`"));
                }
                Some(_) => {}
                None => {
                    let finding = self
                        .finding(
                            &rules::UNKNOWN_ARGUMENT,
                            file,
                            &attribute.name.span,
                            format!("{what} has no argument `{name}`"),
                        )
                        .nearest(name, shape.arguments.iter().map(|argument| argument.name));
                    self.push(finding);
                }
            }
        }
        let mut wanted = Type::Any;
        if let Some((file, attribute)) = view.attribute("type") {
            match type_constraint(&attribute.value) {
                Ok(constraint) => wanted = constraint.kind,
                Err(errors) => {
                    for error in errors {
                        self.report(&rules::TYPE_CONSTRAINT, file, &error.span, error.message);
                    }
                }
            }
        }
        if let Some((file, attribute)) = view.attribute("default") {
            let value = self.constant(&attribute.value, &Type::Any, file, "the default of a variable");
            let nullable = view
                .attribute("nullable")
                .is_none_or(|(_, nullable)| nullable.value.kind != ExpressionKind::Bool(false));
            if matches!(value, Value::Null(_)) {
                if !nullable {
                    let message = format!("{what} has null as its default, and `nullable = false`");
                    self.report(&rules::TYPE_MISMATCH, file, &attribute.value.span, message);
                }
            } else if let Err(error) = convert(value, &wanted) {
                let message = format!("the default of {what}: {error}");
                self.report(&rules::TYPE_MISMATCH, file, &attribute.value.span, message);
            }
        }
    }

    fn settings(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape) {
        let header = (declaration.file, &declaration.block.header);
        self.shaped(view, shape, "block `terraform`", header, &Local::default());
        if let Some((file, attribute)) = view.attribute("required_version") {
            self.constraint(attribute.value.as_string(), file, &attribute.value.span);
        }
        for (file, block) in view.blocks_of("required_providers") {
            for nested in block.body.blocks() {
                let message = "a block `required_providers` holds arguments alone, as `aws = { source = … }`";
                self.report(&rules::UNKNOWN_BLOCK, file, &nested.header, message);
            }
            for attribute in block.body.attributes() {
                self.required_provider(attribute, file);
            }
        }
        for kind in ["backend", "cloud"] {
            for (file, block) in view.blocks_of(kind) {
                for attribute in block.body.attributes() {
                    if let Some(span) = super::walk::first_reference(&attribute.value) {
                        let message = format!(
                            "the {kind} is set up before anything has a value: it takes no references and functions"
                        );
                        self.report(&rules::CONSTANT_REQUIRED, file, &span, message);
                    }
                }
            }
        }
    }

    fn required_provider(&mut self, attribute: &terraform::ast::Attribute, file: FileId) {
        self.name(&attribute.name.text, file, &attribute.name.span);
        match &attribute.value.kind {
            ExpressionKind::Object(items) => {
                for item in items {
                    match item.key.literal() {
                        Some("source") => {
                            self.constant(&item.value, &Type::String, file, "`source`");
                            if let Some(source) = item.value.as_string()
                                && !is_provider_source(source)
                            {
                                let message = format!(
                                    "`{source}` is no source of a provider: it reads NAMESPACE/NAME, as hashicorp/aws"
                                );
                                self.report(&rules::PROVIDER_CONFIGURATION, file, &item.value.span, message);
                            }
                        }
                        Some("version") => {
                            self.constant(&item.value, &Type::String, file, "`version`");
                            self.constraint(item.value.as_string(), file, &item.value.span);
                        }
                        Some("configuration_aliases") => {}
                        other => {
                            let name = other.unwrap_or("(…)").to_owned();
                            let finding = self
                                .finding(
                                    &rules::UNKNOWN_ARGUMENT,
                                    file,
                                    &item.key.span(),
                                    format!("a required provider has no argument `{name}`"),
                                )
                                .nearest(&name, ["source", "version", "configuration_aliases"]);
                            self.push(finding);
                        }
                    }
                }
            }
            ExpressionKind::Template(_) => {
                self.constraint(attribute.value.as_string(), file, &attribute.value.span);
            }
            // A version in the old way, without quotes.
            ExpressionKind::Number(_) => {}
            _ => {
                let message =
                    "a required provider is an object, as `{ source = \"hashicorp/aws\", version = \"~> 5.100\" }`";
                self.report(&rules::PROVIDER_CONFIGURATION, file, &attribute.value.span, message);
            }
        }
    }

    /// Whether a text is a version constraint.
    pub fn constraint(&mut self, text: Option<&str>, file: FileId, span: &Span) {
        if let Some(Err(condition)) = text.map(Constraint::parse) {
            let message = format!("`{condition}` is no version constraint");
            let finding = self
                .finding(&rules::VERSION_CONSTRAINT, file, span, message)
                .help("a constraint reads as `~> 5.100` or `>= 1.10, < 2.0`");
            self.push(finding);
        }
    }
}

/// Whether an expression refers to anything, a function of a provider included.
fn refers(expression: &Expression) -> bool {
    let mut found = false;
    each_reference(expression, &mut Vec::new(), &mut |_, _| found = true);
    found || calls_provider(expression)
}

fn calls_provider(expression: &Expression) -> bool {
    let own = matches!(&expression.kind, ExpressionKind::Call(call) if call.name.text.starts_with("provider::"));
    own || expression.children().into_iter().any(calls_provider)
}

/// A schema in which nothing must be set.
fn relaxed(schema: &BlockSchema) -> BlockSchema {
    let mut relaxed = schema.clone();
    for attribute in relaxed.attributes.values_mut() {
        if attribute.required {
            attribute.required = false;
            attribute.optional = true;
        }
    }
    relaxed
}

fn is_provider_source(source: &str) -> bool {
    let parts: Vec<&str> = source.split('/').collect();
    (1..=3).contains(&parts.len())
        && parts.iter().all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':'))
        })
}

/// What a declaration is called in messages.
pub fn title(block: &Block) -> String {
    let labels: Vec<&str> = block.labels.iter().map(|label| label.text.as_str()).collect();
    match (block.kind.text.as_str(), labels.as_slice()) {
        ("resource", [kind, name]) => format!("{kind}.{name}"),
        ("data" | "ephemeral", [kind, name]) => format!("{}.{kind}.{name}", block.kind.text),
        (kind, [name]) => format!("{kind} \"{name}\""),
        (kind, _) => format!("block `{kind}`"),
    }
}
