//! The document that a data source `aws_iam_policy_document` makes.

use terraform::ast::{Block, Span};
use terraform::module::{FileId, View};

use super::text::Writer;
use crate::policy::UNKNOWN;

impl Writer<'_, '_> {
    /// The document of an `aws_iam_policy_document`, as the provider writes it.
    pub(super) fn data(&mut self, view: &View<'_>) {
        self.raw("{\"Version\":");
        match view.attribute("version") {
            Some((file, version)) => self.scalar(&version.value, file),
            None => self.raw("\"2012-10-17\""),
        }
        self.raw(",\"Statement\":[");
        let mut first = true;
        for (file, block) in view.blocks() {
            let known = block.kind.text == "statement";
            let made =
                block.kind.text == "dynamic" && block.labels.first().is_some_and(|label| label.text == "statement");
            if !known && !made {
                continue;
            }
            if !first {
                self.raw(",");
            }
            first = false;
            if known {
                self.statement(block, file);
            } else {
                self.unknown(file, &block.header);
            }
        }
        for argument in [
            "source_policy_documents",
            "override_policy_documents",
            "source_json",
            "override_json",
        ] {
            if let Some((file, attribute)) = view.attribute(argument) {
                if !first {
                    self.raw(",");
                }
                first = false;
                self.unknown(file, &attribute.value.span);
            }
        }
        self.raw("]}");
    }

    fn statement(&mut self, block: &Block, file: FileId) {
        let start = self.len();
        self.raw("{");
        let mut first = true;
        let names = [
            ("sid", "Sid"),
            ("effect", "Effect"),
            ("actions", "Action"),
            ("not_actions", "NotAction"),
            ("resources", "Resource"),
            ("not_resources", "NotResource"),
        ];
        for (argument, element) in names {
            if let Some(attribute) = block.body.attribute(argument) {
                self.member(&mut first, element, file, &attribute.name.span);
                self.expression(&attribute.value, file, 1);
            } else if element == "Effect" {
                // The provider's default.
                self.member(&mut first, element, file, &block.header);
                self.raw("\"Allow\"");
            }
        }
        for (name, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
            let blocks: Vec<&Block> = block.body.blocks_of(name).collect();
            if !blocks.is_empty() {
                self.member(&mut first, element, file, &block.header);
                self.principals(&blocks, file);
            }
        }
        let conditions: Vec<&Block> = block.body.blocks_of("condition").collect();
        if !conditions.is_empty() {
            self.member(&mut first, "Condition", file, &block.header);
            self.conditions(&conditions, file);
        }
        for nested in block.body.blocks_of("dynamic") {
            self.member(&mut first, &UNKNOWN.to_string(), file, &nested.header);
            self.raw("0");
        }
        self.raw("}");
        self.piece(start, file, &block.header);
    }

    fn member(&mut self, first: &mut bool, name: &str, file: FileId, span: &Span) {
        if !*first {
            self.raw(",");
        }
        *first = false;
        self.string(name, file, span);
        self.raw(":");
    }

    fn principals(&mut self, blocks: &[&Block], file: FileId) {
        let start = self.len();
        let is = |block: &Block, argument: &str, text: &str| {
            let attribute = block.body.attribute(argument);
            attribute.is_some_and(|attribute| attribute.value.as_string() == Some(text))
        };
        if let [only] = blocks
            && is(only, "type", "*")
        {
            self.raw("\"*\"");
            self.piece(start, file, &only.header);
            return;
        }
        let mut kinds: Vec<String> = Vec::new();
        self.raw("{");
        let mut first = true;
        for block in blocks {
            let Some(kind) = block.body.attribute("type") else {
                continue;
            };
            // Blocks of one type are one list in the document.
            let text = kind.value.as_string().map(str::to_owned);
            if text.as_ref().is_some_and(|text| kinds.contains(text)) {
                continue;
            }
            if !first {
                self.raw(",");
            }
            first = false;
            self.scalar(&kind.value, file);
            self.raw(":");
            match (&text, block.body.attribute("identifiers")) {
                (Some(text), Some(identifiers)) => {
                    let many = blocks.iter().filter(|other| is(other, "type", text)).count() > 1;
                    if many {
                        self.unknown(file, &identifiers.value.span);
                    } else {
                        self.expression(&identifiers.value, file, 1);
                    }
                }
                (_, Some(identifiers)) => self.unknown(file, &identifiers.value.span),
                (_, None) => self.unknown(file, &block.header),
            }
            kinds.extend(text);
        }
        self.raw("}");
        if let Some(block) = blocks.first() {
            self.piece(start, file, &block.header);
        }
    }

    /// Conditions of one operator are one object, and of one key one list.
    fn conditions(&mut self, blocks: &[&Block], file: FileId) {
        let start = self.len();
        let text = |block: &Block, argument: &str| {
            let attribute = block.body.attribute(argument);
            attribute.and_then(|attribute| attribute.value.as_string().map(str::to_owned))
        };
        self.raw("{");
        let mut operators: Vec<Option<String>> = Vec::new();
        for block in blocks {
            let operator = text(block, "test");
            if operator.is_some() && operators.contains(&operator) {
                continue;
            }
            if !operators.is_empty() {
                self.raw(",");
            }
            match block.body.attribute("test") {
                Some(test) => self.scalar(&test.value, file),
                None => self.unknown(file, &block.header),
            }
            self.raw(":{");
            let same: Vec<&&Block> = match &operator {
                Some(_) => blocks.iter().filter(|other| text(other, "test") == operator).collect(),
                None => vec![block],
            };
            let mut keys: Vec<Option<String>> = Vec::new();
            for condition in same {
                let key = text(condition, "variable");
                if key.is_some() && keys.contains(&key) {
                    continue;
                }
                if !keys.is_empty() {
                    self.raw(",");
                }
                match condition.body.attribute("variable") {
                    Some(variable) => self.scalar(&variable.value, file),
                    None => self.unknown(file, &condition.header),
                }
                self.raw(":");
                let repeated = key.is_some()
                    && blocks
                        .iter()
                        .filter(|other| text(other, "test") == operator && text(other, "variable") == key)
                        .count()
                        > 1;
                match condition.body.attribute("values") {
                    Some(values) if !repeated => self.expression(&values.value, file, 1),
                    _ => self.unknown(file, &condition.header),
                }
                keys.push(key);
            }
            self.raw("}");
            operators.push(operator);
        }
        self.raw("}");
        if let Some(block) = blocks.first() {
            self.piece(start, file, &block.header);
        }
    }
}
