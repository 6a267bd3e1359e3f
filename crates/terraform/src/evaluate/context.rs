//! The state of an evaluation.

use std::cell::Cell;

use super::error::{EvaluationError, EvaluationErrorKind};
use super::scope::Scope;
use crate::ast::Span;
use crate::value::Value;

/// Expressions within expressions beyond which nothing is known: a bound on the stack.
const MOST_NESTING: u32 = 256;

/// Expressions that one evaluation looks at, each round of a `for` anew, and parts of values that it makes, before it
/// gives up: a bound on time and memory.
const MOST_STEPS: usize = 500_000;

/// Bytes of a string beyond which its value is not kept: a bound on memory.
pub const LONGEST_STRING: usize = 1 << 20;

/// Parts of an argument beyond which a function is not computed: a bound on time.
pub const LARGEST_ARGUMENT: usize = 200_000;

/// Bytes of text that weigh as much as one part of a value.
const BYTES_OF_A_PART: usize = 64;

/// What is evaluated in which surroundings.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    pub scope: &'c dyn Scope,
    locals: Option<&'c Local<'c>>,
    nesting: u32,
    steps: &'c Cell<usize>,
}

/// A variable of a `for`, with those around it.
struct Local<'c> {
    name: &'c str,
    value: &'c Value,
    outer: Option<&'c Local<'c>>,
}

impl<'c> Context<'c> {
    /// The start of an evaluation.
    pub fn new(scope: &'c dyn Scope, steps: &'c Cell<usize>) -> Self {
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

    /// The value, or nothing of it where it is more than the evaluation may still make.
    pub fn keep(&self, value: Value) -> Value {
        let steps = self.steps.get().saturating_add(weight(&value));
        if steps >= MOST_STEPS {
            return Value::unknown();
        }
        self.steps.set(steps);
        value
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

/// Entries that a node of a map has room for, and what it weighs: the memory of as many parts, however few entries it has.
const NODE: usize = 11;
const WEIGHT_OF_NODE: usize = 8;

/// How many parts a value has, text counted by length and maps by the memory that they take.
pub fn weight(value: &Value) -> usize {
    1 + match value {
        Value::Unknown(_) | Value::Null(_) | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len() / BYTES_OF_A_PART,
        Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) => {
            elements.iter().map(weight).sum::<usize>()
        }
        Value::Map(_, values) | Value::Object(values) => {
            let nodes = values.len().div_ceil(NODE) * WEIGHT_OF_NODE;
            let entries = values.iter();
            nodes
                + entries
                    .map(|(key, value)| key.len() / BYTES_OF_A_PART + weight(value))
                    .sum::<usize>()
        }
    }
}

/// Where errors go.
pub type Errors = Vec<EvaluationError>;

/// Records an error.
pub fn report(errors: &mut Errors, kind: EvaluationErrorKind, span: &Span, message: impl Into<String>) {
    errors.push(EvaluationError::new(kind, span, message));
}
