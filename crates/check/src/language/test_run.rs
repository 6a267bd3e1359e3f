//! What a file of tests says about the module that it tests.
//!
//! `terraform validate` decides the form of runs and overrides; that something is not declared only `terraform test`
//! says, so that it is a warning here.

use std::collections::BTreeMap;

use findings::Severity;
use terraform::ast::{Attribute, Block, Body, Expression, ExpressionKind, Span, Step, Syntax, Traversal};
use terraform::evaluate::{Nothing, evaluate};
use terraform::module::{FileId, SideFile};
use terraform::value::Value;

use super::environment::Local;
use super::references::{Place, each_reference};
use super::rules;
use super::values::converted;
use super::walk::{Walk, first_reference};

/// What `expect_failures` cannot name, because it has no condition.
const NOT_CHECKABLE: [&str; 8] = ["local", "module", "count", "each", "self", "path", "terraform", "run"];

impl Walk<'_, '_> {
    /// Checks what the blocks of a file of tests mean. In JSON, references are texts, which are left alone.
    pub fn meaning_of_tests(&mut self, test: &SideFile) {
        if test.body.syntax == Syntax::Json {
            return;
        }
        let file = test.file;
        self.unique(
            file,
            test.body.blocks().filter(|block| is_provider(block)),
            "provider",
            &|block| {
                let alias = block.body.attribute("alias").and_then(|alias| alias.value.as_string());
                let name = block.labels.first()?.text.as_str();
                Some(alias.map_or(name.to_owned(), |alias| format!("{name}.{alias}")))
            },
        );
        for block in test.body.blocks() {
            match block.kind.text.as_str() {
                "run" => self.run_block(file, block, &test.body),
                "mock_provider" => {
                    self.during(file, &block.body);
                    for kind in ["mock_resource", "mock_data"] {
                        let mocks = || block.body.blocks_of(kind);
                        self.unique(file, mocks(), kind, &|mock| Some(mock.labels.first()?.text.clone()));
                        mocks().for_each(|mock| self.during(file, &mock.body));
                    }
                    self.overrides(file, &block.body, false);
                }
                _ => {}
            }
        }
        self.overrides(file, &test.body, true);
    }

    fn run_block(&mut self, file: FileId, block: &Block, tests: &Body) {
        let other = block.body.blocks_of("module").next();
        if let Some(source) = other.and_then(|module| module.body.attribute("source"))
            && source.value.as_string().is_some_and(is_package)
        {
            let message = "a run takes modules from a path or a registry, and this is neither";
            self.report(&rules::TEST_FILE, file, &source.value.span, message);
        }
        for options in block.body.blocks_of("plan_options") {
            if let Some(mode) = options.body.attribute("mode") {
                self.one_of(file, mode, &["normal", "refresh-only"]);
            }
        }
        if let Some(failures) = block.body.attribute("expect_failures") {
            self.expected_failures(file, &failures.value, other.is_none());
        }
        self.overrides(file, &block.body, other.is_none());
        for assert in block.body.blocks_of("assert") {
            if let Some(condition) = assert.body.attribute("condition") {
                self.test_condition(file, &condition.value);
            }
            if other.is_none() {
                let expressions = ["condition", "error_message"].into_iter();
                for attribute in expressions.filter_map(|name| assert.body.attribute(name)) {
                    self.asserted(file, &attribute.value, block, tests);
                }
            }
        }
        if other.is_none() {
            for variables in block.body.blocks_of("variables") {
                for attribute in variables.body.attributes() {
                    self.run_variable(file, attribute);
                }
            }
        }
    }

    /// A condition that depends on nothing tests nothing, says Terraform.
    fn test_condition(&mut self, file: FileId, condition: &Expression) {
        let mut any = false;
        each_reference(condition, &mut Vec::new(), &mut |_, _| any = true);
        if !any {
            let message = "the condition refers to nothing, so that it says nothing about the module";
            self.report(&rules::TEST_FILE, file, &condition.span, message);
        }
    }

    /// References of an assertion: to the module under test, to its outputs, and to runs of this file.
    fn asserted(&mut self, file: FileId, expression: &Expression, block: &Block, tests: &Body) {
        let module = self.environment.module;
        let outputs: Vec<&str> = module.of_kind("output").filter_map(|output| output.label(0)).collect();
        let runs: Vec<&str> = tests
            .blocks_of("run")
            .filter_map(|run| Some(run.labels.first()?.text.as_str()))
            .collect();
        let given = tests.blocks_of("variables").chain(block.body.blocks_of("variables"));
        let mut variables: Vec<&str> = module.of_kind("variable").filter_map(|it| it.label(0)).collect();
        variables.extend(
            given
                .flat_map(|block| block.body.attributes())
                .map(|it| it.name.text.as_str()),
        );
        let mut missing = Vec::new();
        each_reference(expression, &mut Vec::new(), &mut |traversal, span| {
            let Some(name) = name_of(traversal) else { return };
            let (what, known) = match traversal.root {
                "output" => ("an output", &outputs),
                "run" => ("a run", &runs),
                "var" => ("an input variable", &variables),
                _ => return,
            };
            if !known.contains(&name) {
                missing.push((what, name.to_owned(), span.clone(), known.clone()));
            }
        });
        for (what, name, span, known) in missing {
            let message = format!(
                "there is no {} `{name}`",
                what.trim_start_matches("an ").trim_start_matches("a ")
            );
            let finding = self
                .finding(&rules::UNDECLARED_REFERENCE, file, &span, message)
                .severity(Severity::Warning)
                .nearest(&name, known);
            self.push(finding);
        }
        // The other references lead into the module, as from inside of it.
        let own = ["output", "run", "var"].map(|name| (name.to_owned(), Value::unknown()));
        let local = Local {
            iterators: own.to_vec(),
            unevaluated: true,
            ..Local::default()
        };
        let place = Place {
            file,
            local: &local,
            inside: None,
        };
        self.value(expression, place);
    }

    fn run_variable(&mut self, file: FileId, attribute: &Attribute) {
        let module = self.environment.module;
        let name = attribute.name.text.as_str();
        let (span, message) = match module.named("variable", name) {
            None => {
                let message = format!("the module under test declares no variable `{name}`");
                (&attribute.name.span, message)
            }
            Some(variable) if first_reference(&attribute.value).is_none() => {
                let value = evaluate(&attribute.value, &Nothing, &mut Vec::new());
                match converted(variable, value) {
                    Ok(_) => return,
                    Err(error) => (&attribute.value.span, format!("the value of var.{name}: {error}")),
                }
            }
            Some(_) => return,
        };
        let finding = self
            .finding(&rules::TEST_FILE, file, span, message)
            .severity(Severity::Warning);
        let names = module.of_kind("variable").filter_map(|variable| variable.label(0));
        let is_declared = module.named("variable", name).is_some();
        self.push(if is_declared {
            finding
        } else {
            finding.nearest(name, names)
        });
    }

    fn expected_failures(&mut self, file: FileId, failures: &Expression, is_own: bool) {
        let ExpressionKind::Tuple(elements) = &failures.kind else {
            let message = "`expect_failures` is a list of references, written out";
            self.report(&rules::TEST_FILE, file, &failures.span, message);
            return;
        };
        for element in elements {
            let Some(traversal) = element.as_traversal() else {
                continue;
            };
            if NOT_CHECKABLE.contains(&traversal.root) {
                let message = format!(
                    "`{}` has no condition that could fail: only variables, outputs, checks, resources and data sources have",
                    traversal.root
                );
                self.report(&rules::TEST_FILE, file, &element.span, message);
            } else if is_own && self.is_missing(&traversal) {
                self.absent(file, &element.span, "nothing fails that does not exist");
            }
        }
    }

    /// The overrides of one block, or of the file.
    fn overrides(&mut self, file: FileId, body: &Body, is_own: bool) {
        for kind in ["override_resource", "override_data", "override_module"] {
            let blocks = || body.blocks_of(kind);
            self.unique(file, blocks(), kind, &|block| {
                Some(address(&block.body.attribute("target")?.value.as_traversal()?))
            });
            for block in blocks() {
                self.during(file, &block.body);
                let values = if kind == "override_module" { "outputs" } else { "values" };
                if let Some(attribute) = block.body.attribute(values)
                    && matches!(
                        attribute.value.kind,
                        ExpressionKind::Number(_) | ExpressionKind::Bool(_) | ExpressionKind::Tuple(_)
                    )
                {
                    let message = format!("`{values}` must be an object");
                    self.report(&rules::TEST_FILE, file, &attribute.value.span, message);
                }
                if let Some(target) = block.body.attribute("target") {
                    self.override_target(file, kind, &target.value, is_own);
                }
            }
        }
    }

    fn override_target(&mut self, file: FileId, kind: &str, target: &Expression, is_own: bool) {
        let Some(traversal) = target.as_traversal() else {
            let message = "`target` is a reference, written out and without quotes";
            self.report(&rules::TEST_FILE, file, &target.span, message);
            return;
        };
        let (fits, wanted) = match (kind, inside_modules(&traversal)) {
            ("override_module", rest) => (rest.is_none(), "a module call"),
            ("override_data", rest) => (rest == Some("data"), "a data source"),
            (_, rest) => (rest.is_some_and(|root| root != "data"), "a resource"),
        };
        if !fits {
            let message = format!("`{kind}` overrides {wanted}, and this is none");
            self.report(&rules::TEST_FILE, file, &target.span, message);
        } else if is_own && self.is_missing(&traversal) {
            self.absent(file, &target.span, "nothing is overridden");
        }
    }

    fn absent(&mut self, file: FileId, span: &Span, so: &str) {
        let message = format!("the module under test does not declare this; {so}");
        let finding = self
            .finding(&rules::UNDECLARED_REFERENCE, file, span, message)
            .severity(Severity::Warning);
        self.push(finding);
    }

    /// Whether the module under test surely lacks something; what lies in the modules that it calls may be there.
    fn is_missing(&self, traversal: &Traversal<'_>) -> bool {
        let module = self.environment.module;
        let name = |index: usize| match traversal.steps.get(index) {
            Some(Step::Name(name)) => Some(name.text.as_str()),
            _ => None,
        };
        let found = match (traversal.root, name(0), name(1)) {
            ("var", Some(name), _) => module.named("variable", name),
            ("output" | "check" | "module", Some(name), _) => module.named(traversal.root, name),
            ("data" | "ephemeral", Some(kind), Some(name)) => module.labelled(traversal.root, kind, name),
            (kind, Some(name), _) => module.labelled("resource", kind, name),
            _ => return false,
        };
        found.is_none()
    }

    fn during(&mut self, file: FileId, body: &Body) {
        if let Some(during) = body.attribute("override_during") {
            self.one_of(file, during, &["plan", "apply"]);
        }
    }

    fn one_of(&mut self, file: FileId, attribute: &Attribute, words: &[&str]) {
        if !attribute.value.as_word().is_some_and(|word| words.contains(&word)) {
            let message = format!(
                "`{}` is `{}`, without quotes",
                attribute.name.text,
                words.join("` or `")
            );
            self.report(&rules::TEST_FILE, file, &attribute.value.span, message);
        }
    }

    /// Reports blocks that have the same key as one before.
    fn unique<'b>(
        &mut self,
        file: FileId,
        blocks: impl Iterator<Item = &'b Block>,
        what: &str,
        key: &dyn Fn(&Block) -> Option<String>,
    ) {
        let mut first: BTreeMap<String, &Span> = BTreeMap::new();
        for block in blocks {
            let Some(key) = key(block) else { continue };
            if let Some(earlier) = first.get(&key) {
                let message = format!("{what} `{key}` is declared twice");
                let finding = self
                    .finding(&rules::DUPLICATE_DECLARATION, file, &block.header, message)
                    .also(self.sources.place(file, earlier), "first declared here");
                self.push(finding);
            } else {
                first.insert(key, &block.header);
            }
        }
    }
}

fn is_provider(block: &Block) -> bool {
    matches!(block.kind.text.as_str(), "provider" | "mock_provider")
}

/// Whether a source is one of packages, which runs do not take.
fn is_package(source: &str) -> bool {
    source.contains("::") || source.contains("://") || source.starts_with("git@") || source.starts_with("github.com/")
}

fn name_of<'e>(traversal: &Traversal<'e>) -> Option<&'e str> {
    match traversal.steps.first() {
        Some(Step::Name(name)) => Some(&name.text),
        _ => None,
    }
}

/// What an address names behind the modules that lead to it: `data`, or a type of resource; nothing for a module.
fn inside_modules<'e>(traversal: &Traversal<'e>) -> Option<&'e str> {
    if traversal.root != "module" {
        return Some(traversal.root);
    }
    // A module's name, perhaps with a key, and then the next word.
    let mut words = traversal.steps.iter().filter_map(|step| match step {
        Step::Name(name) => Some(name.text.as_str()),
        Step::Key(..) => None,
    });
    words.next();
    while let Some(word) = words.next() {
        if word != "module" {
            return Some(word);
        }
        words.next();
    }
    None
}

fn address(traversal: &Traversal<'_>) -> String {
    let steps = traversal.steps.iter().map(|step| match step {
        Step::Name(name) => format!(".{}", name.text),
        Step::Key(key, _) => format!("[{key}]"),
    });
    std::iter::once(traversal.root.to_owned()).chain(steps).collect()
}
