//! What a tree without its manifest still says: which modules its roots call, forget and import, and for which deployment.
//!
//! A lost manifest must not make the next apply destroy what holds data. The hashes of files are lost with it, so every
//! file that differs is taken for one edited by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use hcl::structure::{Block, Body};
use hcl::{Attribute, Expression};

use super::manifest::{Identity, Manifest, Root};
use super::roots::{self, ORDER};

/// A manifest without files, from the rendered roots below `out`; `None` where there are none.
///
/// # Errors
/// When a rendered file cannot be read or understood.
pub fn manifest(out: &Path) -> anyhow::Result<Option<Manifest>> {
    let mut roots = BTreeMap::new();
    let mut deployment = None;
    for name in ORDER {
        let folder = out.join("terraform").join(name);
        let Some((provider, written_for)) = rendered(&folder.join("providers.tf"))? else {
            continue;
        };
        let root = root(name, &folder, &provider)?;
        if name == "workload" {
            deployment = Some(Identity {
                name: written_for,
                account_id: root.account_id.clone(),
                region: root.region.clone(),
            });
        }
        roots.insert(name.to_owned(), root);
    }
    Ok(deployment.map(|deployment| Manifest::recovered(deployment, roots)))
}

fn root(name: &str, folder: &Path, provider: &Body) -> anyhow::Result<Root> {
    let provider = blocks(provider, "provider").next();
    let body = |file: &str| -> anyhow::Result<Body> {
        Ok(rendered(&folder.join(file))?.map_or_else(|| Body::builder().build(), |(body, _)| body))
    };
    let main = body("main.tf")?;
    let modules: Vec<String> = blocks(&main, "module")
        .filter_map(|call| text(call, "source")?.strip_prefix("../modules/").map(str::to_owned))
        .collect();
    let forgotten = named(&body("removed.tf")?, "removed", "from");
    // Of a root without any module only its own can have been destroyed.
    let destroyed = match name {
        "identity" if modules.is_empty() => vec!["identity-center".to_owned()],
        "organization" if modules.is_empty() => vec!["scp".to_owned()],
        _ => Vec::new(),
    };
    Ok(Root {
        account_id: provider
            .and_then(|provider| texts(provider, "allowed_account_ids").into_iter().next())
            .unwrap_or_default(),
        region: provider
            .and_then(|provider| text(provider, "region"))
            .unwrap_or_default()
            .to_owned(),
        tag_keys: blocks(&main, "module")
            .flat_map(|call| texts(call, "tag_keys"))
            .collect(),
        session_roles: blocks(&main, "module")
            .flat_map(|call| texts(call, "session_roles"))
            .collect(),
        adopted: named(&body("imports.tf")?, "import", "to"),
        modules,
        forgotten,
        destroyed,
        ..Root::default()
    })
}

/// A file of ours and the deployment in its header; `None` when there is no such file, or it is somebody else's.
fn rendered(path: &Path) -> anyhow::Result<Option<(Body, String)>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let Some(deployment) = text.lines().next().and_then(roots::deployment_in_header) else {
        return Ok(None);
    };
    let body = hcl::parse(&text).with_context(|| {
        format!(
            "{} cannot be read as Terraform; restore it, or the manifest beside it, from version control",
            path.display()
        )
    })?;
    Ok(Some((body, deployment.to_owned())))
}

fn blocks<'a>(body: &'a Body, kind: &'a str) -> impl Iterator<Item = &'a Block> {
    body.blocks().filter(move |block| block.identifier() == kind)
}

fn attribute<'a>(block: &'a Block, key: &str) -> Option<&'a Expression> {
    block
        .body()
        .attributes()
        .find(|attribute| attribute.key() == key)
        .map(Attribute::expr)
}

fn text<'a>(block: &'a Block, key: &str) -> Option<&'a str> {
    match attribute(block, key)? {
        Expression::String(text) => Some(text),
        _ => None,
    }
}

fn texts(block: &Block, key: &str) -> Vec<String> {
    let Some(Expression::Array(items)) = attribute(block, key) else {
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| match item {
            Expression::String(text) => Some(text.clone()),
            _ => None,
        })
        .collect()
}

/// Modules of the library that the addresses in `key` of all blocks of a kind lie in.
fn named(body: &Body, kind: &str, key: &str) -> Vec<String> {
    let found: BTreeSet<String> = blocks(body, kind)
        .filter_map(|block| {
            let address = attribute(block, key)?.to_string();
            let label = address.strip_prefix("module.")?;
            roots::module_of_label(label.split(['.', '[']).next()?)
        })
        .collect();
    found.into_iter().collect()
}
