//! The organization, and who the service control policy must not stop.

use super::arn::{Arn, is_iam_path_and_name};
use super::basics::Basics;
use super::pattern::ArnPattern;
use super::text::is_account_id;
use super::{Check, items};
use crate::deployment::model::{Deploy, Organization};
use crate::deployment::names::Names;
use crate::deployment::read::{Spanned, raw};

/// Checks the block `organization`.
pub fn organization(check: &mut Check<'_>, file: &raw::File, basics: &Basics) -> Option<Organization> {
    let block = file.organization.as_ref()?;
    let management = block
        .management_account_id
        .as_ref()
        .filter(|id| check.account_id(id, "organization.management_account_id"));
    if let (Some(management), Some(own)) = (management, &basics.account_id)
        && management.value == own.value
    {
        let fault = check
            .error(
                &management.span,
                "the deployment's account is the management account",
                "expected another account",
            )
            .also(check.source, own.span.clone(), "the deployment's account")
            .help("service control policies have no effect in a management account; AWS advises to run nothing in it");
        check.report(fault);
    }
    if check.absent(&file.deploy, "deploy") {
        let fault = check.error(
            &block.span,
            "`organization` needs `deploy`",
            "the service control policy would stop Terraform itself",
        );
        check.report(
            fault.help("deploy { principals = [\"arn:aws:iam::*:role/terraform-*\"] }: the roles that run Terraform"),
        );
    }
    let targets = check.distinct(items(&block.attach_scp_to), "target");
    let mut reaches = block.attach_scp_to.is_none();
    for target in &targets {
        reaches |= self::target(check, target, management, basics);
    }
    if let (Some(list), Some(own)) = (&block.attach_scp_to, basics.account())
        && !reaches
    {
        let fault = check.error(
            &list.span,
            "the service control policy would not reach the deployment's own account",
            format!("expected \"{own}\", or the unit that it is in"),
        );
        check.report(fault);
    }
    let attach_scp_to = match &block.attach_scp_to {
        Some(_) => targets.iter().map(|target| target.value.clone()).collect(),
        None => vec![basics.account()?.to_owned()],
    };
    Some(Organization {
        management_account_id: management?.value.clone(),
        attach_scp_to,
    })
}

/// Whether the deployment's account may be reached through this target; a faulty one is reported and counts as such.
///
/// Source: shape `PolicyTargetId` in botocore's model of AWS Organizations.
fn target(
    check: &mut Check<'_>,
    target: &Spanned<String>,
    management: Option<&Spanned<String>>,
    basics: &Basics,
) -> bool {
    let text = target.value.as_str();
    let part = |text: &str, least: usize| {
        (least..=32).contains(&text.len()) && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if is_account_id(text) {
        if management.is_some_and(|management| management.value == text) {
            let fault = check.error(
                &target.span,
                "a service control policy has no effect in the management account",
                "expected a member account, a unit (`ou-…`) or a root (`r-…`)",
            );
            check.report(fault);
            return true;
        }
        return basics.account().is_none_or(|own| own == text);
    }
    let is_unit = text
        .strip_prefix("ou-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(root, unit)| part(root, 4) && part(unit, 8));
    let is_root = text.strip_prefix("r-").is_some_and(|root| part(root, 4));
    if is_unit || is_root {
        let what = if is_root { "root" } else { "unit" };
        let warning = check
            .warning(
                &target.span,
                format!("the service control policy will hit every account in this {what}"),
                format!("attached to the {what} `{text}`"),
            )
            .help("it denies all services that Claude Code does not need; attach it to the deployment's account unless that is meant");
        check.report(warning);
        return true;
    }
    let mut fault = check.error(
        &target.span,
        format!("a service control policy cannot be attached to \"{text}\""),
        "expected an account id, a unit as \"ou-ab12-cd34ef56\" or a root as \"r-ab12\"",
    );
    if text.starts_with("o-") {
        fault = fault.help("`o-…` is the organization; its root begins with `r-`");
    } else if text.starts_with("arn:") {
        fault = fault.help("the id is the part of the ARN after the last `/`");
    }
    check.report(fault);
    true
}

/// Checks the block `deploy`.
pub fn deploy(
    check: &mut Check<'_>,
    file: &raw::File,
    basics: &Basics,
    organization: Option<&Organization>,
) -> Option<Deploy> {
    let block = file.deploy.as_ref()?;
    if let Some(list) = block
        .principals
        .as_ref()
        .filter(|list| list.is_empty() && !check.faulty.contains("deploy.principals"))
    {
        let fault = check.error(
            &list.span,
            "no role may run Terraform",
            "expected at least one ARN pattern",
        );
        check.report(fault);
    }
    let protected = protected(file, basics);
    let people = people(file);
    let mut lists = Vec::new();
    for list in [&block.principals, &block.break_glass] {
        let patterns = check.distinct(items(list), "principal");
        for pattern in &patterns {
            let before = check.diagnostics.len();
            principal(check, pattern, &protected, basics, organization);
            if check.diagnostics.len() == before {
                not_people(check, pattern, &people);
            }
        }
        lists.push(patterns.iter().map(|pattern| pattern.value.clone()).collect::<Vec<_>>());
    }
    let break_glass = lists.pop().unwrap_or_default();
    let principals = lists.pop().unwrap_or_default();
    nobody_here(check, block.principals.as_ref(), &principals, basics, organization);
    Some(Deploy {
        principals,
        break_glass,
    })
}

/// On a unit or root roles of other accounts may be exempt, but one of this account must be, or nobody runs Terraform.
fn nobody_here(
    check: &mut Check<'_>,
    list: Option<&Spanned<Vec<Spanned<String>>>>,
    principals: &[String],
    basics: &Basics,
    organization: Option<&Organization>,
) {
    let wide =
        organization.is_some_and(|organization| organization.attach_scp_to.iter().any(|target| !is_account_id(target)));
    let (Some(list), Some(account), true) = (list, basics.account(), wide) else {
        return;
    };
    let accounts: Option<Vec<&str>> = principals.iter().map(|text| Some(Arn::parse(text)?.account)).collect();
    let Some(accounts) = accounts.filter(|accounts| !accounts.is_empty()) else {
        return;
    };
    if !accounts.iter().any(|other| matches!(*other, "*") || *other == account) {
        let fault = check
            .error(
                &list.span,
                format!("no role of account {account} may run Terraform"),
                "expected at least one pattern that matches a role of this account",
            )
            .help("the service control policy would stop Terraform in the deployment's own account");
        check.report(fault);
    }
}

/// The roles from which developers and analysts assume theirs, as they are written. An administrator's may be exempt: who
/// operates the deployment may also deploy it.
fn people(file: &raw::File) -> Vec<(&'static str, &Spanned<String>)> {
    let Some(roles) = &file.roles else {
        return Vec::new();
    };
    let of = |who, list| items(list).iter().map(move |arn| (who, arn));
    of("developers", &roles.trusted)
        .chain(of("analysts", &roles.analysts))
        .filter(|(_, arn)| arn.value.contains(":role/"))
        .collect()
}

/// A pattern that matches a developer's own role exempts that developer from everything that is denied to others.
fn not_people(check: &mut Check<'_>, pattern: &Spanned<String>, people: &[(&'static str, &Spanned<String>)]) {
    let own = ArnPattern::new(&pattern.value);
    let Some((who, role)) = people
        .iter()
        .find(|(_, role)| own.overlaps(&ArnPattern::new(&role.value)))
    else {
        return;
    };
    let fault = check
        .error(
            &pattern.span,
            format!("this matches a role of the {who}"),
            "expected a pattern that leaves it out: they would be exempt from the policy that guards them",
        )
        .also(check.source, role.span.clone(), "trusted here")
        .help("Terraform runs as a role of its own, which people do not work with");
    check.report(fault);
}

/// Roles that must never be exempt: what to call it, and its ARN.
fn protected(file: &raw::File, basics: &Basics) -> Vec<(&'static str, String, ArnPattern)> {
    let (Some(name), Some(account)) = (&basics.name, basics.account()) else {
        return Vec::new();
    };
    let names = Names::new(&name.value, account, "");
    let mut found = Vec::new();
    if file.logging.is_some() {
        let arn = format!("arn:aws:iam::{account}:role/{}", names.log_delivery_role);
        found.push(("log delivery", arn.clone(), ArnPattern::new(&arn)));
    }
    for (what, role) in [
        ("developer", &names.developer),
        ("admin", &names.admin),
        ("analyst", &names.analyst),
    ] {
        let made = file.roles.is_some() || (file.federation.is_some() && what == "developer");
        if made {
            let arn = format!("arn:aws:iam::{account}:role/{role}");
            found.push((what, arn.clone(), ArnPattern::new(&arn)));
        }
        if let Some(center) = &file.identity_center {
            // AWS leaves the region out of the path where Identity Center is in us-east-1.
            let region = center.region.as_ref().map(|region| format!("{}/", region.value));
            for region in region.into_iter().chain([String::new()]) {
                let arn = format!(
                    "arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/{region}AWSReservedSSO_{role}_"
                );
                found.push((what, format!("{arn}…"), ArnPattern::new(&arn).followed_by_hex(16)));
            }
        }
    }
    found
}

fn principal(
    check: &mut Check<'_>,
    pattern: &Spanned<String>,
    protected: &[(&'static str, String, ArnPattern)],
    basics: &Basics,
    organization: Option<&Organization>,
) {
    let text = pattern.value.as_str();
    let expected = "expected the ARN of a role, as \"arn:aws:iam::*:role/terraform-*\"";
    let refuse = |check: &mut Check<'_>, message: String, help: &str| {
        let fault = check.error(&pattern.span, message, expected).help(help);
        check.report(fault);
    };
    let Some(arn) = Arn::parse(text) else {
        return refuse(
            check,
            format!("\"{text}\" is no ARN"),
            "the service control policy compares it with `aws:PrincipalArn`",
        );
    };
    if arn.partition != "aws" {
        return refuse(
            check,
            format!("\"{text}\" is in the partition `{}`", arn.partition),
            "tfgen covers the partition `aws` alone",
        );
    }
    if arn.service == "sts" {
        return refuse(
            check,
            "this is a session, not a role".to_owned(),
            "`aws:PrincipalArn` is the role's ARN: arn:aws:iam::ACCOUNT:role/NAME",
        );
    }
    if arn.service != "iam" || !arn.region.is_empty() {
        return refuse(check, format!("\"{text}\" is no role"), "only roles can be exempt");
    }
    if arn.account != "*" && !is_account_id(arn.account) {
        return refuse(
            check,
            format!("\"{text}\" has no account id"),
            "the account is `*` or twelve digits",
        );
    }
    let Some(path) = arn.resource.strip_prefix("role/") else {
        return refuse(
            check,
            format!("\"{text}\" is no role"),
            "users and the root user have long-lived credentials and cannot be exempt",
        );
    };
    if path.chars().all(|c| matches!(c, '*' | '?' | '/')) {
        return refuse(
            check,
            "every role would be exempt".to_owned(),
            "the service control policy would stop nobody; name the roles, or a common part of their names",
        );
    }
    if !is_iam_path_and_name(path, true) {
        return refuse(
            check,
            format!("\"{path}\" is no path and name of a role"),
            "letters, digits, / and _ + = , . @ - with `*` and `?`",
        );
    }
    let own = ArnPattern::new(text);
    if let Some((what, role, _)) = protected.iter().find(|(_, _, role)| own.overlaps(role)) {
        let fault = check.error(
            &pattern.span,
            format!("this matches the deployment's own {what} role"),
            "expected a pattern that leaves it out: it would be exempt from the policy that guards it",
        );
        return check.report(fault.help(format!("the role is {role}")));
    }
    let alone =
        organization.is_none_or(|organization| organization.attach_scp_to.iter().all(|target| is_account_id(target)));
    if let Some(account) = basics
        .account()
        .filter(|account| arn.account != "*" && arn.account != *account && alone)
    {
        let fault = check
            .error(
                &pattern.span,
                format!("a role of account {} runs nothing in account {account}", arn.account),
                "exempts nobody",
            )
            .help("Terraform that assumes a role in the deployment's account acts as that role: name it instead");
        check.report(fault);
    }
}
