//! The rules that a module sets for its variables, with the values that a call gives them.
//!
//! Terraform evaluates them as soon as it knows the value: the one of the call, or the default. Everything else that a
//! condition refers to is unknown then, other variables included.

use std::borrow::Cow;

use terraform::ast::{Expression, Span, Step, Traversal};
use terraform::evaluate::{File, Resolved, Scope, evaluate};
use terraform::module::{Declaration, FileId};
use terraform::value::Value;

use super::environment::{Environment, Here, Local};
use super::rules;
use super::walk::Walk;

/// The environment of a module of which one variable has a value.
struct Given<'g, 't> {
    here: Here<'g, 't>,
    name: &'g str,
    value: &'g Value,
}

impl Scope for Given<'_, '_> {
    fn reference(&self, traversal: &Traversal<'_>) -> Resolved<'_> {
        match (traversal.root, traversal.steps.first()) {
            ("var", Some(Step::Name(name))) if name.text == self.name => Resolved::Value {
                value: Cow::Borrowed(self.value),
                steps: 1,
            },
            _ => self.here.reference(traversal),
        }
    }

    fn file(&self, path: &str) -> File {
        self.here.file(path)
    }

    fn requires(&self, local_name: &str) -> bool {
        self.here.requires(local_name)
    }

    fn provider(&self, local_name: &str) -> Option<String> {
        self.here.provider(local_name)
    }
}

impl Walk<'_, '_> {
    /// Reports a value that a rule of the variable refuses.
    pub fn validated(
        &mut self,
        called: &Environment<'_>,
        variable: &Declaration,
        value: &Value,
        what: &str,
        (file, span): (FileId, &Span),
    ) {
        let Some(name) = variable.label(0) else { return };
        for (_, rule) in variable.view().blocks_of("validation") {
            let Some(condition) = rule.body.attribute("condition") else {
                continue;
            };
            if refuses(called, name, value, &condition.value) {
                let why = rule.body.attribute("error_message");
                let why = why.and_then(|message| message.value.as_string()).map_or_else(
                    || "a rule of the variable refuses the value".to_owned(),
                    |message| format!("the variable refuses the value: {message}"),
                );
                self.report(&rules::TYPE_MISMATCH, file, span, format!("`{name}` of {what}: {why}"));
            }
        }
    }
}

fn refuses(called: &Environment<'_>, name: &str, value: &Value, condition: &Expression) -> bool {
    let local = Local::default();
    let scope = Given {
        here: Here {
            environment: called,
            local: &local,
        },
        name,
        value,
    };
    let mut errors = Vec::new();
    let result = evaluate(condition, &scope, &mut errors);
    errors.is_empty() && matches!(result, Value::Bool(false))
}
