//! Steps about what went, what stays, and what comes back.

use super::*;

#[test]
fn what_terraform_forgot_can_be_deleted() {
    let text = checklist(&fixtures::bare(), &removed());
    let steps: Vec<&str> = text
        .split("\n- [ ] ")
        .filter(|step| step.contains("removed -->") || step.contains("-retired"))
        .collect();
    insta::assert_snapshot!(steps.join("\n"));
}

/// A retired profile is still in the data file and in the state: deleted by hand, the next apply would make it anew.
#[test]
fn retired_profiles_are_dropped_by_render_and_for_their_true_reason() {
    let step = one(&fixtures::identity_center(), &removed(), "cost-tags-retired");
    assert!(step.contains("tfgen render --drop-retired"), "{step}");
    assert!(!step.contains("aws bedrock delete-inference-profile"), "{step}");
    assert!(step.contains("2 of people who left: `bob/us.opus-4-6`"), "{step}");
    assert!(step.contains("1 of another geography: `alice/eu.opus-4-6`"), "{step}");
}

#[test]
fn the_keys_that_were_activated_are_the_ones_to_deactivate() {
    let mut context = removed();
    context.roots[1].forgotten = vec!["cost-tags".to_owned()];
    let step = one(&fixtures::bare(), &context, "cost-tags-removed");
    assert!(
        step.contains("TagKey=Abteilung,Status=Inactive 'TagKey=Kosten stelle,Status=Inactive'"),
        "{step}"
    );
    assert!(!step.contains("TagKey=Team"), "{step}");
    assert!(step.contains("payer account 999999999999"), "{step}");
}

#[test]
fn an_earlier_tag_key_has_its_step() {
    let deployment = fixtures::identity_center();
    let mut context = fresh(&deployment);
    context.roots[3].tag_keys.insert("Kosten\"stelle".to_owned());
    let step = one(&deployment, &context, "cost-tags-earlier");
    assert!(
        step.contains(r#"state rm 'module.cost_tags.aws_ce_cost_allocation_tag.this["Kosten\"stelle"]'"#),
        "{step}"
    );
    assert!(step.contains("tfgen render --drop-removed"), "{step}");
    assert!(!plain(&deployment).contains("cost-tags-earlier"));
}

#[test]
fn a_block_that_came_back_is_imported() {
    let deployment = fixtures::identity_center();
    let mut context = fresh(&deployment);
    context.roots[0].adopted = ["analytics", "inference-profiles"].map(str::to_owned).to_vec();
    let analytics = one(&deployment, &context, "foundation-analytics-imported");
    assert!(analytics.contains("terraform/workload/imports.tf"), "{analytics}");
    let profiles = one(&deployment, &context, "foundation-inference-profiles-imported");
    assert!(
        profiles.contains("terraform -chdir=terraform/workload import"),
        "{profiles}"
    );
}

/// AWS refuses to delete a managed policy that a permission set still uses.
#[test]
fn the_policy_leaves_the_permission_sets_before_it_is_deleted() {
    let deployment = fixtures::identity_center();
    let mut context = fresh(&deployment);
    assert!(!checklist(&deployment, &context).contains("that a permission set still uses"));
    context.roots[0].destroyed = vec!["guardrail".to_owned()];
    assert!(checklist(&deployment, &context).contains("terraform/identity is applied: AWS refuses"));
}

/// A root of which nothing is left is applied once more, and its apply is the last: the list and the summary of render
/// come from the same roots.
#[test]
fn a_root_that_is_gone_is_applied_once_more() {
    let mut deployment = fixtures::identity_center();
    let mut context = fresh(&deployment);
    deployment.organization = None;
    deployment.cost_tags = None;
    context.roots[2].destroyed = vec!["scp".to_owned()];
    context.roots[3].forgotten = vec!["cost-tags".to_owned()];
    context.roots[3].former_accounts = vec!["111111111111".to_owned()];
    let text = checklist(&deployment, &context);
    let order = text.split("## Phase 1").next().unwrap();
    let tail = order.split("3. [ ] ").nth(1).unwrap();
    insta::assert_snapshot!(tail);
    let steps: Vec<&str> = text
        .split("\n- [ ] ")
        .filter(|step| step.contains("foundation-destroyed-") || step.contains("foundation-moved-"))
        .collect();
    insta::assert_snapshot!(steps.join("\n"));
}
