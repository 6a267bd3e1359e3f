//! The IAM policy language: grammar, canonical form, size, evaluation.

pub mod document;
pub mod evaluate;

pub use document::{
    Actions, Condition, Document, Effect, Kind, PrincipalPattern, Principals, Resources, Statement, Version,
};
pub use evaluate::{Caller, Context, Decision, Known, Layer, Named, PolicySet, Request, StatementRef, evaluate};
