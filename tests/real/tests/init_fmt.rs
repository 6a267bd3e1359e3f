//! The real Terraform finds nothing to format in what `tfgen init` writes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::fs;

use real::{terraform, tfgen};

const BASIC: [&str; 6] = [
    "--account-id=123456789012",
    "--region=us-east-1",
    "--geography=us",
    "--allow=opus-4-6,sonnet-4-6,haiku-4-5",
    "--developers=developers.csv",
    "--no-input",
];

const IDENTITY_CENTER: [&str; 10] = [
    "--access=identity-center",
    "--identity-account-id=999999999999",
    "--identity-source=entra",
    "--identity-instance-arn=arn:aws:sso:::instance/ssoins-1234567890abcdef",
    "--start-url=https://d-1234567890.awsapps.com/start",
    "--identity-region=us-east-1",
    "--admin-group=Claude Code Admins",
    "--management-account-id=999999999999",
    "--deploy-principal=arn:aws:iam::*:role/terraform-*",
    "--break-glass=arn:aws:iam::*:role/break-glass",
];

const ROLES: [&str; 4] = [
    "--access=roles",
    "--trusted=arn:aws:iam::123456789012:user/alice,arn:aws:iam::123456789012:user/bob",
    "--budget=5000",
    "--budget-email=platform@example.com,finance@example.com",
];

#[test]
fn terraform_fmt_changes_nothing() {
    let module = real::paths::repository().join("tests/fixtures/init/module.tfvars");
    let import = [
        "--from-tfvars",
        module.to_str().unwrap(),
        "--email-domain=example.com",
        "--no-input",
    ];
    let ccwb = real::paths::repository().join("tests/fixtures/init/ccwb-okta.json");
    let installation = [
        "--from-ccwb",
        ccwb.to_str().unwrap(),
        "--offline",
        "--developers=developers.csv",
        "--sign-in-domain=example.com",
        "--session-tag=Email",
        "--no-input",
    ];
    let identity_center = [&BASIC[..], &IDENTITY_CENTER].concat();
    let roles = [&BASIC[..], &ROLES].concat();
    for flags in [&identity_center[..], &roles, &import, &installation] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("developers.csv"), "email\nalice@example.com\n").unwrap();
        // `terraform fmt` reads files of its own suffixes only.
        let output = tfgen::command()
            .unwrap()
            .current_dir(folder.path())
            .args(["init", "deployment.tfvars"])
            .args(flags)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = terraform::output(folder.path(), &["fmt", "-check", "-diff"]).unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
        // It looks at the file at all.
        let path = folder.path().join("deployment.tfvars");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("name       =", "name =")).unwrap();
        let said = terraform::output(folder.path(), &["fmt", "-check"]).unwrap();
        assert_eq!(said.status.code(), Some(3));
    }
}
