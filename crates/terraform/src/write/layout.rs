//! Where an expression is broken into lines: only inside brackets, so that the result is valid at every place.
//!
//! An expression stays on one line if it fits and holds no nested structure; otherwise its outermost brackets open a
//! line for each of their items, and the rule starts again for each item.

use hcl::Expression;
use hcl::expr::{Conditional, ForExpr, FuncCall, Heredoc, ObjectKey, Operation, Traversal};
use hcl::template::Template;

use super::WriteError;
use super::expression::{Line, for_brackets, heredoc_text};
use super::syntax::{Binding, as_heredoc, binding, operator};

/// The longest line that is formed by choice; a single long string or name may still exceed it.
const WIDTH: usize = 100;

/// Writes expressions into a file that grows at its end.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
}

impl Page {
    /// The value of an argument of a block: like [`Self::expression`], but an object always gets its lines.
    pub(super) fn argument(&mut self, expression: &Expression, depth: usize) -> Result<(), WriteError> {
        match expression {
            Expression::Object(items) if !items.is_empty() => self.broken(expression, depth),
            _ => self.expression(expression, depth),
        }
    }

    /// Starts a line at the given depth.
    pub(super) fn line(&mut self, depth: usize) {
        self.text.push('\n');
        self.indent(depth);
    }

    pub(super) fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.text.push_str("  ");
        }
    }

    fn column(&self) -> usize {
        self.text.rsplit('\n').next().map_or(0, |line| line.chars().count())
    }

    fn expression(&mut self, expression: &Expression, depth: usize) -> Result<(), WriteError> {
        if has_structure(expression) {
            return self.broken(expression, depth);
        }
        let mut line = Line::default();
        line.operand(expression, Binding::Conditional)?;
        if self.column() + line.text.chars().count() <= WIDTH {
            self.text.push_str(&line.text);
            return Ok(());
        }
        self.broken(expression, depth)
    }

    fn operand(&mut self, expression: &Expression, place: Binding, depth: usize) -> Result<(), WriteError> {
        if binding(expression) >= place {
            return self.expression(expression, depth);
        }
        self.parenthesised(expression, depth)
    }

    fn parenthesised(&mut self, expression: &Expression, depth: usize) -> Result<(), WriteError> {
        self.text.push('(');
        self.expression(expression, depth)?;
        self.after_heredoc(expression, depth);
        self.text.push(')');
        Ok(())
    }

    /// Nothing may follow the closing line of a heredoc, not even a comma.
    fn after_heredoc(&mut self, expression: &Expression, depth: usize) {
        if as_heredoc(expression).is_some() {
            self.line(depth);
        }
    }

    fn broken(&mut self, expression: &Expression, depth: usize) -> Result<(), WriteError> {
        match expression {
            Expression::Array(items) if !items.is_empty() => {
                self.text.push('[');
                for item in items {
                    self.line(depth + 1);
                    self.expression(item, depth + 1)?;
                    self.after_heredoc(item, depth + 1);
                    self.text.push(',');
                }
                self.line(depth);
                self.text.push(']');
                Ok(())
            }
            Expression::Object(items) if !items.is_empty() => {
                self.text.push('{');
                for (key, value) in items.iter() {
                    self.line(depth + 1);
                    self.entry(key, value, depth + 1)?;
                }
                self.line(depth);
                self.text.push('}');
                Ok(())
            }
            Expression::FuncCall(call) => self.call(call, depth),
            Expression::ForExpr(for_expr) => self.for_expression(for_expr, depth),
            Expression::Parenthesis(inner) => self.parenthesised(inner, depth),
            Expression::Conditional(conditional) => {
                let Conditional {
                    cond_expr,
                    true_expr,
                    false_expr,
                } = conditional.as_ref();
                self.operand(cond_expr, Binding::Or, depth)?;
                self.text.push_str(" ? ");
                self.operand(true_expr, Binding::Or, depth)?;
                self.text.push_str(" : ");
                self.operand(false_expr, Binding::Or, depth)
            }
            Expression::Operation(operation) => match operation.as_ref() {
                Operation::Unary(unary) => {
                    self.text.push_str(unary.operator.as_str());
                    self.operand(&unary.expr, Binding::Number, depth)
                }
                Operation::Binary(binary) => {
                    let place = operator(binary.operator);
                    self.operand(&binary.lhs_expr, place, depth)?;
                    self.text.push(' ');
                    self.text.push_str(binary.operator.as_str());
                    self.text.push(' ');
                    self.operand(&binary.rhs_expr, place.tighter(), depth)
                }
            },
            Expression::Traversal(traversal) => self.traversal(traversal, depth),
            _ => match as_heredoc(expression) {
                Some(heredoc) => self.heredoc(heredoc),
                None => self.flat(expression),
            },
        }
    }

    /// An expression without brackets to break at.
    fn flat(&mut self, expression: &Expression) -> Result<(), WriteError> {
        let mut line = Line::default();
        line.operand(expression, Binding::Conditional)?;
        self.text.push_str(&line.text);
        Ok(())
    }

    fn entry(&mut self, key: &ObjectKey, value: &Expression, depth: usize) -> Result<(), WriteError> {
        let mut line = Line::default();
        line.key(key)?;
        self.text.push_str(&line.text);
        self.text.push_str(" = ");
        self.expression(value, depth)
    }

    fn call(&mut self, call: &FuncCall, depth: usize) -> Result<(), WriteError> {
        let mut line = Line::default();
        line.function_name(call)?;
        self.text.push_str(&line.text);
        self.text.push('(');
        let expansion = if call.expand_final { "..." } else { "" };
        if let [argument] = call.args.as_slice() {
            self.expression(argument, depth)?;
            self.after_heredoc(argument, depth);
            self.text.push_str(expansion);
        } else {
            for (index, argument) in call.args.iter().enumerate() {
                self.line(depth + 1);
                self.expression(argument, depth + 1)?;
                self.after_heredoc(argument, depth + 1);
                self.text
                    .push_str(if index + 1 < call.args.len() { "," } else { expansion });
            }
            self.line(depth);
        }
        self.text.push(')');
        Ok(())
    }

    fn for_expression(&mut self, for_expr: &ForExpr, depth: usize) -> Result<(), WriteError> {
        let (open, close) = for_brackets(for_expr);
        self.text.push_str(open);
        self.line(depth + 1);
        let mut line = Line::default();
        line.for_names(for_expr)?;
        self.text.push_str(&line.text);
        self.expression(&for_expr.collection_expr, depth + 1)?;
        self.after_heredoc(&for_expr.collection_expr, depth + 1);
        self.text.push_str(" : ");
        if let Some(key) = &for_expr.key_expr {
            self.expression(key, depth + 1)?;
            self.after_heredoc(key, depth + 1);
            self.text.push_str(" => ");
        }
        self.expression(&for_expr.value_expr, depth + 1)?;
        if for_expr.grouping {
            self.after_heredoc(&for_expr.value_expr, depth + 1);
            self.text.push_str("...");
        }
        if let Some(condition) = &for_expr.cond_expr {
            self.line(depth + 1);
            self.text.push_str("if ");
            self.expression(condition, depth + 1)?;
        }
        self.line(depth);
        self.text.push_str(close);
        Ok(())
    }

    fn traversal(&mut self, traversal: &Traversal, depth: usize) -> Result<(), WriteError> {
        self.operand(&traversal.expr, Binding::Postfix, depth)?;
        let mut line = Line::default();
        line.operators(traversal)?;
        self.text.push_str(&line.text);
        Ok(())
    }

    fn heredoc(&mut self, heredoc: &Heredoc) -> Result<(), WriteError> {
        let text = heredoc_text(heredoc);
        let delimiter = super::syntax::identifier(&heredoc.delimiter)?;
        if text.lines().any(|line| line.trim() == delimiter) {
            return Err(WriteError::Heredoc(delimiter.to_owned()));
        }
        text.parse::<Template>()
            .map_err(|e: hcl::Error| WriteError::Template(text.clone(), e.to_string()))?;
        self.text.push_str(heredoc.strip.as_str());
        self.text.push_str(delimiter);
        self.text.push('\n');
        self.text.push_str(&text);
        self.text.push_str(delimiter);
        Ok(())
    }
}

/// Whether an expression is to be broken even if it would fit: an object inside an object, several objects in a list,
/// a heredoc.
fn has_structure(expression: &Expression) -> bool {
    let is_object = |e: &Expression| matches!(e, Expression::Object(items) if !items.is_empty());
    match expression {
        Expression::Object(items) => items.iter().any(|(_, value)| is_object(value) || has_structure(value)),
        Expression::Array(items) => (items.len() > 1 && items.iter().any(is_object)) || items.iter().any(has_structure),
        Expression::FuncCall(call) => call.args.iter().any(has_structure),
        Expression::Parenthesis(inner) => has_structure(inner),
        Expression::Conditional(conditional) => {
            [&conditional.cond_expr, &conditional.true_expr, &conditional.false_expr]
                .into_iter()
                .any(has_structure)
        }
        Expression::Operation(operation) => match operation.as_ref() {
            Operation::Unary(unary) => has_structure(&unary.expr),
            Operation::Binary(binary) => has_structure(&binary.lhs_expr) || has_structure(&binary.rhs_expr),
        },
        Expression::Traversal(traversal) => has_structure(&traversal.expr),
        Expression::ForExpr(for_expr) => {
            let always = [&for_expr.collection_expr, &for_expr.value_expr];
            let maybe = [&for_expr.key_expr, &for_expr.cond_expr];
            always.into_iter().chain(maybe.into_iter().flatten()).any(has_structure)
        }
        _ => as_heredoc(expression).is_some(),
    }
}
