//! Declarations of variables.

use terraform::ast::{Block, ExpressionKind, Step};
use terraform::evaluate::type_constraint;
use terraform::module::{Declaration, FileId, View};
use terraform::value::{Type, Value, convert};

use super::environment::Local;
use super::mend;
use super::references::each_reference;
use super::rules;
use super::shape::{Expected, Shape};
use super::walk::Walk;

/// Names that a variable cannot have, because module calls give them a meaning.
const RESERVED_VARIABLES: [&str; 8] = [
    "source",
    "version",
    "providers",
    "count",
    "for_each",
    "lifecycle",
    "depends_on",
    "locals",
];

impl Walk<'_, '_> {
    pub fn variable(&mut self, declaration: &Declaration, view: &View<'_>, shape: &'static Shape) {
        let Some(label) = declaration.block.labels.first() else {
            return;
        };
        let what = format!("variable \"{}\"", label.text);
        self.name(&label.text, declaration.file, &label.span);
        if RESERVED_VARIABLES.contains(&label.text.as_str()) {
            let message = format!(
                "a variable cannot be called `{}`: in a module call that name has a meaning",
                label.text
            );
            self.report(&rules::INVALID_NAME, declaration.file, &label.span, message);
        }
        let local = Local::default();
        self.shaped_blocks(view, shape, &what, &local);
        for (file, rule) in view.blocks_of("validation") {
            self.about_itself(rule, &label.text, file);
        }
        for (file, attribute) in view.attributes() {
            let name = attribute.name.text.as_str();
            match shape.argument(name).map(|argument| argument.value) {
                Some(Expected::ConstantString) => {
                    self.constant(&attribute.value, &Type::String, file, &format!("`{name}`"));
                }
                Some(Expected::ConstantBool) => {
                    self.constant(&attribute.value, &Type::Bool, file, &format!("`{name}`"));
                }
                Some(_) => {}
                None => {
                    let finding = self
                        .finding(
                            &rules::UNKNOWN_ARGUMENT,
                            file,
                            &attribute.name.span,
                            format!("{what} has no argument `{name}`"),
                        )
                        .nearest(name, shape.arguments.iter().map(|argument| argument.name));
                    let at = self.sources.place(file, &attribute.name.span);
                    let free = shape.arguments.iter().map(|argument| argument.name);
                    let free = free.filter(|known| view.attribute(known).is_none());
                    self.push(mend::slip(finding, at, name, free));
                }
            }
        }
        let mut wanted = Type::Any;
        if let Some((file, attribute)) = view.attribute("type") {
            match type_constraint(&attribute.value) {
                Ok(constraint) => wanted = constraint.kind,
                Err(errors) => {
                    for error in errors {
                        let finding = self.finding(&rules::TYPE_CONSTRAINT, file, &error.span, error.message);
                        self.push(match attribute.value.as_string() {
                            Some(quoted) => mend::quoted_type(finding, quoted),
                            None => finding,
                        });
                    }
                }
            }
        }
        if let Some((file, attribute)) = view.attribute("default") {
            let value = self.constant(&attribute.value, &Type::Any, file, "the default of a variable");
            let nullable = view
                .attribute("nullable")
                .is_none_or(|(_, nullable)| nullable.value.kind != ExpressionKind::Bool(false));
            if matches!(value, Value::Null(_)) {
                if !nullable {
                    let message = format!("{what} has null as its default, and `nullable = false`");
                    self.report(&rules::TYPE_MISMATCH, file, &attribute.value.span, message);
                }
            } else if let Err(error) = convert(value, &wanted) {
                let message = format!("the default of {what}: {error}");
                self.report(&rules::TYPE_MISMATCH, file, &attribute.value.span, message);
            }
        }
    }

    /// The condition of a variable looks at that variable. One that looks at nothing is reported elsewhere.
    fn about_itself(&mut self, rule: &Block, name: &str, file: FileId) {
        let Some(condition) = rule.body.attribute("condition") else {
            return;
        };
        let (mut others, mut own) = (false, false);
        each_reference(&condition.value, &mut Vec::new(), &mut |traversal, _| {
            let first = traversal.steps.first();
            let is_own = traversal.root == "var" && matches!(first, Some(Step::Name(first)) if first.text == name);
            own |= is_own;
            others |= !is_own;
        });
        if others && !own {
            let message = format!("the condition does not look at `var.{name}`, which it is to judge");
            self.report(&rules::INVALID_EXPRESSION, file, &condition.value.span, message);
        }
    }
}
