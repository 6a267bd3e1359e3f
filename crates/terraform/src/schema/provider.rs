//! The schema of one provider, from a file or embedded.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::compact::{self, Compact};
use super::{BlockSchema, FunctionSchema, SchemaError, json};

/// Source address of the AWS provider.
pub const AWS_SOURCE: &str = "registry.terraform.io/hashicorp/aws";

/// Version of the AWS provider whose schema is embedded.
pub const AWS_VERSION: &str = "5.100.0";

/// Source address of the provider that is part of Terraform: `terraform_data`, `terraform_remote_state`.
pub const BUILTIN_SOURCE: &str = "terraform.io/builtin/terraform";

// Both are renewed by `cargo run -p refresh -- schema`.
static AWS: &[u8] = include_bytes!("../../data/aws.schema");
static BUILTIN: &[u8] = include_bytes!("../../data/builtin.schema");

/// What a block of a provider describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `resource`
    Resource,
    /// `data`
    DataSource,
    /// `ephemeral`
    EphemeralResource,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Resource, Self::DataSource, Self::EphemeralResource];
}

/// The schema of a provider. Looking something up in an embedded one decodes what is asked for, once per process; it
/// can be shared between threads.
#[derive(Debug)]
pub struct ProviderSchema(Form);

#[derive(Debug)]
enum Form {
    Parts(Parts),
    Compact(Compact),
}

/// A schema whose parts are all in memory.
#[derive(Debug)]
pub(super) struct Parts {
    pub configuration: Arc<BlockSchema>,
    pub resources: BTreeMap<String, Arc<BlockSchema>>,
    pub data_sources: BTreeMap<String, Arc<BlockSchema>>,
    pub ephemeral_resources: BTreeMap<String, Arc<BlockSchema>>,
    pub functions: BTreeMap<String, FunctionSchema>,
}

impl Parts {
    fn of(&self, kind: Kind) -> &BTreeMap<String, Arc<BlockSchema>> {
        match kind {
            Kind::Resource => &self.resources,
            Kind::DataSource => &self.data_sources,
            Kind::EphemeralResource => &self.ephemeral_resources,
        }
    }
}

impl ProviderSchema {
    /// The embedded schema of hashicorp/aws, version [`AWS_VERSION`].
    pub fn aws() -> &'static Self {
        static SCHEMA: OnceLock<ProviderSchema> = OnceLock::new();
        SCHEMA.get_or_init(|| Self::from_compact(AWS))
    }

    /// The embedded schema of the provider that is part of Terraform, [`BUILTIN_SOURCE`].
    pub fn builtin() -> &'static Self {
        static SCHEMA: OnceLock<ProviderSchema> = OnceLock::new();
        SCHEMA.get_or_init(|| Self::from_compact(BUILTIN))
    }

    /// The schemas in the output of `terraform providers schema -json`, by source address
    /// (`registry.terraform.io/hashicorp/aws`).
    ///
    /// # Errors
    /// When the text is something else, or has a part that cannot be understood.
    pub fn from_json(text: &str) -> Result<BTreeMap<String, Self>, SchemaError> {
        json::read(text)
    }

    pub(super) const fn from_parts(parts: Parts) -> Self {
        Self(Form::Parts(parts))
    }

    /// A schema in the form of [`Self::to_compact`]. What is damaged reads as absent.
    pub fn from_compact(bytes: &'static [u8]) -> Self {
        Self(Form::Compact(Compact::open(bytes)))
    }

    /// The form in which a schema is embedded; the same bytes for the same schema.
    pub fn to_compact(&self) -> Vec<u8> {
        compact::encode(self)
    }

    /// What the `provider` block holds.
    pub fn configuration(&self) -> &BlockSchema {
        static EMPTY: OnceLock<BlockSchema> = OnceLock::new();
        match &self.0 {
            Form::Parts(parts) => &parts.configuration,
            Form::Compact(compact) => compact
                .configuration()
                .map_or_else(|| EMPTY.get_or_init(BlockSchema::default), Arc::as_ref),
        }
    }

    /// What a block of this kind and type holds; `None` where the provider has no such type.
    pub fn block(&self, kind: Kind, name: &str) -> Option<&BlockSchema> {
        match &self.0 {
            Form::Parts(parts) => parts.of(kind).get(name).map(Arc::as_ref),
            Form::Compact(compact) => compact.block(kind, name).map(Arc::as_ref),
        }
    }

    /// What a `resource` block of this type holds.
    pub fn resource(&self, name: &str) -> Option<&BlockSchema> {
        self.block(Kind::Resource, name)
    }

    /// What a `data` block of this type holds.
    pub fn data_source(&self, name: &str) -> Option<&BlockSchema> {
        self.block(Kind::DataSource, name)
    }

    /// What an `ephemeral` block of this type holds.
    pub fn ephemeral_resource(&self, name: &str) -> Option<&BlockSchema> {
        self.block(Kind::EphemeralResource, name)
    }

    /// All types of a kind, sorted. Nothing is decoded for it.
    pub fn names(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let (parts, compact) = match &self.0 {
            Form::Parts(parts) => (Some(parts), None),
            Form::Compact(compact) => (None, Some(compact)),
        };
        let parts = parts
            .into_iter()
            .flat_map(move |parts| parts.of(kind).keys().map(String::as_str));
        parts.chain(compact.into_iter().flat_map(move |compact| compact.names(kind)))
    }

    /// The function `provider::NAME::name`.
    pub fn function(&self, name: &str) -> Option<&FunctionSchema> {
        self.functions().get(name)
    }

    /// The provider's functions, by name.
    pub fn functions(&self) -> &BTreeMap<String, FunctionSchema> {
        match &self.0 {
            Form::Parts(parts) => &parts.functions,
            Form::Compact(compact) => compact.functions(),
        }
    }
}
