//! What the organization allows a developer, asked from inside the account: the only proof that needs no management account.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, EvaluationResult};

use super::super::check::Check;
use super::super::probe::{Probe, Seen};
use super::account::membership;
use super::check;
use crate::aws::operations::iam::{LIST_ROLES, SIMULATE_PRINCIPAL_POLICY};
use crate::aws::operations::organizations::DESCRIBE_ORGANIZATION;
use crate::aws::{Operation, Trouble};
use crate::deployment::model::{Access, Deployment, Destinations};
use crate::guardrails::UNSPECIFIED_REGION;
use crate::guardrails::arns::Arns;
use crate::verify::next::APPLY_ORGANIZATION;

const INVOKE: &str = "bedrock:InvokeModel";
/// Where the roles of permission sets are.
const PERMISSION_SETS: &str = "/aws-reserved/sso.amazonaws.com/";

/// Calls that differ in nothing but what they touch.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    action: &'static str,
    resources: Vec<String>,
    /// Value of `aws:RequestedRegion`.
    region: String,
    /// Value of `bedrock:InferenceProfileArn`.
    profile: Option<String>,
    /// What the organization must answer.
    is_allowed: bool,
}

pub fn from_inside(deployment: &Deployment) -> Check {
    let questions = questions(deployment);
    let denied: Vec<&str> = questions
        .iter()
        .filter(|question| !question.is_allowed)
        .map(|question| question.action)
        .collect();
    let where_it_applies = match deployment.organization {
        Some(_) => "",
        None => ", where the account belongs to an organization",
    };
    let mut calls: Vec<&'static Operation> = vec![&SIMULATE_PRINCIPAL_POLICY];
    if let Access::IdentityCenter(_) = deployment.access {
        calls.push(&LIST_ROLES);
    }
    if deployment.organization.is_none() {
        calls.push(&DESCRIBE_ORGANIZATION);
    }
    check(
        "foundation-scp-effective",
        "foundation-scp",
        "The organization allows developers the models, and denies them the rest",
    )
    .expects(format!(
        "IAM's simulator says that the organization allows a developer each model in each of its regions, and denies \
         {}{where_it_applies}",
        denied.join(", ")
    ))
    .calls(&calls)
    .looks(move |probe| {
        let questions = questions.clone();
        async move {
            if probe.deployment().organization.is_none() && membership(&probe).await?.is_none() {
                return Ok(Seen::pass(
                    "the account belongs to no organization, so no service control policy applies to it",
                ));
            }
            let Some(role) = role(&probe).await? else {
                return Ok(no_role(&probe.deployment().names.developer));
            };
            let mut answers = Answers::new();
            for question in &questions {
                match ask(&probe, &role, question).await {
                    Ok(results) => note(&mut answers, question, &results),
                    Err(trouble) if trouble.is("NoSuchEntity") => {
                        return Ok(no_role(&probe.deployment().names.developer));
                    }
                    Err(trouble) => return Err(trouble),
                }
            }
            Ok(judged(&questions, &answers, probe.deployment().organization.is_some()))
        }
    })
}

fn no_role(name: &str) -> Seen {
    Seen::skipped(format!(
        "not looked at: the account has no role of developers yet ({name})"
    ))
    .next("look again after phase 4: the simulator asks as a role that exists")
}

/// What is asked: every model in every region that it may be served in, with the profile that leads there, and examples of
/// what the policy denies. All profiles are of one geography, so the first stands for the others as the way.
fn questions(deployment: &Deployment) -> Vec<Question> {
    let arns = Arns::new(deployment);
    let mut by_region: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for model in &deployment.models {
        let home = by_region.entry(&deployment.region).or_default();
        home.push(arns.system_profile(model));
        match &model.destinations {
            Destinations::Regions(regions) => {
                for region in regions {
                    let resource = arns.foundation_model(region, &model.base_id);
                    by_region.entry(region).or_default().push(resource);
                }
            }
            Destinations::Global => {
                home.push(arns.foundation_model(&deployment.region, &model.base_id));
                let resource = arns.foundation_model("", &model.base_id);
                by_region.entry(UNSPECIFIED_REGION).or_default().push(resource);
            }
        }
    }
    let profile = deployment.models.first().map(|model| arns.system_profile(model));
    let allowed = by_region.into_iter().map(|(region, resources)| Question {
        action: INVOKE,
        resources,
        region: region.to_owned(),
        profile: profile.clone(),
        is_allowed: true,
    });
    let denied = denied(deployment).into_iter().map(|action| Question {
        action,
        resources: vec!["*".to_owned()],
        region: deployment.region.clone(),
        profile: None,
        is_allowed: false,
    });
    allowed.chain(denied).collect()
}

/// Of each part of the policy one example; what it protects it protects only with deploy principals.
fn denied(deployment: &Deployment) -> Vec<&'static str> {
    let mut actions = vec!["ec2:RunInstances"];
    if deployment.deploy.is_some() {
        actions.push(match deployment.logging {
            Some(_) => "bedrock:DeleteModelInvocationLoggingConfiguration",
            None => "bedrock:PutAccountDataRetention",
        });
    }
    actions
}

/// ARN of the role that developers have. The role of a permission set has a suffix that AWS chose.
async fn role(probe: &Probe) -> Result<Option<String>, Trouble> {
    let deployment = probe.deployment();
    let name = &deployment.names.developer;
    if let Access::Roles(_) | Access::Federation(_) = deployment.access {
        return Ok(Some(Arns::new(deployment).role(name)));
    }
    let pages = probe
        .pages(
            &LIST_ROLES,
            |account, token| {
                account
                    .iam()
                    .list_roles()
                    .path_prefix(PERMISSION_SETS)
                    .set_marker(token)
                    .send()
            },
            |page| page.marker().filter(|_| page.is_truncated()),
        )
        .await?;
    let role = pages
        .iter()
        .flat_map(|page| page.roles())
        .find(|role| is_of_permission_set(role.role_name(), name));
    Ok(role.map(|role| role.arn().to_owned()))
}

/// `AWSReservedSSO_NAME_` and sixteen hexadecimal digits.
fn is_of_permission_set(role: &str, name: &str) -> bool {
    let suffix = role
        .strip_prefix("AWSReservedSSO_")
        .and_then(|rest| rest.strip_prefix(name))
        .and_then(|rest| rest.strip_prefix('_'));
    suffix.is_some_and(|suffix| suffix.len() == 16 && suffix.chars().all(|c| c.is_ascii_hexdigit()))
}

async fn ask(probe: &Probe, role: &str, question: &Question) -> Result<Vec<EvaluationResult>, Trouble> {
    let entry = |key: &str, value: &str| {
        ContextEntry::builder()
            .context_key_name(key)
            .context_key_type(ContextKeyTypeEnum::String)
            .context_key_values(value)
            .build()
    };
    let mut context = vec![entry("aws:RequestedRegion", &question.region)];
    context.extend(
        question
            .profile
            .iter()
            .map(|profile| entry("bedrock:InferenceProfileArn", profile)),
    );
    let pages = probe
        .pages(
            &SIMULATE_PRINCIPAL_POLICY,
            |account, token| {
                account
                    .iam()
                    .simulate_principal_policy()
                    .policy_source_arn(role)
                    .action_names(question.action)
                    .set_resource_arns(Some(question.resources.clone()))
                    .set_context_entries(Some(context.clone()))
                    .set_marker(token)
                    .send()
            },
            |page| page.marker().filter(|_| page.is_truncated()),
        )
        .await?;
    Ok(pages
        .iter()
        .flat_map(|page| page.evaluation_results())
        .cloned()
        .collect())
}

/// What the organization allows, by action and resource.
type Answers = BTreeMap<(&'static str, String), Answer>;

/// What the simulator says of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    is_allowed_by_organization: bool,
    /// With the role's own policies as well, as `implicitDeny`.
    decision: String,
}

/// Notes the answers that are about what was asked and say something of the organization.
fn note(answers: &mut Answers, question: &Question, results: &[EvaluationResult]) {
    for result in results {
        let resource = result.eval_resource_name().unwrap_or("*");
        let is_asked = result.eval_action_name().eq_ignore_ascii_case(question.action)
            && question.resources.iter().any(|asked| asked == resource);
        if let (true, Some(detail)) = (is_asked, result.organizations_decision_detail()) {
            let key = (question.action, resource.to_owned());
            let answer = Answer {
                is_allowed_by_organization: detail.allowed_by_organizations(),
                decision: result.eval_decision().as_str().to_owned(),
            };
            answers.insert(key, answer);
        }
    }
}

fn judged(questions: &[Question], answers: &Answers, is_terraforms: bool) -> Seen {
    let mut wrongly_denied = BTreeSet::new();
    let mut wrongly_allowed = BTreeSet::new();
    let mut unanswered = BTreeSet::new();
    let mut as_expected = 0_usize;
    let mut decisions: BTreeMap<&str, usize> = BTreeMap::new();
    for question in questions {
        for resource in &question.resources {
            let what = match resource.as_str() {
                "*" => question.action.to_owned(),
                resource => format!("{} on {resource}", question.action),
            };
            let answer = answers.get(&(question.action, resource.clone()));
            if let Some(answer) = answer.filter(|_| question.is_allowed) {
                *decisions.entry(&answer.decision).or_default() += 1;
            }
            match answer.map(|answer| answer.is_allowed_by_organization) {
                None => unanswered.insert(what),
                Some(false) if question.is_allowed => wrongly_denied.insert(what),
                Some(true) if !question.is_allowed => wrongly_allowed.insert(what),
                Some(_) => {
                    as_expected += 1;
                    true
                }
            };
        }
    }
    let listed = |all: &BTreeSet<String>| all.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    if !wrongly_denied.is_empty() {
        return Seen::fail(format!("the organization denies {}", listed(&wrongly_denied))).next(
            "`terraform -chdir=terraform/organization apply` if models or regions were changed; else another policy on the account, a unit \
             or the root denies it, by region more often than not: ask whoever keeps it to except these calls",
        );
    }
    if !wrongly_allowed.is_empty() {
        let next = match is_terraforms {
            true => APPLY_ORGANIZATION,
            false => {
                "`tfgen fix foundation-scp`, with the management account's credentials, or by hand as that step of \
                      MANUAL_STEPS.md says"
            }
        };
        return Seen::fail(format!(
            "the organization does not deny {}: the policy does not reach the account",
            listed(&wrongly_allowed)
        ))
        .next(next);
    }
    if !unanswered.is_empty() || as_expected == 0 {
        return Seen::unknown(format!(
            "the simulator does not say what the organization decides about {}",
            listed(&unanswered)
        ))
        .next("foundation-scp-attached and foundation-scp-content, from the management account, say what is attached");
    }
    let denied: Vec<&str> = questions
        .iter()
        .filter(|question| !question.is_allowed)
        .map(|question| question.action)
        .collect();
    // The role's own policies may allow these calls through an application inference profile alone, which is not asked for.
    let others: Vec<String> = decisions
        .iter()
        .filter(|(decision, _)| **decision != "allowed")
        .map(|(decision, count)| format!("{decision} for {count} of them"))
        .collect();
    let with_own = match others.as_slice() {
        [] => String::new(),
        others => format!(
            "; with the role's own policies the simulator says {}",
            others.join(", ")
        ),
    };
    Seen::pass(format!(
        "the organization allows {INVOKE} on all {} profiles and models, and denies {}{with_own}",
        as_expected - denied.len(),
        denied.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use aws_sdk_iam::types::{OrganizationsDecisionDetail, PolicyEvaluationDecisionType};

    use super::*;
    use crate::deployment::model::Geography;
    use crate::guardrails::fixtures;
    use crate::verify::status::Status;

    fn result(action: &str, resource: &str, detail: Option<bool>) -> EvaluationResult {
        EvaluationResult::builder()
            .eval_action_name(action)
            .eval_resource_name(resource)
            .eval_decision(PolicyEvaluationDecisionType::Allowed)
            .set_organizations_decision_detail(detail.map(|allowed| {
                OrganizationsDecisionDetail::builder()
                    .allowed_by_organizations(allowed)
                    .build()
            }))
            .build()
            .expect("every field is there")
    }

    /// What is seen where the organization answers like this.
    fn seen(answer: impl Fn(&Question, &str) -> Option<bool>) -> Status {
        let questions = questions(&fixtures::full(Geography::Us, 2));
        let mut answers = Answers::new();
        for question in &questions {
            let results: Vec<EvaluationResult> = question
                .resources
                .iter()
                .map(|resource| result(question.action, resource, answer(question, resource)))
                .collect();
            note(&mut answers, question, &results);
        }
        judged(&questions, &answers, true).status
    }

    #[test]
    fn every_answer_counts() {
        assert_eq!(seen(|question, _| Some(question.is_allowed)), Status::Pass);
        assert_eq!(seen(|_, _| Some(true)), Status::Fail);
        assert_eq!(seen(|_, _| Some(false)), Status::Fail);
        let west = |question: &Question, resource: &str| Some(question.is_allowed && !resource.contains("us-west-2"));
        assert_eq!(seen(west), Status::Fail);
    }

    #[test]
    fn an_answer_without_the_detail_is_none() {
        assert_eq!(seen(|_, _| None), Status::Unknown);
        assert_eq!(seen(|question, _| question.is_allowed.then_some(true)), Status::Unknown);
        let questions = questions(&fixtures::full(Geography::Us, 1));
        assert_eq!(judged(&questions, &Answers::new(), true).status, Status::Unknown);
        assert_eq!(judged(&[], &Answers::new(), true).status, Status::Unknown);
        let mut answers = Answers::new();
        note(
            &mut answers,
            &questions[0],
            &[result("bedrock:InvokeModel", "*", Some(true))],
        );
        assert!(answers.is_empty(), "an answer about something else: {answers:?}");
    }

    #[test]
    fn models_are_asked_for_in_every_region_with_a_profile_that_leads_there() {
        let questions = questions(&fixtures::full(Geography::Us, 2));
        let regions: Vec<&str> = questions.iter().map(|question| question.region.as_str()).collect();
        assert_eq!(
            regions,
            ["us-east-1", "us-east-2", "us-west-2", "us-east-1", "us-east-1"]
        );
        let counts: Vec<usize> = questions.iter().map(|question| question.resources.len()).collect();
        assert_eq!(counts, [4, 2, 2, 1, 1]);
        let global = super::questions(&fixtures::full(Geography::Global, 1));
        let shown: Vec<(&str, &str)> = global
            .iter()
            .flat_map(|question| {
                question
                    .resources
                    .iter()
                    .map(|resource| (question.region.as_str(), resource.as_str()))
            })
            .collect();
        assert!(
            shown
                .iter()
                .any(|(region, resource)| *region == "unspecified" && resource.contains("bedrock:::foundation-model/")),
            "{shown:?}"
        );
        assert!(
            global
                .iter()
                .filter(|question| question.is_allowed)
                .all(|question| question.profile.is_some())
        );
    }

    #[test]
    fn roles_of_the_permission_set_alone() {
        let is = |role| is_of_permission_set(role, "claude-code-developer");
        assert!(is("AWSReservedSSO_claude-code-developer_0123456789abcdef"));
        assert!(!is("AWSReservedSSO_claude-code-developer_x_0123456789abcdef"));
        assert!(!is("AWSReservedSSO_claude-code-developer_0123456789abcdeg"));
        assert!(!is("claude-code-developer"));
    }
}
