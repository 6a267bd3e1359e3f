//! Marks that values take along: what is secret, and what must not be stored.

use std::collections::{BTreeMap, BTreeSet};

use terraform::ast::{Expression, ExpressionKind, Step, TemplatePart, Traversal};

use super::environment::Environment;
use super::references::each_reference;

/// A mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// `sensitive`: not to be shown.
    Sensitive,
    /// `ephemeral`: not to be stored.
    Ephemeral,
}

impl Mark {
    const fn argument(self) -> &'static str {
        match self {
            Self::Sensitive => "sensitive",
            Self::Ephemeral => "ephemeral",
        }
    }
}

/// Whether a part of a local value carries a mark, and whether those of its elements count.
pub type Marks = BTreeMap<(String, String, Mark, bool), bool>;

/// Local values that refer to each other beyond which nothing is known: a bound on the stack.
const MOST_NESTING: usize = 500;

/// Functions whose result does not carry the mark of an argument for certain.
const FREE: [&str; 6] = [
    "nonsensitive",
    "issensitive",
    "ephemeralasnull",
    "can",
    "try",
    "coalesce",
];

/// Whether a value certainly carries a mark; `within` counts marks of its elements.
pub fn marked(environment: &Environment<'_>, expression: &Expression, mark: Mark, within: bool) -> bool {
    Search {
        environment,
        mark,
        seen: BTreeSet::new(),
    }
    .marked(expression, within)
}

/// Whether a value certainly carries no ephemeral mark of its own. Those of its elements do not count.
pub fn is_plain(environment: &Environment<'_>, expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Tuple(_) | ExpressionKind::Object(_) => true,
        ExpressionKind::Parentheses(inner) => is_plain(environment, inner),
        _ => !may_be_ephemeral(environment, expression, &mut BTreeSet::new()),
    }
}

fn may_be_ephemeral(environment: &Environment<'_>, expression: &Expression, seen: &mut BTreeSet<String>) -> bool {
    let mut roots = Vec::new();
    each_reference(expression, &mut Vec::new(), &mut |traversal, _| {
        let name = match traversal.steps.first() {
            Some(Step::Name(name)) => name.text.clone(),
            _ => String::new(),
        };
        roots.push((traversal.root.to_owned(), name));
    });
    roots.into_iter().any(|(root, name)| match root.as_str() {
        "var" => {
            let variable = environment.module.named("variable", &name);
            variable.is_none_or(|variable| variable.view().attribute("ephemeral").is_some())
        }
        "local" => {
            let local = environment.module.local(&name);
            local.is_none_or(|local| {
                let bound = seen.len() >= MOST_NESTING;
                bound || seen.insert(name) && may_be_ephemeral(environment, &local.attribute.value, seen)
            })
        }
        "path" => false,
        "terraform" => name == "applying",
        "module" | "ephemeral" | "each" | "count" | "self" => true,
        // What is stored is not ephemeral; nor does a resource of this name have to exist.
        _ => false,
    })
}

/// The way into a value, written out.
fn path(steps: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        path.push('\0');
        path.push_str(match step {
            Step::Name(name) => &name.text,
            Step::Key(key, _) => key,
        });
    }
    path
}

struct Search<'s, 't> {
    environment: &'s Environment<'t>,
    mark: Mark,
    seen: BTreeSet<String>,
}

impl Search<'_, '_> {
    fn marked(&mut self, expression: &Expression, within: bool) -> bool {
        if let Some(traversal) = expression.as_traversal() {
            return self.reference(&traversal, within);
        }
        match &expression.kind {
            ExpressionKind::Template(template) => template.parts.iter().any(|part| match part {
                TemplatePart::Interpolation(inner) => self.marked(inner, false),
                _ => false,
            }),
            ExpressionKind::Tuple(elements) => within && elements.iter().any(|element| self.marked(element, true)),
            ExpressionKind::Object(items) => within && items.iter().any(|item| self.marked(&item.value, true)),
            ExpressionKind::Conditional {
                condition,
                then,
                otherwise,
            } => self.marked(condition, false) || (self.marked(then, within) && self.marked(otherwise, within)),
            ExpressionKind::Binary { left, right, .. } => self.marked(left, false) || self.marked(right, false),
            ExpressionKind::Unary { operand, .. } => self.marked(operand, false),
            ExpressionKind::Parentheses(inner) => self.marked(inner, within),
            ExpressionKind::For(it) => self.marked(&it.collection, false),
            ExpressionKind::Splat { base, .. } => self.marked(base, false),
            ExpressionKind::Call(call) if call.name.text == "sensitive" => self.mark == Mark::Sensitive,
            ExpressionKind::Call(call) if FREE.contains(&call.name.text.as_str()) => false,
            ExpressionKind::Call(call) => call.arguments.iter().any(|argument| self.marked(argument, false)),
            _ => false,
        }
    }

    fn reference(&mut self, traversal: &Traversal<'_>, within: bool) -> bool {
        let Some((Step::Name(name), rest)) = traversal.steps.split_first() else {
            return false;
        };
        match traversal.root {
            "var" => self.variable(&name.text),
            "ephemeral" => self.mark == Mark::Ephemeral && self.resource(traversal, within),
            "terraform" => self.mark == Mark::Ephemeral && name.text == "applying",
            "local" => {
                let Some(local) = self.environment.module.local(&name.text) else {
                    return false;
                };
                // A local value that two expressions use is looked at once, or a chain of them takes for ever.
                let key = (name.text.clone(), path(rest), self.mark, within);
                if let Some(known) = self.environment.marks.borrow().get(&key) {
                    return *known;
                }
                if self.seen.len() >= MOST_NESTING || !self.seen.insert(name.text.clone()) {
                    return false;
                }
                let found = self.looked_up(&local.attribute.value, rest, within);
                self.seen.remove(&name.text);
                self.environment.marks.borrow_mut().insert(key, found);
                found
            }
            _ => false,
        }
    }

    /// A part of a local value, where its place is plain.
    fn looked_up(&mut self, value: &Expression, steps: &[Step<'_>], within: bool) -> bool {
        let Some((step, rest)) = steps.split_first() else {
            return self.marked(value, within);
        };
        let key = match step {
            Step::Name(name) => name.text.as_str(),
            Step::Key(key, _) => key,
        };
        match &value.kind {
            ExpressionKind::Object(items) => items
                .iter()
                .find(|item| item.key.literal() == Some(key))
                .is_some_and(|item| self.looked_up(&item.value, rest, within)),
            _ => value
                .as_traversal()
                .is_some_and(|traversal| self.reference(&traversal, false)),
        }
    }

    /// An ephemeral resource is as a whole; of several, each is.
    fn resource(&self, traversal: &Traversal<'_>, within: bool) -> bool {
        let [Step::Name(kind), Step::Name(name), rest @ ..] = traversal.steps.as_slice() else {
            return false;
        };
        let declared = self.environment.module.labelled("ephemeral", &kind.text, &name.text);
        declared.is_some_and(|declared| {
            let view = declared.view();
            let several = view.attribute("count").or_else(|| view.attribute("for_each"));
            within || several.is_none() || !rest.is_empty()
        })
    }

    fn variable(&self, name: &str) -> bool {
        let Some(variable) = self.environment.module.named("variable", name) else {
            return false;
        };
        let view = variable.view();
        view.attribute(self.mark.argument())
            .is_some_and(|(_, attribute)| attribute.value.kind == ExpressionKind::Bool(true))
    }
}
