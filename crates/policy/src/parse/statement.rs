//! Statements: elements that each kind of policy must, may and cannot have.

use std::ops::Range;

use jsonc_parser::ast::Value;

use super::ErrorCode;
use super::reader::{self, Member, Members, Reader, join};
use crate::{Actions, Effect, Kind, Resources, Statement, arn};

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

impl Reader<'_> {
    /// A list of statements, or one alone.
    pub(super) fn statements(&mut self, value: &Value<'_>) -> Vec<Statement> {
        let path = "$.Statement";
        let Value::Array(array) = value else {
            return self.statement(value, path).into_iter().collect();
        };
        self.place(path, value);
        if array.elements.is_empty() {
            self.error(
                ErrorCode::EmptyList,
                path,
                reader::range(value),
                "`Statement` is an empty list",
            );
        }
        let mut statements = Vec::with_capacity(array.elements.len());
        let mut sids: Vec<String> = Vec::new();
        for (index, element) in array.elements.iter().enumerate() {
            let path = format!("{path}[{index}]");
            let Some(statement) = self.statement(element, &path) else {
                continue;
            };
            if let Some(sid) = statement.sid.as_ref().filter(|sid| !sid.is_empty()) {
                if sids.contains(sid) && self.iam_stores_it() {
                    let message = format!("`Sid` `{sid}` is there twice");
                    self.error(
                        ErrorCode::DuplicateSid,
                        &join(&path, "Sid"),
                        reader::range(element),
                        message,
                    );
                }
                sids.push(sid.clone());
            }
            statements.push(statement);
        }
        statements
    }

    /// Resource policies are stored by other services, whose rules for `Sid` differ.
    fn iam_stores_it(&self) -> bool {
        self.kind != Kind::Resource
    }

    fn statement(&mut self, value: &Value<'_>, path: &str) -> Option<Statement> {
        let elements = self.members(value, path, "a statement", &ELEMENTS)?;
        let sid = elements.get("Sid").and_then(|member| self.sid(member, path));
        let effect = self.effect(&elements, path);
        let principals = self.principals(&elements, path, effect);
        let actions = self.actions(&elements, path);
        let resources = self.resources(&elements, path);
        let conditions = match elements.get("Condition") {
            Some(member) => self.conditions(member.value, &join(path, "Condition")),
            None => Vec::new(),
        };
        Some(Statement {
            sid,
            effect: effect?,
            principals,
            actions: actions?,
            resources,
            conditions,
        })
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html>
    fn sid(&mut self, member: &Member<'_>, path: &str) -> Option<String> {
        let path = join(path, "Sid");
        let sid = self.string(member.value, &path, "`Sid`")?;
        if self.iam_stores_it() && !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let message = format!("`Sid` is `{sid}`: IAM takes letters and digits only");
            self.error(ErrorCode::InvalidSid, &path, reader::range(member.value), message);
        }
        Some(sid)
    }

    fn effect(&mut self, elements: &Members<'_>, path: &str) -> Option<Effect> {
        let Some(member) = elements.get("Effect") else {
            self.missing(elements, path, "`Effect` is missing: expected `Allow` or `Deny`");
            return None;
        };
        let path = join(path, "Effect");
        let text = self.string(member.value, &path, "`Effect`")?;
        match text.as_str() {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            _ => {
                let message = format!("`Effect` is `{text}`: expected `Allow` or `Deny`, in this case");
                self.error(ErrorCode::InvalidValue, &path, reader::range(member.value), message);
                None
            }
        }
    }

    pub(super) fn missing(&mut self, elements: &Members<'_>, path: &str, message: impl Into<String>) {
        self.error(ErrorCode::MissingElement, path, elements.range.clone(), message);
    }

    /// One of an element and its negation; both is an error.
    pub(super) fn either<'e, 'v>(
        &mut self,
        elements: &'e Members<'v>,
        path: &str,
        names: [&str; 2],
    ) -> Option<(&'e Member<'v>, bool)> {
        match (elements.get(names[0]), elements.get(names[1])) {
            (Some(_), Some(second)) => {
                let message = format!("`{}` and `{}` exclude each other", names[0], names[1]);
                self.error(
                    ErrorCode::ConflictingElements,
                    &join(path, names[1]),
                    second.name.clone(),
                    message,
                );
                elements.get(names[0]).map(|member| (member, false))
            }
            (Some(member), None) => Some((member, false)),
            (None, Some(member)) => Some((member, true)),
            (None, None) => None,
        }
    }

    fn actions(&mut self, elements: &Members<'_>, path: &str) -> Option<Actions> {
        let Some((member, negated)) = self.either(elements, path, ["Action", "NotAction"]) else {
            self.missing(elements, path, "`Action` or `NotAction` is missing");
            return None;
        };
        let what = format!("`{}`", member.key);
        let mut actions = Vec::new();
        for (action, path, range) in self.strings(member.value, &join(path, member.key), &what) {
            self.action(&action, &path, range);
            actions.push(action);
        }
        Some(if negated {
            Actions::AllBut(actions)
        } else {
            Actions::Only(actions)
        })
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html#policies-grammar-notes-strings>
    fn action(&mut self, action: &str, path: &str, range: Range<usize>) {
        if action == "*" {
            return;
        }
        let service_fits =
            |service: &str| !service.is_empty() && service.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let name_fits = |name: &str| !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control());
        match action.split_once(':') {
            Some((service, name)) if service_fits(service) && name_fits(name) => {
                // IAM's own answer is that such a policy may only specify STS actions.
                if self.kind == Kind::Trust && !service.eq_ignore_ascii_case("sts") {
                    let message = format!("`{action}`: a trust policy speaks of actions of `sts` only");
                    self.error(ErrorCode::InvalidAction, path, range, message);
                }
            }
            _ => {
                let message = format!("`{action}` is no action: expected `*` or `service:Action`, the service in full");
                self.error(ErrorCode::InvalidAction, path, range, message);
            }
        }
    }

    fn resources(&mut self, elements: &Members<'_>, path: &str) -> Option<Resources> {
        let found = self.either(elements, path, ["Resource", "NotResource"]);
        let Some((member, negated)) = found else {
            // A trust policy's resource is its role; some services, such as ECR, do without in resource policies.
            if !matches!(self.kind, Kind::Trust | Kind::Resource) {
                self.missing(elements, path, "`Resource` or `NotResource` is missing");
            }
            return None;
        };
        if self.kind == Kind::Trust {
            let message = format!("a trust policy cannot have `{}`: its resource is the role", member.key);
            self.error(
                ErrorCode::ElementNotAllowed,
                &join(path, member.key),
                member.name.clone(),
                message,
            );
        }
        let what = format!("`{}`", member.key);
        let mut resources = Vec::new();
        for (resource, path, range) in self.strings(member.value, &join(path, member.key), &what) {
            self.resource(&resource, &path, range);
            resources.push(resource);
        }
        Some(if negated {
            Resources::AllBut(resources)
        } else {
            Resources::Only(resources)
        })
    }

    fn resource(&mut self, resource: &str, path: &str, range: Range<usize>) {
        // Services that store resource policies may take forms of their own, as API Gateway does.
        if resource == "*" || self.kind == Kind::Resource {
            return;
        }
        if !resource.starts_with("arn:") {
            let message = format!("`{resource}` is no resource: expected `*` or an ARN");
            self.error(ErrorCode::InvalidResource, path, range, message);
        } else if self.kind == Kind::Session && arn::missing_parts(resource) > 0 {
            // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
            let message = format!("`{resource}` lacks parts of an ARN, which a session policy needs in full");
            self.error(ErrorCode::InvalidResource, path, range, message);
        }
    }
}
