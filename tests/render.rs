//! `tfgen render` as a user runs it: what is written, what is left alone, and what survives.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use support::{example, files, text, tfgen};

fn render(file: &Path, out: &Path, flags: &[&str]) -> Output {
    tfgen()
        .arg("render")
        .arg(file)
        .arg("--out")
        .arg(out)
        .args(flags)
        .output()
        .unwrap()
}

fn rendered(file: &Path, out: &Path) -> BTreeMap<String, Vec<u8>> {
    let output = render(file, out, &[]);
    assert!(output.status.success(), "{}", text(&output).1);
    files(out)
}

/// Changes a text file and says so when nothing changed.
fn edit(path: &Path, edit: impl Fn(&str) -> String) {
    let old = fs::read_to_string(path).unwrap();
    let new = edit(&old);
    assert_ne!(old, new, "{}", path.display());
    fs::write(path, new).unwrap();
}

#[test]
fn the_repository_is_what_the_example_renders_to() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in rendered(&repository.join("examples/acme.hcl"), folder.path()) {
        let committed = fs::read(repository.join(&path)).unwrap_or_default();
        let (committed, content) = (String::from_utf8_lossy(&committed), String::from_utf8_lossy(&content));
        assert_eq!(
            committed.replace("\r\n", "\n"),
            content,
            "{path}: run `cargo run -- render examples/acme.hcl --out .`"
        );
    }
}

#[test]
fn a_hundred_runs_write_the_same_bytes_whatever_the_surroundings() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let first = rendered(&file, &folder.path().join("out-0"));
    let roster = fs::read_to_string(folder.path().join("developers.csv")).unwrap();
    for run in 1..100 {
        let mut rows: Vec<&str> = roster.lines().skip(1).collect();
        let count = rows.len();
        rows.rotate_left(run % count);
        if run % 2 == 0 {
            rows.reverse();
        }
        let header = roster.lines().next().unwrap();
        fs::write(
            folder.path().join("developers.csv"),
            format!("{header}\n{}\n", rows.join("\n")),
        )
        .unwrap();
        let out = folder.path().join(format!("out-{run}"));
        let zone = ["UTC", "Asia/Kathmandu", "America/St_Johns"][run % 3];
        let locale = ["C", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8"][run % 4];
        let output = tfgen()
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .env("LANG", locale)
            .current_dir(if run % 2 == 0 { folder.path() } else { Path::new("/") })
            .arg("render")
            .arg(&file)
            .arg("--out")
            .arg(&out)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output).1);
        assert!(files(&out) == first, "run {run} differs");
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn check_writes_nothing_and_says_what_would_change() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    let output = render(&file, &out, &["--check"]);
    assert_eq!(output.status.code(), Some(10));
    assert!(!out.exists());
    rendered(&file, &out);
    let before = files(&out);
    assert_eq!(render(&file, &out, &["--check"]).status.code(), Some(0));
    edit(&file, |text| text.replace("monthly_usd = 5000", "monthly_usd = 6000"));
    let output = render(&file, &out, &["--check"]);
    assert_eq!(output.status.code(), Some(10));
    assert!(
        text(&output).0.contains("terraform/workload/main.tf"),
        "{:?}",
        text(&output)
    );
    assert!(files(&out) == before);
}

#[test]
fn a_file_edited_by_hand_is_not_overwritten_without_force() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    let first = rendered(&file, &out);
    edit(&out.join("terraform/workload/main.tf"), |text| {
        format!("{text}# mine\n")
    });
    let before = files(&out);
    let output = render(&file, &out, &[]);
    assert_eq!(output.status.code(), Some(10));
    let message = text(&output).1;
    assert!(message.contains("-# mine"), "the difference is shown: {message}");
    assert!(message.contains("--force"), "{message}");
    assert!(files(&out) == before, "nothing at all is written");
    assert_eq!(render(&file, &out, &["--check"]).status.code(), Some(10));
    assert_eq!(render(&file, &out, &["--force"]).status.code(), Some(0));
    assert!(files(&out) == first);
}

#[test]
fn files_of_somebody_else_are_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    fs::create_dir_all(out.join("policies")).unwrap();
    fs::write(out.join("MANUAL_STEPS.md"), "my own list\n").unwrap();
    fs::write(out.join("policies/notes.txt"), "mine\n").unwrap();
    let output = render(&file, &out, &[]);
    assert_eq!(output.status.code(), Some(10));
    assert!(text(&output).1.contains("MANUAL_STEPS.md"), "{}", text(&output).1);
    assert_eq!(files(&out).len(), 2);
    fs::remove_file(out.join("MANUAL_STEPS.md")).unwrap();
    rendered(&file, &out);
    assert_eq!(fs::read_to_string(out.join("policies/notes.txt")).unwrap(), "mine\n");
}

#[test]
fn ticks_survive_and_are_no_edit() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    let checklist = out.join("MANUAL_STEPS.md");
    edit(&checklist, |text| text.replacen("- [ ]", "- [x]", 2));
    assert_eq!(render(&file, &out, &["--check"]).status.code(), Some(0));
    edit(&file, |text| text.replace("\"entra\"", "\"okta\""));
    rendered(&file, &out);
    let after = fs::read_to_string(&checklist).unwrap();
    assert_eq!(after.matches("- [x]").count(), 2, "{after}");
    assert!(after.contains("Okta"));
    edit(&checklist, |text| text.replacen("- [x]", "- [x] really", 1));
    assert_eq!(render(&file, &out, &[]).status.code(), Some(10));
}

#[test]
fn line_endings_of_a_checkout_are_no_edit() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    for path in files(&out)
        .keys()
        .filter(|path| path.ends_with(".tf") || path.ends_with(".md"))
    {
        edit(&out.join(path), |text| text.replace('\n', "\r\n"));
    }
    assert_eq!(render(&file, &out, &["--check"]).status.code(), Some(0));
}

#[test]
fn files_that_are_no_longer_generated_go_and_the_lock_file_of_terraform_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    edit(&out.join("terraform/workload/.terraform.lock.hcl"), |text| {
        text.replace("5.100.0", "6.2.0")
    });
    assert_eq!(
        render(&file, &out, &["--check"]).status.code(),
        Some(0),
        "Terraform's own file"
    );
    without_analytics(&file);
    let after = rendered(&file, &out);
    assert!(
        !after
            .keys()
            .any(|path| path.starts_with("terraform/modules/analytics/"))
    );
    assert!(!out.join("terraform/modules/analytics").exists());
    assert!(after.contains_key("terraform/workload/removed.tf"));
    assert!(String::from_utf8_lossy(&after["terraform/workload/.terraform.lock.hcl"]).contains("6.2.0"));
    let output = render(&file, &out, &["--drop-retired"]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert!(
        out.join("terraform/workload/removed.tf").exists(),
        "it may not be applied yet"
    );
    let output = render(&file, &out, &["--drop-removed"]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert!(
        text(&output)
            .1
            .contains("no longer tells Terraform to forget analytics")
    );
    assert!(!out.join("terraform/workload/removed.tf").exists());
}

fn without_analytics(file: &Path) {
    edit(file, |text| text.replace("analytics {\n  scan_limit_gb = 100\n}\n", ""));
}

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

    let output = render(&file, &out, &["--drop-removed"]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert_eq!(moves(&files(&out)), "");
}

/// Last month's calls of the old profiles are priced this month, too.
#[test]
fn prices_of_retired_profiles_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    let priced = |files: BTreeMap<String, Vec<u8>>| -> Vec<(String, String, Option<f64>)> {
        let rows: serde_json::Value = serde_json::from_slice(&files["terraform/workload/prices.json"]).unwrap();
        let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
        let rows = rows.as_array().unwrap();
        rows.iter()
            .map(|row| (text(row, "model_key"), text(row, "geography"), row["input"].as_f64()))
            .collect()
    };
    let before = priced(rendered(&file, &out));
    edit(&file, |text| {
        let text = text.replacen("geography = \"us\"", "geography = \"global\"", 1);
        text.replacen("\"opus-4-6\", \"sonnet-4-6\"", "\"opus-4-6\"", 1)
    });
    let after = priced(rendered(&file, &out));
    for row in &before {
        assert!(after.contains(row), "{row:?} is gone: {after:?}");
    }
    assert!(
        after.contains(&("opus-4-6".to_owned(), "global".to_owned(), Some(5.0))),
        "{after:?}"
    );
    let output = render(&file, &out, &["--drop-retired"]);
    assert!(output.status.success(), "{}", text(&output).1);
    let dropped = priced(files(&out));
    assert!(
        dropped.iter().all(|(_, geography, _)| geography == "global"),
        "{dropped:?}"
    );
}

#[test]
fn a_deployment_is_not_rendered_over_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    let before = files(&out);
    edit(&file, |text| text.replacen("\"claude-code\"", "\"claude-two\"", 1));
    let output = render(&file, &out, &["--force"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).1.contains("claude-two"), "{}", text(&output).1);
    assert!(files(&out) == before);
}

#[test]
fn a_damaged_manifest_is_an_error_and_not_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    for damage in ["", "{", "[]", "{\"version\": 99}", "{\"version\": 1}"] {
        fs::write(out.join("terraform/tfgen-manifest.json"), damage).unwrap();
        for flags in [&[][..], &["--check"], &["--force"]] {
            let output = render(&file, &out, flags);
            assert_eq!(output.status.code(), Some(1), "{damage:?} {flags:?}");
            assert!(text(&output).1.contains("tfgen-manifest.json"));
        }
    }
}

#[cfg(unix)]
mod killed {
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    use super::*;

    /// Numbers that look random and are the same in every run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: u128) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u64::try_from(u128::from(self.0 >> 33) % limit.max(1)).unwrap()
        }
    }

    #[test]
    fn a_killed_render_never_looks_clean_and_the_next_one_repairs_it() {
        let folder = tempfile::tempdir().unwrap();
        // Two states of one deployment that differ in many files, and the trees that they should become.
        let mut states = Vec::new();
        for state in 0..2 {
            let source = folder.path().join(format!("state-{state}"));
            fs::create_dir(&source).unwrap();
            let file = example(&source);
            if state == 1 {
                edit(&file, |text| {
                    text.replace("monthly_usd = 5000", "monthly_usd = 7000")
                        .replace("\"entra\"", "\"google\"")
                });
            }
            states.push(file);
        }
        let out = folder.path().join("out");
        let trees: Vec<_> = states.iter().map(|file| rendered(file, &out)).collect();
        let started = Instant::now();
        rendered(&states[0], &out);
        let longest = started.elapsed().as_micros() * 3 / 2;
        let mut numbers = Numbers(7);
        let mut killed = 0;
        for run in 0..200 {
            let target = run % 2;
            if run % 10 == 0 {
                // Also from nothing, where every file is new.
                fs::remove_dir_all(&out).unwrap();
            }
            let mut child = tfgen()
                .arg("render")
                .arg(&states[target])
                .arg("--out")
                .arg(&out)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_micros(numbers.below(longest)));
            child.kill().unwrap();
            if !child.wait().unwrap().success() {
                killed += 1;
            }
            for (state, file) in states.iter().enumerate() {
                if render(file, &out, &["--check"]).status.code() == Some(0) {
                    let mut present = files(&out);
                    present.retain(|path, _| !path.ends_with(".tmp"));
                    assert!(
                        present == trees[state],
                        "run {run}: state {state} looks clean and is not"
                    );
                }
            }
            let next = numbers.below(2) as usize;
            let output = render(&states[next], &out, &[]);
            assert!(output.status.success(), "run {run}: {}", text(&output).1);
            assert!(files(&out) == trees[next], "run {run}: not repaired");
        }
        assert!(killed > 20, "only {killed} of 200 were killed before they ended");
    }
}
