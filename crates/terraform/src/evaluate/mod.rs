//! Evaluation of expressions, as far as `terraform validate` evaluates them.
//!
//! What only a plan or an apply would tell stays unknown, with as much of its type as Terraform itself knows then. An
//! error is reported only where Terraform 1.11 reports one. Two things are left out on purpose, both on the silent side:
//! sensitive and ephemeral marks (`sensitive(x)` is `x`), and what Terraform knows of unknown values beyond their type
//! (that they are not null, how they begin, how long they are).

mod access;
mod call;
mod conditional;
mod constraint;
mod context;
mod error;
mod expression;
mod functions;
mod iteration;
mod operator;
mod scope;
mod splat;
mod template;

use std::cell::Cell;

use crate::ast::Expression;
use crate::value::Value;

pub use constraint::{Constraint, type_constraint};
pub use context::weight;
pub use error::{EvaluationError, EvaluationErrorKind};
pub use functions::{Function, Parameter, functions};
pub use scope::{File, Nothing, Resolved, Scope};

/// The value of an expression, as far as it is known; what is wrong with it is added to `errors`.
pub fn evaluate(expression: &Expression, scope: &dyn Scope, errors: &mut Vec<EvaluationError>) -> Value {
    let steps = Cell::new(0);
    expression::value(expression, &context::Context::new(scope, &steps), errors)
}
