//! The declarations of a module.

use std::collections::BTreeMap;

use terraform::ast::{Block, Expression, ExpressionKind, Span};
use terraform::module::{Declaration, FileId, View};
use terraform::schema::Kind;
use terraform::value::{Type, Value};

use super::environment::Local;
use super::imports;
use super::marks::{self, Mark, marked};
use super::mend;
use super::references::{Place, each_reference};
use super::rules;
use super::shape::{CONFIG, Expected, Shape, of};
use super::walk::Walk;

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
                    for name in ["count", "for_each"] {
                        if let Some(attribute) = data.body.attribute(name) {
                            let message = format!("a data source within a check is read once: it has no `{name}`");
                            self.report(&rules::META_ARGUMENT, file, &attribute.name.span, message);
                        }
                    }
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
                if kind == "import" {
                    self.import(&view, &local);
                }
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
                "import" => {
                    let address = imports::plain_address(&declaration.view()).unwrap_or_default();
                    (kind.to_owned(), address, String::new())
                }
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
            let what = match kind {
                "import" => format!("the import to {}", key.1),
                _ => title(block),
            };
            self.seen(&mut seen, key, declaration.file, &block.header, &what);
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
                    let at = self.sources.place(file, &attribute.name.span);
                    let free = shape.arguments.iter().map(|argument| argument.name);
                    let free = free.filter(|known| view.attribute(known).is_none());
                    self.push(mend::slip(finding, at, name, free));
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

    pub fn shaped_blocks(&mut self, view: &View<'_>, shape: &Shape, what: &str, local: &Local) {
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
        let says = |argument| {
            view.attribute(argument)
                .is_some_and(|(_, attribute)| attribute.value.kind == ExpressionKind::Bool(true))
        };
        let root = self.environment.root;
        let silent = |argument| view.attribute(argument).is_none();
        for (mark, argument, wanted) in [
            (Mark::Sensitive, "sensitive", root && silent("sensitive")),
            (Mark::Ephemeral, "ephemeral", !says("ephemeral")),
        ] {
            if wanted && marked(self.environment, &value.value, mark, true) {
                let message = format!("the value is {argument}, and the output does not say so");
                let finding = self
                    .finding(&rules::INVALID_EXPRESSION, file, &value.value.span, message)
                    .help(format!("add `{argument} = true`"));
                self.push(finding);
            }
        }
        if !says("ephemeral") {
            return;
        }
        let fault = if root {
            Some("an output of the root module cannot be ephemeral: nobody could read it")
        } else if marks::is_plain(self.environment, &value.value) {
            Some("the output is ephemeral, and its value is not")
        } else {
            None
        };
        if let Some(fault) = fault {
            self.report(&rules::INVALID_EXPRESSION, file, &value.value.span, fault);
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
