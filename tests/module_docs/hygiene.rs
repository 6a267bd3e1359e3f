//! What every module has, and what none has.

use hcl_edit::structure::{Block, Body};

use super::module::{Module, label, literal};

const FILES: [&str; 5] = ["README.md", "main.tf", "outputs.tf", "variables.tf", "versions.tf"];
const TERRAFORM: &str = ">= 1.10";
const PROVIDER: &str = ">= 5.100, < 7.0";

/// Structure of one module.
pub fn check(module: &Module, problems: &mut Vec<String>) {
    for file in FILES {
        if !module.files.contains_key(file) {
            problems.push(format!("{file}: missing"));
        }
    }
    if !module.readme().starts_with(&format!("# {}\n", module.name)) {
        problems.push(format!("README.md: does not start with \"# {}\"", module.name));
    }
    interface(module, problems);
    tests(module, problems);
    versions(module, problems);
    for (file, body) in module.bodies() {
        for block in body.blocks() {
            forbidden(file, block, problems);
        }
        for (block, home) in [("variable", "variables.tf"), ("output", "outputs.tf")] {
            if file != home && body.has_blocks(block) {
                problems.push(format!("{file}: a {block} outside {home}"));
            }
        }
    }
    text(module, problems);
}

fn interface(module: &Module, problems: &mut Vec<String>) {
    for variable in &module.variables {
        let name = &variable.name;
        if variable.kind.is_none() {
            problems.push(format!("variables.tf: `{name}` has no type"));
        }
        if variable.description.is_empty() {
            problems.push(format!("variables.tf: `{name}` has no description"));
        }
        if name.starts_with("enable_") || name.starts_with("create_") {
            problems.push(format!(
                "variables.tf: `{name}` is a toggle; leave the module call out instead"
            ));
        }
    }
    for output in &module.outputs {
        if output.description.is_empty() {
            problems.push(format!("outputs.tf: `{}` has no description", output.name));
        }
    }
}

/// A module without a run passes `terraform test`, and a test without a mock would call AWS.
fn tests(module: &Module, problems: &mut Vec<String>) {
    let mut runs = 0;
    for (file, body) in module.tests() {
        if !file.starts_with("tests/") {
            problems.push(format!("{file}: outside tests/, terraform would not run it"));
        }
        if !body.get_blocks("mock_provider").any(|block| label(block, 0) == "aws") {
            problems.push(format!("{file}: the provider aws is not mocked"));
        }
        for run in body.get_blocks("run") {
            runs += 1;
            let expects = run.body.has_blocks("assert") || run.body.has_attribute("expect_failures");
            let accepts = label(run, 0).starts_with("accepts_");
            if !expects && !accepts {
                problems.push(format!("{file}: run \"{}\" asserts nothing", label(run, 0)));
            }
        }
    }
    if runs == 0 {
        problems.push("tests: no run".to_owned());
    }
}

fn versions(module: &Module, problems: &mut Vec<String>) {
    for (file, body) in module.bodies() {
        let Some(terraform) = body.get_blocks("terraform").next() else {
            continue;
        };
        if file != "versions.tf" {
            problems.push(format!("{file}: a terraform block outside versions.tf"));
        }
        let required = terraform
            .body
            .get_attribute("required_version")
            .and_then(|version| literal(&version.value));
        if required.as_deref() != Some(TERRAFORM) {
            problems.push(format!("{file}: required_version is not \"{TERRAFORM}\""));
        }
        if provider(&terraform.body).as_deref() != Some(PROVIDER) {
            problems.push(format!("{file}: the version of hashicorp/aws is not \"{PROVIDER}\""));
        }
        return;
    }
    problems.push("versions.tf: no terraform block".to_owned());
}

/// Version constraint of `hashicorp/aws`.
fn provider(terraform: &Body) -> Option<String> {
    let required = terraform.get_blocks("required_providers").next()?;
    let aws = required.body.get_attribute("aws")?.value.as_object()?;
    let get = |name: &str| {
        let found = aws
            .iter()
            .find(|(key, _)| key.as_ident().is_some_and(|ident| ident.as_str() == name));
        found.and_then(|(_, value)| literal(value.expr()))
    };
    (get("source")? == "hashicorp/aws").then(|| get("version"))?
}

fn forbidden(file: &str, block: &Block, problems: &mut Vec<String>) {
    let kind = block.ident.as_str();
    let what = format!(
        "{kind} {}",
        block
            .labels
            .iter()
            .map(|label| label.as_str())
            .collect::<Vec<_>>()
            .join(".")
    );
    // Whoever calls the module chooses account, region and state.
    if kind == "provider" || (kind == "terraform" && block.body.has_blocks("backend")) {
        problems.push(format!("{file}: {kind} belongs to the root"));
    }
    // A count is a toggle, or a list whose members change identity when one before them goes.
    if block.body.has_attribute("count") {
        problems.push(format!("{file}: {what} uses count"));
    }
    if label(block, 0) == "aws_s3_bucket_lifecycle_configuration" {
        for rule in block.body.get_blocks("rule") {
            if !rule.body.has_blocks("filter") {
                problems.push(format!("{file}: a rule of {what} has no filter"));
            }
            if !rule.body.has_blocks("abort_incomplete_multipart_upload") {
                problems.push(format!("{file}: a rule of {what} leaves aborted uploads"));
            }
        }
    }
}

/// What validate accepts and AWS or provider 6 does not.
fn text(module: &Module, problems: &mut Vec<String>) {
    let sources = module.files.iter().filter(|(path, _)| path.ends_with(".tf"));
    for (file, text) in sources {
        for (index, line) in text.lines().enumerate() {
            let place = format!("{file}:{}", index + 1);
            let code = line.split('#').next().unwrap_or_default();
            if code.contains(".logging_config") {
                problems.push(format!(
                    "{place}: logging_config is an object under provider 5 and a list under 6"
                ));
            }
            if code.contains("data.aws_region.") && code.contains(".name") {
                problems.push(format!(
                    "{place}: the attribute `name` of a region is deprecated in provider 6; use `id`"
                ));
            }
            // The doubled dollar sign is an escape: AWS would receive the braces and what stands in them.
            for reference in ["each", "var", "local", "data", "module"] {
                if code.contains(&format!("$${{{reference}.")) {
                    problems.push(format!(
                        "{place}: $${{{reference}.…}} is text, not an interpolation; use format()"
                    ));
                }
            }
        }
    }
}
