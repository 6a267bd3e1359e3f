//! `tfgen render` as a user runs it: what is written, what is left alone, and what survives.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod support;

use std::fs;
use std::path::Path;

use support::{edit, example, files, render, rendered, text, tfgen, without_analytics};

#[test]
fn the_repository_is_what_the_example_renders_to() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in rendered(&repository.join("examples/acme.hcl"), folder.path()) {
        let committed = fs::read(repository.join(&path)).unwrap_or_default();
        let (committed, content) = (String::from_utf8_lossy(&committed), String::from_utf8_lossy(&content));
        assert!(
            committed.replace("\r\n", "\n") == content,
            "{path} differs: run `cargo run -- render examples/acme.hcl --out .` and read the difference"
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

/// What is carried over is no difference, also where something else was edited.
#[test]
fn the_difference_of_an_edited_checklist_shows_no_ticks() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let out = folder.path().join("out");
    rendered(&file, &out);
    edit(&out.join("MANUAL_STEPS.md"), |text| {
        text.replacen("[ ] <!-- step: apply-workload", "[x] <!-- step: apply-workload", 1)
            .replacen("# Manual steps", "# My steps", 1)
    });
    let output = render(&file, &out, &[]);
    let said = text(&output).1;
    assert_eq!(output.status.code(), Some(10), "{said}");
    assert!(
        said.contains("-# My steps") && said.contains("+# Manual steps"),
        "{said}"
    );
    assert!(!said.contains("apply-workload"), "{said}");
}

/// AWS counts the characters of a policy: who writes too much is shown where, before anything is written.
#[test]
fn a_policy_that_is_too_long_is_an_error_at_what_makes_it_long() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    edit(&file, |text| {
        let roles: Vec<String> = (0..200)
            .map(|number| format!("\"arn:aws:iam::123456789012:role/terraform-of-team-{number}\""))
            .collect();
        text.replace(
            "[\"arn:aws:iam::*:role/terraform-*\"]",
            &format!("[{}]", roles.join(", ")),
        )
    });
    let out = folder.path().join("out");
    let output = render(&file, &out, &[]);
    let said = text(&output).1;
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("scp.json has") && said.contains("acme.hcl:36:") && said.contains("this takes the space"),
        "{said}"
    );
    assert!(!out.exists());
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
