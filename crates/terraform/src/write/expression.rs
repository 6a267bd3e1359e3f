//! Expressions on one line.

use hcl::Expression;
use hcl::expr::{
    Conditional, ForExpr, FuncCall, Heredoc, HeredocStripMode, ObjectKey, Operation, TemplateExpr, Traversal,
    TraversalOperator,
};

use super::WriteError;
use super::quoted;
use super::syntax::{Binding, binding, identifier, is_bare_key, operator};

/// An expression written on one line.
#[derive(Default)]
pub(super) struct Line {
    pub(super) text: String,
}

impl Line {
    /// Appends an expression, in parentheses if it binds less tightly than its place demands.
    pub(super) fn operand(&mut self, expression: &Expression, place: Binding) -> Result<(), WriteError> {
        if binding(expression) >= place {
            return self.expression(expression);
        }
        self.text.push('(');
        self.expression(expression)?;
        self.text.push(')');
        Ok(())
    }

    fn expression(&mut self, expression: &Expression) -> Result<(), WriteError> {
        match expression {
            Expression::Null => self.text.push_str("null"),
            Expression::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Expression::Number(number) => self.text.push_str(&number.to_string()),
            Expression::String(text) => quoted::string(text, &mut self.text),
            Expression::Variable(name) => self.text.push_str(identifier(name)?),
            Expression::Parenthesis(inner) => {
                self.text.push('(');
                self.expression(inner)?;
                self.text.push(')');
            }
            Expression::TemplateExpr(template) => match template.as_ref() {
                TemplateExpr::QuotedString(source) => self.template(source)?,
                TemplateExpr::Heredoc(heredoc)
                    if heredoc.strip == HeredocStripMode::None || heredoc.template.is_empty() =>
                {
                    self.template(&heredoc_text(heredoc))?;
                }
                TemplateExpr::Heredoc(heredoc) => return Err(WriteError::Heredoc(heredoc.delimiter.to_string())),
            },
            Expression::Array(items) => self.separated("[", items, "]")?,
            Expression::Object(items) if items.is_empty() => self.text.push_str("{}"),
            Expression::Object(items) => {
                self.text.push_str("{ ");
                for (index, (key, value)) in items.iter().enumerate() {
                    if index > 0 {
                        self.text.push_str(", ");
                    }
                    self.key(key)?;
                    self.text.push_str(" = ");
                    self.expression(value)?;
                }
                self.text.push_str(" }");
            }
            Expression::FuncCall(call) => {
                self.function_name(call)?;
                self.separated("(", &call.args, if call.expand_final { "...)" } else { ")" })?;
            }
            Expression::Traversal(traversal) => {
                self.operand(&traversal.expr, Binding::Postfix)?;
                self.operators(traversal)?;
            }
            Expression::Conditional(conditional) => {
                let Conditional {
                    cond_expr,
                    true_expr,
                    false_expr,
                } = conditional.as_ref();
                self.operand(cond_expr, Binding::Or)?;
                self.text.push_str(" ? ");
                self.operand(true_expr, Binding::Or)?;
                self.text.push_str(" : ");
                self.operand(false_expr, Binding::Or)?;
            }
            Expression::Operation(operation) => match operation.as_ref() {
                Operation::Unary(unary) => {
                    self.text.push_str(unary.operator.as_str());
                    self.operand(&unary.expr, Binding::Number)?;
                }
                Operation::Binary(binary) => {
                    let place = operator(binary.operator);
                    self.operand(&binary.lhs_expr, place)?;
                    self.text.push(' ');
                    self.text.push_str(binary.operator.as_str());
                    self.text.push(' ');
                    self.operand(&binary.rhs_expr, place.tighter())?;
                }
            },
            Expression::ForExpr(for_expr) => {
                let (open, close) = for_brackets(for_expr);
                let space = if open == "{" { " " } else { "" };
                self.text.push_str(open);
                self.text.push_str(space);
                self.for_clauses(for_expr)?;
                self.text.push_str(space);
                self.text.push_str(close);
            }
            other => return Err(WriteError::Unsupported(format!("{other:?}"))),
        }
        Ok(())
    }

    fn separated(&mut self, open: &str, items: &[Expression], close: &str) -> Result<(), WriteError> {
        self.text.push_str(open);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.expression(item)?;
        }
        self.text.push_str(close);
        Ok(())
    }

    pub(super) fn key(&mut self, key: &ObjectKey) -> Result<(), WriteError> {
        match key {
            ObjectKey::Identifier(name) if is_bare_key(name) => self.text.push_str(name),
            ObjectKey::Identifier(name) => quoted::string(name, &mut self.text),
            ObjectKey::Expression(Expression::String(name)) if is_bare_key(name) => self.text.push_str(name),
            ObjectKey::Expression(
                literal @ (Expression::String(_) | Expression::Number(_) | Expression::Parenthesis(_)),
            ) => self.expression(literal)?,
            ObjectKey::Expression(Expression::TemplateExpr(template)) => {
                self.expression(&Expression::TemplateExpr(template.clone()))?;
            }
            // Without the parentheses a name would be taken for the key itself.
            ObjectKey::Expression(computed) => {
                self.text.push('(');
                self.expression(computed)?;
                self.text.push(')');
            }
            other => return Err(WriteError::Unsupported(format!("{other:?}"))),
        }
        Ok(())
    }

    pub(super) fn function_name(&mut self, call: &FuncCall) -> Result<(), WriteError> {
        for namespace in &call.name.namespace {
            self.text.push_str(identifier(namespace)?);
            self.text.push_str("::");
        }
        self.text.push_str(identifier(&call.name.name)?);
        Ok(())
    }

    pub(super) fn operators(&mut self, traversal: &Traversal) -> Result<(), WriteError> {
        for step in &traversal.operators {
            match step {
                TraversalOperator::AttrSplat => self.text.push_str(".*"),
                TraversalOperator::FullSplat => self.text.push_str("[*]"),
                TraversalOperator::GetAttr(name) => {
                    self.text.push('.');
                    self.text.push_str(identifier(name)?);
                }
                TraversalOperator::LegacyIndex(index) => {
                    self.text.push('.');
                    self.text.push_str(&index.to_string());
                }
                TraversalOperator::Index(index) => {
                    self.text.push('[');
                    self.expression(index)?;
                    self.text.push(']');
                }
            }
        }
        Ok(())
    }

    /// The clause up to and with `in`.
    pub(super) fn for_names(&mut self, for_expr: &ForExpr) -> Result<(), WriteError> {
        self.text.push_str("for ");
        if let Some(key) = &for_expr.key_var {
            self.text.push_str(identifier(key)?);
            self.text.push_str(", ");
        }
        self.text.push_str(identifier(&for_expr.value_var)?);
        self.text.push_str(" in ");
        Ok(())
    }

    fn for_clauses(&mut self, for_expr: &ForExpr) -> Result<(), WriteError> {
        self.for_names(for_expr)?;
        self.expression(&for_expr.collection_expr)?;
        self.text.push_str(" : ");
        if let Some(key) = &for_expr.key_expr {
            self.expression(key)?;
            self.text.push_str(" => ");
        }
        self.expression(&for_expr.value_expr)?;
        if for_expr.grouping {
            self.text.push_str("...");
        }
        if let Some(condition) = &for_expr.cond_expr {
            self.text.push_str(" if ");
            self.expression(condition)?;
        }
        Ok(())
    }
}

pub(super) fn for_brackets(for_expr: &ForExpr) -> (&'static str, &'static str) {
    if for_expr.key_expr.is_some() {
        ("{", "}")
    } else {
        ("[", "]")
    }
}

/// The text of a heredoc's template: always ends in a newline, since its closing line is on its own.
pub(super) fn heredoc_text(heredoc: &Heredoc) -> String {
    let mut text = heredoc.template.clone();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
