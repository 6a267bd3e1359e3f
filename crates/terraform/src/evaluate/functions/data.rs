//! Signatures.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::value::Type;

/// A function's signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The name; of a provider's function with the source address of the provider before it:
    /// `hashicorp/aws::arn_parse`.
    pub name: String,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The parameter of all further arguments.
    pub variadic: Option<Parameter>,
    /// The type of the result, as far as it does not depend on the arguments.
    pub returns: Type,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// What an argument is converted to.
    pub kind: Type,
    /// Whether an argument may be null.
    pub nullable: bool,
}

impl Function {
    /// The parameter of the argument at this position, counted from 0.
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }
}

#[derive(Deserialize)]
struct Line {
    name: String,
    #[serde(default)]
    parameters: Vec<LineParameter>,
    variadic: Option<LineParameter>,
    returns: serde_json::Value,
}

#[derive(Deserialize)]
struct LineParameter {
    name: String,
    #[serde(rename = "type")]
    kind: serde_json::Value,
    #[serde(default)]
    nullable: bool,
}

/// All functions of Terraform 1.11 and of the providers that this crate knows, by name.
pub fn functions() -> &'static BTreeMap<String, Function> {
    static FUNCTIONS: LazyLock<BTreeMap<String, Function>> = LazyLock::new(|| {
        include_str!("../../../data/functions.jsonl")
            .lines()
            .filter_map(|line| {
                let line: Line = serde_json::from_str(line).ok()?;
                let function = Function {
                    parameters: line.parameters.into_iter().map(parameter).collect::<Option<_>>()?,
                    variadic: match line.variadic {
                        Some(variadic) => Some(parameter(variadic)?),
                        None => None,
                    },
                    returns: Type::from_json(&line.returns)?,
                    name: line.name,
                };
                Some((function.name.clone(), function))
            })
            .collect()
    });
    &FUNCTIONS
}

fn parameter(line: LineParameter) -> Option<Parameter> {
    Some(Parameter {
        name: line.name,
        kind: Type::from_json(&line.kind)?,
        nullable: line.nullable,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines = include_str!("../../../data/functions.jsonl").lines().count();
        assert!(lines > 100);
        assert_eq!(functions().len(), lines);
    }
}
