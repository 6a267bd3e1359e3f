//! From a deployment to the tree of files that carries it out.

pub mod elsewhere;
mod expr;
mod library;
pub mod lock;
pub mod manifest;
pub mod people;
pub mod profiles;
mod recover;
pub mod roots;
pub mod tree;
pub mod write;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use self::manifest::Manifest;
use self::people::Formers;
use self::profiles::Profiles;
use self::roots::{Dropped, Environment, Root};
use self::tree::{File, Kind, Tree};
use crate::deployment::model::Deployment;
use crate::steps;

/// What an output folder remembers of the last render.
#[derive(Debug, Default)]
pub struct Past {
    /// Its manifest.
    pub manifest: Option<Manifest>,
    /// Its application inference profiles.
    pub profiles: BTreeMap<String, profiles::Profile>,
}

impl Past {
    /// Reads the past of `out`; an empty or missing folder has none. Where the manifest alone is missing, the rendered
    /// files say what must not be forgotten.
    ///
    /// # Errors
    /// When the manifest or the data file of profiles cannot be read or understood.
    pub fn read(out: &Path) -> anyhow::Result<Self> {
        let manifest = match Manifest::read(out)? {
            Some(manifest) => Some(manifest),
            None => recover::manifest(out)?,
        };
        let path = out.join(profiles::PATH);
        let profiles = match std::fs::read_to_string(&path) {
            Ok(text) => profiles::parse(&text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        Ok(Self { manifest, profiles })
    }

    /// Profiles that were dropped, which may still exist.
    pub fn dropped(&self) -> BTreeMap<String, profiles::Profile> {
        let workload = self
            .manifest
            .as_ref()
            .and_then(|manifest| manifest.roots.get("workload"));
        workload.map(|record| record.dropped.clone()).unwrap_or_default()
    }
}

/// A rendered deployment, not yet written.
#[derive(Debug)]
pub struct Rendered {
    /// All files but the manifest.
    pub tree: Tree,
    /// The manifest that goes with them.
    pub manifest: Manifest,
    /// The roots in the order in which they are applied.
    pub roots: Vec<Root>,
    /// Number of application inference profiles that somebody uses.
    pub profiles: usize,
    /// Those profiles, by key.
    pub profiles_in_use: BTreeMap<String, profiles::Profile>,
    /// What the checklist is made from, beside the deployment.
    pub context: steps::Context,
    /// Tag keys that stay active though no profile in use carries them.
    pub earlier_tag_keys: Vec<String>,
    /// Keys of profiles that Terraform is told to move: from, to.
    pub moved: BTreeMap<String, String>,
}

/// Computes the whole tree in memory.
///
/// `policies` holds the text of each document by file name; `environment` is what every developer's Claude Code needs;
/// `formers` says who goes on under another id.
///
/// # Errors
/// When a profile would be replaced, or a file cannot be produced, which would be a fault of tfgen.
pub fn build(
    deployment: &Deployment,
    policies: &BTreeMap<String, String>,
    environment: &Environment,
    past: &Past,
    formers: &Formers,
    dropped: Dropped,
) -> anyhow::Result<Rendered> {
    let mut previous = past.profiles.clone();
    if dropped.removed {
        // Every state knows the present keys; what moves in this very render is still to be applied.
        previous.values_mut().for_each(|profile| profile.formerly.clear());
    }
    let gone = match dropped.removed {
        true => BTreeMap::new(),
        false => past.dropped(),
    };
    let profiles = Profiles::compute(deployment, &previous, &gone, formers, dropped.retired)?;
    let mut tree = Tree::new();
    for (name, text) in policies {
        tree::insert(&mut tree, format!("policies/{name}"), text.clone());
    }
    let mut manifest = Manifest::new(deployment);
    let mut roots = Vec::new();
    for (root, mut record) in roots::all(deployment, &profiles, environment, past.manifest.as_ref(), dropped) {
        if root.name == "workload" {
            record.dropped.clone_from(&profiles.dropped);
        }
        root.insert(&mut tree, deployment, &record)?;
        for module in root.modules() {
            library::insert(&mut tree, module);
        }
        manifest.roots.insert(root.name.to_owned(), record);
        roots.push(root);
    }
    if !profiles.entries.is_empty() {
        tree::insert(&mut tree, profiles::PATH, profiles.to_text()?);
    }
    if deployment.analytics.is_some() {
        tree::insert(&mut tree, "terraform/workload/prices.json", prices(deployment)?);
    }
    let context = steps::Context {
        roots: states(&roots, &manifest),
        retired_profiles: profiles.retired(deployment),
        tag_keys: profiles.tag_keys_in_use(&deployment.tag_keys),
    };
    let checklist = File {
        content: steps::checklist(deployment, &context),
        kind: Kind::Checklist,
    };
    tree.insert("MANUAL_STEPS.md".to_owned(), checklist);
    manifest.files = write::hashes(&tree);
    let earlier_tag_keys = match deployment.cost_tags {
        Some(_) => context.earlier_tag_keys().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    Ok(Rendered {
        tree,
        manifest,
        roots,
        profiles: profiles.entries.len() - context.retired_profiles.len(),
        earlier_tag_keys,
        moved: profiles.moved(),
        profiles_in_use: profiles
            .entries
            .into_iter()
            .filter(|(_, profile)| !profile.retired)
            .collect(),
        context,
    })
}

/// The roots as the checklist sees them, in the order in which they are applied.
fn states(roots: &[Root], manifest: &Manifest) -> Vec<steps::RootState> {
    let state = |root: &Root| {
        let record = manifest.roots.get(root.name)?;
        Some(steps::RootState {
            root: steps::Root::named(root.name)?,
            account_id: record.account_id.clone(),
            forgotten: record.forgotten.clone(),
            destroyed: record.destroyed.clone(),
            former_accounts: record.former_accounts.clone(),
            adopted: record.adopted.clone(),
            tag_keys: record.tag_keys.clone(),
        })
    };
    roots.iter().filter_map(state).collect()
}

/// Prices of every known model in each of its geographies, one row per date and tier: the queries reach back to calls of
/// models and geographies that the deployment no longer has.
fn prices(deployment: &Deployment) -> anyhow::Result<String> {
    #[derive(Serialize)]
    struct Row<'a> {
        model_id: &'a str,
        model_key: &'a str,
        model_name: &'a str,
        geography: &'a str,
        valid_from: &'a str,
        up_to_input_tokens: Option<u64>,
        input: Option<f64>,
        output: Option<f64>,
        cache_read: Option<f64>,
        cache_write_5m: Option<f64>,
        cache_write_1h: Option<f64>,
    }
    let rows: Vec<Row<'_>> = deployment
        .price_lists
        .iter()
        .flat_map(|list| {
            list.prices.iter().map(|price| Row {
                model_id: &list.model_id,
                model_key: &list.model_key,
                model_name: &list.model_name,
                geography: &list.geography,
                valid_from: &price.valid_from,
                up_to_input_tokens: price.up_to_input_tokens,
                input: price.input,
                output: price.output,
                cache_read: price.cache_read,
                cache_write_5m: price.cache_write_5m,
                cache_write_1h: price.cache_write_1h,
            })
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&rows).context("the prices cannot be serialized")?;
    text.push('\n');
    Ok(text)
}
