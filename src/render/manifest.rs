//! What render wrote last time: the difference between its own files and those of somebody else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::profiles::Profile;
use crate::deployment::model::Deployment;

/// Path of the manifest in the output folder.
pub const PATH: &str = "terraform/tfgen-manifest.json";

/// Version of the manifest's own shape.
const VERSION: u32 = 1;

/// Record of a render.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Shape of this record.
    version: u32,
    /// Version of tfgen that wrote the tree.
    pub tfgen: String,
    /// Which deployment the tree belongs to.
    pub deployment: Identity,
    /// What each root consists of.
    pub roots: BTreeMap<String, Root>,
    /// Hash of each file as written.
    pub files: BTreeMap<String, String>,
    /// Hashes that unfinished renders were about to write; gone as soon as one is complete.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pending: BTreeMap<String, BTreeSet<String>>,
}

/// What makes a deployment another one: every name follows from these three.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Name of the deployment.
    pub name: String,
    /// Dedicated account.
    pub account_id: String,
    /// Region.
    pub region: String,
}

/// A Terraform root as rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Account whose credentials apply it.
    pub account_id: String,
    /// Region of its provider.
    pub region: String,
    /// Names of its module calls.
    pub modules: Vec<String>,
    /// Module calls of the past whose objects Terraform must forget without destroying them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forgotten: Vec<String>,
    /// Module calls of the past whose objects the next apply destroys; kept so that a root without modules stays appliable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destroyed: Vec<String>,
    /// Accounts that earlier renders applied the root in, while its state may still describe what is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_accounts: Vec<String>,
    /// Module calls that were forgotten once and came back: their objects exist and are imported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adopted: Vec<String>,
    /// Profiles that were dropped, which exist until the root is applied.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dropped: BTreeMap<String, Profile>,
    /// Keys that the root activates as cost allocation tags, those of earlier renders included.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tag_keys: BTreeSet<String>,
    /// Roles whose session names the queries take for people's, as patterns, those of earlier renders included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_roles: Vec<String>,
}

impl Manifest {
    /// A record of this tgfen and this deployment without files.
    pub fn new(deployment: &Deployment) -> Self {
        Self {
            version: VERSION,
            tfgen: env!("CARGO_PKG_VERSION").to_owned(),
            deployment: Identity {
                name: deployment.name.clone(),
                account_id: deployment.account_id.clone(),
                region: deployment.region.clone(),
            },
            roots: BTreeMap::new(),
            files: BTreeMap::new(),
            pending: BTreeMap::new(),
        }
    }

    /// A record that was put together from the files themselves; their hashes are not known.
    pub fn recovered(deployment: Identity, roots: BTreeMap<String, Root>) -> Self {
        Self {
            version: VERSION,
            tfgen: env!("CARGO_PKG_VERSION").to_owned(),
            deployment,
            roots,
            files: BTreeMap::new(),
            pending: BTreeMap::new(),
        }
    }

    /// The same record before anything was written.
    pub fn without_files(&self) -> Self {
        Self {
            files: BTreeMap::new(),
            ..self.clone()
        }
    }

    /// Reads the manifest of an output folder; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, is not a manifest, or comes from a later tfgen.
    pub fn read(out: &Path) -> anyhow::Result<Option<Self>> {
        let path = out.join(PATH);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        let damaged = || {
            format!(
                "{} is not a manifest of tfgen; restore it from version control, or delete it: `tfgen render` then takes what it must remember from the rendered files, and overwrites those that differ only with `--force`",
                path.display()
            )
        };
        let value: serde_json::Value = serde_json::from_str(&text).with_context(damaged)?;
        if let Some(version) = value.get("version").and_then(serde_json::Value::as_u64)
            && version > u64::from(VERSION)
        {
            bail!("{} was written by a later tfgen; update tfgen", path.display());
        }
        serde_json::from_value(value).map(Some).with_context(damaged)
    }

    /// The manifest as it is written.
    ///
    /// # Errors
    /// Never for a manifest that tfgen made; serialization is fallible by type.
    pub fn to_text(&self) -> anyhow::Result<String> {
        let mut text = serde_json::to_string_pretty(self).context("the manifest cannot be serialized")?;
        text.push('\n');
        Ok(text)
    }
}
