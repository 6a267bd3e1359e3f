//! `import` blocks: what is brought in, and to where.

use terraform::ast::{Accessor, Expression, ExpressionKind, Step};
use terraform::evaluate::evaluate;
use terraform::module::{ModuleId, Target, View};
use terraform::value::{Type, Value, convert};

use super::environment::{Here, Local};
use super::rules;
use super::walk::Walk;

impl Walk<'_, '_> {
    /// Checks the id and the address of an import.
    pub fn import(&mut self, view: &View<'_>, local: &Local) {
        if let Some((file, id)) = view.attribute("id") {
            let scope = Here {
                environment: self.environment,
                local,
            };
            // Its errors are reported with those of the other arguments.
            let value = evaluate(&id.value, &scope, &mut Vec::new());
            let fault = match convert(value, &Type::String) {
                Ok(Value::Null(_)) => Some("the `id` of what is imported is null"),
                Ok(Value::String(text)) if text.is_empty() => Some("the `id` of what is imported is empty"),
                Err(_) => Some("the `id` of what is imported is a text"),
                _ => None,
            };
            if let Some(fault) = fault {
                self.report(&rules::STATE_CHANGE, file, &id.value.span, fault);
            }
        }
        if let Some((file, to)) = view.attribute("to")
            && let Some(fault) = self.wrong_target(&to.value)
        {
            self.report(&rules::STATE_CHANGE, file, &to.value.span, fault);
        }
    }

    fn wrong_target(&self, to: &Expression) -> Option<String> {
        let traversal = to.as_traversal()?;
        // The instances of modules do not matter for what is declared.
        let mut names: Vec<&str> = vec![traversal.root];
        names.extend(traversal.steps.iter().filter_map(|step| match step {
            Step::Name(name) => Some(name.text.as_str()),
            Step::Key(..) => None,
        }));
        let tree = self.environment.tree;
        let mut at: Option<ModuleId> = Some(self.environment.id);
        let mut rest = names.as_slice();
        let mut called = false;
        while let ["module", call, after @ ..] = rest {
            at = match at.and_then(|id| tree.target(id, call)) {
                Some(Target::Module(id)) => Some(*id),
                _ => None,
            };
            called = true;
            rest = after;
        }
        let (kind, name) = match rest {
            [] if called => return Some("a resource is imported, not a module".to_owned()),
            ["data" | "ephemeral", ..] => return Some("resources alone can be imported".to_owned()),
            ["resource", kind, name] | [kind, name] => (kind, name),
            _ => return None,
        };
        let module = if called {
            tree.module(at?)?
        } else {
            self.environment.module
        };
        let Some(declared) = module.labelled("resource", kind, name) else {
            // Terraform can write the configuration of what is missing in the root.
            return called.then(|| format!("the module declares no {kind}.{name}"));
        };
        let view = declared.view();
        let has = |argument| view.attribute(argument).is_some();
        match instance(to) {
            Instance::None if has("count") || has("for_each") => Some(format!(
                "{kind}.{name} has several instances: choose one, as `{kind}.{name}[…]`"
            )),
            Instance::Number if !has("count") => {
                Some(format!("{kind}.{name} has no `count`, so no instance has a number"))
            }
            Instance::Text if !has("for_each") => {
                Some(format!("{kind}.{name} has no `for_each`, so no instance has a name"))
            }
            _ => None,
        }
    }
}

enum Instance {
    None,
    Number,
    Text,
}

fn instance(to: &Expression) -> Instance {
    match &to.kind {
        ExpressionKind::Access { accessor, .. } => match accessor {
            Accessor::Name(_) => Instance::None,
            Accessor::Index(key) if key.as_string().is_some() => Instance::Text,
            Accessor::Index(_) | Accessor::LegacyIndex(_) => Instance::Number,
        },
        _ => Instance::None,
    }
}

/// The address of an import where it is plain: only one import can have it.
pub fn plain_address(view: &View<'_>) -> Option<String> {
    let (_, to) = view.attribute("to")?;
    let traversal = to.value.as_traversal()?;
    let steps = traversal.steps.iter().map(|step| match step {
        Step::Name(name) => format!(".{}", name.text),
        Step::Key(key, _) => format!("[{key:?}]"),
    });
    Some(format!("{}{}", traversal.root, steps.collect::<String>()))
}
