//! The IAM policy language: grammar, canonical form, size, evaluation.

mod arn;
pub mod document;
pub mod evaluate;
pub mod operator;
mod wildcard;

pub use document::{
    Actions, Condition, Document, Effect, Kind, PrincipalPattern, Principals, Resources, Statement, Version,
};
pub use evaluate::{Caller, Context, Decision, Known, Layer, Named, PolicySet, Request, StatementRef, evaluate};
