use aws_sdk_organizations::types::PolicyTypeSummary;

use super::super::attachments::Policy;
use super::*;
use crate::deployment::model::Geography;
use crate::guardrails::{documents, fixtures};
use crate::verify::status::Status;

fn root(status: Option<PolicyTypeStatus>) -> Root {
    let summary = PolicyTypeSummary::builder()
        .r#type(PolicyType::ServiceControlPolicy)
        .set_status(status)
        .build();
    Root::builder().id("r-abcd").policy_types(summary).build()
}

#[test]
fn the_policy_type_must_be_enabled_on_the_only_root() {
    let status = |root: Root| is_enabled(&[&root]).status;
    assert_eq!(status(root(Some(PolicyTypeStatus::Enabled))), Status::Pass);
    assert_eq!(status(root(Some(PolicyTypeStatus::PendingEnable))), Status::Pending);
    assert_eq!(status(root(Some(PolicyTypeStatus::PendingDisable))), Status::Fail);
    assert_eq!(status(root(None)), Status::Unknown);
    assert_eq!(status(Root::builder().id("r-abcd").build()), Status::Fail);
    assert_eq!(is_enabled(&[]).status, Status::Unknown);
}

fn policies(names: &[&str]) -> Option<BTreeSet<Policy>> {
    let policy = |name: &&str| Policy {
        id: format!("p-{name}"),
        name: (*name).to_owned(),
    };
    Some(names.iter().map(policy).collect())
}

fn found(levels: &[(&str, &[&str])]) -> Attachments {
    Attachments {
        path: ["111111111111", "ou-a", "r-abcd"].map(str::to_owned).to_vec(),
        policies: levels
            .iter()
            .map(|(level, names)| ((*level).to_owned(), policies(names)))
            .collect(),
    }
}

fn reached(attachments: &Attachments, targets: &[&str]) -> Result<String, Status> {
    let targets: Vec<String> = targets.iter().map(|target| (*target).to_owned()).collect();
    reaches(attachments, &targets, "ours").map_err(|seen| seen.status)
}

#[test]
fn the_policy_is_on_every_target_and_on_a_level_of_the_account() {
    let on_unit = found(&[
        ("111111111111", &["full"]),
        ("ou-a", &["full", "ours"]),
        ("r-abcd", &["full"]),
    ]);
    assert!(reached(&on_unit, &["ou-a"]).is_ok());
    assert_eq!(reached(&on_unit, &["111111111111"]), Err(Status::Fail));
    assert_eq!(reached(&on_unit, &["ou-a", "ou-gone"]), Err(Status::Fail));
    let beside = found(&[
        ("111111111111", &[]),
        ("ou-a", &[]),
        ("r-abcd", &[]),
        ("ou-b", &["ours"]),
    ]);
    assert_eq!(reached(&beside, &["ou-b"]), Err(Status::Fail));
    let mut gone = found(&[("ou-b", &["ours"])]);
    gone.policies.insert("ou-c".to_owned(), None);
    assert_eq!(reached(&gone, &["ou-c"]), Err(Status::Fail));
    gone.path.clear();
    assert_eq!(reached(&gone, &["ou-b"]), Err(Status::Fail));
}

#[test]
fn only_an_unconditional_allowance_of_the_call_counts() {
    let allow = |actions: &[&str]| Statement::allow("A", actions.to_vec(), ["*"]);
    assert!(allows_what_is_needed(&allow(&["*"])));
    assert!(allows_what_is_needed(&allow(&["s3:*", "Bedrock:Invoke*"])));
    assert!(!allows_what_is_needed(&allow(&["s3:*"])));
    assert!(!allows_what_is_needed(&Statement::deny("D", ["*"], ["*"])));
    assert!(!allows_what_is_needed(&allow(&["*"]).when(
        "StringEquals",
        "aws:RequestedRegion",
        ["eu-west-1"]
    )));
    let but = Statement::new("N", Effect::Allow, Actions::AllBut(vec!["iam:*".to_owned()]), None);
    assert!(allows_what_is_needed(&but));
}

#[test]
fn the_text_may_be_written_otherwise_but_must_mean_the_same() {
    let wanted = documents(&fixtures::full(Geography::Us, 1))
        .remove(SCP)
        .expect("always rendered")
        .document;
    let same = |document: &Document| is_same(&wanted, &policy::print::minified(document), "p-1");
    assert_eq!(same(&wanted), Ok(()));
    let mut turned = wanted.clone();
    turned.statements.reverse();
    assert_eq!(same(&turned), Ok(()));
    let mut fewer = wanted.clone();
    let gone = fewer
        .statements
        .pop()
        .and_then(|statement| statement.sid)
        .expect("statements have names");
    let seen = same(&fewer).expect_err("a statement is missing");
    assert_eq!(seen.status, Status::Fail);
    assert!(seen.observed.contains(&format!("{gone} is missing")), "{seen:?}");
    let mut more = wanted.clone();
    more.statements.push(Statement::deny("Mine", ["s3:*"], ["*"]));
    assert!(
        same(&more)
            .expect_err("one is too much")
            .observed
            .contains("Mine is not rendered")
    );
    assert_eq!(
        is_same(&wanted, "{", "p-1").expect_err("no policy").status,
        Status::Unknown
    );
}
