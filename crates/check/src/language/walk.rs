//! The walk over one module.

use findings::{Finding, Rule, Severity};
use terraform::ast::{Expression, ExpressionKind, Span, Step};
use terraform::evaluate::{EvaluationErrorKind, evaluate};
use terraform::module::{FileId, View};
use terraform::value::{Type, Value, convert};

use super::environment::{Environment, Here, Local};
use super::marks::{Mark, marked};
use super::providers::{Known, Schemas};
use super::references::Place;
use super::rules;
use crate::sink::{self, Sink, Sources};

/// What every step of the walk needs.
pub struct Walk<'w, 't> {
    pub environment: &'w Environment<'t>,
    pub schemas: &'w Schemas,
    pub sources: &'w Sources,
    pub sink: &'w mut Sink,
}

impl<'w> Walk<'w, '_> {
    /// A finding at a place, not yet added.
    pub fn finding(&self, rule: &'static Rule, file: FileId, span: &Span, message: impl Into<String>) -> Finding {
        sink::finding(self.sources, rule, file, span, message)
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.sink.push(finding);
    }

    /// Adds a finding that needs no more than a message.
    pub fn report(&mut self, rule: &'static Rule, file: FileId, span: &Span, message: impl Into<String>) {
        let finding = self.finding(rule, file, span, message);
        self.push(finding);
    }

    /// Does a part of the walk whose findings `terraform validate` does not have: they are warnings.
    pub fn warned<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.sink.findings.len();
        let result = part(self);
        for finding in self.sink.findings.iter_mut().skip(before) {
            finding.severity = Severity::Warning;
        }
        result
    }

    /// The schema of a provider, by the module's name for it.
    pub fn schema(&mut self, local_name: &str) -> Known<'w> {
        self.environment
            .providers
            .schema(local_name, self.schemas, self.sources, self.sink)
    }

    /// Checks an expression's references and evaluates it.
    pub fn value(&mut self, expression: &Expression, place: Place<'_>) -> Value {
        if !place.local.unevaluated {
            return self.evaluated(expression, place);
        }
        self.warned(|walk| walk.evaluated(expression, place))
    }

    fn evaluated(&mut self, expression: &Expression, place: Place<'_>) -> Value {
        self.references(expression, place);
        if place.local.passed {
            return self.warned(|walk| walk.evaluation(expression, place));
        }
        self.evaluation(expression, place)
    }

    fn evaluation(&mut self, expression: &Expression, place: Place<'_>) -> Value {
        let scope = Here {
            environment: self.environment,
            local: place.local,
        };
        let mut errors = Vec::new();
        let value = evaluate(expression, &scope, &mut errors);
        for error in errors {
            let rule = match error.kind {
                EvaluationErrorKind::UnknownFunction => &rules::UNKNOWN_FUNCTION,
                EvaluationErrorKind::ArgumentCount
                | EvaluationErrorKind::ArgumentType
                | EvaluationErrorKind::Call
                | EvaluationErrorKind::ExpandedArgument => &rules::FUNCTION_ARGUMENTS,
                EvaluationErrorKind::Attribute | EvaluationErrorKind::Index => &rules::UNKNOWN_ATTRIBUTE,
                EvaluationErrorKind::TypeConstraint => &rules::TYPE_CONSTRAINT,
                _ => &rules::INVALID_EXPRESSION,
            };
            self.report(rule, place.file, &error.span, error.message);
        }
        value
    }

    /// Checks and evaluates an expression whose value must be of a type; `what` names it in messages.
    pub fn typed(&mut self, expression: &Expression, wanted: &Type, place: Place<'_>, what: &str) -> Value {
        let value = self.value(expression, place);
        // Validation takes place in the workspace `default`. Elsewhere its name is left open, since a plan has others.
        let value = match wanted {
            Type::Number | Type::Bool if is_workspace(expression) => Value::String("default".to_owned()),
            _ => value,
        };
        match convert(value, wanted) {
            Ok(value) => value,
            Err(error) => {
                let message = format!("{what}: {error}");
                self.report(&rules::TYPE_MISMATCH, place.file, &expression.span, message);
                Value::Unknown(wanted.clone())
            }
        }
    }

    /// Checks an expression that may refer to nothing, because it is needed before anything has a value.
    pub fn constant(&mut self, expression: &Expression, wanted: &Type, file: FileId, what: &str) -> Value {
        if let Some(reference) = first_reference(expression) {
            let message =
                format!("{what} must be a plain value: references and functions have no value yet where it is read");
            self.report(&rules::CONSTANT_REQUIRED, file, &reference, message);
            return Value::Unknown(wanted.clone());
        }
        let value = self.typed(
            expression,
            wanted,
            Place {
                file,
                local: &Local::default(),
                inside: None,
            },
            what,
        );
        // A version that is null counts as left out; other settings are read into plain values, which null is none of.
        let optional = matches!(what, "`version`" | "`required_version`");
        if matches!(value, Value::Null(_)) && *wanted != Type::Any && !optional {
            let message = format!("{what} must not be null: leave it out");
            self.report(&rules::TYPE_MISMATCH, file, &expression.span, message);
        }
        value
    }

    /// `count` or `for_each` of a block, and what its body may refer to because of them.
    pub fn repetition(&mut self, view: &View<'_>, what: &str) -> Local {
        let none = Local::default();
        let count = view.attribute("count");
        let each = view.attribute("for_each");
        if let (Some(_), Some((file, each))) = (count, each) {
            self.report(
                &rules::META_ARGUMENT,
                file,
                &each.name.span,
                format!("{what} has both `count` and `for_each`; only one of them can decide how many there are"),
            );
        }
        if let Some((file, attribute)) = count {
            let place = Place {
                file,
                local: &none,
                inside: None,
            };
            let value = self.typed(&attribute.value, &Type::Number, place, "`count`");
            let fault = match &value {
                Value::Null(_) => Some("`count` is null; it must be a number"),
                Value::Number(number) if number.is_fraction() => Some("`count` must be a whole number"),
                Value::Number(number) if number.as_f64() < 0.0 => Some("`count` must not be negative"),
                _ => None,
            };
            let ephemeral = || marked(self.environment, &attribute.value, Mark::Ephemeral, false);
            let fault =
                fault.or_else(|| ephemeral().then_some("`count` is ephemeral, and how many there are is stored"));
            if let Some(fault) = fault {
                self.report(&rules::META_ARGUMENT, file, &attribute.value.span, fault);
            }
        }
        if let Some((file, attribute)) = each {
            let place = Place {
                file,
                local: &none,
                inside: None,
            };
            let value = self.value(&attribute.value, place);
            if let Some(fault) = unsuitable(&value) {
                self.report(&rules::META_ARGUMENT, file, &attribute.value.span, fault);
            } else if marked(self.environment, &attribute.value, Mark::Sensitive, false) {
                let message = "`for_each` is sensitive, and its keys would be shown as parts of addresses";
                self.report(&rules::META_ARGUMENT, file, &attribute.value.span, message);
            } else if marked(self.environment, &attribute.value, Mark::Ephemeral, false) {
                let message = "`for_each` is ephemeral, and its keys are stored";
                self.report(&rules::META_ARGUMENT, file, &attribute.value.span, message);
            }
        }
        Local {
            each: each.is_some(),
            count: count.is_some(),
            ..none
        }
    }
}

/// Whether this is `terraform.workspace`.
fn is_workspace(expression: &Expression) -> bool {
    expression.as_traversal().is_some_and(|traversal| {
        let name = |step: &Step<'_>| matches!(step, Step::Name(name) if name.text == "workspace");
        traversal.root == "terraform" && traversal.steps.len() == 1 && traversal.steps.iter().all(name)
    })
}

/// Why a value cannot be a `for_each`.
fn unsuitable(value: &Value) -> Option<String> {
    let kind = match value {
        Value::Null(_) => return Some("`for_each` is null; it must be a map or a set of strings".to_owned()),
        Value::Set(_, elements) if elements.iter().any(|element| matches!(element, Value::Null(_))) => {
            return Some("`for_each` is a set with null in it; every element must be a string".to_owned());
        }
        // Terraform looks at the elements only when it knows them.
        Value::Unknown(Type::Set(_)) => return None,
        other => other.kind(),
    };
    match kind {
        Type::Any | Type::Map(_) | Type::Object(_) => None,
        Type::Set(element) if matches!(*element, Type::String | Type::Any) => None,
        Type::Set(_) => Some(
            "`for_each` is a set of something else than strings; convert it, as `toset([for x in … : tostring(x)])`"
                .to_owned(),
        ),
        Type::List(_) | Type::Tuple(_) => {
            Some("`for_each` is a list; it must be a map or a set of strings: convert it with `toset(…)`".to_owned())
        }
        Type::Bool | Type::Number | Type::String => {
            Some("`for_each` is a single value; it must be a map or a set of strings".to_owned())
        }
    }
}

/// The first place in an expression that needs something else than the expression itself.
pub fn first_reference(expression: &Expression) -> Option<Span> {
    match &expression.kind {
        ExpressionKind::Variable(_) | ExpressionKind::Call(_) => Some(expression.span.clone()),
        ExpressionKind::Access { .. } if expression.as_traversal().is_some() => Some(expression.span.clone()),
        // Names in it are its own; nobody writes one where a constant is wanted.
        ExpressionKind::For(_) => None,
        _ => expression.children().into_iter().find_map(first_reference),
    }
}
