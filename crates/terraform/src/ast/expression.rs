//! Expressions.

use super::{Identifier, Span};

/// An expression and where it stands. Its tree is at most [`MAX_DEPTH`](crate::syntax::MAX_DEPTH) deep (twice that
/// inside of JSON), so that it can be walked over by recursion.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A quoted template or heredoc; a plain string has at most one part, literal text.
    Template(Template),
    /// `[a, b]`
    Tuple(Vec<Expression>),
    /// `{ a = b }`
    Object(Vec<ObjectItem>),
    /// A bare name: the start of a reference, a variable of a `for`, or a keyword where one is expected.
    Variable(String),
    /// `base.name`, `base.0`, `base[key]`
    Access {
        /// What is looked into.
        base: Box<Expression>,
        /// What is looked up.
        accessor: Accessor,
    },
    /// `base.*` or `base[*]` with what follows it. A splat among what follows `[*]` applies to each element:
    /// `a[*].b[*].c` stands in the tree as `[for * in a[*] : *.b[*].c]`, where `*` is a name that no source can have.
    Splat {
        /// What is spread.
        base: Box<Expression>,
        /// Whether it is written `[*]`: then what follows, indices included, applies to each element; after `.*` only
        /// names do.
        full: bool,
        /// What is looked up in each element, outermost first.
        each: Vec<(Accessor, Span)>,
    },
    /// `name(…)`
    Call(FunctionCall),
    /// `[for …]` or `{for …}`
    For(Box<ForExpression>),
    /// `condition ? a : b`
    Conditional {
        /// What decides.
        condition: Box<Expression>,
        /// Its value when true.
        then: Box<Expression>,
        /// Its value when false.
        otherwise: Box<Expression>,
    },
    /// `a + b`
    Binary {
        /// Left operand.
        left: Box<Expression>,
        /// Operator.
        operator: BinaryOperator,
        /// Right operand.
        right: Box<Expression>,
    },
    /// `!a`, `-a`
    Unary {
        /// Operator.
        operator: UnaryOperator,
        /// Operand.
        operand: Box<Expression>,
    },
    /// `(a)`
    Parentheses(Box<Expression>),
    /// What could not be read; the syntax error that says why has been reported. Nothing is known of its value.
    Invalid,
}

/// A look-up in a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Accessor {
    /// `.name`
    Name(Identifier),
    /// `.0`, the old way to write an index; the text as written
    LegacyIndex(Identifier),
    /// `[key]`
    Index(Box<Expression>),
}

/// Text with interpolations.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its parts, in order. Neighbouring literal parts are one; in a `<<-` heredoc the common indentation is gone, and
    /// so are the blanks that `~` trims. A literal is empty only beside a single interpolation: the template is then a
    /// string, and not the value of the interpolation as it is.
    pub parts: Vec<TemplatePart>,
    /// Whether it is a heredoc.
    pub heredoc: bool,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatePart {
    /// Text, with escapes resolved (`\n`, `\u00e4`, `$${`, `%%{`); `span` is that of the text as written.
    Literal {
        /// The text.
        text: String,
        /// Where it stands.
        span: Span,
    },
    /// `${…}`
    Interpolation(Expression),
    /// `%{ if … }`
    If {
        /// What decides.
        condition: Expression,
        /// Text when true.
        then: Vec<TemplatePart>,
        /// Text when false.
        otherwise: Vec<TemplatePart>,
    },
    /// `%{ for … }`
    For {
        /// Name of the key, where two names are given.
        key: Option<Identifier>,
        /// Name of the value.
        value: Identifier,
        /// What is walked over.
        collection: Expression,
        /// Text for each element.
        body: Vec<TemplatePart>,
    },
}

/// `key = value` in an object.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectItem {
    /// The key.
    pub key: ObjectKey,
    /// The value.
    pub value: Expression,
}

/// The key of an object's item.
#[derive(Debug, Clone, PartialEq)]
pub enum ObjectKey {
    /// A bare word, which stands for its text.
    Word(Identifier),
    /// Anything else: a string, a number, `(expression)`, `"${template}"`. A bare reference with a dot stands here as
    /// well; Terraform refuses it as ambiguous.
    Expression(Expression),
}

impl ObjectKey {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Word(word) => word.span.clone(),
            Self::Expression(expression) => expression.span.clone(),
        }
    }

    /// Whether it is a bare reference with look-ups, `{ a.b = 1 }`. Its syntax is valid, but Terraform refuses to
    /// evaluate it: `"a.b"` or `(a.b)` says which of both is meant.
    pub fn is_ambiguous(&self) -> bool {
        match self {
            Self::Word(_) => false,
            Self::Expression(key) => matches!(key.kind, ExpressionKind::Access { .. }) && key.as_traversal().is_some(),
        }
    }

    /// Its text where that is written plainly.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(&word.text),
            Self::Expression(expression) => expression.as_string(),
        }
    }
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionCall {
    /// The name with its namespaces, as `provider::aws::arn_parse`.
    pub name: Identifier,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// Whether the last argument is expanded, `f(list...)`.
    pub expand: bool,
}

/// A `for` expression.
#[derive(Debug, Clone, PartialEq)]
pub struct ForExpression {
    /// Name of the key, where two names are given.
    pub key_name: Option<Identifier>,
    /// Name of the value.
    pub value_name: Identifier,
    /// What is walked over.
    pub collection: Expression,
    /// The key of each element, for an object.
    pub key: Option<Expression>,
    /// The value of each element.
    pub value: Expression,
    /// Whether values of one key are grouped, `…`.
    pub group: bool,
    /// Which elements count.
    pub condition: Option<Expression>,
}

/// An operator with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// An operator with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// A reference as a name with look-ups by name or literal index: `var.a`, `aws_x.y[0].arn`, `each.value["k"]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Traversal<'e> {
    /// Its first name.
    pub root: &'e str,
    /// Where the first name stands.
    pub root_span: Span,
    /// The look-ups after it.
    pub steps: Vec<Step<'e>>,
}

/// One look-up of a reference.
#[derive(Debug, Clone, PartialEq)]
pub enum Step<'e> {
    /// `.name`
    Name(&'e Identifier),
    /// `[0]`, `["key"]`, `.0`: the key's text, and where it stands.
    Key(String, Span),
}

impl Expression {
    /// The text of a plain string: a template without interpolations and directives.
    pub fn as_string(&self) -> Option<&str> {
        let ExpressionKind::Template(template) = &self.kind else {
            return None;
        };
        match template.parts.as_slice() {
            [] => Some(""),
            [TemplatePart::Literal { text, .. }] => Some(text),
            _ => None,
        }
    }

    /// The bare word that this expression is.
    pub fn as_word(&self) -> Option<&str> {
        match &self.kind {
            ExpressionKind::Variable(name) => Some(name),
            _ => None,
        }
    }

    /// The reference that this expression is as a whole. A look-up by a key that is not literal ends it: `None`.
    pub fn as_traversal(&self) -> Option<Traversal<'_>> {
        match &self.kind {
            ExpressionKind::Variable(name) => Some(Traversal {
                root: name,
                root_span: self.span.clone(),
                steps: Vec::new(),
            }),
            ExpressionKind::Access { base, accessor } => {
                let mut traversal = base.as_traversal()?;
                traversal.steps.push(match accessor {
                    Accessor::Name(name) => Step::Name(name),
                    Accessor::LegacyIndex(index) => Step::Key(index.text.clone(), index.span.clone()),
                    Accessor::Index(key) => match &key.kind {
                        ExpressionKind::Number(text) => Step::Key(text.clone(), key.span.clone()),
                        _ => Step::Key(key.as_string()?.to_owned(), key.span.clone()),
                    },
                });
                Some(traversal)
            }
            _ => None,
        }
    }

    /// Its parts, in the order in which they are written.
    pub fn children(&self) -> Vec<&Expression> {
        match &self.kind {
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Variable(_)
            | ExpressionKind::Invalid => Vec::new(),
            ExpressionKind::Template(template) => {
                let mut children = Vec::new();
                collect(&template.parts, &mut children);
                children
            }
            ExpressionKind::Tuple(elements) => elements.iter().collect(),
            ExpressionKind::Object(items) => items
                .iter()
                .flat_map(|item| {
                    let key = match &item.key {
                        ObjectKey::Word(_) => None,
                        ObjectKey::Expression(key) => Some(key),
                    };
                    key.into_iter().chain([&item.value])
                })
                .collect(),
            ExpressionKind::Access { base, accessor } => {
                let mut children = vec![base.as_ref()];
                if let Accessor::Index(key) = accessor {
                    children.push(key);
                }
                children
            }
            ExpressionKind::Splat { base, each, .. } => {
                let mut children = vec![base.as_ref()];
                for (accessor, _) in each {
                    if let Accessor::Index(key) = accessor {
                        children.push(key);
                    }
                }
                children
            }
            ExpressionKind::Call(call) => call.arguments.iter().collect(),
            ExpressionKind::For(it) => {
                let mut children = vec![&it.collection];
                children.extend(&it.key);
                children.push(&it.value);
                children.extend(&it.condition);
                children
            }
            ExpressionKind::Conditional {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            ExpressionKind::Binary { left, right, .. } => vec![left, right],
            ExpressionKind::Unary { operand, .. } => vec![operand],
            ExpressionKind::Parentheses(inner) => vec![inner],
        }
    }
}

fn collect<'e>(parts: &'e [TemplatePart], children: &mut Vec<&'e Expression>) {
    for part in parts {
        match part {
            TemplatePart::Literal { .. } => {}
            TemplatePart::Interpolation(expression) => children.push(expression),
            TemplatePart::If {
                condition,
                then,
                otherwise,
            } => {
                children.push(condition);
                collect(then, children);
                collect(otherwise, children);
            }
            TemplatePart::For { collection, body, .. } => {
                children.push(collection);
                collect(body, children);
            }
        }
    }
}
