//! What `tfgen render` remembers of the renders before: what goes, what stays, what comes back.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use support::{edit, example, files, render, rendered, text, tfgen, without_analytics};

/// Bucket, database and workgroup are there already when the block comes back: creating them again would fail.
#[test]
fn a_block_that_comes_back_imports_what_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    let with = fs::read_to_string(&file).unwrap();
    without_analytics(&file);
    rendered(&file, &out);
    fs::write(&file, with).unwrap();
    let after = rendered(&file, &out);
    assert!(!after.contains_key("terraform/workload/removed.tf"));
    let imports = String::from_utf8_lossy(&after["terraform/workload/imports.tf"]).into_owned();
    for (to, id) in [
        (
            "module.analytics.aws_s3_bucket.results",
            "claude-code-athena-123456789012-us-east-1",
        ),
        (
            "module.analytics.aws_glue_catalog_table.data[\"prices\"]",
            "123456789012:claude_code_bedrock_logs:model_prices",
        ),
        ("module.analytics.aws_athena_workgroup.logs", "claude_code_bedrock_logs"),
    ] {
        assert!(
            imports.contains(&format!("to = {to}\n  id = \"{id}\"")),
            "{to}: {imports}"
        );
    }
    assert_eq!(render(&file, &out, &["--check"]).status.code(), Some(0), "they stay");
    let output = render(&file, &out, &["--drop-removed"]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert!(!out.join("terraform/workload/imports.tf").exists());
}

fn billing(out: &Path) -> String {
    fs::read_to_string(out.join("terraform/billing/main.tf")).unwrap()
}

/// Terraform refuses to destroy an activation, so a key that changed stays beside the new one until it is dropped.
#[test]
fn earlier_tag_keys_stay_active() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    edit(&file, |text| text.replace("\"CostCenter\"", "\"Kostenstelle\""));
    let output = render(&file, &out, &[]);
    assert!(
        text(&output)
            .0
            .contains("stay active (cost-tags-earlier): CostCenter\n"),
        "{}",
        text(&output).0
    );
    let keys = "\"CostCenter\", \"Kostenstelle\", \"Project\", \"Team\", \"User\"";
    assert!(billing(&out).contains(keys), "{}", billing(&out));
    let steps = fs::read_to_string(out.join("MANUAL_STEPS.md")).unwrap();
    assert!(steps.contains("cost-tags-earlier"), "{steps}");
    assert!(steps.contains("--tag-keys Kostenstelle Project Team User"), "{steps}");
    let output = render(&file, &out, &["--drop-retired"]);
    assert!(
        output.status.success() && billing(&out).contains(keys),
        "{}",
        billing(&out)
    );
    let output = render(&file, &out, &["--drop-removed"]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert!(!billing(&out).contains("CostCenter"), "{}", billing(&out));
    assert!(
        text(&output)
            .1
            .contains("warning: terraform/billing no longer has CostCenter;"),
        "{}",
        text(&output).1
    );
}

#[test]
fn retired_profiles_are_named_by_their_reason_and_end_with_one_flag() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    edit(&file, |text| {
        text.replacen("geography = \"us\"", "geography = \"global\"", 1)
    });
    let output = render(&file, &out, &[]);
    let summary = text(&output).0;
    assert!(summary.contains("75 of another geography are kept"), "{summary}");
    assert!(!summary.contains("who left"), "nobody left: {summary}");
    let steps = fs::read_to_string(out.join("MANUAL_STEPS.md")).unwrap();
    assert!(steps.contains("75 of another geography: "), "{steps}");
    let output = render(&file, &out, &["--drop-removed"]);
    assert!(output.status.success());
    assert!(
        fs::read_to_string(out.join("MANUAL_STEPS.md"))
            .unwrap()
            .contains("cost-tags-retired")
    );
    let output = render(&file, &out, &["--drop-retired"]);
    assert!(output.status.success());
    assert!(
        !fs::read_to_string(out.join("MANUAL_STEPS.md"))
            .unwrap()
            .contains("cost-tags-retired")
    );
}

/// With the last profile dropped the module goes, and the profiles with it: that is what the flag is for.
#[test]
fn the_last_retired_profile_is_not_forgotten_but_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    edit(&file, |text| {
        let text = text.replace(
            "developers {\n  file = \"developers.csv\"\n}",
            "profiles {\n  per = \"none\"\n}",
        );
        let start = text.find("cost_tags {").unwrap();
        let end = text.find("logging {").unwrap();
        let budgets = text.find("budgets {").unwrap();
        format!("{}{}", &text[..start], &text[end..budgets])
    });
    rendered(&file, &out);
    let output = render(&file, &out, &["--drop-retired"]);
    assert!(output.status.success(), "{}", text(&output).1);
    let removed = fs::read_to_string(out.join("terraform/workload/removed.tf")).unwrap_or_default();
    assert!(!removed.contains("inference_profiles"), "{removed}");
    let main = fs::read_to_string(out.join("terraform/workload/main.tf")).unwrap();
    assert!(!main.contains("module \"inference_profiles\""), "{main}");
}

/// AWS refuses to delete a managed policy that a permission set still uses.
#[test]
fn where_the_guardrail_goes_identity_is_applied_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    edit(&file, |text| {
        format!("{text}\nguardrail {{\n  content_filter = \"HIGH\"\n}}\n")
    });
    let order = |text: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.split("terraform/").nth(1))
            .map(|rest| rest.split([' ', '*']).next().unwrap().to_owned())
            .collect()
    };
    let lists = |output: &Output| {
        let steps = fs::read_to_string(out.join("MANUAL_STEPS.md")).unwrap();
        let applies: Vec<&str> = steps.lines().filter(|line| line.contains("step: apply-")).collect();
        let next = text(output).0.split("Next:").nth(1).unwrap().to_owned();
        (order(&next), order(&applies.join("\n")))
    };
    let usual = ["workload", "identity", "organization", "billing"]
        .map(str::to_owned)
        .to_vec();
    let output = render(&file, &out, &[]);
    assert_eq!(lists(&output), (usual.clone(), usual.clone()));
    edit(&file, |text| {
        text.replace("\nguardrail {\n  content_filter = \"HIGH\"\n}\n", "")
    });
    let output = render(&file, &out, &[]);
    let changed = ["identity", "workload", "organization", "billing"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(lists(&output), (changed.clone(), changed));
    let output = render(&file, &out, &["--drop-removed"]);
    assert_eq!(lists(&output), (usual.clone(), usual));
}

/// What the manifest knew is in the files, too: a lost one must not make the next apply destroy anything.
#[test]
fn without_its_manifest_a_tree_forgets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    // Somebody leaves, analytics is forgotten, and a tag key changes.
    edit(&folder.path().join("developers.csv"), |text| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.pop();
        lines.join("\n") + "\n"
    });
    without_analytics(&file);
    edit(&file, |text| text.replace("\"CostCenter\"", "\"Kostenstelle\""));
    let before = rendered(&file, &out);
    fs::remove_file(out.join("terraform/tfgen-manifest.json")).unwrap();
    let output = render(&file, &out, &["--force"]);
    assert!(output.status.success(), "{}", text(&output).1);
    let after = files(&out);
    for path in before.keys() {
        assert_eq!(
            String::from_utf8_lossy(&before[path]),
            String::from_utf8_lossy(after.get(path).map_or(&[][..], Vec::as_slice)),
            "{path}"
        );
    }
    // A block that goes at the same time is forgotten as well, and not destroyed.
    fs::remove_file(out.join("terraform/tfgen-manifest.json")).unwrap();
    edit(&file, |text| {
        let (start, end) = (text.find("cost_tags {").unwrap(), text.find("logging {").unwrap());
        let budgets = text.find("budgets {").unwrap();
        format!("{}{}", &text[..start], &text[end..budgets])
    });
    let output = render(&file, &out, &["--force"]);
    assert!(output.status.success(), "{}", text(&output).1);
    let removed = fs::read_to_string(out.join("terraform/billing/removed.tf")).unwrap();
    assert!(removed.contains("module.cost_tags"), "{removed}");
    let steps = fs::read_to_string(out.join("MANUAL_STEPS.md")).unwrap();
    assert!(
        steps.contains("TagKey=CostCenter,Status=Inactive TagKey=Kostenstelle,Status=Inactive"),
        "{steps}"
    );
    // Another deployment is still another one.
    fs::remove_file(out.join("terraform/tfgen-manifest.json")).unwrap();
    edit(&file, |text| text.replacen("\"claude-code\"", "\"claude-two\"", 1));
    assert_eq!(render(&file, &out, &["--force"]).status.code(), Some(2));
}

/// A rename that was not applied yet survives whatever comes after it: Terraform would replace the profiles otherwise.
#[test]
fn moves_of_profiles_stay_until_they_are_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let roster = folder.path().join("developers.csv");
    let out = folder.path().join("out");
    rendered(&file, &out);
    let first = fs::read_to_string(&roster).unwrap();
    let first = first.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let rename = |from: &str, to: &str| {
        let old = fs::read_to_string(&roster).unwrap();
        let lines = old.lines().enumerate().map(|(number, line)| match number {
            0 if line.ends_with(",formerly") => line.to_owned(),
            0 => format!("{line},formerly"),
            _ if line.starts_with(&format!("{from},")) => {
                let fields: Vec<&str> = line.splitn(2, ',').collect();
                let rest = fields[1].split(',').take(4).collect::<Vec<_>>().join(",");
                format!("{to},{rest},{from}")
            }
            _ => format!("{},", line.split(',').take(5).collect::<Vec<_>>().join(",")),
        });
        fs::write(&roster, lines.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    };
    let moves = |files: &BTreeMap<String, Vec<u8>>| {
        let text = files.get("terraform/workload/moved.tf").cloned().unwrap_or_default();
        String::from_utf8(text).unwrap()
    };
    rename(&first, "second");
    let once = moves(&rendered(&file, &out));
    let key = format!("{first}/us.opus-4-6");
    assert!(once.contains(&key) && once.contains("second/us.opus-4-6"), "{once}");

    // Renamed again: both steps, in a chain.
    rename("second", "third");
    let twice = moves(&rendered(&file, &out));
    assert!(
        twice.contains(&key) && twice.contains("second/us.opus-4-6") && twice.contains("third/us.opus-4-6"),
        "{twice}"
    );

    // Another geography, then somebody who leaves: the retired profiles are still moved to where they are now.
    edit(&file, |text| {
        text.replacen("geography = \"us\"", "geography = \"global\"", 1)
    });
    let elsewhere = moves(&rendered(&file, &out));
    assert!(
        elsewhere.contains(&key) && elsewhere.contains("third/us.opus-4-6"),
        "{elsewhere}"
    );
    edit(&roster, |text| {
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("third,")).collect();
        lines.join("\n") + "\n"
    });
    let left = moves(&rendered(&file, &out));
    assert!(left.contains(&key) && left.contains("third/us.opus-4-6"), "{left}");

    // Only what moves in the very same render is still to be applied.
    let somebody = fs::read_to_string(&roster).unwrap();
    let somebody = somebody.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    rename(&somebody, "newly.named");
    let output = render(&file, &out, &["--drop-removed"]);
    let said = text(&output).1;
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("warning: terraform/workload no longer moves") && said.contains("are destroyed and made anew"),
        "{said}"
    );
    let last = moves(&files(&out));
    assert!(
        !last.contains(&key) && last.contains("newly.named/global.opus-4-6"),
        "{last}"
    );
}

/// Who has the same address is the same person, also where the roster has no word of the former id.
#[test]
fn a_new_id_with_a_known_address_is_a_rename() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let roster = folder.path().join("developers.csv");
    let out = folder.path().join("out");
    rendered(&file, &out);
    edit(&roster, |text| text.replacen("alice.adams,", "aadams,", 1));
    let output = render(&file, &out, &[]);
    let said = text(&output).1;
    assert!(
        output.status.success() && said.contains("note: `aadams` has the e-mail address of `alice.adams`"),
        "{said}"
    );
    let moved = fs::read_to_string(out.join("terraform/workload/moved.tf")).unwrap();
    assert!(
        moved.contains("alice.adams/us.opus-4-6") && moved.contains("aadams/us.opus-4-6"),
        "{moved}"
    );
    assert!(
        !fs::read_to_string(out.join("terraform/workload/profiles.json"))
            .unwrap()
            .contains("retired")
    );
    assert_eq!(text(&render(&file, &out, &[])).1, "", "once is enough");
}

/// The queries reach back a year, to calls of models and geographies that are no longer allowed.
#[test]
fn prices_do_not_depend_on_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    let prices = || fs::read_to_string(out.join("terraform/workload/prices.json")).unwrap();
    rendered(&file, &out);
    let before = prices();
    let rows: serde_json::Value = serde_json::from_str(&before).unwrap();
    let priced = |key: &str, geography: &str| {
        let mut rows = rows.as_array().unwrap().iter();
        let row = rows.find(|row| row["model_key"] == key && row["geography"] == geography);
        row.and_then(|row| row["input"].as_f64())
    };
    assert_eq!(priced("opus-4-6", "us"), Some(5.5));
    assert_eq!(priced("opus-4-6", "global"), Some(5.0));
    assert_eq!(priced("opus-4-5", "eu"), Some(5.5), "not allowed in the example");
    edit(&file, |text| {
        let text = text.replacen("geography = \"us\"", "geography = \"global\"", 1);
        text.replacen("\"opus-4-6\", \"sonnet-4-6\"", "\"opus-4-6\"", 1)
    });
    rendered(&file, &out);
    assert_eq!(prices(), before);
    let output = render(&file, &out, &["--drop-retired"]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert_eq!(prices(), before);
}

/// Calls from before the access mode was changed are still shown by the names of their sessions.
#[test]
fn session_roles_of_the_earlier_access_mode_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    let patterns = || -> Vec<String> {
        let main = fs::read_to_string(out.join("terraform/workload/main.tf")).unwrap();
        let list = main.split("session_roles").nth(1).unwrap();
        let list = list.split('[').skip(1).collect::<Vec<_>>().join("[");
        let list = list.split("results_bucket_name").next().unwrap();
        list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let [developer, admin] =
        ["developer", "admin"].map(|who| format!("AWSReservedSSO_claude-code-{who}_[0-9a-f]{{16}}"));
    rendered(&file, &out);
    assert_eq!(patterns(), [&developer, &admin].map(String::as_str));
    edit(&file, |text| {
        let (start, end) = (
            text.find("identity_center {").unwrap(),
            text.find("organization {").unwrap(),
        );
        let roles = "roles {\n  trusted = [\"arn:aws:iam::123456789012:role/team\"]\n}\n\n";
        format!("{}{roles}{}", &text[..start], &text[end..])
    });
    let before = rendered(&file, &out);
    let all = ["claude-code-developer", &admin, &developer];
    assert_eq!(patterns(), all);
    // The same from the files alone, and in whatever is rendered next.
    fs::remove_file(out.join("terraform/tfgen-manifest.json")).unwrap();
    let output = render(&file, &out, &["--force"]);
    assert!(output.status.success(), "{}", text(&output).1);
    let manifest = "terraform/tfgen-manifest.json";
    let after = files(&out);
    assert_eq!(
        String::from_utf8_lossy(&before[manifest]),
        String::from_utf8_lossy(&after[manifest])
    );
    assert_eq!(render(&file, &out, &["--check"]).status.code(), Some(0));
    // While nobody asks the log, nothing is forgotten either.
    let with = fs::read_to_string(&file).unwrap();
    without_analytics(&file);
    rendered(&file, &out);
    fs::write(&file, with).unwrap();
    rendered(&file, &out);
    assert_eq!(patterns(), all);
    let output = render(&file, &out, &["--drop-removed"]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert_eq!(patterns(), ["claude-code-developer"]);
}

/// A tree in a second folder has the same state and no memory.
#[test]
fn a_second_tree_of_a_deployment_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    rendered(&file, &folder.path().join("infra"));
    let output = render(&file, folder.path(), &["--drop-retired"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output).1;
    assert!(
        said.contains("--drop-retired leaves out what earlier renders kept") && said.contains("infra does; name it"),
        "{said}"
    );
    assert!(!folder.path().join("terraform").exists());
    let output = tfgen().arg("render").arg(&file).output().unwrap();
    assert!(output.status.success());
    let said = text(&output).1;
    assert!(
        said.contains("warning: ") && said.contains("begins without what it remembers"),
        "{said}"
    );
    // Both are there now, and each is renewed in silence.
    assert_eq!(text(&render(&file, folder.path(), &[])).1, "");
    let nowhere = tempfile::tempdir().unwrap();
    let output = render(&file, nowhere.path(), &["--drop-removed"]);
    let said = text(&output).1;
    assert!(
        output.status.code() == Some(2) && said.contains("holds no rendered tree"),
        "{said}"
    );
}

/// The log's past of somebody who left is not given to whoever has their id next.
#[test]
fn a_newcomer_does_not_take_over_the_profiles_of_somebody_who_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let roster = folder.path().join("developers.csv");
    let out = folder.path().join("out");
    rendered(&file, &out);
    let everybody = fs::read_to_string(&roster).unwrap();
    let first = everybody.lines().nth(1).unwrap().to_owned();
    let email = first.split(',').find(|field| field.contains('@')).unwrap().to_owned();
    let id = email.split('@').next().unwrap().to_owned();
    fs::write(&roster, everybody.replace(&format!("{first}\n"), "")).unwrap();
    rendered(&file, &out);
    let other = format!("{id}@elsewhere.example");
    fs::write(&roster, everybody.replace(&email, &other)).unwrap();
    let before = files(&out);
    for flags in [&[][..], &["--check"], &["--force"]] {
        let output = render(&file, &out, flags);
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        let said = text(&output).1;
        assert!(
            said.contains(&format!("{other} has the id `{id}` of {email}, whose profiles"))
                && said.contains("--returned"),
            "{said}"
        );
    }
    assert!(files(&out) == before);
    let output = render(&file, &out, &["--returned", "nobody"]);
    assert!(text(&output).1.contains("--returned nobody: no developer has this id"));
    let output = render(&file, &out, &["--returned", &id]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert_eq!(
        render(&file, &out, &["--check"]).status.code(),
        Some(0),
        "once is enough"
    );
    // Somebody whose address changes while they are there is said, and not asked about.
    edit(&roster, |text| text.replace(&other, &email));
    let output = render(&file, &out, &[]);
    assert!(output.status.success());
    let said = text(&output).1;
    assert!(
        said.contains(&format!("warning: `{id}` was {other} and is {email} now")),
        "{said}"
    );
}
