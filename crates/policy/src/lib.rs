//! The IAM policy language: grammar, canonical form, size, evaluation.

mod arn;
pub mod canonical;
pub mod document;
pub mod evaluate;
pub mod operator;
pub mod parse;
pub mod print;
pub mod size;
mod wildcard;

pub use canonical::{canonical, equivalent};
pub use document::{
    Actions, Condition, Document, Effect, Kind, PrincipalPattern, Principals, Resources, Statement, Version,
};
pub use evaluate::{Caller, Context, Decision, Known, Layer, Named, PolicySet, Request, StatementRef, evaluate};
pub use parse::{PolicyError, check, parse};
pub use wildcard::matches_ignoring_case;
