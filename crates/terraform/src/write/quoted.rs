//! Quoted strings and templates.

use std::fmt::Write as _;

use hcl::template::{Directive, Element, ForDirective, IfDirective, Interpolation, Strip, Template};

use super::WriteError;
use super::expression::Line;
use super::syntax::{Binding, identifier};

/// Appends `text` as it has to stand between quotes to mean itself.
fn escape(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            // Invisible characters are easier to find as escapes. Writing to a string does not fail.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

/// Appends a string with its quotes.
pub(super) fn string(text: &str, out: &mut String) {
    out.push('"');
    escape(text, out);
    out.push('"');
}

impl Line {
    /// Appends a quoted template. `source` is the text of the template without the escapes of a quoted string, which is
    /// how hcl-rs keeps it.
    pub(super) fn template(&mut self, source: &str) -> Result<(), WriteError> {
        let template: Template = source
            .parse()
            .map_err(|e: hcl::Error| WriteError::Template(source.to_owned(), e.to_string()))?;
        self.text.push('"');
        self.elements(&template)?;
        self.text.push('"');
        Ok(())
    }

    fn elements(&mut self, template: &Template) -> Result<(), WriteError> {
        for element in template.elements() {
            match element {
                Element::Literal(text) => escape(text, &mut self.text),
                Element::Interpolation(Interpolation { expr, strip }) => {
                    self.open("${", *strip);
                    self.operand(expr, Binding::Conditional)?;
                    self.close(*strip);
                }
                Element::Directive(directive) => match directive.as_ref() {
                    Directive::If(directive) => self.if_directive(directive)?,
                    Directive::For(directive) => self.for_directive(directive)?,
                },
            }
        }
        Ok(())
    }

    fn if_directive(&mut self, directive: &IfDirective) -> Result<(), WriteError> {
        self.open("%{", directive.if_strip);
        self.text.push_str(" if ");
        self.operand(&directive.cond_expr, Binding::Conditional)?;
        self.text.push(' ');
        self.close(directive.if_strip);
        self.elements(&directive.true_template)?;
        if let Some(template) = &directive.false_template {
            self.keyword("else", directive.else_strip);
            self.elements(template)?;
        }
        self.keyword("endif", directive.endif_strip);
        Ok(())
    }

    fn for_directive(&mut self, directive: &ForDirective) -> Result<(), WriteError> {
        self.open("%{", directive.for_strip);
        self.text.push_str(" for ");
        if let Some(key) = &directive.key_var {
            self.text.push_str(identifier(key)?);
            self.text.push_str(", ");
        }
        self.text.push_str(identifier(&directive.value_var)?);
        self.text.push_str(" in ");
        self.operand(&directive.collection_expr, Binding::Conditional)?;
        self.text.push(' ');
        self.close(directive.for_strip);
        self.elements(&directive.template)?;
        self.keyword("endfor", directive.endfor_strip);
        Ok(())
    }

    fn keyword(&mut self, word: &str, strip: Strip) {
        self.open("%{", strip);
        self.text.push(' ');
        self.text.push_str(word);
        self.text.push(' ');
        self.close(strip);
    }

    fn open(&mut self, marker: &str, strip: Strip) {
        self.text.push_str(marker);
        if strip.strip_start() {
            self.text.push('~');
        }
    }

    fn close(&mut self, strip: Strip) {
        if strip.strip_end() {
            self.text.push('~');
        }
        self.text.push('}');
    }
}
