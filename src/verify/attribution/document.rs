//! A policy that AWS has, beside the one that was rendered.

use std::collections::{BTreeMap, BTreeSet};

use policy::{Document, Kind, Statement};

/// How the policy `text` differs from the rendered one; `None` where they mean the same.
pub fn difference(text: &str, wanted: &Document, kind: Kind) -> Option<String> {
    let found = match policy::parse(text, kind) {
        Ok(parsed) => parsed.document,
        Err(errors) => {
            let first = errors.first().map_or_else(String::new, |error| format!(": {error}"));
            return Some(format!("it cannot be read as a policy{first}"));
        }
    };
    if policy::equivalent(&found, wanted) {
        return None;
    }
    let (found, wanted) = (statements(&found), statements(wanted));
    let names: BTreeSet<&str> = found.keys().chain(wanted.keys()).copied().collect();
    let of = |keep: fn(bool, bool) -> bool| -> Vec<&str> {
        let names = names.iter().copied();
        names
            .filter(|name| keep(found.contains_key(name), wanted.contains_key(name)))
            .collect()
    };
    let missing = of(|found, wanted| wanted && !found);
    let extra = of(|found, wanted| found && !wanted);
    let other: Vec<&str> = of(|found, wanted| found && wanted)
        .into_iter()
        .filter(|name| found.get(name) != wanted.get(name))
        .collect();
    let parts: Vec<String> = [("lacks", missing), ("has in addition", extra), ("has otherwise", other)]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(word, names)| format!("{word} {}", names.join(", ")))
        .collect();
    Some(match parts.is_empty() {
        true => "it has another version or id".to_owned(),
        false => format!("it {}", parts.join("; ")),
    })
}

/// The canonical statements by their ids; those without one are together.
fn statements(document: &Document) -> BTreeMap<&str, Vec<String>> {
    let mut statements: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for statement in &document.statements {
        let name = statement.sid.as_deref().unwrap_or("a statement without Sid");
        statements.entry(name).or_default().push(form(statement));
    }
    statements.values_mut().for_each(|forms| forms.sort());
    statements
}

fn form(statement: &Statement) -> String {
    let alone = Document::new(vec![statement.clone()]);
    policy::print::minified(&policy::canonical(&alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(sids: &[(&str, &str)]) -> Document {
        let statements = sids.iter().map(|(sid, action)| Statement::allow(sid, [*action], ["*"]));
        Document::new(statements.collect())
    }

    fn compared(found: &Document, wanted: &Document) -> Option<String> {
        difference(&policy::print::readable(found), wanted, Kind::Identity)
    }

    #[test]
    fn order_and_case_do_not_matter() {
        let wanted = document(&[("A", "s3:GetObject"), ("B", "s3:ListBucket")]);
        let found = document(&[("B", "S3:listbucket"), ("A", "s3:GetObject")]);
        assert_eq!(compared(&found, &wanted), None);
    }

    #[test]
    fn statements_that_differ_are_named() {
        let wanted = document(&[("A", "s3:GetObject"), ("B", "s3:ListBucket"), ("C", "s3:PutObject")]);
        let found = document(&[("A", "s3:*"), ("B", "s3:ListBucket"), ("D", "iam:*")]);
        assert_eq!(
            compared(&found, &wanted).as_deref(),
            Some("it lacks C; has in addition D; has otherwise A")
        );
        let no_policy = difference("[]", &wanted, Kind::Identity).unwrap();
        assert!(no_policy.starts_with("it cannot be read as a policy"), "{no_policy}");
    }
}
