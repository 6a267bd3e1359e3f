//! The checklist as Markdown.

use std::fmt::Write as _;

use super::applies::{Apply, applies};
use super::step::{Context, Phase, Step};
use super::{steps, ticks};
use crate::deployment::model::{Access, Deployment};

/// `MANUAL_STEPS.md`: the order of applies and the steps of this deployment, nothing ticked.
pub fn checklist(deployment: &Deployment, context: &Context) -> String {
    let mut text = String::new();
    head(&mut text, deployment);
    order(&mut text, &applies(deployment, context));
    let steps = steps(deployment, context);
    for phase in Phase::ALL {
        let of_phase: Vec<&Step> = steps.iter().filter(|step| step.phase == phase).collect();
        if of_phase.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n## {}\n", phase.title());
        for (i, step) in of_phase.iter().enumerate() {
            if i > 0 {
                text.push('\n');
            }
            item(&mut text, step);
        }
    }
    text
}

/// Whether a checklist is the one of a deployment: its head names deployment and account.
pub fn is_of(text: &str, name: &str, account_id: &str) -> bool {
    let wanted = heading(name, account_id);
    text.lines()
        .take_while(|line| !line.starts_with("## "))
        .any(|line| line.starts_with(&wanted))
}

fn heading(name: &str, account_id: &str) -> String {
    format!("What Terraform does not finish alone in the deployment `{name}`: account {account_id}, ")
}

fn head(text: &mut String, deployment: &Deployment) {
    let access = match &deployment.access {
        Access::IdentityCenter(_) => "IAM Identity Center",
        Access::Roles(_) => "roles",
        Access::Federation(federation) => federation.provider.name(),
    };
    let _ = writeln!(
        text,
        "# Manual steps\n\n{}region {}, access through {access}.\n\nTick a box when its step is done; `tfgen render` carries the ticks over and never takes \
         one for an edit.\n\nCommands are for the folder of this file. Give `tfgen render` the deployment file and \
         the `--out` that this tree was rendered with, and `tfgen onboard` the deployment file and this folder as \
         `--root`; both are needed only where the deployment file is not `tfgen.hcl` in this folder.\n\nThe line `Proof` of a step compares it with what is in AWS: give it the credentials of the accounts that it \
         names (`--profile`, `--management-profile`). `--update-checklist` ticks what it finds done; `tfgen attest` records \
         what no API tells; `tfgen fix` does what an API can do and no root does.\n",
        heading(&deployment.name, &deployment.account_id),
        deployment.region
    );
}

fn order(text: &mut String, applies: &[Apply]) {
    text.push_str("## Order of applies\n\n");
    text.push_str(
        "One root per account and precondition; no root reads another's state. Apply each with its own credentials, \
         in this order, and verify before the next. A root refuses the credentials of another account.\n",
    );
    for (i, apply) in applies.iter().enumerate() {
        let (folder, id) = (apply.root.folder(), format!("apply-{}", apply.root.name()));
        let _ = writeln!(
            text,
            "\n{}. {} **{folder}**: {}",
            i + 1,
            ticks::empty_box(&id),
            apply.account
        );
        let _ = writeln!(text, "   - Credentials: {}", apply.credentials);
        for before in &apply.before {
            let _ = writeln!(text, "   - Before: {before}");
        }
        for effect in &apply.effects {
            let _ = writeln!(text, "   - {effect}");
        }
        text.push('\n');
        let mut lines = vec![
            format!("terraform -chdir={folder} init"),
            format!("terraform -chdir={folder} apply"),
        ];
        lines.extend(apply.verify.iter().map(|phase| phase.verify_line()));
        fence(text, "   ", "bash", &lines.join("\n"));
    }
}

fn item(text: &mut String, step: &Step) {
    let _ = writeln!(text, "- {} **{}**", ticks::empty_box(&step.id), step.title);
    let _ = writeln!(text, "  - Account: {}", step.account);
    let _ = writeln!(text, "  - Done by: {}", step.owner);
    for action in &step.actions {
        let _ = writeln!(text, "  - {action}");
    }
    if let Some(console) = &step.console {
        let _ = writeln!(text, "  - Console: {console}");
    }
    if let Some(reason) = step.no_command {
        let _ = writeln!(text, "  - Command: none, {reason}");
    }
    for snippet in &step.snippets {
        text.push('\n');
        fence(text, "  ", snippet.language, &snippet.text);
    }
    if !step.snippets.is_empty() {
        text.push('\n');
    }
    for note in &step.notes {
        let _ = writeln!(text, "  - Note: {note}");
    }
    let _ = writeln!(text, "  - Proof: `{}`", step.phase.verify_line());
}

/// A fenced block at an indentation. Each fence is longer than any run of backticks inside.
fn fence(text: &mut String, indent: &str, language: &str, content: &str) {
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(text, "{indent}{fence}{language}");
    for line in content.lines() {
        let _ = writeln!(text, "{}", format!("{indent}{line}").trim_end());
    }
    let _ = writeln!(text, "{indent}{fence}");
}
