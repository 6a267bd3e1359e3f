//! Writing documents as JSON.
//!
//! Both forms are functions of the document alone. A list of one is written without brackets. Conditions are grouped
//! by operator in the order in which operators first occur; two conditions of one operator and key have no form in
//! JSON and come out as a duplicate member, which [`crate::parse::check`] reports.

use serde_json::Value;

use crate::{Actions, Condition, Document, Effect, PrincipalPattern, Principals, Resources, Statement, Version};

/// Width up to which a list of the readable form stays on one line.
const WIDTH: usize = 100;

/// What is written: like JSON, with duplicate members.
#[derive(Debug)]
enum Node<'a> {
    Text(&'a str),
    List(Vec<Node<'a>>),
    Object(Vec<(&'a str, Node<'a>)>),
}

/// The document without any white space between tokens.
pub fn minified(document: &Document) -> String {
    let mut out = String::new();
    write_minified(&node(document), &mut out);
    out
}

/// The document as Terraform's `jsonencode` writes it: minified, with `<`, `>` and `&` (and the line separators
/// U+2028 and U+2029) as six characters each. Members keep their order, where `jsonencode` sorts them; the length is
/// the same.
pub fn as_terraform_encodes(document: &Document) -> String {
    let mut out = String::new();
    for c in minified(document).chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

/// The document for people: two spaces of indentation, short lists on one line, a line feed at the end.
pub fn readable(document: &Document) -> String {
    let mut out = String::new();
    write_readable(&node(document), 0, 0, &mut out);
    out.push('\n');
    out
}

fn node(document: &Document) -> Node<'_> {
    let version = match document.version {
        Version::V2008 => "2008-10-17",
        Version::V2012 => "2012-10-17",
    };
    let mut members = vec![("Version", Node::Text(version))];
    if let Some(id) = &document.id {
        members.push(("Id", Node::Text(id)));
    }
    members.push((
        "Statement",
        Node::List(document.statements.iter().map(statement).collect()),
    ));
    Node::Object(members)
}

fn statement(statement: &Statement) -> Node<'_> {
    let mut members = Vec::new();
    if let Some(sid) = &statement.sid {
        members.push(("Sid", Node::Text(sid)));
    }
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    members.push(("Effect", Node::Text(effect)));
    match &statement.principals {
        Some(Principals::Only(patterns)) => members.push(("Principal", principals(patterns))),
        Some(Principals::AllBut(patterns)) => members.push(("NotPrincipal", principals(patterns))),
        None => {}
    }
    members.push(match &statement.actions {
        Actions::Only(actions) => ("Action", texts(actions)),
        Actions::AllBut(actions) => ("NotAction", texts(actions)),
    });
    match &statement.resources {
        Some(Resources::Only(resources)) => members.push(("Resource", texts(resources))),
        Some(Resources::AllBut(resources)) => members.push(("NotResource", texts(resources))),
        None => {}
    }
    if !statement.conditions.is_empty() {
        members.push(("Condition", conditions(&statement.conditions)));
    }
    Node::Object(members)
}

fn texts(items: &[String]) -> Node<'_> {
    match items {
        [one] => Node::Text(one),
        _ => Node::List(items.iter().map(|item| Node::Text(item)).collect()),
    }
}

fn principals(patterns: &[PrincipalPattern]) -> Node<'_> {
    if patterns == [PrincipalPattern::Anyone] {
        return Node::Text("*");
    }
    let mut members: Vec<(&str, Vec<Node<'_>>)> = Vec::new();
    for pattern in patterns {
        let (of, text) = match pattern {
            // Beside others, anybody can only be written as one of them.
            PrincipalPattern::Anyone => ("AWS", "*"),
            PrincipalPattern::Aws(text) => ("AWS", text.as_str()),
            PrincipalPattern::Service(text) => ("Service", text.as_str()),
            PrincipalPattern::Federated(text) => ("Federated", text.as_str()),
            PrincipalPattern::CanonicalUser(text) => ("CanonicalUser", text.as_str()),
        };
        match members.iter_mut().find(|(known, _)| *known == of) {
            Some((_, nodes)) => nodes.push(Node::Text(text)),
            None => members.push((of, vec![Node::Text(text)])),
        }
    }
    let bare = |(of, mut nodes): (_, Vec<_>)| match (nodes.pop(), nodes.is_empty()) {
        (Some(one), true) => (of, one),
        (last, _) => {
            nodes.extend(last);
            (of, Node::List(nodes))
        }
    };
    Node::Object(members.into_iter().map(bare).collect())
}

fn conditions(conditions: &[Condition]) -> Node<'_> {
    let mut members: Vec<(&str, Vec<(&str, Node<'_>)>)> = Vec::new();
    for condition in conditions {
        let entry = (condition.key.as_str(), texts(&condition.values));
        match members.iter_mut().find(|(operator, _)| *operator == condition.operator) {
            Some((_, keys)) => keys.push(entry),
            None => members.push((&condition.operator, vec![entry])),
        }
    }
    Node::Object(
        members
            .into_iter()
            .map(|(operator, keys)| (operator, Node::Object(keys)))
            .collect(),
    )
}

fn write_text(text: &str, out: &mut String) {
    out.push_str(&Value::from(text).to_string());
}

fn write_minified(node: &Node<'_>, out: &mut String) {
    match node {
        Node::Text(text) => write_text(text, out),
        Node::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                write_minified(item, out);
            }
            out.push(']');
        }
        Node::Object(members) => {
            out.push('{');
            for (i, (key, value)) in members.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                write_text(key, out);
                out.push(':');
                write_minified(value, out);
            }
            out.push('}');
        }
    }
}

/// `used` is what the line holds already.
fn write_readable(node: &Node<'_>, depth: usize, used: usize, out: &mut String) {
    match node {
        Node::List(items) if items.iter().all(|item| matches!(item, Node::Text(_))) => {
            let mut line = String::from("[");
            for (i, item) in items.iter().enumerate() {
                line.push_str(if i > 0 { ", " } else { "" });
                write_minified(item, &mut line);
            }
            line.push(']');
            // Patterns are compared line by line in reviews: only what is short at a glance shares a line.
            if items.len() <= 3 && used + line.chars().count() <= WIDTH {
                out.push_str(&line);
            } else {
                write_lines(items.iter(), depth, ('[', ']'), out, |item, used, out| {
                    write_readable(item, depth + 1, used, out);
                });
            }
        }
        Node::List(items) => write_lines(items.iter(), depth, ('[', ']'), out, |item, used, out| {
            write_readable(item, depth + 1, used, out);
        }),
        Node::Object(members) => {
            write_lines(members.iter(), depth, ('{', '}'), out, |(key, value), used, out| {
                let start = out.len();
                write_text(key, out);
                out.push_str(": ");
                let used = used + out[start..].chars().count();
                write_readable(value, depth + 1, used, out);
            });
        }
        Node::Text(text) => write_text(text, out),
    }
}

fn write_lines<T>(
    items: impl ExactSizeIterator<Item = T>,
    depth: usize,
    (open, close): (char, char),
    out: &mut String,
    mut write: impl FnMut(T, usize, &mut String),
) {
    out.push(open);
    let last = items.len();
    for (i, item) in items.enumerate() {
        let indent = 2 * (depth + 1);
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
        write(item, indent, out);
        out.push_str(if i + 1 < last { "," } else { "" });
    }
    if last > 0 {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', 2 * depth));
    }
    out.push(close);
}
