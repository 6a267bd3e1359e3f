//! References: whether they are well formed, lead somewhere, and may stand where they stand.

use findings::{Finding, Severity};
use terraform::ast::{Expression, ExpressionKind, Span, Step, TemplatePart, Traversal};
use terraform::module::{Declaration, FileId};
use terraform::schema::Kind;

use super::attributes;
use super::environment::Local;
use super::mend;
use super::providers::{Known, implied};
use super::rules;
use super::walk::Walk;

/// An expression's place in the module, as references see it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    pub file: FileId,
    pub local: &'p Local,
    /// The resource in whose body the expression stands: it must not refer to itself.
    pub inside: Option<&'p Declaration>,
}

/// Calls `found` with every reference in an expression and its place, but for names that the expression itself binds.
pub fn each_reference<'e>(
    expression: &'e Expression,
    bound: &mut Vec<&'e str>,
    found: &mut dyn FnMut(&Traversal<'e>, &Span),
) {
    if let Some(traversal) = expression.as_traversal() {
        if !bound.contains(&traversal.root) {
            found(&traversal, &expression.span);
        }
        return;
    }
    match &expression.kind {
        ExpressionKind::For(it) => {
            each_reference(&it.collection, bound, found);
            let before = bound.len();
            bound.extend(it.key_name.iter().map(|name| name.text.as_str()));
            bound.push(&it.value_name.text);
            for part in it.key.iter().chain([&it.value]).chain(it.condition.iter()) {
                each_reference(part, bound, found);
            }
            bound.truncate(before);
        }
        ExpressionKind::Template(template) => each_in_parts(&template.parts, bound, found),
        _ => {
            for child in expression.children() {
                each_reference(child, bound, found);
            }
        }
    }
}

fn each_in_parts<'e>(
    parts: &'e [TemplatePart],
    bound: &mut Vec<&'e str>,
    found: &mut dyn FnMut(&Traversal<'e>, &Span),
) {
    for part in parts {
        match part {
            TemplatePart::Literal { .. } => {}
            TemplatePart::Interpolation(expression) => each_reference(expression, bound, found),
            TemplatePart::If {
                condition,
                then,
                otherwise,
            } => {
                each_reference(condition, bound, found);
                each_in_parts(then, bound, found);
                each_in_parts(otherwise, bound, found);
            }
            TemplatePart::For {
                key,
                value,
                collection,
                body,
            } => {
                each_reference(collection, bound, found);
                let before = bound.len();
                bound.extend(key.iter().map(|name| name.text.as_str()));
                bound.push(&value.text);
                each_in_parts(body, bound, found);
                bound.truncate(before);
            }
        }
    }
}

impl Walk<'_, '_> {
    /// Checks every reference in an expression.
    pub fn references(&mut self, expression: &Expression, place: Place<'_>) {
        let iterators = place.local.iterators.iter();
        let mut bound: Vec<&str> = iterators.map(|(name, _)| name.as_str()).collect();
        let mut found = Vec::new();
        each_reference(expression, &mut bound, &mut |traversal, span| {
            found.push((traversal.clone(), span.clone()));
        });
        for (traversal, span) in found {
            self.reference(&traversal, &span, place);
        }
    }

    /// Checks one reference; `span` is all of it.
    fn reference(&mut self, traversal: &Traversal<'_>, span: &Span, place: Place<'_>) {
        match traversal.root {
            "var" => self.single(traversal, span, place, "variable", "an input variable"),
            "local" => self.single(traversal, span, place, "local", "a local value"),
            "module" => self.single(traversal, span, place, "module", "a module call"),
            "path" => self.fixed(traversal, span, place, &["module", "root", "cwd"]),
            "terraform" => self.fixed(traversal, span, place, &["workspace", "applying"]),
            "count" => {
                if self.fixed_ok(traversal, span, place, &["index"]) && !place.local.count {
                    self.scope(span, place, "`count.index` exists only in a block that has `count`");
                }
            }
            "each" => {
                if self.fixed_ok(traversal, span, place, &["key", "value"]) && !place.local.each {
                    self.scope(span, place, "`each` exists only in a block that has `for_each`");
                }
            }
            "self" => {
                if !place.local.own {
                    let message = "`self` exists only in provisioners, connections and postconditions";
                    self.report(&rules::REFERENCE_SCOPE, place.file, span, message);
                } else if let Some((kind, resource_type, local_name)) = &place.local.resource {
                    self.attribute_steps(*kind, resource_type, local_name, &traversal.steps, span, place);
                }
            }
            "template" | "lazy" | "arg" => {
                let message = format!(
                    "`{}` is reserved by Terraform and stands for nothing yet",
                    traversal.root
                );
                self.report(&rules::INVALID_REFERENCE, place.file, span, message);
            }
            "data" => self.resource(traversal, span, place, Kind::DataSource, 1),
            "ephemeral" => self.resource(traversal, span, place, Kind::EphemeralResource, 1),
            "resource" => self.resource(traversal, span, place, Kind::Resource, 1),
            _ => self.resource(traversal, span, place, Kind::Resource, 0),
        }
    }

    fn scope(&mut self, span: &Span, place: Place<'_>, message: &str) {
        let severity = if place.local.instances {
            Severity::Warning
        } else {
            Severity::Error
        };
        let finding = self.finding(&rules::REFERENCE_SCOPE, place.file, span, message);
        self.push(finding.severity(severity));
    }

    /// The name that follows a root such as `var`.
    fn first_name<'n>(&mut self, traversal: &Traversal<'n>, span: &Span, place: Place<'_>) -> Option<&'n str> {
        match traversal.steps.first() {
            Some(Step::Name(name)) => Some(&name.text),
            step => {
                let root = traversal.root;
                let message = match step {
                    None => format!("`{root}` cannot stand alone: a name must follow, as `{root}.name`"),
                    Some(_) => format!("`{root}` takes a name and no index: `{root}.name`"),
                };
                self.report(&rules::INVALID_REFERENCE, place.file, span, message);
                None
            }
        }
    }

    fn fixed(&mut self, traversal: &Traversal<'_>, span: &Span, place: Place<'_>, names: &[&str]) {
        self.fixed_ok(traversal, span, place, names);
    }

    fn fixed_ok(&mut self, traversal: &Traversal<'_>, span: &Span, place: Place<'_>, names: &[&str]) -> bool {
        let Some(name) = self.first_name(traversal, span, place) else {
            return false;
        };
        if names.contains(&name) {
            return true;
        }
        let root = traversal.root;
        let known: Vec<String> = names.iter().map(|name| format!("`{root}.{name}`")).collect();
        let message = format!("there is no `{root}.{name}`; there is {}", known.join(", "));
        self.report(&rules::INVALID_REFERENCE, place.file, span, message);
        false
    }

    fn single(&mut self, traversal: &Traversal<'_>, span: &Span, place: Place<'_>, kind: &str, what: &str) {
        let Some(name) = self.first_name(traversal, span, place) else {
            return;
        };
        let module = self.environment.module;
        let exists = match kind {
            "local" => module.local(name).is_some(),
            kind => module.named(kind, name).is_some(),
        };
        if exists {
            return;
        }
        let known: Vec<&str> = match kind {
            "local" => module
                .locals
                .iter()
                .map(|local| local.attribute.name.text.as_str())
                .collect(),
            kind => module
                .of_kind(kind)
                .filter_map(|declaration| declaration.label(0))
                .collect(),
        };
        let root = traversal.root;
        let finding = self
            .finding(
                &rules::UNDECLARED_REFERENCE,
                place.file,
                span,
                format!("there is no `{root}.{name}`: this module does not declare {what} of that name"),
            )
            .nearest(name, known.iter().copied());
        let finding = self.mended(finding, traversal.steps.first(), place, known);
        self.push(finding);
    }

    /// The finding with a fix, where a name is another with a slip of the keyboard.
    fn mended<'a>(
        &self,
        finding: Finding,
        step: Option<&Step<'_>>,
        place: Place<'_>,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Finding {
        match step {
            Some(Step::Name(name)) => {
                let at = self.sources.place(place.file, &name.span);
                mend::slip(finding, at, &name.text, known)
            }
            _ => finding,
        }
    }

    /// A reference to a resource; its type stands after `skip` steps.
    fn resource(&mut self, traversal: &Traversal<'_>, span: &Span, place: Place<'_>, kind: Kind, skip: usize) {
        let word = |index: usize| match traversal.steps.get(index) {
            Some(Step::Name(name)) => Some(name.text.as_str()),
            _ => None,
        };
        let (resource_type, name, rest) = if skip == 0 {
            (Some(traversal.root), word(0), 1)
        } else {
            (word(0), word(1), 2)
        };
        let (Some(resource_type), Some(name)) = (resource_type, name) else {
            let message = if skip == 0 && traversal.steps.is_empty() {
                format!(
                    "`{}` stands for nothing here: a reference names a variable (`var.x`), a local value (`local.x`), or a resource by type and name",
                    traversal.root
                )
            } else {
                "a reference to a resource names its type and its name, as `aws_s3_bucket.logs`".to_owned()
            };
            let mut finding = self.finding(&rules::INVALID_REFERENCE, place.file, span, message);
            if skip == 0 && traversal.steps.is_empty() {
                for (root, known) in [("var", "variable"), ("local", "local")] {
                    let exists = match known {
                        "local" => self.environment.module.local(traversal.root).is_some(),
                        kind => self.environment.module.named(kind, traversal.root).is_some(),
                    };
                    if exists {
                        finding = finding.help(format!("did you mean `{root}.{}`?", traversal.root));
                    }
                }
            }
            self.push(finding);
            return;
        };
        let word = block_word(kind);
        let Some(declaration) = self.environment.module.labelled(word, resource_type, name) else {
            let step = traversal.steps.get(if skip == 0 { 0 } else { 1 });
            if kind != Kind::DataSource || !self.scoped(resource_type, name, steps_after(traversal, rest), span, place)
            {
                self.undeclared(kind, resource_type, name, step, span, place);
            }
            return;
        };
        if place.inside.is_some_and(|own| std::ptr::eq(own, declaration)) && !place.local.own {
            let message = format!("{} refers to itself", address(kind, resource_type, name));
            self.report(&rules::SELF_REFERENCE, place.file, span, message);
            return;
        }
        let steps = steps_after(traversal, rest);
        let view = declaration.view();
        let many = ["count", "for_each"]
            .into_iter()
            .find(|argument| view.attribute(argument).is_some());
        let steps = match (many, steps.first()) {
            (Some(argument), Some(Step::Name(attribute))) => {
                let key = if argument == "count" { "[0]" } else { "[\"key\"]" };
                let address = address(kind, resource_type, name);
                let finding = self
                    .finding(
                        &rules::INSTANCE_KEY,
                        place.file,
                        span,
                        format!("{address} has `{argument}`: its attributes belong to its instances"),
                    )
                    .help(format!(
                        "name an instance, as `{address}{key}.{0}`, or take all of them, as `{address}[*].{0}`",
                        attribute.text
                    ));
                self.push(finding);
                return;
            }
            (Some(_), Some(Step::Key(..))) => steps.get(1..).unwrap_or_default(),
            (None, Some(Step::Key(..))) => {
                let address = address(kind, resource_type, name);
                let message =
                    format!("{address} has neither `count` nor `for_each`, so it has no instances to choose from");
                self.report(&rules::INSTANCE_KEY, place.file, span, message);
                return;
            }
            (_, None) => return,
            (None, Some(Step::Name(_))) => steps,
        };
        let local_name = view
            .attribute("provider")
            .and_then(|(_, attribute)| attribute.value.as_traversal().map(|it| it.root.to_owned()))
            .unwrap_or_else(|| implied(resource_type).to_owned());
        self.attribute_steps(kind, resource_type, &local_name, steps, span, place);
    }

    fn undeclared(
        &mut self,
        kind: Kind,
        resource_type: &str,
        name: &str,
        step: Option<&Step<'_>>,
        span: &Span,
        place: Place<'_>,
    ) {
        let module = self.environment.module;
        let word = block_word(kind);
        let message = format!(
            "there is no {}: this module does not declare such a {}",
            address(kind, resource_type, name),
            match kind {
                Kind::Resource => "resource",
                Kind::DataSource => "data source",
                Kind::EphemeralResource => "ephemeral resource",
            }
        );
        let mut finding = self.finding(&rules::UNDECLARED_REFERENCE, place.file, span, message);
        let names: Vec<&str> = module
            .of_kind(word)
            .filter(|declaration| declaration.label(0) == Some(resource_type))
            .filter_map(|declaration| declaration.label(1))
            .collect();
        let types: Vec<&str> = module
            .of_kind(word)
            .filter(|declaration| declaration.label(1) == Some(name))
            .filter_map(|declaration| declaration.label(0))
            .collect();
        finding = finding
            .nearest(name, names.iter().copied())
            .nearest(resource_type, types.iter().copied());
        // Where a resource of another type has the name, that one may be meant.
        if types.is_empty() {
            finding = self.mended(finding, step, place, names);
        }
        if kind == Kind::Resource && module.labelled("data", resource_type, name).is_some() {
            finding = finding.help(format!("did you mean `data.{resource_type}.{name}`?"));
        }
        if kind == Kind::Resource && matches!(resource_type, "locals" | "vars" | "variable" | "variables" | "output") {
            let right = if resource_type == "locals" { "local" } else { "var" };
            finding = finding.help(format!("did you mean `{right}.{name}`?"));
        }
        self.push(finding);
    }

    pub fn attribute_steps(
        &mut self,
        kind: Kind,
        resource_type: &str,
        local_name: &str,
        steps: &[Step<'_>],
        span: &Span,
        place: Place<'_>,
    ) {
        let Known::Schema(schema) = self.schema(local_name) else {
            return;
        };
        let Some(block) = schema.block(kind, resource_type) else {
            return;
        };
        if let Err(fault) = attributes::follow(block, steps) {
            let finding = self.finding(
                &rules::UNKNOWN_ATTRIBUTE,
                place.file,
                fault.span.as_ref().unwrap_or(span),
                format!("{resource_type}: {}", fault.message),
            );
            let names: Vec<&str> = fault.candidates.iter().map(String::as_str).collect();
            let mut finding = finding.nearest(&fault.name, names.iter().copied());
            if let Some(at) = &fault.span {
                finding = mend::slip(finding, self.sources.place(place.file, at), &fault.name, names);
            }
            self.push(finding);
        }
    }
}

fn steps_after<'t, 'a>(traversal: &'t Traversal<'a>, count: usize) -> &'t [Step<'a>] {
    traversal.steps.get(count..).unwrap_or_default()
}

/// The word that starts blocks of a kind.
pub fn block_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Resource => "resource",
        Kind::DataSource => "data",
        Kind::EphemeralResource => "ephemeral",
    }
}

/// A resource's address in its module.
pub fn address(kind: Kind, resource_type: &str, name: &str) -> String {
    match kind {
        Kind::Resource => format!("{resource_type}.{name}"),
        Kind::DataSource => format!("data.{resource_type}.{name}"),
        Kind::EphemeralResource => format!("ephemeral.{resource_type}.{name}"),
    }
}
