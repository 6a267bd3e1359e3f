//! The `terraform` block: versions, providers, backends.

use terraform::ast::{Attribute, ExpressionKind, Span, Syntax};
use terraform::module::{Declaration, FileId, View};
use terraform::value::Type;

use super::environment::Local;
use super::rules;
use super::shape::Shape;
use super::version::Constraint;
use super::walk::Walk;

impl Walk<'_, '_> {
    pub fn settings(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape) {
        let header = (declaration.file, &declaration.block.header);
        self.shaped(view, shape, "block `terraform`", header, &Local::default());
        if let Some((file, attribute)) = view.attribute("required_version") {
            self.constraint(attribute.value.as_string(), file, &attribute.value.span);
        }
        if let Some((file, attribute)) = view.attribute("experiments") {
            let message =
                "experiments are for alpha releases of Terraform alone: a release refuses a module that has any";
            self.report(&rules::UNKNOWN_ARGUMENT, file, &attribute.name.span, message);
        }
        if let Some((file, attribute)) = view.attribute("language")
            && attribute.value.as_word() != Some("TF2021")
        {
            let message = "`language` is the word `TF2021`, without quotes: there is no other edition";
            self.report(&rules::INVALID_EXPRESSION, file, &attribute.value.span, message);
        }
        for (file, block) in view.blocks_of("required_providers") {
            for nested in block.body.blocks() {
                let message = "a block `required_providers` holds arguments alone, as `aws = { source = … }`";
                self.report(&rules::UNKNOWN_BLOCK, file, &nested.header, message);
            }
            for attribute in block.body.attributes() {
                self.required_provider(attribute, file);
                if block.body.syntax != Syntax::Json {
                    self.aliases(attribute, file);
                }
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

    pub fn required_provider(&mut self, attribute: &Attribute, file: FileId) {
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

    /// The configurations that a module wants from its caller: references, as `[aws.west]`.
    fn aliases(&mut self, attribute: &Attribute, file: FileId) {
        let ExpressionKind::Object(items) = &attribute.value.kind else {
            return;
        };
        let name = &attribute.name.text;
        for item in items
            .iter()
            .filter(|item| item.key.literal() == Some("configuration_aliases"))
        {
            let elements = match &item.value.kind {
                ExpressionKind::Tuple(elements) => elements.as_slice(),
                _ => std::slice::from_ref(&item.value),
            };
            let is_list = matches!(item.value.kind, ExpressionKind::Tuple(_));
            for element in elements {
                let right = element.as_traversal().is_some_and(|alias| alias.root == name.as_str());
                if !is_list || !right {
                    let message = format!("`configuration_aliases` is a list of plain references, as `[{name}.west]`");
                    self.report(&rules::PROVIDER_CONFIGURATION, file, &element.span, message);
                }
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
