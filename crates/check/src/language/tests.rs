//! Files of tests, `.tftest.hcl`.

use std::collections::BTreeMap;

use terraform::ast::Span;
use terraform::module::{FileId, SideFile, View};

use super::rules;
use super::shape::TESTS;
use super::walk::Walk;

impl Walk<'_, '_> {
    /// Checks the files of tests of a module: their structure, which is what Terraform checks without running them.
    pub fn tests(&mut self) {
        let module = self.environment.module;
        for test in &module.tests {
            self.test(test);
            self.meaning_of_tests(test);
        }
    }

    fn test(&mut self, test: &SideFile) {
        let file = test.file;
        for attribute in test.body.attributes() {
            let message = format!(
                "`{}` stands outside of any block, where a file of tests has no arguments",
                attribute.name.text
            );
            self.report(&rules::UNKNOWN_ARGUMENT, file, &attribute.name.span, message);
        }
        let mut runs: BTreeMap<&str, Span> = BTreeMap::new();
        self.counts(&View::single(file, &test.body), &TESTS);
        for block in test.body.blocks() {
            let kind = block.kind.text.as_str();
            let Some(nested) = TESTS.block(kind) else {
                let finding = self
                    .finding(
                        &rules::UNKNOWN_BLOCK,
                        file,
                        &block.kind.span,
                        format!("a file of tests has no blocks `{kind}`"),
                    )
                    .nearest(kind, TESTS.blocks.iter().map(|nested| nested.name));
                self.push(finding);
                continue;
            };
            self.labels(block, file, nested.shape.labels.len());
            let view = View::single(file, &block.body);
            self.test_block(&view, nested.shape, &format!("block `{kind}`"), (file, &block.header));
            if kind == "run"
                && let Some(label) = block.labels.first()
            {
                self.name(&label.text, file, &label.span);
                match runs.get(label.text.as_str()) {
                    Some(first) => {
                        let finding = self
                            .finding(
                                &rules::DUPLICATE_DECLARATION,
                                file,
                                &label.span,
                                format!("run \"{}\" is declared twice in this file", label.text),
                            )
                            .also(self.sources.place(file, first), "first declared here");
                        self.push(finding);
                    }
                    None => {
                        runs.insert(&label.text, label.span.clone());
                    }
                }
                if let Some(command) = block.body.attribute("command")
                    && !matches!(command.value.as_word(), Some("plan" | "apply"))
                {
                    let message = "`command` is `plan` or `apply`, without quotes";
                    self.report(&rules::TEST_FILE, file, &command.value.span, message);
                }
            }
        }
    }

    /// Reports what stands twice and may stand once.
    fn counts(&mut self, view: &View<'_>, shape: &super::shape::Shape) {
        for nested in shape.blocks.iter().filter(|nested| !nested.many) {
            for (file, block) in view.blocks_of(nested.name).into_iter().skip(1) {
                let message = format!(
                    "there is already a block `{}` here, and only one is allowed",
                    nested.name
                );
                self.report(&rules::BLOCK_COUNT, file, &block.header, message);
            }
        }
    }

    /// Structure alone: what expressions refer to exists only while the tests run.
    fn test_block(&mut self, view: &View<'_>, shape: &super::shape::Shape, what: &str, header: (FileId, &Span)) {
        for (file, attribute) in view.attributes() {
            if shape.argument(&attribute.name.text).is_none() && !shape.open {
                let message = format!("{what} has no argument `{}`", attribute.name.text);
                let finding = self
                    .finding(&rules::UNKNOWN_ARGUMENT, file, &attribute.name.span, message)
                    .nearest(
                        &attribute.name.text,
                        shape.arguments.iter().map(|argument| argument.name),
                    );
                self.push(finding);
            }
        }
        for argument in shape.arguments.iter().filter(|argument| argument.required) {
            if view.attribute(argument.name).is_none() {
                let message = format!("{what} lacks the argument `{}`, which must be set", argument.name);
                self.report(&rules::MISSING_ARGUMENT, header.0, header.1, message);
            }
        }
        if shape.open {
            return;
        }
        self.counts(view, shape);
        for (file, block) in view.blocks() {
            let name = block.kind.text.as_str();
            match shape.block(name) {
                Some(nested) => {
                    self.labels(block, file, nested.shape.labels.len());
                    let view = View::single(file, &block.body);
                    self.test_block(&view, nested.shape, &format!("block `{name}`"), (file, &block.header));
                }
                None => {
                    let message = format!("{what} has no block `{name}`");
                    let finding = self
                        .finding(&rules::UNKNOWN_BLOCK, file, &block.header, message)
                        .nearest(name, shape.blocks.iter().map(|nested| nested.name));
                    self.push(finding);
                }
            }
        }
    }
}
