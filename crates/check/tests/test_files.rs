//! Files of tests. What `terraform validate` 1.11 refuses is an error, what only `terraform test` refuses or warns of is
//! a warning; each case was put to both.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use check::{Input, Options};
use findings::{Family, Severity};

const MODULE: &str = r#"variable "name" {
  type = string
}
variable "days" {
  type    = number
  default = 1
}
locals {
  prefix = "x"
}
resource "terraform_data" "a" {
  input = var.name
}
resource "terraform_data" "n" {
  count = 2
}
data "terraform_remote_state" "s" {
  backend = "local"
}
output "name" {
  value = terraform_data.a.input
}
check "health" {
  assert {
    condition     = var.days > 0
    error_message = "x"
  }
}
module "m" {
  source = "./mod"
}
"#;

const OK: &[&str] = &[
    "assert {\n condition = output.name == \"abc\"\n error_message = \"m\"\n }",
    "assert {\n condition = terraform_data.a.input == var.name && module.m.o == 1 && local.prefix == \"x\"\n error_message = \"${var.name}\"\n }",
    "assert {\n condition = alltrue([for one in terraform_data.n : one.id != null]) && terraform_data.n[0].id != run.r.name\n error_message = \"m\"\n }",
    "assert {\n condition = data.terraform_remote_state.s.outputs.x == 1\n error_message = \"m\"\n }",
    "expect_failures = [var.name, output.name, check.health, terraform_data.a, terraform_data.n[0], data.terraform_remote_state.s]",
    "override_resource {\n target = terraform_data.a\n values = {}\n override_during = plan\n }\n override_data {\n target = data.terraform_remote_state.s\n }\n override_module {\n target = module.m\n outputs = { o = 1 }\n }",
    "override_resource {\n target = module.m.terraform_data.deep\n }\n override_data {\n target = module.m[\"k\"].module.x.data.aws_region.here\n }\n override_module {\n target = module.m.module.x\n }",
    "plan_options {\n mode = refresh-only\n }",
    "module {\n source = \"./mod\"\n }\n expect_failures = [var.other]\n assert {\n condition = output.other == run.r.x\n error_message = \"m\"\n }",
    "module {\n source = \"terraform-aws-modules/s3-bucket/aws\"\n version = \"4.0.0\"\n }",
];

/// The body of a run, the severity, and a part of the message.
const FAULTS: &[(&str, Severity, &str)] = &[
    (
        "assert {\n condition = true\n error_message = \"m\"\n }",
        Severity::Error,
        "refers to nothing",
    ),
    (
        "assert {\n condition = upper(\"a\") == \"A\"\n error_message = \"m\"\n }",
        Severity::Error,
        "refers to nothing",
    ),
    (
        "assert {\n condition = output.zz == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "no output `zz`",
    ),
    (
        "assert {\n condition = run.zz.name == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "no run `zz`",
    ),
    (
        "assert {\n condition = var.zz == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "no input variable `zz`",
    ),
    (
        "assert {\n condition = local.zz == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "zz",
    ),
    (
        "assert {\n condition = terraform_data.zz.id == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "zz",
    ),
    (
        "assert {\n condition = module.zz.o == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "zz",
    ),
    (
        "assert {\n condition = module.m.zz == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "zz",
    ),
    (
        "assert {\n condition = terraform_data.a.zz == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "zz",
    ),
    (
        "assert {\n condition = each.key == 1\n error_message = \"m\"\n }",
        Severity::Warning,
        "each",
    ),
    (
        "variables {\n nope = 1\n }",
        Severity::Warning,
        "declares no variable `nope`",
    ),
    (
        "variables {\n days = \"x\"\n }",
        Severity::Warning,
        "var.days: a number is required",
    ),
    (
        "variables {\n }\n variables {\n }",
        Severity::Error,
        "already a block `variables`",
    ),
    (
        "expect_failures = [local.prefix]",
        Severity::Error,
        "no condition that could fail",
    ),
    (
        "expect_failures = [module.m]",
        Severity::Error,
        "no condition that could fail",
    ),
    ("expect_failures = var.name", Severity::Error, "is a list"),
    ("expect_failures = [var.zz]", Severity::Warning, "does not declare this"),
    (
        "expect_failures = [terraform_data.zz]",
        Severity::Warning,
        "does not declare this",
    ),
    (
        "expect_failures = [check.zz]",
        Severity::Warning,
        "does not declare this",
    ),
    (
        "override_resource {\n target = terraform_data.zz\n }",
        Severity::Warning,
        "does not declare this",
    ),
    (
        "override_module {\n target = module.zz\n }",
        Severity::Warning,
        "does not declare this",
    ),
    (
        "override_data {\n target = terraform_data.a\n }",
        Severity::Error,
        "overrides a data source",
    ),
    (
        "override_resource {\n target = data.terraform_remote_state.s\n }",
        Severity::Error,
        "overrides a resource",
    ),
    (
        "override_module {\n target = terraform_data.a\n }",
        Severity::Error,
        "overrides a module call",
    ),
    (
        "override_resource {\n target = \"terraform_data.a\"\n }",
        Severity::Error,
        "without quotes",
    ),
    (
        "override_resource {\n target = terraform_data.a\n values = 1\n }",
        Severity::Error,
        "must be an object",
    ),
    (
        "override_resource {\n target = terraform_data.a\n }\n override_resource {\n target = terraform_data.a\n }",
        Severity::Error,
        "declared twice",
    ),
    (
        "override_resource {\n target = terraform_data.a\n override_during = never\n }",
        Severity::Error,
        "`plan` or `apply`",
    ),
    (
        "plan_options {\n mode = never\n }",
        Severity::Error,
        "`normal` or `refresh-only`",
    ),
    (
        "module {\n source = \"git::https://example.com/x.git\"\n }",
        Severity::Error,
        "neither",
    ),
    ("module {\n }", Severity::Error, "source"),
];

/// Findings in the file of tests.
fn findings(test: &str) -> Vec<(Severity, String)> {
    let files: BTreeMap<PathBuf, Vec<u8>> = [
        ("root/main.tf", MODULE),
        ("root/mod/main.tf", "output \"o\" {\n  value = 1\n}\n"),
        ("root/tests/main.tftest.hcl", test),
    ]
    .map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec()))
    .into();
    let report = check::run_memory(&files, &Options::default()).unwrap();
    let in_tests = |finding: &&findings::Finding| finding.place.source.name.ends_with(".tftest.hcl");
    let told = report.findings.iter().filter(in_tests);
    told.map(|finding| (finding.severity, finding.message.clone()))
        .collect()
}

fn run(body: &str) -> String {
    format!("variables {{\n  name = \"abc\"\n}}\n\nrun \"r\" {{\n command = plan\n {body}\n}}\n")
}

#[test]
fn what_terraform_takes() {
    for body in OK {
        assert_eq!(findings(&run(body)), [], "{body}");
    }
    let mocks = "mock_provider \"aws\" {\n override_during = plan\n mock_resource \"aws_sqs_queue\" {\n defaults = { arn = \"x\" }\n }\n \
                 mock_data \"aws_sqs_queue\" {\n defaults = {}\n }\n override_data {\n target = data.terraform_remote_state.s\n }\n}\n\
                 mock_provider \"aws\" {\n alias = \"other\"\n}\n\
                 variables {\n nope = 1\n}\n\
                 run \"r\" {\n assert {\n condition = var.nope == 1\n error_message = \"m\"\n }\n}\n";
    assert_eq!(findings(mocks), []);
}

#[test]
fn what_terraform_refuses() {
    for (body, severity, part) in FAULTS {
        let found = findings(&run(body));
        let is_it = |(found, message): &(Severity, String)| found == severity && message.contains(part);
        assert!(found.len() == 1 && found.iter().all(is_it), "{body}: {found:?}");
    }
    for (test, part) in [
        (
            "mock_provider \"aws\" {\n}\nmock_provider \"aws\" {\n}\n",
            "provider `aws` is declared twice",
        ),
        (
            "mock_provider \"aws\" {\n}\nprovider \"aws\" {\n}\n",
            "provider `aws` is declared twice",
        ),
        (
            "mock_provider \"aws\" {\n mock_resource \"a\" {\n }\n mock_resource \"a\" {\n }\n}\n",
            "mock_resource `a` is declared twice",
        ),
        ("variables {\n}\nvariables {\n}\n", "already a block `variables`"),
    ] {
        let found = findings(test);
        assert!(
            found.len() == 1 && found[0].0 == Severity::Error && found[0].1.contains(part),
            "{test}: {found:?}"
        );
    }
}

#[test]
fn our_own_tests_have_no_findings() {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../terraform/modules");
    let report = check::run(&[Input::Path(modules)], &Options::default()).unwrap();
    let bad: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.rule.family == Family::Language)
        .map(|finding| {
            let region = finding.place.region();
            format!("{}:{}: {}", finding.place.source.name, region.line, finding.message)
        })
        .collect();
    assert_eq!(bad, [""; 0]);
}
