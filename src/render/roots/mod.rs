//! The Terraform roots: one per account and precondition.

mod billing;
mod federation;
mod identity;
mod imports;
mod organization;
mod workload;

use std::collections::BTreeSet;

use hcl::expr::Expression;
use hcl::{Block, BlockBuilder};
use terraform::write::{self, Item};

use super::expr::{object, strings};
use super::manifest;
use super::profiles::Profiles;
use super::tree::{self, File, Kind, Tree};
use crate::deployment::model::{Deployment, State};
use crate::deployment::names::DEFAULT_TAG_KEYS;

pub use workload::Environment;

/// Oldest Terraform that knows lock files in S3 (`use_lockfile`).
const REQUIRED_TERRAFORM: &str = ">= 1.10.0";

/// Providers that the modules are written for.
const REQUIRED_PROVIDER: &str = ">= 5.100.0, < 7.0.0";

/// Names of the roots in the order in which they are applied.
pub const ORDER: [&str; 4] = ["workload", "identity", "organization", "billing"];

/// A root with modules or with a past.
#[derive(Debug)]
pub struct Root {
    /// Folder below `terraform/`.
    pub name: &'static str,
    /// Account whose credentials apply it.
    pub account_id: String,
    /// Region of its provider.
    region: String,
    /// Data that the module calls share.
    locals: Vec<(&'static str, Expression)>,
    /// Module calls in the order of the file.
    calls: Vec<Call>,
    /// Variables that the applier must give.
    variables: Vec<Block>,
    /// Outputs.
    outputs: Vec<Output>,
    /// Addresses that changed their name: from, to.
    moved: Vec<(Expression, Expression)>,
}

/// A call of a module of the library.
#[derive(Debug)]
struct Call {
    /// Module in the library; the call's name is the same in snake case.
    module: &'static str,
    /// Why it is here.
    comment: &'static str,
    /// Arguments in order.
    arguments: Vec<(&'static str, Expression)>,
}

/// An output of a root.
#[derive(Debug)]
struct Output {
    name: &'static str,
    description: &'static str,
    value: Expression,
}

/// What this render lets go of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Profiles that nobody is given any more: the next apply destroys them.
    pub retired: bool,
    /// `removed` and `import` blocks, roots without modules, earlier tag keys and session roles: what was needed once.
    pub removed: bool,
}

/// Modules whose objects hold data or act on the whole organization: when the call disappears they are forgotten, never
/// destroyed.
const KEPT: [&str; 4] = ["logging", "inference-profiles", "analytics", "cost-tags"];

impl Call {
    fn new(module: &'static str, comment: &'static str, arguments: Vec<(&'static str, Expression)>) -> Self {
        Self {
            module,
            comment,
            arguments,
        }
    }

    fn label(&self) -> String {
        label(self.module)
    }
}

/// Module of the library by the name of its call.
pub fn module_of_label(call: &str) -> Option<String> {
    KEPT.into_iter().find(|module| label(module) == call).map(str::to_owned)
}

/// Name of the call of a module.
fn label(module: &str) -> String {
    module.replace('-', "_")
}

/// The roots of a deployment in the order in which they are applied, and what each leaves behind.
///
/// `drop_removed` lets go of what earlier renders kept for Terraform's sake. `drop_retired` makes the next apply destroy
/// profiles that nobody is given any more, so the last of them is no reason to forget the module.
pub fn all(
    deployment: &Deployment,
    profiles: &Profiles,
    environment: &Environment,
    previous: Option<&manifest::Manifest>,
    dropped: Dropped,
) -> Vec<(Root, manifest::Root)> {
    let past = |name: &str| {
        previous
            .and_then(|manifest| manifest.roots.get(name))
            .cloned()
            .unwrap_or_default()
    };
    let mut tag_keys = if dropped.removed {
        BTreeSet::new()
    } else {
        past("billing").tag_keys
    };
    let billing = billing::root(deployment, profiles, &tag_keys).map(|(root, keys)| {
        tag_keys = keys;
        root
    });
    let earlier = if dropped.removed {
        Vec::new()
    } else {
        past("workload").session_roles
    };
    let session_roles = workload::session_roles(deployment, &earlier);
    let mut workload = workload::root(deployment, profiles, environment, &session_roles);
    if !dropped.removed {
        workload
            .moved
            .extend(federation::moved_role(deployment, &past("workload")));
    }
    let wanted = [
        Some(workload),
        identity::root(deployment),
        organization::root(deployment),
        billing,
    ];
    let mut roots = Vec::new();
    for (name, root) in ORDER.into_iter().zip(wanted) {
        let past = past(name);
        let modules: Vec<String> = root
            .iter()
            .flat_map(|root| &root.calls)
            .map(|call| call.module.to_owned())
            .collect();
        let mut record = left_behind(&past, modules, dropped);
        let has_past = !record.forgotten.is_empty() || !record.destroyed.is_empty();
        let root = match root {
            Some(root) => root,
            // A root whose last module went stays for one more apply: Terraform cannot forget or destroy without it.
            None if has_past => Root::empty(name, past.account_id.clone(), past.region.clone()),
            None => continue,
        };
        record.account_id.clone_from(&root.account_id);
        record.region.clone_from(&root.region);
        if name == "billing" {
            record.tag_keys = std::mem::take(&mut tag_keys);
        }
        if name == "workload" {
            record.session_roles.clone_from(&session_roles);
        }
        if !dropped.removed {
            let accounts = past.former_accounts.iter().chain([&past.account_id]);
            let mut former: Vec<String> = accounts
                .filter(|id| !id.is_empty() && **id != root.account_id)
                .cloned()
                .collect();
            former.sort();
            former.dedup();
            record.former_accounts = former;
        }
        roots.push((root, record));
    }
    identity_first(&mut roots);
    roots
}

/// What a root remembers: the modules of the past that it no longer calls, and those that came back.
fn left_behind(past: &manifest::Root, modules: Vec<String>, dropped: Dropped) -> manifest::Root {
    let mut record = manifest::Root {
        modules,
        ..manifest::Root::default()
    };
    let gone = |name: &&String| !record.modules.contains(name);
    // Profiles are dropped in order to be destroyed, the last one as well as any other.
    let kept = |name: &&String| KEPT.contains(&name.as_str()) && !(dropped.retired && *name == "inference-profiles");
    let (mut forgotten, mut destroyed): (BTreeSet<&String>, BTreeSet<&String>) =
        past.modules.iter().filter(gone).partition(kept);
    let mut adopted = BTreeSet::new();
    if !dropped.removed {
        forgotten.extend(past.forgotten.iter().chain(&past.adopted).filter(gone));
        destroyed.extend(past.destroyed.iter().filter(gone));
        adopted.extend(past.forgotten.iter().chain(&past.adopted).filter(|name| !gone(name)));
    }
    let owned = |names: BTreeSet<&String>| names.into_iter().cloned().collect();
    (record.forgotten, record.destroyed, record.adopted) = (owned(forgotten), owned(destroyed), owned(adopted));
    record
}

/// AWS refuses to delete a managed policy that a permission set still uses, so where the guardrail goes, its policy goes
/// from the permission sets before.
fn identity_first(roots: &mut [(Root, manifest::Root)]) {
    let at = |name: &str| roots.iter().position(|(root, _)| root.name == name);
    let (Some(workload), Some(identity)) = (at("workload"), at("identity")) else {
        return;
    };
    let guardrail_goes = roots
        .get(workload)
        .is_some_and(|(_, record)| record.destroyed.iter().any(|module| module == "guardrail"));
    if guardrail_goes {
        roots.swap(workload, identity);
    }
}

impl Root {
    fn empty(name: &'static str, account_id: String, region: String) -> Self {
        Self {
            name,
            account_id,
            region,
            locals: Vec::new(),
            calls: Vec::new(),
            variables: Vec::new(),
            outputs: Vec::new(),
            moved: Vec::new(),
        }
    }

    /// Modules of the library that the root calls.
    pub fn modules(&self) -> impl Iterator<Item = &'static str> {
        self.calls.iter().map(|call| call.module)
    }

    /// Whether the applier must give variables.
    pub fn needs_variables(&self) -> bool {
        !self.variables.is_empty()
    }

    /// Adds the root's files.
    ///
    /// # Errors
    /// When HCL cannot be written, which would be a fault of tfgen.
    pub fn insert(&self, tree: &mut Tree, deployment: &Deployment, record: &manifest::Root) -> anyhow::Result<()> {
        let folder = format!("terraform/{}", self.name);
        let mut file = |name: &str, items: Vec<Item>| -> anyhow::Result<()> {
            if !items.is_empty() {
                let text = write::to_string(&write::File {
                    header: header(deployment),
                    items,
                })?;
                tree::insert(tree, format!("{folder}/{name}"), text);
            }
            Ok(())
        };
        file(
            "versions.tf",
            vec![Item::Block(self.terraform_block(deployment.state.as_ref()))],
        )?;
        file("providers.tf", vec![Item::Block(self.provider_block(deployment))])?;
        file("main.tf", self.main())?;
        file("variables.tf", separated(self.variables.iter().cloned()))?;
        file("outputs.tf", separated(self.outputs.iter().map(Output::block)))?;
        file("moved.tf", separated(self.moved.iter().map(moved_block)))?;
        file("removed.tf", removed_items(record))?;
        file("imports.tf", imports::items(deployment, record))?;
        tree::insert(tree, format!("{folder}/.gitignore"), include_str!("gitignore.txt"));
        tree.insert(
            format!("{folder}/.terraform.lock.hcl"),
            File {
                content: include_str!("lock.hcl").to_owned(),
                kind: Kind::Seed,
            },
        );
        Ok(())
    }

    fn terraform_block(&self, state: Option<&State>) -> Block {
        let providers = Block::builder("required_providers").add_attribute((
            "aws",
            object([
                ("source", Expression::from("hashicorp/aws")),
                ("version", Expression::from(REQUIRED_PROVIDER)),
            ]),
        ));
        let block = Block::builder("terraform")
            .add_attribute(("required_version", REQUIRED_TERRAFORM))
            .add_block(providers.build());
        match state {
            None => block.build(),
            Some(state) => block.add_block(self.backend(state)).build(),
        }
    }

    fn backend(&self, state: &State) -> Block {
        let backend = Block::builder("backend")
            .add_label("s3")
            .add_attribute(("bucket", state.bucket.as_str()))
            .add_attribute(("key", format!("{}/{}.tfstate", state.key_prefix, self.name)))
            .add_attribute(("region", state.region.as_str()))
            .add_attribute(("encrypt", true))
            .add_attribute(("use_lockfile", true));
        match &state.kms_key_arn {
            None => backend.build(),
            Some(key) => backend.add_attribute(("kms_key_id", key.as_str())).build(),
        }
    }

    fn provider_block(&self, deployment: &Deployment) -> Block {
        let [manager, name] = DEFAULT_TAG_KEYS;
        let tags = object([
            (manager, Expression::from("tfgen")),
            (name, Expression::from(deployment.name.as_str())),
        ]);
        Block::builder("provider")
            .add_label("aws")
            .add_attribute(("region", self.region.as_str()))
            .add_attribute(("allowed_account_ids", strings([&self.account_id])))
            .add_block(Block::builder("default_tags").add_attribute(("tags", tags)).build())
            .build()
    }

    fn main(&self) -> Vec<Item> {
        let mut items = Vec::new();
        if !self.locals.is_empty() {
            let locals = self
                .locals
                .iter()
                .fold(Block::builder("locals"), |block, (name, value)| {
                    block.add_attribute((*name, value.clone()))
                });
            items.push(Item::Block(locals.build()));
        }
        for call in &self.calls {
            if !items.is_empty() {
                items.push(Item::Blank);
            }
            items.extend(call.comment.lines().map(|line| Item::Comment(line.to_owned())));
            items.push(Item::Block(call.block()));
        }
        items
    }
}

impl Call {
    fn block(&self) -> Block {
        let block = Block::builder("module")
            .add_label(self.label())
            .add_attribute(("source", format!("../modules/{}", self.module)));
        self.arguments
            .iter()
            .fold(block, |block, (name, value)| {
                block.add_attribute((*name, value.clone()))
            })
            .build()
    }
}

impl Output {
    fn block(&self) -> Block {
        Block::builder("output")
            .add_label(self.name)
            .add_attribute(("description", self.description))
            .add_attribute(("value", self.value.clone()))
            .build()
    }
}

/// Between the version and the deployment in a file's first line.
const FROM: &str = " from the deployment ";

/// The deployment that a file's first line names; `None` when render did not write the file.
pub fn deployment_in_header(line: &str) -> Option<&str> {
    let (version, deployment) = line.strip_prefix("# Rendered by tfgen ")?.split_once(FROM)?;
    (!version.contains(' ')).then_some(())?;
    deployment.trim_end().strip_suffix('.')
}

fn header(deployment: &Deployment) -> Vec<String> {
    vec![
        format!(
            "Rendered by tfgen {}{FROM}{}.",
            env!("CARGO_PKG_VERSION"),
            deployment.name
        ),
        "Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.".to_owned(),
    ]
}

fn separated(blocks: impl IntoIterator<Item = Block>) -> Vec<Item> {
    let mut items = Vec::new();
    for block in blocks {
        if !items.is_empty() {
            items.push(Item::Blank);
        }
        items.push(Item::Block(block));
    }
    items
}

fn moved_block((from, to): &(Expression, Expression)) -> Block {
    Block::builder("moved")
        .add_attribute(("from", from.clone()))
        .add_attribute(("to", to.clone()))
        .build()
}

/// `removed` blocks for the module calls whose objects Terraform must forget.
///
/// Without them the next apply would destroy the objects; `prevent_destroy` does not help, because it goes with the call.
fn removed_items(record: &manifest::Root) -> Vec<Item> {
    separated(record.forgotten.iter().map(|module| {
        Block::builder("removed")
            .add_attribute(("from", super::expr::reference(&format!("module.{}", label(module)))))
            .add_block(keep())
            .build()
    }))
}

fn keep() -> Block {
    let builder: BlockBuilder = Block::builder("lifecycle");
    builder.add_attribute(("destroy", false)).build()
}
