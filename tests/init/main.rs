//! `tfgen init` as a user runs it: every file that it writes is one that `tfgen render` accepts.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod imports;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Output;

use support::{files, text, tfgen};

const IDENTITY_CENTER: [&str; 13] = [
    "--account-id=123456789012",
    "--region=us-east-1",
    "--geography=us",
    "--allow=opus-4-6,sonnet-4-6,haiku-4-5",
    "--developers=developers.csv",
    "--access=identity-center",
    "--identity-account-id=999999999999",
    "--identity-source=entra",
    "--identity-instance-arn=arn:aws:sso:::instance/ssoins-1234567890abcdef",
    "--start-url=https://d-1234567890.awsapps.com/start",
    "--identity-region=us-east-1",
    "--management-account-id=999999999999",
    "--deploy-principal=arn:aws:iam::*:role/terraform-*",
];

const ROLES: [&str; 7] = [
    "--account-id=123456789012",
    "--region=eu-central-1",
    "--geography=eu",
    "--allow=opus-4-6",
    "--developers=developers.csv",
    "--access=roles",
    "--trusted=arn:aws:iam::123456789012:user/alice",
];

const FEDERATION: [&str; 8] = [
    "--account-id=123456789012",
    "--region=us-east-1",
    "--geography=us",
    "--allow=opus-4-6,haiku-4-5",
    "--developers=developers.csv",
    "--offline",
    "--issuer=https://acme.okta.com/oauth2/default",
    "--client-id=0oa1b2c3d4e5f6g7h8i9",
];

/// A folder with a roster of two people.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("developers.csv"),
        "id,email,team,cost_center\nalice,alice@example.com,engineering,CC-1\nbob,bob@example.com,data,CC-2\n",
    )
    .unwrap();
    folder
}

fn init(folder: &Path, flags: &[&str]) -> Output {
    tfgen().current_dir(folder).arg("init").args(flags).output().unwrap()
}

/// What `init` said to flags that it refused: it wrote nothing.
fn refused(flags: &[&str]) -> String {
    let folder = folder();
    let before = files(folder.path());
    let output = init(folder.path(), flags);
    assert_eq!(output.status.code(), Some(2), "{:?}", text(&output));
    assert_eq!(files(folder.path()), before);
    let (stdout, stderr) = text(&output);
    assert_eq!(stdout, "");
    stderr.replace('\\', "/")
}

/// Runs `init`, then `render` on what it wrote, and returns the file.
fn written(folder: &Path, flags: &[&str]) -> String {
    let output = init(folder, flags);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output).1);
    renders(folder);
    fs::read_to_string(folder.join("tfgen.hcl")).unwrap()
}

fn renders(folder: &Path) {
    let render = |flags: &[&str]| tfgen().current_dir(folder).arg("render").args(flags).output().unwrap();
    for (flags, expected) in [(&["--check"][..], 10), (&[], 0), (&["--check"], 0)] {
        let output = render(flags);
        assert_eq!(output.status.code(), Some(expected), "{flags:?}: {:?}", text(&output));
    }
    assert!(folder.join("terraform/workload/main.tf").is_file());
}

#[test]
fn few_flags_make_a_file_that_renders() {
    for flags in [&IDENTITY_CENTER[..], &ROLES[..], &FEDERATION[..]] {
        for more in [
            &[][..],
            &["--profiles=none"],
            &["--profiles=team", "--no-logging"],
            &[
                "--budget=250.5",
                "--budget-email=a@example.com,b@example.com",
                "--prompts",
            ],
            &[
                "--state-bucket=acme-state",
                "--state-region=eu-west-1",
                "--retention-days=60",
            ],
        ] {
            let folder = folder();
            let all: Vec<&str> = flags.iter().chain(more).copied().collect();
            written(folder.path(), &all);
        }
    }
}

#[test]
fn every_flag_arrives_in_the_file() {
    let folder = folder();
    let flags: Vec<&str> = IDENTITY_CENTER
        .into_iter()
        .chain([
            "--name=acme-ai",
            "--default-model=sonnet-4-6",
            "--profiles=developer",
            "--group=Devs",
            "--admin-group=Admins",
            "--analyst-group=Analysts",
            "--session-tag=email",
            "--attach-scp-to=123456789012",
            "--break-glass=arn:aws:iam::*:role/emergency",
            "--state-bucket=acme-state",
            "--state-region=us-west-2",
            "--prompts",
            "--retention-days=60",
            "--expiration-days=90",
            "--budget=5000",
            "--budget-email=platform@example.com",
        ])
        .collect();
    insta::assert_snapshot!(written(folder.path(), &flags));
    let flags: Vec<&str> = ROLES
        .into_iter()
        .chain([
            "--force",
            "--admins=arn:aws:iam::123456789012:role/platform",
            "--analysts=arn:aws:iam::123456789012:role/finance",
        ])
        .collect();
    fs::remove_dir_all(folder.path().join("terraform")).unwrap();
    fs::remove_dir_all(folder.path().join(".tfgen")).ok();
    let output = init(folder.path(), &flags);
    assert!(output.status.success(), "{}", text(&output).1);
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("tfgen.hcl")).unwrap());
}

#[test]
fn every_flag_of_federation_arrives_in_the_file() {
    let folder = folder();
    let more = [
        "--sign-in-domain=example.com,example.org",
        "--session-tag=Email",
        "--profiles=developer",
        "--max-session-hours=10",
        "--oidc-provider-arn=arn:aws:iam::123456789012:oidc-provider/acme.okta.com/oauth2/default",
    ];
    let flags: Vec<&str> = FEDERATION.iter().chain(&more).copied().collect();
    insta::assert_snapshot!(written(folder.path(), &flags));
}

/// The pool makes the tag, so Google's tokens may be bound by one.
#[test]
fn an_identity_pool_arrives_in_the_file() {
    let folder = folder();
    let more = ["--identity-pool", "--session-tag=Email", "--profiles=developer"];
    let google = [
        "--issuer=https://accounts.google.com",
        "--client-id=1-a.apps.googleusercontent.com",
        "--sign-in-domain=example.com",
    ];
    let flags: Vec<&str> = FEDERATION
        .into_iter()
        .filter(|flag| !flag.starts_with("--issuer") && !flag.starts_with("--client-id"))
        .chain(google)
        .chain(more)
        .collect();
    let written = written(folder.path(), &flags);
    assert!(written.contains("\n  identity_pool {}\n"), "{written}");
}

/// Each provider's own form of the issuer, whatever was typed.
#[test]
fn the_issuer_is_written_as_tokens_have_it() {
    let tenant = "11112222-3333-4444-5555-666677778888";
    let entra = format!("https://sts.windows.net/{tenant}/");
    for (typed, client, provider, issuer) in [
        (
            "https://acme.okta.com/",
            "0oa1",
            "okta",
            "https://acme.okta.com".to_owned(),
        ),
        (
            "https://acme.eu.auth0.com",
            "abc",
            "auth0",
            "https://acme.eu.auth0.com/".to_owned(),
        ),
        (
            &entra,
            "99998888-7777-6666-5555-444433332222",
            "entra",
            format!("https://login.microsoftonline.com/{tenant}/v2.0"),
        ),
        (
            "https://id.example/realms/x/.well-known/openid-configuration",
            "claude",
            "oidc",
            "https://id.example/realms/x".to_owned(),
        ),
    ] {
        let folder = folder();
        let (typed, client) = (format!("--issuer={typed}"), format!("--client-id={client}"));
        let flags: Vec<&str> = FEDERATION[..6].iter().copied().chain([&*typed, &*client]).collect();
        let file = written(folder.path(), &flags);
        assert!(file.contains(&format!("  provider  = \"{provider}\"\n")), "{file}");
        assert!(file.contains(&format!("  issuer    = \"{issuer}\"\n")), "{file}");
    }
}

/// Neither the network nor its absence keeps anybody from a file.
#[test]
fn an_issuer_that_cannot_be_asked_is_told_and_taken_by_its_address() {
    let folder = folder();
    let flags: Vec<&str> = FEDERATION
        .into_iter()
        .filter(|flag| *flag != "--offline" && !flag.starts_with("--issuer"))
        .chain(["--issuer=https://issuer.invalid/x"])
        .collect();
    let output = init(folder.path(), &flags);
    let said = text(&output).1;
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("https://issuer.invalid/x could not be asked: "), "{said}");
    assert!(
        said.contains("\n  consider: --issuer: its own document was not read"),
        "{said}"
    );
    renders(folder.path());
}

#[test]
fn an_issuer_that_is_none_is_refused() {
    let with = |issuer: &str| {
        let issuer = format!("--issuer={issuer}");
        let flags: Vec<&str> = FEDERATION
            .into_iter()
            .filter(|flag| !flag.starts_with("--issuer"))
            .chain([&*issuer])
            .collect();
        refused(&flags)
    };
    insta::assert_snapshot!(
        with("https://login.microsoftonline.com/common/v2.0"),
        @"error: `https://login.microsoftonline.com/common/v2.0` cannot be the issuer: `common` stands for many tenants, and AWS takes the tokens of one issuer; write the id of your tenant there"
    );
    let plain = with("http://acme.okta.com");
    assert!(plain.contains("AWS takes no other address"), "{plain}");
    // What only the block's own checks know names the flag as well.
    assert!(with("https://id.example:8443/x").contains("`--issuer` sets this value"));
    let said = refused(&["--access=federation", "--offline"]);
    for flag in ["--issuer", "--client-id"] {
        assert!(said.contains(&format!("\n  {flag} ")), "{flag} is not in\n{said}");
    }
}

/// What is not in use can be put to use by taking the marks away.
#[test]
fn the_commented_blocks_render() {
    for flags in [&IDENTITY_CENTER[..11], &ROLES[..]] {
        for more in [&[][..], &["--no-logging"]] {
            let folder = folder();
            let flags: Vec<&str> = flags.iter().chain(more).copied().collect();
            let output = init(folder.path(), &flags);
            assert!(output.status.success(), "{}", text(&output).1);
            let path = folder.path().join("tfgen.hcl");
            let (file, blocks) = uncommented(&fs::read_to_string(&path).unwrap());
            let mut expected = if more.is_empty() {
                vec!["profiles", "organization", "deploy", "state", "budgets", "guardrail"]
            } else {
                vec![
                    "profiles",
                    "organization",
                    "deploy",
                    "state",
                    "logging",
                    "analytics",
                    "budgets",
                    "guardrail",
                ]
            };
            // With roles the account may stand alone; with Identity Center elsewhere the payer is another account.
            if flags.contains(&"--access=identity-center") {
                expected.insert(4, "cost_tags");
            }
            assert_eq!(blocks, expected);
            fs::write(&path, file).unwrap();
            renders(folder.path());
        }
    }
}

/// The file with its commented blocks in use, and their names.
fn uncommented(file: &str) -> (String, Vec<String>) {
    let mut blocks = Vec::new();
    let mut inside = false;
    let mut lines = Vec::new();
    for line in file.lines() {
        let bare = line.strip_prefix("# ");
        let opened = bare.and_then(|bare| bare.strip_suffix(" {").or(bare.strip_suffix(" {}")));
        if let Some(name) = opened.filter(|name| !name.contains(' ')) {
            blocks.push(name.to_owned());
            inside = true;
        }
        match bare {
            Some(bare) if inside => {
                inside = !bare.ends_with('}');
                lines.push(bare);
            }
            _ => lines.push(line),
        }
    }
    (lines.join("\n") + "\n", blocks)
}

#[test]
fn missing_flags_are_named_all_at_once() {
    let said = refused(&[]);
    for flag in [
        "--account-id",
        "--region",
        "--geography",
        "--allow",
        "--developers",
        "--access",
    ] {
        assert!(said.contains(&format!("\n  {flag} ")), "{flag} is not in\n{said}");
    }
    let said = refused(&["--access=roles", "--budget=5", "--management-account-id=999999999999"]);
    for flag in ["--account-id", "--trusted", "--deploy-principal", "--budget-email"] {
        assert!(said.contains(&format!("\n  {flag} ")), "{flag} is not in\n{said}");
    }
}

/// Faults that only the whole file shows name the flag as well.
#[test]
fn what_render_would_refuse_is_not_written() {
    let with = |more: &[&'static str]| {
        let flags: Vec<&str> = IDENTITY_CENTER.iter().chain(more).copied().collect();
        refused(&flags)
    };
    insta::assert_snapshot!(with(&[
        "--group=Everybody",
        "--admin-group=Everybody",
        "--retention-days=45",
        "--state-bucket=Acme_State",
        "--attach-scp-to=999999999999",
    ]));
    insta::assert_snapshot!(with(&[
        "--break-glass=arn:aws:iam::*:role/*",
        "--budget=1e300",
        "--budget-email=platform@example.com"
    ]));
}

#[test]
fn a_faulty_roster_is_shown_and_nothing_is_written() {
    let folder = folder();
    fs::write(
        folder.path().join("developers.csv"),
        "id,email\nalice,alice\nalice,a@example.com\n",
    )
    .unwrap();
    let output = init(folder.path(), &ROLES);
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.path().join("tfgen.hcl").exists());
    insta::assert_snapshot!(text(&output).1);
}

#[test]
fn the_roster_is_looked_for_beside_the_file() {
    let folder = folder();
    let file = folder.path().join("deep/acme.hcl");
    fs::create_dir(folder.path().join("deep")).unwrap();
    let run = |flags: &[&str]| {
        let mut command = tfgen();
        command.current_dir(folder.path()).arg("init").arg(&file).args(flags);
        command.output().unwrap()
    };
    assert_eq!(run(&ROLES).status.code(), Some(2));
    fs::rename(
        folder.path().join("developers.csv"),
        folder.path().join("deep/developers.csv"),
    )
    .unwrap();
    let output = run(&ROLES);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output).1);
}

#[test]
fn an_existing_file_is_replaced_only_by_force() {
    let folder = folder();
    let path = folder.path().join("tfgen.hcl");
    fs::write(&path, "mine").unwrap();
    let output = init(folder.path(), &ROLES);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(
        text(&output).1,
        @"error: tfgen.hcl exists and is left as it is; name another file, or replace it with --force"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    let flags: Vec<&str> = ROLES.into_iter().chain(["--force"]).collect();
    assert_eq!(init(folder.path(), &flags).status.code(), Some(0));
    renders(folder.path());
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = folder();
    // Not even root can make a file in it.
    let output = tfgen()
        .current_dir(folder.path())
        .args(["init", "/proc/self/tfgen.hcl", "--no-input"])
        .args(ROLES.map(|flag| {
            flag.replace(
                "=developers.csv",
                &format!("={}/developers.csv", folder.path().display()),
            )
        }))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output).1);
    assert!(
        text(&output)
            .1
            .starts_with("error: cannot write /proc/self/tfgen.hcl: ")
    );
}
