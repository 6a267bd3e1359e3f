//! Short ways to the HCL values that render emits.

use hcl::expr::{Expression, FuncCall, FuncName, TemplateExpr, Traversal, Variable};
use hcl::{Identifier, expr::Object, expr::ObjectKey};

/// A reference such as `module.logging.bucket_name`.
pub fn reference(path: &str) -> Expression {
    let mut segments = path.split('.');
    let root = Variable::sanitized(segments.next().unwrap_or_default());
    let attributes: Vec<&str> = segments.collect();
    if attributes.is_empty() {
        return Expression::Variable(root);
    }
    let mut traversal = Traversal::builder(root);
    for attribute in attributes {
        traversal = traversal.attr(Identifier::sanitized(attribute));
    }
    Expression::from(traversal.build())
}

/// `path[index]`
pub fn index(path: &str, index: Expression) -> Expression {
    Expression::from(Traversal::builder(reference(path)).index(index).build())
}

/// A function call.
pub fn call(function: &str, arguments: impl IntoIterator<Item = Expression>) -> Expression {
    let mut call = FuncCall::builder(FuncName::new(Identifier::sanitized(function)));
    for argument in arguments {
        call = call.arg(argument);
    }
    Expression::from(call.build())
}

/// The content of a file beside the root: `file("${path.module}/NAME")`.
pub fn file(name: &str) -> Expression {
    call(
        "file",
        [Expression::from(TemplateExpr::QuotedString(format!(
            "${{path.module}}/{name}"
        )))],
    )
}

/// A policy document of the deployment.
pub fn policy(name: &str) -> Expression {
    file(&format!("../../policies/{name}"))
}

/// A policy document without white space: Organizations counts every character of what it is sent.
pub fn compact_policy(name: &str) -> Expression {
    call("jsonencode", [call("jsondecode", [policy(name)])])
}

/// The value of a JSON file beside the root.
pub fn json_file(name: &str) -> Expression {
    call("jsondecode", [file(name)])
}

/// An object; keys that are identifiers are written bare.
pub fn object<K: AsRef<str>>(items: impl IntoIterator<Item = (K, Expression)>) -> Expression {
    let mut object: Object<ObjectKey, Expression> = Object::new();
    for (key, value) in items {
        object.insert(key_of(key.as_ref()), value);
    }
    Expression::Object(object)
}

/// A list of strings.
pub fn strings<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Expression {
    Expression::Array(items.into_iter().map(|item| Expression::from(item.as_ref())).collect())
}

fn key_of(key: &str) -> ObjectKey {
    let bare = key
        .chars()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if bare {
        ObjectKey::Identifier(Identifier::sanitized(key))
    } else {
        ObjectKey::Expression(Expression::from(key))
    }
}
