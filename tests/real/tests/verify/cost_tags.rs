//! Phase 3.

use serde_json::json;

use crate::stage::Stage;

#[test]
fn tags_are_discovered_then_activated_then_settled() {
    let stage = Stage::example();
    let run = stage.verify("3", &[]);
    run.is("cost-tags-discovered", "pass", "CostCenter, Project, Team, User");
    run.is("cost-tags-activated", "pass", "CostCenter, Project, Team, User");
    // Nobody has to want the past.
    run.is("cost-tags-backfill", "manual", "no backfill");
    assert_eq!(run.status, 0, "{}", run.stdout);

    stage.knobs(json!({ "cost_tags": { "Team": null } }));
    let run = stage.verify("3", &[]);
    run.is("cost-tags-discovered", "pending", "not discovered yet: Team");
    run.is(
        "cost-tags-activated",
        "skipped",
        "needs cost-tags-discovered, which is pending",
    );
    assert_eq!(run.status, 11);

    stage.knobs(json!({ "cost_tags": { "Team": { "status": "Inactive", "updated": 3600 } } }));
    let run = stage.verify("3", &[]);
    run.is("cost-tags-discovered", "pass", "Team");
    run.is("cost-tags-activated", "fail", "not active: Team");
    assert!(
        run.result("cost-tags-activated")["next_step"]
            .as_str()
            .unwrap()
            .contains("TagKey=Team,Status=Active")
    );
    assert_eq!(run.status, 10);

    stage.knobs(json!({ "cost_tags": { "Team": { "status": "Active", "updated": 7200 } } }));
    let run = stage.verify("3", &[]);
    run.is("cost-tags-activated", "pending", "Team (since ");
    assert_eq!(run.status, 11);
}

#[test]
fn a_status_that_aws_adds_is_no_failure() {
    let stage = Stage::example();
    stage.knobs(json!({ "new_values": true, "cost_tags": { "User": { "status": "Half" } } }));
    let run = stage.verify("3", &[]);
    run.is("cost-tags-activated", "unknown", "a status that is not known: User");
    assert_eq!(run.status, 11);
}

#[test]
fn a_backfill_is_followed_to_its_end() {
    let stage = Stage::example();
    stage.boto3(
        "client('ce', account='999999999999').start_cost_allocation_tag_backfill(BackfillFrom='2026-06-01T00:00:00Z')",
    );
    for (knob, status) in [("PROCESSING", "pending"), ("SUCCEEDED", "pass"), ("FAILED", "fail")] {
        stage.knobs(json!({ "backfill": knob }));
        stage
            .verify("3", &[])
            .is("cost-tags-backfill", status, "from 2026-06-01");
    }
}

#[test]
fn only_the_payer_can_see_tags() {
    let stage = Stage::example();
    // Credentials of the dedicated account alone.
    let run = stage.run(&["verify-phase", "3", "--format", "json"]);
    run.is(
        "cost-tags-discovered",
        "skipped",
        "no credentials of the payer account 999999999999",
    );
    assert_eq!(run.status, 11);

    stage.denied(&["ce:ListCostAllocationTags"], || {
        let run = stage.verify("3", &[]);
        run.is("cost-tags-discovered", "unknown", "access denied");
        assert!(
            run.result("cost-tags-discovered")["next_step"]
                .as_str()
                .unwrap()
                .contains("`ce:ListCostAllocationTags`")
        );
        run.is("cost-tags-activated", "skipped", "unknown");
        assert_eq!(run.status, 11);
    });
}

#[test]
fn every_page_of_tags_is_read_empty_ones_included() {
    let stage = Stage::example();
    stage.knobs(json!({ "page_size": 1, "empty_pages": true }));
    let run = stage.verify("3", &[]);
    run.is("cost-tags-discovered", "pass", "CostCenter, Project, Team, User");
    let calls = run.result("cost-tags-discovered")["evidence"].as_array().unwrap().len();
    assert!(calls >= 4, "{calls} calls");
}

#[test]
fn the_session_tag_is_a_key_of_its_own() {
    let stage = Stage::example();
    let file = stage.path("tfgen.hcl");
    let text = std::fs::read_to_string(&file).unwrap();
    let tagged = text.replace("identity_center {", "identity_center {\n  session_tag = \"User\"");
    std::fs::write(&file, tagged).unwrap();
    stage
        .verify("3", &[])
        .is("cost-tags-iam-principal", "pending", "iamPrincipal/User");
    stage.knobs(json!({ "cost_tags": { "iamPrincipal/User": { "status": "Inactive" } } }));
    stage
        .verify("3", &[])
        .is("cost-tags-iam-principal", "manual", "not active");
    stage.knobs(json!({ "cost_tags": { "iamPrincipal/User": { "status": "Active", "updated": 90000 } } }));
    stage.verify("3", &[]).is("cost-tags-iam-principal", "pass", "Active");
}
