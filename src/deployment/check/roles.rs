//! Roles that people assume themselves.

use super::arn::{Arn, is_iam_path_and_name};
use super::basics::Basics;
use super::pattern::ArnPattern;
use super::text::is_account_id;
use super::{Check, items};
use crate::deployment::model::{Roles, Trusted};
use crate::deployment::names::Names;
use crate::deployment::read::Spanned;
use crate::deployment::read::raw::{self, defaults};

/// Checks the block `roles`.
pub fn check(check: &mut Check<'_>, block: &Spanned<raw::Roles>, basics: &Basics) -> Option<Roles> {
    let before = check.diagnostics.len();
    if let Some(trusted) = block.trusted.as_ref().filter(|trusted| trusted.is_empty()) {
        let fault = check.error(
            &trusted.span,
            "nobody is trusted",
            "expected at least one ARN of an IAM user or role",
        );
        check.report(fault);
    }
    let developers = list(check, items(&block.trusted));
    let admins = list(check, items(&block.admins));
    let analysts = list(check, items(&block.analysts));
    same_names(check, [&developers, &admins, &analysts]);
    if let (Some(name), Some(account)) = (&basics.name, basics.account()) {
        let names = Names::new(&name.value, account, "");
        let own = |role: &str| format!("arn:aws:iam::{account}:role/{role}");
        for (listed, who) in [(&admins, "administrators"), (&analysts, "analysts")] {
            not_own(check, listed, who, &own(&names.developer), "developer");
        }
        not_own(check, &admins, "administrators", &own(&names.analyst), "analyst");
        let made = [own(&names.developer), own(&names.admin), own(&names.analyst)];
        let unjudged = [
            (&developers, &made[..]),
            (&admins, &made[1..2]),
            (&analysts, &made[1..]),
        ];
        for (listed, made) in unjudged {
            not_made(check, listed, made);
        }
    }
    let sound = check.diagnostics.len() == before;
    let values = |listed: Vec<(&Spanned<String>, Trusted)>| listed.into_iter().map(|(_, trusted)| trusted).collect();
    let hours = block
        .max_session_hours
        .as_ref()
        .map_or(defaults::SESSION_HOURS, |hours| hours.value);
    sound.then(|| Roles {
        developers: values(developers),
        admins: values(admins),
        analysts: values(analysts),
        max_session_seconds: hours.saturating_mul(3600),
    })
}

fn list<'i>(check: &mut Check<'_>, listed: &'i [Spanned<String>]) -> Vec<(&'i Spanned<String>, Trusted)> {
    let distinct = check.distinct(listed, "principal");
    distinct
        .into_iter()
        .filter_map(|arn| Some((arn, trusted(check, arn)?)))
        .collect()
}

fn trusted(check: &mut Check<'_>, text: &Spanned<String>) -> Option<Trusted> {
    let written = text.value.as_str();
    let expected = "expected the ARN of an IAM user or role, as \"arn:aws:iam::123456789012:user/alice\"";
    let refuse = |check: &mut Check<'_>, message: String, help: &str| {
        let fault = check.error(&text.span, message, expected).help(help);
        check.report(fault);
        None
    };
    if written == "*" {
        return refuse(
            check,
            "everybody on earth would be trusted".to_owned(),
            "name who may assume the role",
        );
    }
    if is_account_id(written) {
        return refuse(
            check,
            format!("\"{written}\" would trust the whole account"),
            "everybody in it could assume the role under any session name, so the log would not say who it was",
        );
    }
    let Some(arn) = Arn::parse(written) else {
        return refuse(
            check,
            format!("\"{written}\" is no ARN"),
            "`aws sts get-caller-identity` prints a user's",
        );
    };
    if arn.partition != "aws" {
        return refuse(
            check,
            format!("\"{written}\" is in the partition `{}`", arn.partition),
            "principals of other partitions cannot assume roles here",
        );
    }
    if arn.service == "sts" {
        return refuse(
            check,
            "this is a session, not a role".to_owned(),
            "name the role itself: arn:aws:iam::ACCOUNT:role/NAME; the session name changes from login to login",
        );
    }
    if arn.service != "iam" || !arn.region.is_empty() {
        return refuse(
            check,
            format!("\"{written}\" is no principal"),
            "only IAM users and roles can be trusted",
        );
    }
    if !is_account_id(arn.account) {
        return refuse(
            check,
            format!("\"{written}\" has no literal account id"),
            "with a pattern in the account, strangers' accounts would be trusted as well",
        );
    }
    match arn.resource.split_once('/') {
        None if arn.resource == "root" => refuse(
            check,
            "`root` stands for the whole account".to_owned(),
            "everybody in it could assume the role under any session name, so the log would not say who it was",
        ),
        Some(("user", path)) if path.contains(['*', '?']) => refuse(
            check,
            "a user cannot be a pattern".to_owned(),
            "IAM pins the session name to the user's name, which needs each user by name",
        ),
        Some(("user", path)) if is_iam_path_and_name(path, false) => Some(Trusted::User {
            arn: written.to_owned(),
            name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        }),
        Some(("role", path)) if path.chars().all(|c| matches!(c, '*' | '?' | '/')) => refuse(
            check,
            "every role of the account would be trusted".to_owned(),
            "name the roles, or a common part of their names: role/engineer-*",
        ),
        Some(("role", path)) if is_iam_path_and_name(path, true) => Some(Trusted::Role {
            arn: written.to_owned(),
            account_id: arn.account.to_owned(),
        }),
        _ => refuse(
            check,
            format!("\"{written}\" is neither an IAM user nor a role"),
            "groups and services cannot be trusted here",
        ),
    }
}

/// The log knows a user by name alone, whichever of the roles the session is of. One user in several lists is one.
fn same_names(check: &mut Check<'_>, lists: [&Vec<(&Spanned<String>, Trusted)>; 3]) {
    let mut seen: Vec<(&str, &Spanned<String>)> = Vec::new();
    for (text, trusted) in lists.into_iter().flatten() {
        let Trusted::User { name, .. } = trusted else { continue };
        match seen.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, first)) if first.value == text.value => {}
            Some((_, first)) => {
                let fault = check
                    .error(
                        &text.span,
                        format!("two users are called \"{name}\""),
                        "expected users of different names",
                    )
                    .also(check.source, first.span.clone(), "the other one")
                    .help("their sessions have the user's name, so the log could not tell them apart");
                check.report(fault);
            }
            None => seen.push((name, text)),
        }
    }
}

/// The roles are made in one apply, and AWS resolves whom a trust policy names when it stores the policy.
fn not_made(check: &mut Check<'_>, listed: &[(&Spanned<String>, Trusted)], made: &[String]) {
    for (text, trusted) in listed {
        if let Trusted::Role { arn, .. } = trusted
            && made.contains(arn)
        {
            let fault = check.error(
                &text.span,
                "this role is the deployment's own",
                "expected somebody who is there before the first apply",
            );
            check.report(fault.help("AWS refuses a trust policy that names a role which does not exist yet"));
        }
    }
}

fn not_own(check: &mut Check<'_>, listed: &[(&Spanned<String>, Trusted)], who: &str, own: &str, role: &str) {
    for (text, trusted) in listed {
        let Trusted::Role { arn, .. } = trusted else { continue };
        if ArnPattern::new(arn).overlaps(&ArnPattern::new(own)) {
            let fault = check.error(
                &text.span,
                format!("this matches the deployment's own {role} role"),
                format!("every {role} could become one of the {who}"),
            );
            check.report(fault.help(format!("the role is {own}")));
        }
    }
}
