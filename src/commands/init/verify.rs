//! What was written is read again before it is saved: no file leaves `init` that `render` would refuse.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use hcl_edit::Span as _;
use hcl_edit::parser::parse_body;
use hcl_edit::structure::{Body, Structure};
use jiff::civil::Date;

use super::draft::{Draft, Scope};
use super::write;
use crate::commands::too_large;
use crate::deployment::load_text;
use crate::deployment::model::ProfileScope;
use crate::diagnostic::{self, Diagnostic, Severity, Source, Style};
use crate::guardrails;

/// A value of the file: how a flag sets it, and how the wizard gets to ask for it again.
struct Field {
    /// Blocks and argument.
    path: &'static str,
    /// Empty where there is no such flag.
    flag: &'static str,
    forget: fn(&mut Draft),
}

macro_rules! field {
    ($path:literal, $flag:literal, $($value:ident).+) => {
        Field { path: $path, flag: $flag, forget: |draft| draft.$($value).+ = Default::default() }
    };
}

const FIELDS: [Field; 40] = [
    field!("name", "--name", name),
    field!("account_id", "--account-id", account_id),
    field!("region", "--region", region),
    field!("models.geography", "--geography", geography),
    field!("models.allow", "--allow", allow),
    field!("models.default", "--default-model", default_model),
    field!("developers", "--developers", developers_file),
    // Nobody gives these by a flag: they were typed in or imported.
    field!("developer", "", developers),
    field!("profiles", "--profiles", profiles),
    field!(
        "identity_center.account_id",
        "--identity-account-id",
        identity.account_id
    ),
    field!("identity_center.source", "--identity-source", identity.source),
    field!(
        "identity_center.instance_arn",
        "--identity-instance-arn",
        identity.instance_arn
    ),
    field!("identity_center.start_url", "--start-url", identity.start_url),
    field!("identity_center.region", "--identity-region", identity.region),
    field!("identity_center.group", "--group", identity.group),
    field!("identity_center.admin_group", "--admin-group", identity.admin_group),
    field!(
        "identity_center.analyst_group",
        "--analyst-group",
        identity.analyst_group
    ),
    field!("identity_center.session_tag", "--session-tag", identity.session_tag),
    Field {
        path: "federation.issuer",
        flag: "--issuer",
        forget: |draft| draft.federation.forget_issuer(),
    },
    Field {
        path: "federation.provider",
        flag: "--provider",
        forget: |draft| draft.federation.forget_issuer(),
    },
    field!("federation.client_id", "--client-id", federation.client_id),
    field!("federation.email_domains", "--sign-in-domain", federation.email_domains),
    field!("federation.session_tag", "--session-tag", federation.session_tag),
    field!(
        "federation.max_session_hours",
        "--max-session-hours",
        federation.max_session_hours
    ),
    field!("federation.identity_pool", "--identity-pool", federation.identity_pool),
    field!(
        "federation.oidc_provider_arn",
        "--oidc-provider-arn",
        federation.oidc_provider_arn
    ),
    field!("roles.trusted", "--trusted", trusted),
    field!("roles.admins", "--admins", admins),
    field!("roles.analysts", "--analysts", analysts),
    field!(
        "organization.management_account_id",
        "--management-account-id",
        management_account_id
    ),
    field!("organization.attach_scp_to", "--attach-scp-to", attach_scp_to),
    field!("deploy.principals", "--deploy-principal", deploy_principals),
    field!("deploy.break_glass", "--break-glass", break_glass),
    field!("cost_tags.payer_account_id", "--payer-account-id", payer_account_id),
    field!("state.bucket", "--state-bucket", state_bucket),
    field!("state.region", "--state-region", state_region),
    field!("logging.retention_days", "--retention-days", retention_days),
    field!("logging.expiration_days", "--expiration-days", expiration_days),
    field!("budgets.monthly_usd", "--budget", monthly_usd),
    field!("budgets.emails", "--budget-email", emails),
];

/// A file that cannot be used.
pub struct Refusal {
    /// Everything that is wrong, each with the flag that mends it.
    diagnostics: Vec<Diagnostic>,
    /// Where the wizard has to ask again.
    fields: Vec<&'static Field>,
}

impl Refusal {
    /// All faults for people.
    pub fn render(&self, style: Style) -> String {
        diagnostic::render(&self.diagnostics, style).trim_end().to_owned()
    }

    /// Forgets the faulty values, and says whether there was one to forget.
    pub fn forget(&self, draft: &mut Draft) -> bool {
        let before = draft.clone();
        for field in &self.fields {
            (field.forget)(draft);
        }
        *draft != before
    }
}

/// The text of the deployment file, which `render` accepts, or why it would not.
///
/// `path` is where the file will stand; its roster is looked for beside it.
///
/// # Errors
/// When the text cannot be made at all, or its policies fail their proof: faults of tfgen.
pub fn text(draft: &mut Draft, path: &Path, today: Date) -> anyhow::Result<Result<String, Refusal>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let read = |draft: &Draft| -> anyhow::Result<_> {
        let source = Source::new(path.display().to_string(), write::write(draft)?);
        let loaded = load_text(&source, folder, today);
        Ok((source, loaded))
    };
    // Whether there are profiles, and with them tags to activate, follows from the roster.
    let mut probe = draft.clone();
    probe.cost_tags = false;
    probe.team_budgets.clear();
    draft.cost_tags = match read(&probe)?.1 {
        Ok(loaded) => loaded.deployment.profiles != ProfileScope::None,
        Err(_) => draft.profiles != Some(Scope::None),
    };
    if draft.cost_tags && !draft.payer_is_known() {
        draft.cost_tags = false;
        draft.drop_budgets_of_teams("it is not known which account pays; `--payer-account-id` says it");
    } else if !draft.cost_tags {
        draft.drop_budgets_of_teams("there are no application inference profiles whose tags could be counted");
    }
    let (source, loaded) = read(draft)?;
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(failure) => return Ok(Err(refusal(failure.diagnostics, &source, draft))),
    };
    let documents = guardrails::documents(&loaded.deployment);
    if let Err(faults) = guardrails::check(&loaded.deployment, &documents) {
        let diagnostics = too_large(&faults, &loaded.places);
        return Ok(Err(refusal(diagnostics, &source, draft)));
    }
    let rows = guardrails::prove(&loaded.deployment, &documents);
    if let Some(row) = rows.iter().find(|row| !row.holds()) {
        bail!(
            "nothing was written, because a proof about these values fails: {} · {} · {} is {}, not {}; please report it",
            row.principal,
            row.action,
            row.resource,
            row.verdict,
            row.expected
        );
    }
    Ok(Ok(source.text.clone()))
}

/// Tells of each fault which flag mends it, or whose fault it is.
fn refusal(diagnostics: Vec<Diagnostic>, source: &Arc<Source>, draft: &Draft) -> Refusal {
    let body = parse_body(&source.text).ok();
    let mut fields: Vec<&'static Field> = Vec::new();
    let errors = diagnostics
        .into_iter()
        .filter(|fault| fault.severity == Severity::Error);
    let diagnostics = errors
        .map(|fault| {
            let path = match &fault.primary {
                Some(label) if !Arc::ptr_eq(&label.source, source) => {
                    fields.extend(field("developers"));
                    let help = format!("mend {}, or name another file with `--developers`", label.source.name);
                    return fault.help(help);
                }
                Some(label) => body
                    .as_ref()
                    .map(|body| path_at(body, label.span.start))
                    .unwrap_or_default(),
                None => String::new(),
            };
            match (field(&path), &draft.imported_from) {
                (Some(field), None) if field.flag.is_empty() => {
                    fields.push(field);
                    fault
                }
                (Some(field), Some(origin)) if field.flag.is_empty() => {
                    fields.push(field);
                    fault.help(format!("this value comes from {origin}"))
                }
                (Some(field), _) => {
                    fields.push(field);
                    fault.help(format!("`{}` sets this value", field.flag))
                }
                (None, Some(origin)) => fault.help(format!("this value comes from {origin}")),
                (None, None) => fault.help("this is a fault of tfgen, please report it together with the command line"),
            }
        })
        .collect();
    Refusal { diagnostics, fields }
}

/// The field at `path` or the nearest block around it.
fn field(path: &str) -> Option<&'static Field> {
    let found = FIELDS.iter().find(|field| field.path == path);
    found.or_else(|| field(path.rsplit_once('.')?.0))
}

/// The blocks and the argument that stand at `offset`, as `budgets.emails`.
fn path_at(body: &Body, offset: usize) -> String {
    let here = body
        .iter()
        .find(|structure| structure.span().is_some_and(|span| span.contains(&offset)));
    match here {
        Some(Structure::Attribute(attribute)) => attribute.key.to_string(),
        Some(Structure::Block(block)) => {
            let inner = path_at(&block.body, offset);
            let separator = if inner.is_empty() { "" } else { "." };
            format!("{}{separator}{inner}", block.ident.as_str())
        }
        None => String::new(),
    }
}
