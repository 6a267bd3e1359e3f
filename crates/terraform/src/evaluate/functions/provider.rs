//! Functions of providers.

use std::collections::BTreeMap;

use super::arguments::{CallError, text};
use super::strings::string;
use super::{Implementation, Scope};
use crate::value::Value;

/// Parts of an ARN after `arn:`, in the order of the text.
const ARN_PARTS: [&str; 5] = ["partition", "service", "region", "account_id", "resource"];

pub fn implementation(name: &str) -> Option<Implementation> {
    Implementation::known(match name {
        "hashicorp/aws::arn_build" => |arguments, _| {
            let parts: Vec<&str> = (0..ARN_PARTS.len()).map(|index| text(arguments, index)).collect();
            string(&format!("arn:{}", parts.join(":")))
        },
        "hashicorp/aws::arn_parse" => |arguments, _| {
            let parts = parse(text(arguments, 0))?;
            let attributes = ARN_PARTS
                .iter()
                .zip(parts)
                .map(|(name, part)| ((*name).to_owned(), Value::String(part.to_owned())));
            Ok(Value::Object(attributes.collect::<BTreeMap<_, _>>()))
        },
        "hashicorp/aws::trim_iam_role_path" => trim_role_path,
        _ => return None,
    })
}

/// The parts of an ARN. How the provider takes one apart: six parts between colons, of which the last may hold more.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
fn parse(arn: &str) -> Result<Vec<&str>, CallError> {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") {
        return Err(CallError::argument(0, "an ARN begins with `arn:`"));
    }
    let parts: Vec<&str> = parts.collect();
    if parts.len() == ARN_PARTS.len() {
        Ok(parts)
    } else {
        Err(CallError::argument(0, "an ARN has six parts with colons between them"))
    }
}

fn trim_role_path(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let arn = text(arguments, 0);
    let parts = parse(arn)?;
    let [_, service, region, _, resource] = parts.as_slice() else {
        return string(arn);
    };
    if *service != "iam" {
        return Err(CallError::argument(0, "it is not an ARN of IAM"));
    }
    if !region.is_empty() {
        return Err(CallError::argument(0, "an ARN of IAM has no region"));
    }
    let Some(path) = resource.strip_prefix("role/") else {
        return Err(CallError::argument(0, "it is not the ARN of a role"));
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let kept = arn.strip_suffix(resource).unwrap_or_default();
    string(&format!("{kept}role/{name}"))
}
