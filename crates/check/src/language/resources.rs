//! Resources, data sources and provider configurations.

use std::collections::BTreeMap;

use terraform::ast::{Block, Body};
use terraform::module::{Declaration, FileId, View};
use terraform::schema::{BlockSchema, Kind};
use terraform::value::Type;

use super::body::Setting;
use super::environment::Local;
use super::providers::{Known, implied};
use super::references::{Place, address};
use super::rules;
use super::shape::Shape;
use super::usage;
use super::walk::Walk;

/// The backends of Terraform 1.11.
///
/// Source: <https://developer.hashicorp.com/terraform/language/backend>
const BACKENDS: [&str; 13] = [
    "azurerm",
    "cloud",
    "consul",
    "cos",
    "gcs",
    "http",
    "inmem",
    "kubernetes",
    "local",
    "oss",
    "pg",
    "remote",
    "s3",
];

impl Walk<'_, '_> {
    pub fn resource_block(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape, kind: Kind) {
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
        if (kind, resource_type.text.as_str()) == (Kind::DataSource, "terraform_remote_state") {
            self.remote_backend(view);
        }
        self.combinations(view, known, &present, setting);
    }

    /// Where `terraform_remote_state` finds the state.
    fn remote_backend(&mut self, view: &View<'_>) {
        if let Some((file, attribute)) = view.attribute("backend")
            && let Some(backend) = attribute.value.as_string()
            && !BACKENDS.contains(&backend)
        {
            let finding = self
                .finding(
                    &rules::UNKNOWN_TYPE,
                    file,
                    &attribute.value.span,
                    format!("Terraform has no backend `{backend}`"),
                )
                .nearest(backend, BACKENDS);
            self.push(finding);
        }
    }

    /// Checks the expressions of a resource whose schema is not known.
    pub fn unjudged(&mut self, view: &View<'_>, shape: &Shape, place: Place<'_>) {
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
    pub fn language_blocks(&mut self, view: &View<'_>, shape: &'static Shape, what: &str, local: &Local) {
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
                // Without a provisioner nobody reads the connection.
                let is_read = nested.name != "connection" || !view.blocks_of("provisioner").is_empty();
                if nested.shape.open && is_read {
                    self.provisioner(block, nested.shape, file, &inner);
                }
            }
        }
    }

    pub fn provider_block(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape) {
        let block = &declaration.block;
        let Some(label) = block.labels.first() else { return };
        self.name(&label.text, declaration.file, &label.span);
        for argument in ["version", "alias"] {
            if let Some((file, attribute)) = view.attribute(argument) {
                let value = self.constant(&attribute.value, &Type::String, file, &format!("`{argument}`"));
                if argument == "version" {
                    self.constraint(attribute.value.as_string(), file, &attribute.value.span);
                } else if let Some(alias) = value.as_str() {
                    self.name(alias, file, &attribute.value.span);
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
