//! Provisioners, and how they reach a machine.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/resources/provisioners/syntax>

use terraform::ast::{Attribute, Block};
use terraform::module::{FileId, View};
use terraform::value::Type;

use super::environment::Local;
use super::references::{Place, each_reference};
use super::rules;
use super::shape::Shape;
use super::walk::Walk;

/// Provisioners with their arguments, the needed ones first.
const PROVISIONERS: [(&str, &[&str], &[&str]); 3] = [
    ("file", &["destination"], &["source", "content"]),
    (
        "local-exec",
        &["command"],
        &["interpreter", "working_dir", "environment", "when", "quiet"],
    ),
    ("remote-exec", &[], &["inline", "script", "scripts"]),
];

const CONNECTION: (&str, &[&str], &[&str]) = (
    "connection",
    &["host"],
    &[
        "type",
        "user",
        "password",
        "port",
        "timeout",
        "script_path",
        "target_platform",
        "private_key",
        "certificate",
        "host_key",
        "agent",
        "agent_identity",
        "proxy_scheme",
        "proxy_host",
        "proxy_port",
        "proxy_user_name",
        "proxy_user_password",
        "bastion_host",
        "bastion_host_key",
        "bastion_port",
        "bastion_user",
        "bastion_password",
        "bastion_private_key",
        "bastion_certificate",
        "https",
        "insecure",
        "cacert",
        "use_ntlm",
    ],
);

fn type_of(argument: &str) -> Type {
    match argument {
        "inline" | "scripts" | "interpreter" => Type::List(Box::new(Type::String)),
        "environment" => Type::Map(Box::new(Type::String)),
        "port" | "proxy_port" | "bastion_port" => Type::Number,
        "quiet" | "agent" | "https" | "insecure" | "use_ntlm" => Type::Bool,
        _ => Type::String,
    }
}

impl Walk<'_, '_> {
    /// Checks what the language does not fix itself in a provisioner or connection.
    pub fn provisioner(&mut self, block: &Block, shape: &Shape, file: FileId, local: &Local) {
        let place = Place {
            file,
            local,
            inside: None,
        };
        let known = if block.kind.text == "connection" {
            Some(CONNECTION)
        } else {
            let label = block.labels.first();
            let known = label.and_then(|label| PROVISIONERS.into_iter().find(|(name, ..)| *name == label.text));
            if known.is_none()
                && let Some(label) = label
            {
                let message = format!("there is no provisioner `{}`", label.text);
                let finding = self
                    .finding(&rules::UNKNOWN_TYPE, file, &label.span, message)
                    .nearest(&label.text, PROVISIONERS.map(|(name, ..)| name));
                self.push(finding);
            }
            known
        };
        for attribute in block.body.attributes() {
            let name = attribute.name.text.as_str();
            if shape.argument(name).is_some() {
                self.keyword(attribute, file);
                continue;
            }
            if known.is_some() {
                self.typed(&attribute.value, &type_of(name), place, &format!("`{name}`"));
            } else {
                self.value(&attribute.value, place);
            }
            if let Some((what, needed, others)) = known
                && !needed.contains(&name)
                && !others.contains(&name)
            {
                let finding = self
                    .finding(
                        &rules::UNKNOWN_ARGUMENT,
                        file,
                        &attribute.name.span,
                        format!("`{what}` has no argument `{name}`"),
                    )
                    .nearest(name, needed.iter().chain(others).copied());
                self.push(finding);
            }
        }
        for nested in block.body.blocks() {
            if shape.block(&nested.kind.text).is_none() {
                self.loose(&nested.body, place);
            }
        }
        let view = View::single(file, &block.body);
        for name in known.map_or(&[][..], |(_, needed, _)| needed) {
            if view.attribute(name).is_none() {
                let message = format!(
                    "block `{}` lacks the argument `{name}`, which must be set",
                    block.kind.text
                );
                self.report(&rules::MISSING_ARGUMENT, file, &block.header, message);
            }
        }
        let destroys = block.body.attribute("when");
        if destroys.and_then(|when| when.value.as_word()) == Some("destroy") {
            self.only_own(block, file);
        }
    }

    /// `when` and `on_failure`.
    fn keyword(&mut self, attribute: &Attribute, file: FileId) {
        let words = match attribute.name.text.as_str() {
            "when" => ["create", "destroy"],
            "on_failure" => ["continue", "fail"],
            _ => return,
        };
        let word = attribute.value.as_word().or_else(|| attribute.value.as_string());
        if !word.is_some_and(|word| words.contains(&word)) {
            let message = format!("`{}` is `{}`", attribute.name.text, words.join("` or `"));
            self.report(&rules::META_ARGUMENT, file, &attribute.value.span, message);
        }
    }

    /// What runs when a resource is destroyed knows that resource alone: all others may be gone.
    fn only_own(&mut self, block: &Block, file: FileId) {
        let mut foreign = Vec::new();
        let nested = block.body.blocks().flat_map(|nested| nested.body.attributes());
        for attribute in block.body.attributes().chain(nested) {
            if matches!(attribute.name.text.as_str(), "when" | "on_failure") {
                continue;
            }
            each_reference(&attribute.value, &mut Vec::new(), &mut |traversal, span| {
                if !matches!(traversal.root, "self" | "count" | "each" | "path" | "terraform") {
                    foreign.push(span.clone());
                }
            });
        }
        for span in foreign {
            let message = "a provisioner with `when = destroy` may refer to `self`, `count.index` and `each.key` alone";
            self.report(&rules::REFERENCE_SCOPE, file, &span, message);
        }
    }
}
