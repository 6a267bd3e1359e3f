//! What the syntax asks of names and of the nesting of operators.

use hcl::Expression;
use hcl::expr::{BinaryOperator, Heredoc, Operation, TemplateExpr};

use super::WriteError;
use crate::syntax::{is_identifier_continue, is_identifier_start};

/// How tightly an expression binds, from the loosest. An operand that binds less tightly than its place demands needs
/// parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    Conditional,
    Or,
    And,
    Equality,
    Comparison,
    Sum,
    Product,
    Unary,
    /// A number. Not followed by `.name`: hcl-rs reads `-0.name` as a property of `-0`.
    Number,
    /// What can be followed by `.name` or `[index]`.
    Postfix,
}

impl Binding {
    /// The binding of the right operand of a binary operator: one step tighter, since operators group to the left.
    pub(super) fn tighter(self) -> Self {
        match self {
            Self::Conditional => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Equality,
            Self::Equality => Self::Comparison,
            Self::Comparison => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Unary,
            Self::Unary => Self::Number,
            Self::Number | Self::Postfix => Self::Postfix,
        }
    }
}

/// The binding of a binary operator's result and of its left operand.
pub(super) fn operator(operator: BinaryOperator) -> Binding {
    match operator {
        BinaryOperator::Or => Binding::Or,
        BinaryOperator::And => Binding::And,
        BinaryOperator::Eq | BinaryOperator::NotEq => Binding::Equality,
        BinaryOperator::Less | BinaryOperator::LessEq | BinaryOperator::Greater | BinaryOperator::GreaterEq => {
            Binding::Comparison
        }
        BinaryOperator::Plus | BinaryOperator::Minus => Binding::Sum,
        BinaryOperator::Mul | BinaryOperator::Div | BinaryOperator::Mod => Binding::Product,
    }
}

/// The binding of an expression as it is written.
pub(super) fn binding(expression: &Expression) -> Binding {
    match expression {
        Expression::Conditional(_) => Binding::Conditional,
        Expression::Operation(operation) => match operation.as_ref() {
            Operation::Unary(_) => Binding::Unary,
            Operation::Binary(binary) => operator(binary.operator),
        },
        // `-1` is written as a negation.
        Expression::Number(number) if number.to_string().starts_with('-') => Binding::Unary,
        Expression::Number(_) => Binding::Number,
        // The closing line of a heredoc must end there, so it can be an operand in parentheses only.
        // The closing line of a heredoc must end there, so it can be an operand in parentheses only.
        _ if as_heredoc(expression).is_some() => Binding::Conditional,
        _ => Binding::Postfix,
    }
}

/// The heredoc that an expression is to be written as. One without text is written as `""`: hcl-rs misreads an empty
/// heredoc.
pub(super) fn as_heredoc(expression: &Expression) -> Option<&Heredoc> {
    match expression {
        Expression::TemplateExpr(template) => match template.as_ref() {
            TemplateExpr::Heredoc(heredoc) => Some(heredoc).filter(|heredoc| !heredoc.template.is_empty()),
            TemplateExpr::QuotedString(_) => None,
        },
        _ => None,
    }
}

/// Checks a name.
pub(super) fn identifier(name: &str) -> Result<&str, WriteError> {
    let is_valid = name.starts_with(is_identifier_start) && name.chars().all(is_identifier_continue);
    if is_valid {
        Ok(name)
    } else {
        Err(WriteError::Identifier(name.to_owned()))
    }
}

/// Whether a string can be an object key without quotes and is then still just this string.
pub(super) fn is_bare_key(key: &str) -> bool {
    // `for` would start a for expression; the others read like values and are confusing as keys.
    let reserved = matches!(
        key,
        "for" | "null" | "true" | "false" | "if" | "in" | "else" | "endif" | "endfor"
    );
    let mut bytes = key.bytes();
    let first = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') && !reserved
}
