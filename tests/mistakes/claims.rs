//! What texts must not say, and what they must.

use std::fs;
use std::path::Path;

use crate::deployments::{ALL, deployment};

/// Rows of `docs/mistakes.md` and what would repeat them, in lower case.
const REFUTED: &[(u32, &str)] = &[
    (6, "null for streaming"),
    (6, "counts are not logged for streaming"),
    (10, "15/75"),
    (11, "claude-sonnet-4-6-v1"),
    (13, "not used by claude code"),
    (13, "causes authentication failures"),
    (14, "enable amazon bedrock in"),
    (14, "request model access"),
    (17, "cannot be automated"),
    (19, "should match the bedrock region"),
    (20, "saml metadata url"),
    (28, "kms causes"),
    (29, "only when developers are"),
    (30, "needs the user cost tag"),
    (31, "claudecodedeveloper"),
    (31, "claudecodeadmin"),
    (36, "prompt routing"),
];

/// 6, 10, 11, 13, 14, 17, 19, 20, 28–31, 36: in what is rendered, in what developers are given, and in our own pages.
#[test]
fn no_text_repeats_a_refuted_claim() {
    let mut texts: Vec<(String, String)> = Vec::new();
    for deployment in ALL.iter() {
        let written = deployment.texts().chain(deployment.own());
        texts.extend(written.map(|(path, text)| (format!("{}: {path}", deployment.name), text.to_owned())));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for path in pages.chain([root.join("README.md")]) {
        // The pages of the mistakes quote them.
        let quotes = ["docs/mistakes.md", "docs/check-mistakes.md"]
            .iter()
            .any(|page| path.ends_with(page));
        if path.extension().is_some_and(|extension| extension == "md") && !quotes {
            texts.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    for (place, text) in texts {
        let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        for (row, claim) in REFUTED {
            assert!(!text.contains(claim), "{place}: mistake {row}: {claim}");
        }
    }
}

/// 22, 28, 30, 38: what those who made the mistake should have read.
#[test]
fn checklists_state_the_corrections() {
    for (name, correction) in [
        (
            "roles",
            "An incoming webhook of Slack can neither confirm a subscription nor read SNS messages.",
        ),
        (
            "roles",
            "Whoever reads the logs through Athena needs `kms:Decrypt` on the key",
        ),
        ("roles", "The log is independent of the cost allocation tags"),
        ("example", "The log is independent of the cost allocation tags"),
        ("example", "a DynamoDB table is not needed"),
    ] {
        let checklist = deployment(name).file("MANUAL_STEPS.md");
        assert!(checklist.contains(correction), "{name}: {correction}");
    }
    // Nobody activates tags there, and the cost per developer is counted all the same.
    let roles = deployment("roles");
    assert!(!roles.files.keys().any(|path| path.starts_with("terraform/billing/")));
    assert!(
        roles
            .file("terraform/workload/main.tf")
            .contains("module \"analytics\"")
    );
}
