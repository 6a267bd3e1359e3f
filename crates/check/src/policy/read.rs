//! Reading a document for the rules, with tolerance for what the grammar refuses.

use std::ops::Range;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use policy::operator::Operator;
use policy::{Effect, Version};

use super::UNKNOWN;
use super::finding::Part;
use super::model::{Condition, Conditions, Document, Language, Principals, Statement, Text, Values};
use super::variables;

/// The document, if the text is a JSON object.
pub(crate) fn document(text: &str, template: bool) -> Option<Document> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict).ok()?;
    let Some(Value::Object(object)) = &parsed.value else {
        return None;
    };
    let reader = Reader { template };
    let members = reader.members(object, "$");
    let mut document = Document {
        span: range(object),
        version: Language::Missing,
        statements: Vec::new(),
        open: members.open,
    };
    for member in &members.list {
        match member.name.value.as_str() {
            "Version" => document.version = reader.version(member),
            "Statement" => reader.statements(member, &mut document),
            _ => {}
        }
    }
    if members.open && matches!(document.version, Language::Missing) {
        document.version = Language::Unknown;
    }
    Some(document)
}

/// Whether a piece of a document's text holds something unknown.
pub(crate) fn has_unknown(text: &str, template: bool) -> bool {
    let escaped = |text: &str| text.to_ascii_lowercase().contains("\\ufffc");
    text.contains(UNKNOWN) || escaped(text) || template && variables::has_placeholder(text)
}

struct Reader {
    template: bool,
}

struct Member<'v> {
    name: Text,
    /// Path of its value.
    path: String,
    value: &'v Value<'v>,
}

struct Members<'v> {
    list: Vec<Member<'v>>,
    open: bool,
}

fn range(ranged: &impl Ranged) -> Range<usize> {
    let range = ranged.range();
    range.start..range.end
}

fn member_path(path: &str, name: &str) -> String {
    if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        format!("{path}.{name}")
    } else {
        format!("{path}['{name}']")
    }
}

/// Values of a condition with what is left to be filled in, `<corporate-cidr>`, as not known.
fn without_blanks(values: Vec<Text>, mut open: bool) -> (Vec<Text>, bool) {
    let filled = |mut text: Text| {
        text.value = variables::without_blanks(&text.value);
        text
    };
    let all = values.len();
    let values: Vec<Text> = values
        .into_iter()
        .map(filled)
        .filter(|text| !is_unknown(&text.value))
        .collect();
    open |= values.len() < all;
    (values, open)
}

fn is_unknown(text: &str) -> bool {
    text.chars().eq([UNKNOWN])
}

impl Reader {
    fn text(&self, value: &str, path: &str, part: Part, span: Range<usize>) -> Text {
        let value = if self.template {
            variables::without_placeholders(value)
        } else {
            value.to_owned()
        };
        Text {
            value,
            path: path.to_owned(),
            part,
            span,
        }
    }

    /// The members of an object; of those that are there twice the first.
    fn members<'v>(&self, object: &'v Object<'v>, path: &str) -> Members<'v> {
        let mut members = Members {
            list: Vec::with_capacity(object.properties.len()),
            open: false,
        };
        for property in &object.properties {
            let written = property.name.as_str();
            let path = member_path(path, written);
            let name = self.text(written, &path, Part::Name, range(&property.name));
            if is_unknown(&name.value) {
                members.open = true;
            } else if name.value.contains(UNKNOWN) || !members.list.iter().any(|m| m.name.value == name.value) {
                let value = &property.value;
                members.list.push(Member { name, path, value });
            }
        }
        members
    }

    /// A value as text: AWS takes numbers and booleans for theirs.
    fn scalar(&self, value: &Value<'_>, path: &str) -> Option<Text> {
        let text = |content: &str| self.text(content, path, Part::Value, range(value));
        match value {
            Value::StringLit(string) => Some(text(&string.value)),
            Value::NumberLit(number) => Some(text(number.value)),
            Value::BooleanLit(boolean) => Some(text(if boolean.value { "true" } else { "false" })),
            _ => None,
        }
    }

    /// A value or a list of values, and whether there may be more.
    fn scalars(&self, value: &Value<'_>, path: &str) -> (Vec<Text>, bool) {
        let found: Vec<Option<Text>> = match value {
            Value::Array(array) => {
                let elements = array.elements.iter().enumerate();
                elements
                    .map(|(index, element)| self.scalar(element, &format!("{path}[{index}]")))
                    .collect()
            }
            _ => vec![self.scalar(value, path)],
        };
        let all = found.len();
        let list: Vec<Text> = found
            .into_iter()
            .flatten()
            .filter(|text| !is_unknown(&text.value))
            .collect();
        // What has the wrong type is reported by the grammar; the rules take it as unknown.
        let open = list.len() < all;
        (list, open)
    }

    fn version(&self, member: &Member<'_>) -> Language {
        match self.scalar(member.value, &member.path) {
            Some(text) if text.value == "2012-10-17" => Language::Known(Version::V2012, text),
            Some(text) if text.value == "2008-10-17" => Language::Known(Version::V2008, text),
            _ => Language::Unknown,
        }
    }

    fn statements(&self, member: &Member<'_>, document: &mut Document) {
        let path = &member.path;
        let mut read = |value: &Value<'_>, path: String| match value {
            Value::Object(object) => document.statements.push(self.statement(object, path)),
            _ => document.open = true,
        };
        match member.value {
            Value::Array(array) => {
                for (index, element) in array.elements.iter().enumerate() {
                    read(element, format!("{path}[{index}]"));
                }
            }
            value => read(value, path.clone()),
        }
    }

    fn statement(&self, object: &Object<'_>, path: String) -> Statement {
        let members = self.members(object, &path);
        let mut statement = Statement {
            path,
            span: range(object),
            open: members.open,
            sid: None,
            has_effect: false,
            effect: None,
            principals: None,
            actions: None,
            resources: None,
            conditions: None,
        };
        for member in members.list {
            let name = member.name.value.as_str();
            match name {
                "Sid" => statement.sid = self.scalar(member.value, &member.path),
                "Effect" => {
                    statement.has_effect = true;
                    statement.effect = match self.scalar(member.value, &member.path) {
                        Some(text) if text.value == "Allow" => Some(Effect::Allow),
                        Some(text) if text.value == "Deny" => Some(Effect::Deny),
                        _ => None,
                    };
                }
                "Principal" | "NotPrincipal" => {
                    statement.principals.get_or_insert(self.principals(&member));
                }
                "Action" | "NotAction" => {
                    statement.actions.get_or_insert(self.values(member));
                }
                "Resource" | "NotResource" => {
                    statement.resources.get_or_insert(self.values(member));
                }
                "Condition" => statement.conditions = Some(self.conditions(member)),
                _ => {}
            }
        }
        statement
    }

    fn values(&self, member: Member<'_>) -> Values {
        let (list, open) = self.scalars(member.value, &member.path);
        Values {
            negated: member.name.value.starts_with("Not"),
            name: member.name,
            list,
            open,
        }
    }

    fn principals(&self, member: &Member<'_>) -> Principals {
        let mut principals = Principals {
            negated: member.name.value.starts_with("Not"),
            anyone: None,
            list: Vec::new(),
            open: false,
        };
        match member.value {
            Value::Object(object) => {
                let members = self.members(object, &member.path);
                principals.open = members.open;
                for of in members.list {
                    let (list, open) = self.scalars(of.value, &of.path);
                    principals.open |= open;
                    let of = of.name.value;
                    principals.list.extend(list.into_iter().map(|text| (of.clone(), text)));
                }
            }
            value => match self.scalar(value, &member.path) {
                Some(text) if text.value == "*" => principals.anyone = Some(text),
                _ => principals.open = true,
            },
        }
        principals
    }

    fn conditions(&self, member: Member<'_>) -> Conditions {
        let mut conditions = Conditions {
            name: member.name,
            list: Vec::new(),
            empty: Vec::new(),
            open: false,
        };
        let Value::Object(object) = member.value else {
            conditions.open = true;
            return conditions;
        };
        let operators = self.members(object, &member.path);
        conditions.open = operators.open;
        for operator in operators.list {
            let Value::Object(object) = operator.value else {
                conditions.open = true;
                continue;
            };
            let keys = self.members(object, &operator.path);
            conditions.open |= keys.open;
            if object.properties.is_empty() {
                conditions.empty.push(operator.name.clone());
            }
            for key in keys.list {
                let (values, open) = self.scalars(key.value, &key.path);
                let (values, open) = without_blanks(values, open);
                conditions.list.push(Condition {
                    operator: operator.name.clone(),
                    parsed: Operator::parse(&operator.name.value),
                    key: key.name,
                    values,
                    open,
                });
            }
        }
        conditions
    }
}
