//! Which provider a resource belongs to, and what is known of it.

use std::collections::BTreeMap;

use findings::Place;
use terraform::ast::{Expression, ExpressionKind, Item, Step};
use terraform::module::{FileId, Module};
use terraform::schema::{AWS_SOURCE, AWS_VERSION, BUILTIN_SOURCE, ProviderSchema};

use super::version::{Constraint, Version};
use crate::sink::{Sink, Sources};

/// A provider that a module demands.
#[derive(Debug, Clone, Default)]
pub struct Required {
    /// Its source address with host.
    pub source: String,
    /// The version that is demanded, as written.
    pub version: Option<String>,
    /// Aliases that the caller must pass.
    pub aliases: Vec<String>,
    /// Where it is demanded.
    pub place: Option<(FileId, terraform::ast::Span)>,
}

/// Schemas of a run.
#[derive(Debug, Default)]
pub struct Schemas {
    /// Those of the user's own file, by source address; they come before what is embedded.
    pub own: BTreeMap<String, ProviderSchema>,
}

/// What is known of a provider.
#[derive(Debug, Clone, Copy)]
pub enum Known<'s> {
    /// Its schema.
    Schema(&'s ProviderSchema),
    /// Nothing: another provider, or another version than the embedded one.
    Nothing,
}

impl Schemas {
    /// The schema of a provider in a version that the module accepts.
    fn find(&self, required: &Required) -> Known<'_> {
        if let Some(own) = self.own.get(&required.source) {
            return Known::Schema(own);
        }
        if required.source == BUILTIN_SOURCE {
            return Known::Schema(ProviderSchema::builtin());
        }
        if required.source != AWS_SOURCE {
            return Known::Nothing;
        }
        let accepted = required.version.as_deref().is_none_or(|version| {
            match (Constraint::parse(version), Version::parse(AWS_VERSION)) {
                (Ok(constraint), Some(embedded)) => constraint.accepts(&embedded),
                _ => true,
            }
        });
        if accepted {
            Known::Schema(ProviderSchema::aws())
        } else {
            Known::Nothing
        }
    }
}

/// The providers that a module demands, by local name.
#[derive(Debug, Default)]
pub struct Providers(BTreeMap<String, Required>);

impl Providers {
    /// Reads the `required_providers` of a module.
    pub fn of(module: &Module) -> Self {
        let mut providers = BTreeMap::new();
        for declaration in module.of_kind("terraform") {
            for item in &declaration.block.body.items {
                let body = match item {
                    Item::Block(block) if block.kind.text == "required_providers" => &block.body,
                    _ => continue,
                };
                for attribute in body.attributes() {
                    let name = attribute.name.text.clone();
                    let mut required = Required {
                        source: default_source(&name),
                        place: Some((declaration.file, attribute.span.clone())),
                        ..Required::default()
                    };
                    if let Some(version) = attribute.value.as_string() {
                        required.version = Some(version.to_owned());
                    }
                    if let ExpressionKind::Object(items) = &attribute.value.kind {
                        for item in items {
                            match item.key.literal() {
                                Some("source") => {
                                    if let Some(source) = item.value.as_string() {
                                        required.source = full_source(source);
                                    }
                                }
                                Some("version") => required.version = item.value.as_string().map(str::to_owned),
                                Some("configuration_aliases") => {
                                    required.aliases = aliases(&item.value);
                                }
                                _ => {}
                            }
                        }
                    }
                    providers.insert(name, required);
                }
            }
        }
        Self(providers)
    }

    /// What the module demands of a provider, by the module's own name for it.
    pub fn get(&self, local_name: &str) -> Required {
        self.0.get(local_name).cloned().unwrap_or_else(|| Required {
            source: default_source(local_name),
            ..Required::default()
        })
    }

    /// Whether the module names a provider in `required_providers`.
    pub fn requires(&self, local_name: &str) -> bool {
        self.0.contains_key(local_name)
    }

    /// All that are demanded, by local name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Required)> {
        self.0.iter().map(|(name, required)| (name.as_str(), required))
    }

    /// The schema of the provider of this local name; that there is none is noted.
    pub fn schema<'s>(&self, local_name: &str, schemas: &'s Schemas, sources: &Sources, sink: &mut Sink) -> Known<'s> {
        let required = self.get(local_name);
        let known = schemas.find(&required);
        if matches!(known, Known::Nothing) {
            let place = required.place.as_ref().map(|(file, span)| sources.place(*file, span));
            note(&required, place, sink);
        }
        known
    }
}

fn note(required: &Required, place: Option<Place>, sink: &mut Sink) {
    let source = short(&required.source);
    let message = match &required.version {
        Some(version) if required.source == AWS_SOURCE => {
            format!(
                "blocks of provider {source} were not checked: version {version} is demanded, {AWS_VERSION} is built in"
            )
        }
        _ => format!("blocks of provider {source} were not checked: its schema is not built in"),
    };
    sink.note(
        message,
        place,
        "the output of `terraform providers schema -json`, given with --provider-schema",
    );
}

/// The local name of the provider that a resource type belongs to, where the resource does not name one.
pub fn implied(resource_type: &str) -> &str {
    resource_type.split('_').next().unwrap_or(resource_type)
}

fn default_source(name: &str) -> String {
    if name == "terraform" {
        BUILTIN_SOURCE.to_owned()
    } else {
        format!("registry.terraform.io/hashicorp/{name}")
    }
}

fn full_source(source: &str) -> String {
    let source = source.to_ascii_lowercase();
    match source.split('/').count() {
        1 => format!("registry.terraform.io/hashicorp/{source}"),
        2 => format!("registry.terraform.io/{source}"),
        _ => source,
    }
}

fn short(source: &str) -> &str {
    source.strip_prefix("registry.terraform.io/").unwrap_or(source)
}

fn aliases(value: &Expression) -> Vec<String> {
    let ExpressionKind::Tuple(elements) = &value.kind else {
        return Vec::new();
    };
    elements
        .iter()
        .filter_map(|element| {
            if let Some(text) = element.as_string() {
                return text.split_once('.').map(|(_, alias)| alias.to_owned());
            }
            match element.as_traversal()?.steps.first()? {
                Step::Name(name) => Some(name.text.clone()),
                Step::Key(..) => None,
            }
        })
        .collect()
}
