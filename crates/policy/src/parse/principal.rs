//! `Principal` and `NotPrincipal`.

use std::ops::Range;

use jsonc_parser::ast::Value;

use super::ErrorCode;
use super::reader::{self, Members, Reader, join};
use crate::{Effect, Kind, PrincipalPattern, Principals, arn};

const TYPES: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

impl Reader<'_> {
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
    pub(super) fn principals(
        &mut self,
        elements: &Members<'_>,
        path: &str,
        effect: Option<Effect>,
    ) -> Option<Principals> {
        let has_principals = matches!(self.kind, Kind::Resource | Kind::Trust);
        let Some((member, negated)) = self.either(elements, path, ["Principal", "NotPrincipal"]) else {
            if has_principals {
                let message = format!("`Principal` is missing: {} says whom it means", self.kind_name());
                self.missing(elements, path, message);
            }
            return None;
        };
        let path = join(path, member.key);
        if !has_principals {
            let message = format!("{} cannot have `{}`", self.kind_name(), member.key);
            self.error(ErrorCode::ElementNotAllowed, &path, member.name.clone(), message);
            return None;
        }
        if negated && self.kind == Kind::Trust {
            let message = "a trust policy cannot have `NotPrincipal`";
            self.error(ErrorCode::ElementNotAllowed, &path, member.name.clone(), message);
        } else if negated && effect == Some(Effect::Allow) {
            let message = "`NotPrincipal` goes with `Deny` only";
            self.error(ErrorCode::ElementNotAllowed, &path, member.name.clone(), message);
        }
        let patterns = self.patterns(member.value, &path, member.key);
        Some(if negated {
            Principals::AllBut(patterns)
        } else {
            Principals::Only(patterns)
        })
    }

    fn patterns(&mut self, value: &Value<'_>, path: &str, name: &str) -> Vec<PrincipalPattern> {
        if let Value::StringLit(text) = value {
            self.place(path, value);
            if text.value != "*" {
                let message = format!(
                    "`{name}` is `{}`: expected `*` or an object such as {{\"AWS\": …}}",
                    text.value
                );
                self.error(ErrorCode::InvalidPrincipal, path, reader::range(value), message);
            }
            return vec![PrincipalPattern::Anyone];
        }
        let Some(members) = self.members(value, path, &format!("`{name}`"), &TYPES) else {
            return Vec::new();
        };
        if matches!(value, Value::Object(object) if object.properties.is_empty()) {
            let message = format!("`{name}` names nobody: expected {}", TYPES.join(", "));
            self.error(ErrorCode::EmptyList, path, members.range.clone(), message);
        }
        let mut patterns = Vec::new();
        for member in &members.list {
            let what = format!("`{}`", member.key);
            for (text, path, range) in self.strings(member.value, &join(path, member.key), &what) {
                patterns.push(self.pattern(member.key, text, &path, range));
            }
        }
        patterns
    }

    fn pattern(&mut self, of: &str, text: String, path: &str, range: Range<usize>) -> PrincipalPattern {
        if let Some(kind) = arn::never_calls(&text).filter(|_| of == "AWS") {
            let message = format!("`{text}` is {kind}, which calls nothing: expected an account, a role or a user");
            self.error(ErrorCode::InvalidPrincipal, path, range, message);
        } else if let Some(expected) = self.expected(of, &text) {
            let message = format!("`{text}` is no principal of `{of}`: expected {expected}");
            self.error(ErrorCode::InvalidPrincipal, path, range, message);
        }
        match of {
            "AWS" => PrincipalPattern::Aws(text),
            "Service" => PrincipalPattern::Service(text),
            "Federated" => PrincipalPattern::Federated(text),
            _ => PrincipalPattern::CanonicalUser(text),
        }
    }

    /// What was expected, unless the text fits.
    fn expected(&self, of: &str, text: &str) -> Option<&'static str> {
        let wild = text.contains(['*', '?']);
        let fits = match of {
            "AWS" => {
                text == "*" || arn::account_principal(text).is_some() || arn::is_unique_id(text) || {
                    !wild && (text.starts_with("arn:") && arn::missing_parts(text) == 0)
                }
            }
            "CanonicalUser" => self.kind == Kind::Resource && !text.is_empty() && !wild,
            // Every service's name is a host name: `lambda.amazonaws.com`, not `lambda`.
            "Service" => text.contains('.') && !wild,
            _ => !text.is_empty() && !wild,
        };
        (!fits).then_some(match of {
            "AWS" => "`*`, an account id of twelve digits or a whole ARN without wildcards",
            "Service" => "a service's name such as `bedrock.amazonaws.com`, without wildcards",
            "Federated" => "the ARN of a provider or a built-in provider's host name, without wildcards",
            _ => "a canonical user id, in a resource policy only",
        })
    }
}
