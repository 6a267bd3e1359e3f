//! Terraform's functions: their signatures, from `terraform metadata functions -json`, and what they compute.
//!
//! The signatures are data, renewed by `cargo run -p refresh -- functions`. What a function computes is written here for
//! those whose results matter; the others return a value that is not known, of the type that the signature promises.

mod arguments;
mod cidr;
mod collections;
mod data;
mod decode;
mod encode;
mod files;
mod format;
mod hash;
mod merge;
mod numbers;
mod pattern;
mod positions;
mod provider;
mod sequences;
mod sets;
mod strings;
mod time;
mod to;

pub use arguments::CallError;
pub use data::{Function, Parameter, functions};

use super::scope::Scope;
use crate::value::{Type, Value};

/// Functions that are not computed here and that refuse some arguments. Whether they refuse those at hand is not known,
/// and a call that fails has no type.
const MAY_FAIL: [&str; 6] = [
    "bcrypt",
    "terraform.io/builtin/terraform::decode_tfvars",
    "pathexpand",
    "textdecodebase64",
    "textencodebase64",
    "yamldecode",
];

/// What a function computes.
#[derive(Clone, Copy)]
pub struct Implementation {
    /// The result of arguments that fit the signature.
    pub run: fn(&[Value], &dyn Scope) -> Result<Value, CallError>,
    /// Whether it copes with arguments that are not known. Otherwise they make the result unknown.
    pub unknown: bool,
    /// Whether it copes with arguments whose type is not known. Otherwise they make the result's type unknown.
    pub untyped: bool,
}

impl Implementation {
    /// One that wants known arguments; parts of them may be unknown.
    const fn known(run: fn(&[Value], &dyn Scope) -> Result<Value, CallError>) -> Option<Self> {
        Some(Self {
            run,
            unknown: false,
            untyped: false,
        })
    }

    /// One that takes arguments that are not known, but whose type is.
    const fn typed(run: fn(&[Value], &dyn Scope) -> Result<Value, CallError>) -> Option<Self> {
        Some(Self {
            run,
            unknown: true,
            untyped: false,
        })
    }

    /// One that takes anything.
    const fn any(run: fn(&[Value], &dyn Scope) -> Result<Value, CallError>) -> Option<Self> {
        Some(Self {
            run,
            unknown: true,
            untyped: true,
        })
    }
}

/// Calls a function with arguments that have been converted to the types of its parameters.
///
/// # Errors
/// When the function refuses the arguments.
pub fn call(function: &Function, arguments: &[Value], scope: &dyn Scope) -> Result<Value, CallError> {
    let implementation = implementation(&function.name);
    for (index, argument) in arguments.iter().enumerate() {
        let nullable = function.parameter(index).is_some_and(|parameter| parameter.nullable);
        if argument.is_null() && !nullable {
            return Err(CallError::argument(index, "it must not be null"));
        }
        if argument.kind() == Type::Any && !implementation.is_some_and(|implementation| implementation.untyped) {
            return Ok(Value::unknown());
        }
    }
    let Some(implementation) = implementation else {
        let fails = MAY_FAIL.contains(&function.name.as_str()) && arguments.iter().all(Value::is_known);
        return Ok(if fails {
            Value::unknown()
        } else {
            Value::Unknown(function.returns.clone())
        });
    };
    if !implementation.unknown && !arguments.iter().all(Value::is_known) {
        return Ok(Value::Unknown(function.returns.clone()));
    }
    (implementation.run)(arguments, scope)
}

fn implementation(name: &str) -> Option<Implementation> {
    strings::implementation(name)
        .or_else(|| collections::implementation(name))
        .or_else(|| sequences::implementation(name))
        .or_else(|| positions::implementation(name))
        .or_else(|| numbers::implementation(name))
        .or_else(|| encode::implementation(name))
        .or_else(|| decode::implementation(name))
        .or_else(|| match name {
            "merge" => Implementation::any(merge::merge),
            "setunion" | "setintersection" | "setsubtract" | "setproduct" => sets::implementation(name),
            "format" | "formatlist" => format::implementation(name),
            "regex" | "regexall" | "replace" => pattern::implementation(name),
            "cidrhost" | "cidrnetmask" | "cidrsubnet" | "cidrsubnets" => cidr::implementation(name),
            _ => None,
        })
        .or_else(|| time::implementation(name))
        .or_else(|| to::implementation(name))
        .or_else(|| hash::implementation(name))
        .or_else(|| files::implementation(name))
        .or_else(|| provider::implementation(name))
}
