//! Arguments that the language itself gives a meaning, and blocks that change what the state knows.

use terraform::ast::{Expression, ExpressionKind, Identifier, Span, Step, Syntax};
use terraform::module::{Declaration, FileId, View};
use terraform::schema::{BlockSchema, Kind};
use terraform::syntax::parse_file;

use super::attributes;
use super::environment::Local;
use super::references::Place;
use super::rules;
use super::walk::Walk;

impl Walk<'_, '_> {
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
                        "var" | "local" | "module" | "path" | "terraform" | "each" | "count" | "self"
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
            let quoted = element.as_string().map(|text| unquoted(text, &element.span));
            let element = match &quoted {
                None => element,
                Some(Some(reference)) => reference,
                Some(None) => {
                    let message = "`depends_on` takes references, and this text is none";
                    self.report(&rules::META_ARGUMENT, file, &element.span, message);
                    continue;
                }
            };
            let Some(traversal) = element.as_traversal() else {
                let message = "`depends_on` takes references alone, named plainly: it cannot be computed";
                self.report(&rules::META_ARGUMENT, file, &element.span, message);
                continue;
            };
            let whole = match traversal.root {
                "data" | "ephemeral" | "resource" => 2,
                "each" | "count" | "self" => 0,
                // Nothing to wait for, which Terraform passes over.
                "path" | "terraform" => continue,
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
                // In JSON the keyword is a string, as every expression is.
                _ if attribute.value.as_string() == Some("all") && lifecycle.body.syntax == Syntax::Json => continue,
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

    pub fn ignored_change(&mut self, element: &Expression, schema: &BlockSchema, file: FileId) {
        if element.as_string() == Some("*") {
            let message = "`*` in `ignore_changes` was the way of Terraform 0.11; write `ignore_changes = all`";
            self.report(&rules::META_ARGUMENT, file, &element.span, message);
            return;
        }
        let root = match (element.as_string(), element.as_traversal()) {
            (Some(text), _) if is_name(text) => Identifier {
                text: text.to_owned(),
                span: element.span.clone(),
            },
            (Some(text), _) => {
                if unquoted(text, &element.span).is_none() {
                    let message = "`ignore_changes` takes arguments, and this text names none";
                    self.report(&rules::META_ARGUMENT, file, &element.span, message);
                }
                return;
            }
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
        if kind == "removed" {
            let of_module = matches!(ends.as_slice(), [(End::Module, ..)]);
            for (file, provisioner) in view.blocks_of("provisioner") {
                let when = provisioner.body.attribute("when");
                let fault = if of_module {
                    "a module that is removed has no provisioners: they belong to a resource"
                } else if when.and_then(|when| when.value.as_word()) != Some("destroy") {
                    "what is removed is not created: its provisioners have `when = destroy`"
                } else {
                    continue;
                };
                self.report(&rules::STATE_CHANGE, file, &provisioner.header, fault);
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Module,
    Resource,
}

impl End {
    fn of(address: &Expression) -> Option<Self> {
        let traversal = address.as_traversal()?;
        // `resource` may stand before a type that is a word of the language.
        let mut words: Vec<&str> = match traversal.root {
            "resource" => Vec::new(),
            "var" | "local" | "path" | "self" | "each" | "count" | "terraform" => return None,
            root => vec![root],
        };
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

/// The reference that a text in quotes is, in its place; `None` where it is none.
fn unquoted(text: &str, span: &Span) -> Option<Expression> {
    // As many blanks before it as there is file before it.
    let before = (span.start + 1).checked_sub(2)?;
    let (body, errors) = parse_file(&format!("{}x={text}\n", " ".repeat(before)));
    let reference = body.attribute("x")?.value.clone();
    (errors.is_empty() && reference.as_traversal().is_some()).then_some(reference)
}
