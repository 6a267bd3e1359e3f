//! The questions of `tfgen init`: only about what is not known yet, each answer checked at once.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use catalog::{Catalog, GLOBAL, Lifecycle};

use super::check;
use super::discover::Asker;
use super::draft::{Access, Developer, Draft, IdentitySource};
use super::sign_in;

/// Somebody who answers questions: a person at a terminal, or a script in a test.
pub trait Prompt {
    /// A line of text that `rule` accepts.
    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        rule: &dyn Fn(&str) -> Result<(), String>,
    ) -> anyhow::Result<String>;

    /// One of `items`, by index.
    fn choose(&mut self, question: &str, items: &[String], default: usize) -> anyhow::Result<usize>;

    /// Some of `items`, at least one, by index; `chosen` are marked at first.
    fn choose_many(&mut self, question: &str, items: &[String], chosen: &[usize]) -> anyhow::Result<Vec<usize>>;

    /// Yes or no.
    fn confirm(&mut self, question: &str, default: bool) -> anyhow::Result<bool>;
}

/// What the questions are asked with.
pub struct Help<'a> {
    /// Known models and regions.
    pub catalog: &'a Catalog,
    /// Folder of the deployment file.
    pub folder: &'a Path,
    /// Whoever asks issuers.
    pub asker: &'a Asker,
}

/// Asks for everything that `draft` lacks; what is found out meanwhile is said on `err`.
///
/// # Errors
/// When the person gives up, or the terminal fails.
pub fn ask(draft: &mut Draft, help: &Help<'_>, prompt: &mut dyn Prompt, err: &mut dyn Write) -> anyhow::Result<()> {
    place(draft, help.catalog, prompt)?;
    models(draft, help.catalog, prompt)?;
    developers(draft, help.folder, prompt)?;
    access(draft, help, prompt, err)?;
    organization(draft, prompt)?;
    if !draft.no_logging && draft.prompts.is_none() {
        draft.prompts = Some(prompt.confirm("Store prompts and code in the log, in clear?", false)?);
    }
    budget(draft, prompt)?;
    if draft.state_bucket.is_none() && wants(draft, prompt, "Keep Terraform's state in S3?", true)? {
        field(
            &mut draft.state_bucket,
            prompt,
            "Bucket of the state (it must exist)",
            None,
            &not_empty,
        )?;
    }
    Ok(())
}

pub(super) fn not_empty(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        Err("expected a text".to_owned())
    } else {
        Ok(())
    }
}

fn exists(folder: &Path, file: &str) -> Result<(), String> {
    let place = folder.join(file);
    if place.is_file() {
        Ok(())
    } else {
        Err(format!(
            "there is no file {}; its header line is id,email,team,project,cost_center",
            place.display()
        ))
    }
}

/// The id that follows from an address, with a number where somebody has it already.
fn unused_id(email: &str, developers: &[Developer]) -> String {
    let id = Developer::id_of(email);
    let taken = |id: &str| developers.iter().any(|developer| developer.id == id);
    let numbered = (2..=developers.len() + 1).map(|number| format!("{id}-{number}"));
    std::iter::once(id.clone())
        .chain(numbered)
        .find(|id| !taken(id))
        .unwrap_or(id)
}

/// Asks a yes-or-no question about an optional part, once.
fn wants(draft: &mut Draft, prompt: &mut dyn Prompt, question: &'static str, default: bool) -> anyhow::Result<bool> {
    if draft.declined.contains(question) {
        return Ok(false);
    }
    let wanted = prompt.confirm(question, default)?;
    if !wanted {
        draft.declined.insert(question);
    }
    Ok(wanted)
}

/// Asks for a text that may be left empty, once.
pub(super) fn optional(
    declined: &mut BTreeSet<&'static str>,
    prompt: &mut dyn Prompt,
    question: &'static str,
    rule: &dyn Fn(&str) -> Result<(), String>,
) -> anyhow::Result<Option<String>> {
    if declined.contains(question) {
        return Ok(None);
    }
    let or_nothing = |text: &str| if text.is_empty() { Ok(()) } else { rule(text) };
    let text = prompt.text(question, Some(""), &or_nothing)?.trim().to_owned();
    if text.is_empty() {
        declined.insert(question);
        return Ok(None);
    }
    Ok(Some(text))
}

pub(super) fn split(list: &str) -> Vec<String> {
    list.split(',').map(|item| item.trim().to_owned()).collect()
}

/// Keeps a value that is known and valid, asks for it otherwise.
pub(super) fn field(
    value: &mut Option<String>,
    prompt: &mut dyn Prompt,
    question: &str,
    default: Option<&str>,
    rule: &dyn Fn(&str) -> Result<(), String>,
) -> anyhow::Result<()> {
    if value.as_ref().is_none_or(|known| rule(known).is_err()) {
        *value = Some(prompt.text(question, default, rule)?.trim().to_owned());
    }
    Ok(())
}

fn place(draft: &mut Draft, catalog: &Catalog, prompt: &mut dyn Prompt) -> anyhow::Result<()> {
    let region_rule = |text: &str| check::region(catalog, text);
    field(
        &mut draft.name,
        prompt,
        "Name of the deployment",
        Some("claude-code"),
        &check::name,
    )?;
    field(
        &mut draft.account_id,
        prompt,
        "Dedicated AWS account",
        None,
        &check::account_id,
    )?;
    field(
        &mut draft.region,
        prompt,
        "Region from which models are called",
        Some("us-east-1"),
        &region_rule,
    )
}

fn models(draft: &mut Draft, catalog: &Catalog, prompt: &mut dyn Prompt) -> anyhow::Result<()> {
    let region = draft.region.clone().unwrap_or_default();
    let offered = geographies(catalog, &region);
    if draft.geography.as_ref().is_none_or(|known| !offered.contains(known)) {
        let items: Vec<_> = offered.iter().map(|geography| describe(geography)).collect();
        let chosen = prompt.choose("Where may requests be served?", &items, 0)?;
        draft.geography = offered.get(chosen).cloned();
    }
    let geography = draft.geography.clone().unwrap_or_default();
    let fits = |key: &str| check::model(catalog, key, &geography, &region).is_ok();
    if draft.allow.is_empty() || !draft.allow.iter().all(|key| fits(key)) {
        let candidates: Vec<_> = catalog
            .models()
            .filter(|model| model.lifecycle == Lifecycle::Current && fits(&model.key))
            .collect();
        let items: Vec<_> = candidates.iter().map(|model| model.key.clone()).collect();
        // The newest of each family that a developer needs every day.
        let usual: Vec<usize> = ["opus", "sonnet", "haiku"]
            .iter()
            .filter_map(|family| candidates.iter().position(|model| model.family == **family))
            .collect();
        let before: Vec<usize> = items
            .iter()
            .enumerate()
            .filter(|(_, key)| draft.allow.contains(key))
            .map(|(index, _)| index)
            .collect();
        let marked = if before.is_empty() { &usual } else { &before };
        let chosen = prompt.choose_many("Which models may developers call?", &items, marked)?;
        draft.allow = chosen
            .into_iter()
            .filter_map(|index| items.get(index).cloned())
            .collect();
        draft.default_model = None;
    }
    if draft.default_model.is_none() && draft.allow.len() > 1 {
        let chosen = prompt.choose("Which one does Claude Code start with?", &draft.allow, 0)?;
        draft.default_model = draft.allow.get(chosen).cloned();
    }
    Ok(())
}

/// Geographies with a model that can be called from `region`, the nearest to home first.
fn geographies(catalog: &Catalog, region: &str) -> Vec<String> {
    let leads_from = |geography: &str| {
        catalog
            .models()
            .filter_map(|model| model.profile(geography))
            .any(|profile| profile.destinations(region).is_some())
    };
    let known = ["us", "eu", "au", "jp", GLOBAL];
    known
        .into_iter()
        .filter(|geography| leads_from(geography))
        .map(str::to_owned)
        .collect()
}

fn describe(geography: &str) -> String {
    let place = match geography {
        "us" => "United States (and Canada for requests from there)",
        "eu" => "Europe",
        "au" => "Australia (and New Zealand for requests from there)",
        "jp" => "Japan",
        _ => "anywhere in the world; about 10 % cheaper",
    };
    format!("{geography}: {place}")
}

fn developers(draft: &mut Draft, folder: &Path, prompt: &mut dyn Prompt) -> anyhow::Result<()> {
    if draft.developers.iter().any(|developer| developer.email.is_none()) {
        field(
            &mut draft.email_domain,
            prompt,
            "Domain of the developers' e-mail addresses",
            None,
            &check::domain,
        )?;
    }
    if draft.developers_file.is_some() || !draft.developers.is_empty() {
        return Ok(());
    }
    let ways = ["a CSV file that exists".to_owned(), "typed in now, a few".to_owned()];
    while prompt.choose("The list of developers is …", &ways, 0)? == 0 {
        let usual = "developers.csv";
        let file = if exists(folder, usual).is_ok() {
            prompt.text("File", Some(usual), &|file| exists(folder, file))?
        } else {
            prompt.text("File (empty: go back)", Some(""), &|file| match file {
                "" => Ok(()),
                file => exists(folder, file),
            })?
        };
        if !file.trim().is_empty() {
            draft.developers_file = Some(file.trim().to_owned());
            return Ok(());
        }
    }
    loop {
        let known = draft.developers.clone();
        let rule = |text: &str| {
            check::developer_email(text.trim())?;
            if known.iter().any(|one| {
                one.email
                    .as_deref()
                    .is_some_and(|email| email.eq_ignore_ascii_case(text.trim()))
            }) {
                return Err(format!("`{text}` is in the list already"));
            }
            Ok(())
        };
        let email = prompt.text("E-mail address", None, &rule)?.trim().to_owned();
        let team = prompt.text("Team (may be empty)", Some(""), &|text| check::tag(text.trim()))?;
        draft.developers.push(Developer {
            id: unused_id(&email, &draft.developers),
            email: Some(email),
            team: Some(team.trim().to_owned()).filter(|team| !team.is_empty()),
            ..Developer::default()
        });
        if !prompt.confirm("Another developer?", false)? {
            return Ok(());
        }
    }
}

fn access(draft: &mut Draft, help: &Help<'_>, prompt: &mut dyn Prompt, err: &mut dyn Write) -> anyhow::Result<()> {
    let region_rule = |text: &str| check::region(help.catalog, text);
    if draft.access.is_none() {
        let items = [
            "IAM Identity Center: people sign in, AWS binds their names".to_owned(),
            "federation: people sign in at Okta, Microsoft Entra ID or any other OpenID provider".to_owned(),
            "roles: IAM users and roles assume them".to_owned(),
        ];
        draft.access = match prompt.choose("How do developers get credentials?", &items, 0)? {
            0 => Some(Access::IdentityCenter),
            1 => Some(Access::Federation),
            _ => Some(Access::Roles),
        };
    }
    if draft.access == Some(Access::Federation) {
        return sign_in::ask(draft, help.asker, prompt, err);
    }
    if draft.access == Some(Access::Roles) {
        while draft.trusted.is_empty() {
            let list = "ARNs of IAM users or roles that may assume the developer role, separated by commas";
            let text = prompt.text(list, None, &|text| {
                text.split(',').map(str::trim).try_for_each(check::principal)
            })?;
            draft.trusted = split(&text);
        }
        let rule = |text: &str| text.split(',').map(str::trim).try_for_each(check::principal);
        for (list, question) in [
            (&mut draft.admins, "ARNs that may assume an admin role (may be empty)"),
            (
                &mut draft.analysts,
                "ARNs that may assume an analyst role (may be empty)",
            ),
        ] {
            if list.is_empty()
                && let Some(text) = optional(&mut draft.declined, prompt, question, &rule)?
            {
                *list = split(&text);
            }
        }
        return Ok(());
    }
    let identity = &mut draft.identity;
    let account = "Account of Identity Center (management account or delegated administrator)";
    field(&mut identity.account_id, prompt, account, None, &check::account_id)?;
    if identity.source.is_none() {
        let items: Vec<_> = IdentitySource::ALL
            .iter()
            .map(|source| source.as_str().to_owned())
            .collect();
        let chosen = prompt.choose("Where do its people come from?", &items, 0)?;
        identity.source = IdentitySource::ALL.get(chosen).copied();
    }
    let arn = "ARN of the instance (aws sso-admin list-instances)";
    field(&mut identity.instance_arn, prompt, arn, None, &check::instance_arn)?;
    field(
        &mut identity.start_url,
        prompt,
        "Access portal (https://….awsapps.com/start)",
        None,
        &check::start_url,
    )?;
    let home = draft.region.as_deref();
    field(
        &mut identity.region,
        prompt,
        "Region of Identity Center",
        home,
        &region_rule,
    )?;
    field(
        &mut identity.group,
        prompt,
        "Group of the developers",
        Some("Claude Code Developers"),
        &not_empty,
    )?;
    let developers = identity.group.clone();
    let another = |text: &str| match &developers {
        Some(group) if group == text => Err(format!("`{text}` is the group of the developers")),
        _ => Ok(()),
    };
    for (group, question) in [
        (&mut identity.admin_group, "Group of administrators (may be empty)"),
        (&mut identity.analyst_group, "Group of analysts (may be empty)"),
    ] {
        if group.is_none() {
            *group = optional(&mut draft.declined, prompt, question, &another)?;
        }
    }
    Ok(())
}

fn organization(draft: &mut Draft, prompt: &mut dyn Prompt) -> anyhow::Result<()> {
    if draft.management_account_id.is_none()
        && wants(
            draft,
            prompt,
            "Attach a service control policy from the management account?",
            true,
        )?
    {
        let default = draft.identity.account_id.clone();
        field(
            &mut draft.management_account_id,
            prompt,
            "Management account of the organization",
            default.as_deref(),
            &check::account_id,
        )?;
    }
    if draft.management_account_id.is_some() && draft.deploy_principals.is_empty() {
        let question = "ARN pattern of the roles that run Terraform (the policy must not stop them)";
        let pattern = prompt.text(question, Some("arn:aws:iam::*:role/terraform-*"), &check::principal)?;
        draft.deploy_principals = vec![pattern.trim().to_owned()];
    }
    Ok(())
}

fn budget(draft: &mut Draft, prompt: &mut dyn Prompt) -> anyhow::Result<()> {
    if draft.no_logging {
        return Ok(());
    }
    if draft.monthly_usd.is_none() && wants(draft, prompt, "Set a monthly budget with notifications?", true)? {
        let amount = prompt.text("Monthly budget in USD", Some("5000"), &check::usd)?;
        draft.monthly_usd = amount.trim().parse().ok();
    }
    if draft.monthly_usd.is_some() && draft.emails.is_empty() {
        let question = "E-mail addresses to notify, separated by commas";
        let text = prompt.text(question, None, &check::emails)?;
        draft.emails = split(&text);
    }
    Ok(())
}
