//! What a render must know of the ones before, and what it says when it does not.

use std::path::Path;

use super::RenderArgs;
use crate::commands::Streams;
use crate::deployment::model::Deployment;
use crate::outcome::Failure;
use crate::render::manifest::{Identity, Manifest};
use crate::render::people::{self, Newcomer, People, Taken};
use crate::render::{Past, Rendered, elsewhere, profiles};

/// Every name follows from name, account and region: another deployment would replace all of the first one's resources.
pub fn belongs_here(deployment: &Deployment, past: &Past, out: &Path) -> Result<(), Failure> {
    let Some(manifest) = &past.manifest else { return Ok(()) };
    let Identity {
        name,
        account_id,
        region,
    } = &manifest.deployment;
    if (name, account_id, region) == (&deployment.name, &deployment.account_id, &deployment.region) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{} holds the deployment {name} (account {account_id}, {region}), and the file describes {} (account {}, {}).\n\
         Rendering one over the other would replace every resource of the first; render into a folder of its own with --out",
        out.display(),
        deployment.name,
        deployment.account_id,
        deployment.region
    )))
}

/// Says that a tree begins without memory where there is another one of this deployment; refuses to drop what an empty
/// folder does not remember.
pub fn is_begun(
    args: &RenderArgs,
    deployment: &Deployment,
    past: &Past,
    out: &Path,
    folder: &Path,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    if past.manifest.is_some() {
        return Ok(());
    }
    let identity = Manifest::new(deployment).deployment;
    let others: Vec<String> = elsewhere::trees(out, folder, &identity)
        .iter()
        .map(|tree| tree.display().to_string())
        .collect();
    let option = match (args.drop_retired, args.drop_removed) {
        (true, _) => "--drop-retired",
        (false, true) => "--drop-removed",
        (false, false) => {
            // Who names a folder means it.
            if !others.is_empty() && args.out.is_none() {
                writeln!(
                    streams.stderr,
                    "warning: {} holds a tree of this deployment. The one in {} begins without what it remembers \
                     (retired profiles, moved keys, ticks), and both have the same state: apply only one of them. To \
                     renew the first, name it with --out",
                    others.join(" and "),
                    out.display()
                )?;
            }
            return Ok(());
        }
    };
    let where_it_is = match others.is_empty() {
        true => "name the folder of the rendered tree with --out".to_owned(),
        false => format!("{} does; name it with --out", others.join(" and ")),
    };
    Err(Failure::Usage(format!(
        "{option} leaves out what earlier renders kept, and {} holds no rendered tree: {where_it_is}",
        out.display()
    )))
}

/// Who of the roster is who; refuses to give somebody the profiles of somebody else who had the same id: the log's past
/// would be theirs.
pub fn people<'a>(deployment: &'a Deployment, past: &Past, returned: &[String]) -> Result<People<'a>, Failure> {
    let unknown = returned
        .iter()
        .find(|id| !deployment.developers.iter().any(|developer| developer.id == **id));
    if let Some(id) = unknown {
        return Err(Failure::Usage(format!("--returned {id}: no developer has this id")));
    }
    let people = people::compare(deployment, &past.profiles, &past.dropped(), returned);
    let faults: Vec<String> = people
        .newcomers
        .iter()
        .map(|Newcomer { developer, taken }| {
            let (email, id) = (&developer.email, &developer.id);
            match taken {
                Taken::From(earlier) => format!(
                    "{email} has the id `{id}` of {earlier}, whose profiles are still there: what one spent would be shown \
                     as spent by the other\n  \
                     another person: give {email} another id (column `id`), as `{id}-2`\n  \
                     the same person: render once with `--returned {id}`"
                ),
                Taken::Moving(now) => format!(
                    "{email} has the id `{id}`, under which terraform/workload may still know the profiles of `{now}`\n  \
                     give {email} another id (column `id`), as `{id}-2`; or apply terraform/workload, which moves the \
                     profiles to `{now}`, and render once with --drop-removed before `{id}` is used again"
                ),
            }
        })
        .collect();
    if faults.is_empty() {
        return Ok(people);
    }
    Err(Failure::Usage(faults.join("\nerror: ") + "\nnothing was written"))
}

/// Says what follows from addresses rather than from what the roster states.
pub fn who_is_who(people: &People<'_>, streams: &mut Streams<'_>) -> std::io::Result<()> {
    for (id, former) in &people.renamed {
        writeln!(
            streams.stderr,
            "note: `{id}` has the e-mail address of `{former}`, who is no longer in the roster: the profiles go on as theirs"
        )?;
    }
    for (developer, earlier) in &people.readdressed {
        writeln!(
            streams.stderr,
            "warning: `{}` was {earlier} and is {} now: what the former spent is shown as spent by the latter. If that is \
             another person, give them another id before terraform/workload is applied",
            developer.id, developer.email
        )?;
    }
    Ok(())
}

/// Says what Terraform is no longer told to forget: without an apply in between, the next one would destroy it.
pub fn let_go(past: &Past, rendered: &Rendered, streams: &mut Streams<'_>) -> std::io::Result<()> {
    let now = &rendered.manifest;
    let mut moves = profiles::moved(&past.profiles);
    moves.retain(|from, _| !rendered.moved.contains_key(from));
    if !moves.is_empty() {
        let mut shown: Vec<String> = moves
            .iter()
            .take(5)
            .map(|(from, to)| format!("{from} to {to}"))
            .collect();
        if moves.len() > shown.len() {
            shown.push(format!("and {} more", moves.len() - shown.len()));
        }
        writeln!(
            streams.stderr,
            "warning: terraform/workload no longer moves {}; if it was not applied since the rename, restore the files \
             from version control and apply it first, or these profiles are destroyed and made anew",
            shown.join(", ")
        )?;
    }
    for (root, record) in past.manifest.iter().flat_map(|manifest| &manifest.roots) {
        let kept = now.roots.get(root).map_or(&[][..], |record| &record.modules);
        let gone: Vec<&str> = record
            .forgotten
            .iter()
            .filter(|module| !kept.contains(module))
            .map(String::as_str)
            .collect();
        if !gone.is_empty() {
            writeln!(
                streams.stderr,
                "warning: terraform/{root} no longer tells Terraform to forget {}; if it was not applied since the block \
                 was removed, restore the files from version control and apply it first, or the objects are destroyed",
                gone.join(", ")
            )?;
        }
        let keys: Vec<&str> = match now.roots.get(root) {
            // A root that goes takes its keys along: `gone` names the module.
            None => Vec::new(),
            Some(kept) => record.tag_keys.difference(&kept.tag_keys).map(String::as_str).collect(),
        };
        let roles: Vec<&str> = match now.roots.get(root) {
            None => Vec::new(),
            Some(kept) => record
                .session_roles
                .iter()
                .filter(|role| !kept.session_roles.contains(role))
                .map(String::as_str)
                .collect(),
        };
        if !roles.is_empty() {
            writeln!(
                streams.stderr,
                "warning: the queries no longer know sessions of {}: calls of that time are shown by the whole ARN",
                roles.join(", ")
            )?;
        }
        if !keys.is_empty() {
            writeln!(
                streams.stderr,
                "warning: terraform/{root} no longer has {}; if the state still has them, the next apply fails \
                 (`prevent_destroy`): `terraform state rm` them first, as the step cost-tags-earlier says",
                keys.join(", ")
            )?;
        }
    }
    Ok(())
}

/// Warns of roots that are for another account than before: their state describes what the new one does not have.
pub fn moved(rendered: &Rendered, streams: &mut Streams<'_>) -> std::io::Result<()> {
    for root in &rendered.roots {
        let former = rendered
            .manifest
            .roots
            .get(root.name)
            .map_or(&[][..], |record| &record.former_accounts);
        if !former.is_empty() {
            writeln!(
                streams.stderr,
                "warning: terraform/{} was for account {} before and is for {} now; the step foundation-moved-{} of \
                 MANUAL_STEPS.md says what to do before it is applied",
                root.name,
                former.join(", "),
                root.account_id,
                root.name
            )?;
        }
    }
    Ok(())
}
