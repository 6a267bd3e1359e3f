//! Where the simulator reads policies otherwise than we do.
//!
//! A class is not a list of cases but the other reading itself: a rewriting of a case after which our evaluator
//! should answer as the simulator does. A difference that no rewriting explains is a fault. The reasons stand in
//! docs/policy-cross-check.md, under the same names.

use policy::operator::{Operator, Qualifier, Test};
use policy::{
    Actions, Caller, Condition, Document, Known, Named, PrincipalPattern, Principals, Resources, Statement, Version,
};

use super::generate::{Case, HOME};
use super::values::is_multivalued;

/// A class of differences: its name and the simulator's reading.
pub struct Class {
    pub name: &'static str,
    pub rewrite: fn(&mut Case),
}

pub const CLASSES: [Class; 20] = [
    class("root", root),
    class("federated-user-without-session-policy", federated_user),
    class("direct-grant-within-session-policy", direct_grant),
    class("not-principal-in-part", not_principal),
    class("any-aws-principal", any_aws),
    class("account-of-an-identity-provider", provider_account),
    class("variables-in-2008-10-17", old_version),
    class("variable-without-value-negated", negated_without_value),
    class("variable-without-value-in-not-resource", not_resource_without_value),
    class("variable-behind-the-sixth-colon", late_variable),
    class("empty-value", empty_value),
    class("wildcard-in-resource-type", resource_type),
    class("short-arn-in-scp", short_arn_scp),
    class("short-arn-in-session-policy", short_arn_session),
    class("malformed-arn", malformed_arn),
    class("variable-before-the-fifth-colon-of-an-arn", early_variable),
    class("multivalued-key-without-qualifier", without_qualifier),
    class("for-any-value-if-exists", any_if_exists),
    class("seconds-since-1970", seconds),
    class("address-forms", addresses),
];

const fn class(name: &'static str, rewrite: fn(&mut Case)) -> Class {
    Class { name, rewrite }
}

/// The root user has only what policies grant.
fn root(case: &mut Case) {
    if let Caller::Root { account_id } = &case.request.principal {
        let arn = format!("arn:aws:iam::{account_id}:root");
        let context = &mut case.request.context;
        context.set("aws:PrincipalType", ["Account"]);
        context.set("aws:userid", [account_id]);
        context.set_absent("aws:username");
        case.request.principal = Caller::User { arn };
    }
}

/// A federated user without session policy has what the user has.
fn federated_user(case: &mut Case) {
    if matches!(case.request.principal, Caller::FederatedUser { .. }) && case.policies.session.is_empty() {
        let all = Statement::allow("All", ["*"], ["*"]);
        case.policies.session = vec![Named::new("all", Document::new(vec![all]))];
    }
}

/// A resource policy that names a session, or anybody, does not lift the session out of its session policy: it bounds
/// everything, as a level of service control policies does.
fn direct_grant(case: &mut Case) {
    if !case.policies.session.is_empty() {
        case.policies.scp_levels.push(case.policies.session.clone());
    }
}

/// Who is listed in one of his names is not meant.
fn not_principal(case: &mut Case) {
    let caller = case.request.principal.clone();
    let account = caller.account().unwrap_or_default().to_owned();
    let mut names = vec![account.clone(), format!("arn:aws:iam::{account}:root")];
    match caller {
        Caller::User { arn } | Caller::FederatedUser { arn } => names.push(arn),
        Caller::RoleSession { role_arn, session_arn } => names.extend([role_arn, session_arn]),
        _ => return,
    }
    let own = |pattern: &PrincipalPattern| matches!(pattern, PrincipalPattern::Aws(text) if names.contains(text));
    if case.policies.boundary.is_none() {
        each_statement(case, |statement| {
            if matches!(&statement.principals, Some(Principals::AllBut(patterns)) if patterns.iter().any(own)) {
                never(statement);
            }
        });
    }
}

/// `{"AWS": "*"}` is everybody.
fn any_aws(case: &mut Case) {
    if matches!(
        case.request.principal,
        Caller::Service { .. } | Caller::Federated { .. }
    ) {
        each_principal(case, |pattern| {
            if *pattern == PrincipalPattern::Aws("*".to_owned()) {
                *pattern = PrincipalPattern::Anyone;
            }
        });
    }
}

/// Who brings a token of an account's provider belongs to the account.
fn provider_account(case: &mut Case) {
    if matches!(case.request.principal, Caller::Federated { .. }) {
        each_principal(case, |pattern| {
            let own = [HOME.to_owned(), format!("arn:aws:iam::{HOME}:root")];
            if matches!(pattern, PrincipalPattern::Aws(text) if own.contains(text)) {
                *pattern = PrincipalPattern::Anyone;
            }
        });
    }
}

/// Variables are replaced in old documents, too.
fn old_version(case: &mut Case) {
    each_document(case, |document, _| document.version = Version::V2012);
}

/// A negated condition with a variable that has no value does not hold.
fn negated_without_value(case: &mut Case) {
    let lacks = lacks_value(case);
    let has = has_key(case);
    each_condition(case, |condition, operator| {
        let text = matches!(
            operator.test,
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::Arn { .. }
        );
        if text && operator.negated && has(&condition.key) && condition.values.iter().any(|v| lacks(v)) {
            impossible(condition);
        }
    });
}

/// A statement with such a variable in `NotResource` is void.
fn not_resource_without_value(case: &mut Case) {
    let lacks = lacks_value(case);
    each_document(case, |document, _| {
        let version = document.version;
        for statement in &mut document.statements {
            let void = matches!(&statement.resources, Some(Resources::AllBut(all)) if all.iter().any(|r| lacks(r)));
            if version == Version::V2012 && void {
                never(statement);
            }
        }
    });
}

/// A variable in a resource with more colons than six parts need is not replaced.
fn late_variable(case: &mut Case) {
    each_resource(case, |pattern, _| {
        let literal = pattern.split("${").next().unwrap_or_default();
        if pattern.contains("${") && literal.matches(':').count() >= 6 {
            nothing(pattern);
        }
    });
}

/// An empty value counts as one that is there; a variable does not take it.
fn empty_value(case: &mut Case) {
    let empty = empty_keys(case);
    let is_empty = |key: &str| empty.iter().any(|known| known.eq_ignore_ascii_case(key));
    let replaced = |text: &mut String| {
        for key in ["aws:PrincipalTag/team", "AWS:principaltag/Team"] {
            if is_empty(key) {
                *text = text
                    .replace(&format!("${{{key}}}"), "\u{1}")
                    .replace(&format!("${{{key}, 'alice'}}"), "alice");
            }
        }
    };
    each_resource(case, |pattern, _| replaced(pattern));
    each_condition(case, |condition, operator| {
        condition.values.iter_mut().for_each(replaced);
        if is_empty(&condition.key) {
            match operator.test {
                Test::Null if condition.values == ["true"] => impossible(condition),
                Test::Null => {
                    condition.operator = "StringLike".to_owned();
                    condition.values = vec!["*".to_owned()];
                }
                _ => condition.operator = condition.operator.replacen("ForAllValues:", "", 1),
            }
        }
    });
}

/// A wildcard within the resource type matches nothing.
fn resource_type(case: &mut Case) {
    each_resource(case, |pattern, _| {
        let rest = pattern.splitn(6, ':').nth(5).unwrap_or_default();
        let kind = rest.split(['/', ':']).next().unwrap_or_default();
        if !pattern.starts_with("arn:aws:s3:") && kind.len() < rest.len() && kind.contains(['*', '?']) {
            nothing(pattern);
        }
    });
}

/// An ARN with parts missing matches nothing in a service control policy, and voids a statement in `NotResource`.
fn short_arn_scp(case: &mut Case) {
    let short = |pattern: &String| pattern.starts_with("arn:") && pattern.matches(':').count() < 5;
    each_document(case, |document, layer| {
        for statement in document.statements.iter_mut().filter(|_| layer == "scp") {
            match &mut statement.resources {
                Some(Resources::Only(patterns)) => patterns.retain(|pattern| !short(pattern)),
                Some(Resources::AllBut(patterns)) if patterns.iter().any(short) => never(statement),
                _ => {}
            }
        }
    });
}

/// It is completed in a session policy.
fn short_arn_session(case: &mut Case) {
    each_resource(case, |pattern, layer| {
        if layer == "session" && pattern.starts_with("arn:") {
            let missing = 5_usize.saturating_sub(pattern.matches(':').count());
            pattern.push_str(&":*".repeat(missing));
        }
    });
}

/// A pattern that is no ARN matches nothing, and no negated condition with one holds.
fn malformed_arn(case: &mut Case) {
    each_condition(case, |condition, operator| {
        let short = |value: &String| value.matches(':').count() < 5;
        if matches!(operator.test, Test::Arn { .. }) && condition.values.iter().any(short) {
            match operator.negated {
                true => impossible(condition),
                false => condition.values.retain(|value| !short(value)),
            }
        }
    });
}

/// A variable among the first five parts of an ARN makes the pattern match nothing.
fn early_variable(case: &mut Case) {
    each_condition(case, |condition, operator| {
        if matches!(operator.test, Test::Arn { .. }) {
            for value in &mut condition.values {
                *value = value.replace("${aws:PrincipalAccount}", "none");
            }
        }
    });
}

/// A multivalued key without set qualifier satisfies nothing.
fn without_qualifier(case: &mut Case) {
    let context = case.request.context.clone();
    each_condition(case, |condition, operator| {
        let there = matches!(context.stated(&condition.key), Some(Known::Values(_)));
        let multivalued = there && is_multivalued(&condition.key);
        if multivalued && operator.qualifier.is_none() && operator.test != Test::Null {
            impossible(condition);
        }
    });
}

/// `ForAnyValue` of an absent key does not hold, in spite of `IfExists`.
fn any_if_exists(case: &mut Case) {
    each_condition(case, |condition, operator| {
        if operator.qualifier == Some(Qualifier::ForAnyValue) && operator.if_exists {
            let plain = Operator {
                if_exists: false,
                ..operator
            };
            condition.operator = plain.to_string();
        }
    });
}

/// A number is taken for milliseconds.
fn seconds(case: &mut Case) {
    each_condition(case, |condition, operator| {
        if matches!(operator.test, Test::Date(_)) {
            for value in &mut condition.values {
                *value = value.replace("1767225600", "1970-01-21T10:53:45.600Z");
            }
        }
    });
}

/// `/0` holds no address, and `NotIpAddress` with a single IPv4 address does not hold for IPv6.
fn addresses(case: &mut Case) {
    let context = case.request.context.clone();
    let six = matches!(context.stated("aws:SourceIp"), Some(Known::Values([value])) if value.contains(':'));
    each_condition(case, |condition, operator| {
        if operator.test == Test::IpAddress {
            condition.values.retain(|value| !value.ends_with("/0"));
            if operator.negated && six && condition.values.iter().any(|value| value == "203.0.113.7") {
                impossible(condition);
            }
        }
    });
}

/// Turns a condition into one that holds for no request: every request here has an owner of its resource.
fn impossible(condition: &mut Condition) {
    condition.operator = "Null".to_owned();
    condition.key = "aws:ResourceAccount".to_owned();
    condition.values = vec!["true".to_owned()];
}

/// Turns a statement into one that applies to no request.
fn never(statement: &mut Statement) {
    statement.actions = Actions::Only(vec!["none:None".to_owned()]);
}

fn nothing(pattern: &mut String) {
    "arn:aws:none:::none".clone_into(pattern);
}

/// Whether a text has a variable whose key is not in the request.
fn lacks_value(case: &Case) -> impl Fn(&str) -> bool + use<> {
    let has = has_key(case);
    move |text| {
        let variables = ["aws:username", "aws:PrincipalTag/team", "AWS:principaltag/Team"];
        variables
            .iter()
            .any(|key| text.contains(&format!("${{{key}}}")) && !has(key))
    }
}

fn has_key(case: &Case) -> impl Fn(&str) -> bool + use<> {
    let request = case.request.clone();
    move |key| {
        if let Some(stated) = request.context.stated(key) {
            return matches!(stated, Known::Values(_));
        }
        match key.to_ascii_lowercase().as_str() {
            "aws:username" => matches!(request.principal, Caller::User { .. }),
            "aws:principalarn" => request.principal.account().is_some(),
            _ => false,
        }
    }
}

fn empty_keys(case: &Case) -> Vec<String> {
    let empty = |(key, values): (&str, Option<&[String]>)| match values {
        Some([value]) if value.is_empty() => Some(key.to_owned()),
        _ => None,
    };
    case.request.context.iter().filter_map(empty).collect()
}

fn each_document(case: &mut Case, mut change: impl FnMut(&mut Document, &'static str)) {
    let policies = &mut case.policies;
    policies
        .scp_levels
        .iter_mut()
        .flatten()
        .for_each(|named| change(&mut named.value, "scp"));
    policies
        .identity
        .iter_mut()
        .for_each(|named| change(&mut named.value, "identity"));
    policies
        .resource
        .iter_mut()
        .for_each(|named| change(&mut named.value, "resource"));
    policies
        .boundary
        .iter_mut()
        .for_each(|named| change(&mut named.value, "boundary"));
    policies
        .session
        .iter_mut()
        .for_each(|named| change(&mut named.value, "session"));
}

fn each_statement(case: &mut Case, mut change: impl FnMut(&mut Statement)) {
    each_document(case, |document, _| document.statements.iter_mut().for_each(&mut change));
}

fn each_resource(case: &mut Case, mut change: impl FnMut(&mut String, &'static str)) {
    each_document(case, |document, layer| {
        for statement in &mut document.statements {
            match &mut statement.resources {
                Some(Resources::Only(patterns) | Resources::AllBut(patterns)) => {
                    patterns.iter_mut().for_each(|pattern| change(pattern, layer));
                }
                None => {}
            }
        }
    });
}

fn each_principal(case: &mut Case, mut change: impl FnMut(&mut PrincipalPattern)) {
    each_statement(case, |statement| match &mut statement.principals {
        Some(Principals::Only(patterns) | Principals::AllBut(patterns)) => patterns.iter_mut().for_each(&mut change),
        None => {}
    });
}

fn each_condition(case: &mut Case, mut change: impl FnMut(&mut Condition, Operator)) {
    each_statement(case, |statement| {
        for condition in &mut statement.conditions {
            if let Some(operator) = Operator::parse(&condition.operator) {
                change(condition, operator);
            }
        }
    });
}
