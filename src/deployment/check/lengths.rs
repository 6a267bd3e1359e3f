//! Whether every name that is composed from the deployment's name fits where AWS puts it.

use super::Check;
use super::basics::Basics;
use super::models::Models;
use super::profiles::Profiles;
use crate::deployment::model::ProfileScope;
use crate::deployment::names::{self, Names};
use crate::deployment::read::raw;

/// Checks the composed names of all parts that are switched on, and reports the one that is longest beyond its limit.
pub fn check(
    check: &mut Check<'_>,
    file: &raw::File,
    basics: &Basics,
    profiles: Option<&Profiles>,
    models: Option<&Models>,
) {
    let (Some(name), Some(account), Some(region)) = (&basics.name, basics.account(), &basics.region) else {
        return;
    };
    let names = Names::new(&name.value, account, &region.value);
    let composed = composed(file, &names);
    let mut worst: Option<(usize, String)> = None;
    let mut add = |excess: usize, what: String| {
        if excess > 0 && worst.as_ref().is_none_or(|(most, _)| excess > *most) {
            worst = Some((excess, what));
        }
    };
    for (what, text, limit) in &composed {
        let excess = text.len().saturating_sub(*limit);
        add(
            excess,
            format!(
                "the {what} would be called `{text}`: {} characters, AWS allows {limit}",
                text.len()
            ),
        );
    }
    if let (Some(profiles), Some(models)) = (profiles, models)
        && profiles.scope != ProfileScope::None
        && let Some(longest) = models
            .allowed
            .iter()
            .map(|model| model.key.as_str())
            .max_by_key(|key| key.len())
    {
        let excess = names::profile_name_excess(&name.value, longest);
        let what = format!(
            "names of inference profiles hold it, the developer or team and the model `{longest}` in {} characters",
            names::LONGEST_PROFILE_NAME
        );
        add(excess, what);
    }
    if let Some((excess, what)) = worst {
        let most = name.value.len().saturating_sub(excess);
        let expected = format!("expected at most {most} characters, this has {}", name.value.len());
        let fault = check.error(&name.span, format!("the name \"{}\" is too long", name.value), expected);
        check.report(fault.help(what));
    }
}

/// The names of the parts that are switched on: what it is, the name, the limit.
///
/// Sources: botocore's models of the services (`PermissionSetName`, `roleNameType`, `policyNameType`, `NameString` of Glue,
/// `WorkGroupName`, `BudgetName`, `GuardrailName`, `PolicyName` of Organizations, `MetricNamespace`, `LogGroupName`),
/// and the naming rules of S3 and SNS.
fn composed<'a>(file: &raw::File, names: &'a Names) -> Vec<(&'static str, &'a str, usize)> {
    let mut all: Vec<(&'static str, &str, usize)> = Vec::new();
    if let Some(center) = &file.identity_center {
        all.push(("permission set of developers", &names.developer, 32));
        if center.admin_group.is_some() {
            all.push(("permission set of administrators", &names.admin, 32));
        }
        if center.analyst_group.is_some() {
            all.push(("permission set of analysts", &names.analyst, 32));
        }
    }
    if let Some(roles) = &file.roles {
        all.push(("role of developers", &names.developer, 64));
        if roles.admins.is_some() {
            all.push(("role of administrators", &names.admin, 64));
        }
        if roles.analysts.is_some() {
            all.push(("role of analysts", &names.analyst, 64));
        }
    }
    if file.federation.is_some() {
        all.push(("role of developers", &names.developer, 64));
    }
    if file.logging.is_some() {
        all.push(("log bucket", &names.log_bucket, 63));
        all.push(("log group", &names.log_group, 512));
        all.push(("role of log delivery", &names.log_delivery_role, 64));
    }
    if file.analytics.is_some() {
        all.push(("bucket of query results", &names.results_bucket, 63));
        all.push(("Glue database", &names.database, 255));
        all.push(("Athena workgroup", &names.workgroup, 128));
    }
    if file.budgets.is_some() {
        all.push(("SNS topic", &names.topic, 256));
        all.push(("budget", &names.budget, 100));
        all.push(("metric namespace", &names.metric_namespace, 255));
    }
    if file.guardrail.is_some() {
        all.push(("guardrail", &names.guardrail, 50));
        all.push(("policy of the guardrail", &names.guardrail_policy, 128));
    }
    // The policy document is rendered for every deployment, so its name has to fit always.
    all.push(("service control policy", &names.scp, 128));
    all
}
