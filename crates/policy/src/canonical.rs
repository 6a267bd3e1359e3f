//! One form for documents that mean the same.

use crate::operator::{Operator, Test};
use crate::{Actions, Condition, Document, PrincipalPattern, Principals, Resources, Statement, arn};

/// The canonical form: what has no order is sorted, what is twice is there once, what has no case is in one case.
///
/// It keeps the meaning: [`crate::evaluate()`] decides every request alike. Accounts are named by their id, whether it
/// stood there or the ARN of their root. `"*"` and `{"AWS": "*"}` stay apart, since AWS documents them as the same for
/// anonymous callers only. `Version`, `Id` and `Sid` stay as they are. The result may hold two conditions of one
/// operator and key where the document did, and is meant for comparison rather than for writing.
pub fn canonical(document: &Document) -> Document {
    let mut statements: Vec<Statement> = document.statements.iter().map(statement).collect();
    statements.sort_by_cached_key(|statement| format!("{statement:?}"));
    statements.dedup();
    Document {
        version: document.version,
        id: document.id.clone(),
        statements,
    }
}

/// Whether two documents are the same but for order, repetition and the case of what has no case.
pub fn equivalent(a: &Document, b: &Document) -> bool {
    canonical(a) == canonical(b)
}

fn statement(statement: &Statement) -> Statement {
    let lowercase = |actions: &[String]| unique(actions.iter().map(|action| action.to_ascii_lowercase()));
    let principals = |patterns: &[PrincipalPattern]| unique(patterns.iter().map(principal));
    Statement {
        sid: statement.sid.clone(),
        effect: statement.effect,
        principals: statement.principals.as_ref().map(|all| match all {
            Principals::Only(patterns) => Principals::Only(principals(patterns)),
            Principals::AllBut(patterns) => Principals::AllBut(principals(patterns)),
        }),
        actions: match &statement.actions {
            Actions::Only(actions) => Actions::Only(lowercase(actions)),
            Actions::AllBut(actions) => Actions::AllBut(lowercase(actions)),
        },
        resources: statement.resources.as_ref().map(|all| match all {
            Resources::Only(resources) => Resources::Only(unique(resources.iter().cloned())),
            Resources::AllBut(resources) => Resources::AllBut(unique(resources.iter().cloned())),
        }),
        conditions: {
            let mut conditions: Vec<Condition> = statement.conditions.iter().map(condition).collect();
            conditions.sort_by(|a, b| (&a.operator, &a.key, &a.values).cmp(&(&b.operator, &b.key, &b.values)));
            conditions.dedup();
            conditions
        },
    }
}

fn principal(pattern: &PrincipalPattern) -> PrincipalPattern {
    match pattern {
        PrincipalPattern::Aws(text) => PrincipalPattern::Aws(arn::account_principal(text).unwrap_or(text).to_owned()),
        other => other.clone(),
    }
}

fn condition(condition: &Condition) -> Condition {
    let operator = Operator::parse(&condition.operator).map(|operator| match operator.test {
        // Two names of one operator.
        Test::Arn { .. } => Operator {
            test: Test::Arn { like: true },
            ..operator
        },
        _ => operator,
    });
    let test = operator.map(|operator| operator.test);
    // A variable's default has case.
    let value = |value: &String| match test {
        Some(Test::Bool | Test::Null) if !value.contains("${") => value.to_ascii_lowercase(),
        Some(Test::StringEqualsIgnoreCase) if !value.contains("${") => value.to_lowercase(),
        _ => value.clone(),
    };
    Condition {
        operator: operator.map_or_else(|| condition.operator.clone(), |operator| operator.to_string()),
        key: condition.key.to_ascii_lowercase(),
        values: unique(condition.values.iter().map(value)),
    }
}

fn unique<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort();
    items.dedup();
    items
}
