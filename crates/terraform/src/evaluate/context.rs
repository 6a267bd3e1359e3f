//! The state of an evaluation.

use std::cell::Cell;

use super::error::{EvaluationError, EvaluationErrorKind};
use super::scope::Scope;
use crate::ast::Span;
use crate::value::Value;

/// Expressions within expressions beyond which nothing is known: a bound on the stack.
const MOST_NESTING: u32 = 256;

/// Expressions that one evaluation looks at, each round of a `for` anew, before it gives up: a bound on time.
const MOST_STEPS: u32 = 1_000_000;

/// Bytes of a string beyond which its value is not kept: a bound on memory.
pub const LONGEST_STRING: usize = 4 << 20;

/// What is evaluated in which surroundings.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    pub scope: &'c dyn Scope,
    locals: Option<&'c Local<'c>>,
    nesting: u32,
    steps: &'c Cell<u32>,
}

/// A variable of a `for`, with those around it.
struct Local<'c> {
    name: &'c str,
    value: &'c Value,
    outer: Option<&'c Local<'c>>,
}

impl<'c> Context<'c> {
    /// The start of an evaluation.
    pub fn new(scope: &'c dyn Scope, steps: &'c Cell<u32>) -> Self {
        Self {
            scope,
            locals: None,
            nesting: 0,
            steps,
        }
    }

    /// One level further in; `None` where a bound is reached and nothing more is to be known.
    pub fn deeper(self) -> Option<Self> {
        let steps = self.steps.get() + 1;
        if self.nesting >= MOST_NESTING || steps >= MOST_STEPS {
            return None;
        }
        self.steps.set(steps);
        Some(Self {
            nesting: self.nesting + 1,
            ..self
        })
    }

    /// The value of a `for`'s variable.
    pub fn local(&self, name: &str) -> Option<&'c Value> {
        let mut local = self.locals;
        while let Some(found) = local {
            if found.name == name {
                return Some(found.value);
            }
            local = found.outer;
        }
        None
    }

    /// Runs `body` with the variables of a `for` in force.
    pub fn with_locals<T>(
        &self,
        key: Option<(&str, &Value)>,
        value: (&str, &Value),
        body: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        let outer = key.map(|(name, value)| Local {
            name,
            value,
            outer: self.locals,
        });
        let inner = Local {
            name: value.0,
            value: value.1,
            outer: outer.as_ref().or(self.locals),
        };
        body(&Context {
            locals: Some(&inner),
            ..*self
        })
    }
}

/// Where errors go.
pub type Errors = Vec<EvaluationError>;

/// Records an error.
pub fn report(errors: &mut Errors, kind: EvaluationErrorKind, span: &Span, message: impl Into<String>) {
    errors.push(EvaluationError::new(kind, span, message));
}
