//! `Condition`.

use jsonc_parser::ast::Value;

use super::ErrorCode;
use super::reader::{Reader, join};
use crate::Condition;
use crate::operator::Operator;

impl Reader<'_> {
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>
    pub(super) fn conditions(&mut self, value: &Value<'_>, path: &str) -> Vec<Condition> {
        let mut conditions = Vec::new();
        let Some(operators) = self.any_members(value, path, "`Condition`") else {
            return conditions;
        };
        for operator in operators.list {
            let path = join(path, operator.key);
            if Operator::parse(operator.key).is_none() {
                let message = no_operator(operator.key);
                self.error(ErrorCode::InvalidOperator, &path, operator.name.clone(), message);
            }
            let what = format!("`{}`", operator.key);
            let Some(keys) = self.any_members(operator.value, &path, &what) else {
                continue;
            };
            for key in keys.list {
                let path = join(&path, key.key);
                if key.key.find(':').is_none_or(|colon| colon == 0) {
                    let message = format!("`{}` is no condition key: expected `service:Key`", key.key);
                    self.error(ErrorCode::InvalidValue, &path, key.name.clone(), message);
                }
                let values = self.scalars(key.value, &path, &format!("`{}`", key.key));
                conditions.push(Condition {
                    operator: operator.key.to_owned(),
                    key: key.key.to_owned(),
                    values,
                });
            }
        }
        conditions
    }
}

fn no_operator(name: &str) -> String {
    if name.eq_ignore_ascii_case("NullIfExists") {
        return "`Null` asks whether a key exists and cannot have `IfExists`".to_owned();
    }
    match suggestion(name) {
        Some(meant) => format!("`{name}` is no condition operator: did you mean `{meant}`?"),
        None => format!("`{name}` is no condition operator"),
    }
}

/// The operator that is most like a name, with the set qualifier that it was meant to have.
fn suggestion(name: &str) -> Option<String> {
    let nearest = |text: &str, known: &mut dyn Iterator<Item = &'static str>| {
        let near = known.min_by_key(|known| distance(known, text));
        near.filter(|known| distance(known, text) <= text.len() / 3)
    };
    let (qualifier, bare) = match name.rsplit_once(':') {
        Some((qualifier, bare)) => {
            let known = nearest(qualifier, &mut ["ForAllValues", "ForAnyValue"].into_iter())?;
            (format!("{known}:"), bare)
        }
        None => (String::new(), name),
    };
    let (bare, suffix) = match bare.strip_suffix("IfExists") {
        Some(bare) => (bare, "IfExists"),
        None => (bare, ""),
    };
    let known = nearest(bare, &mut Operator::names())?;
    let meant = format!("{qualifier}{known}{suffix}");
    Operator::parse(&meant).map(|_| meant)
}

/// Edit distance, without case.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_keep_what_stands_around_the_operator() {
        for (name, meant) in [
            ("ForAnyValues:StringEquals", Some("ForAnyValue:StringEquals")),
            ("ForAllValue:StringLikes", Some("ForAllValues:StringLike")),
            ("StringEqualIfExists", Some("StringEqualsIfExists")),
            ("StringEqual", Some("StringEquals")),
            ("Whatever:StringEquals", None),
            ("Whatever", None),
        ] {
            assert_eq!(suggestion(name).as_deref(), meant, "{name}");
        }
    }
}
