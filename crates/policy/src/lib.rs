//! The IAM policy language: grammar, canonical form, size, evaluation.

pub mod document;

pub use document::{
    Actions, Condition, Document, Effect, Kind, PrincipalPattern, Principals, Resources, Statement, Version,
};
