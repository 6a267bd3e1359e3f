//! The kinds of tokens.

use std::ops::Range;

/// A token: its kind and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the source.
    pub span: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A name or keyword: letters, digits, `_` and `-`.
    Identifier,
    /// A number; not yet known to be a valid one.
    Number,
    /// `#` or `//` up to and with the end of the line, or `/* … */`.
    Comment,
    /// `\n` or `\r\n` outside of comments and templates.
    Newline,
    /// The end of the source, empty.
    End,
    /// The `"` that starts a quoted template.
    QuoteOpen,
    /// The `"` that ends a quoted template.
    QuoteClose,
    /// Literal text between quotes, escapes included.
    QuotedText,
    /// `<<NAME` or `<<-NAME` with the end of its line.
    HeredocOpen,
    /// The closing line of a heredoc without its newline, but with the blanks around the name.
    HeredocClose,
    /// Literal text of a heredoc, at most one line, with its newline.
    HeredocText,
    /// `${` or `${~`.
    InterpolationOpen,
    /// `%{` or `%{~`.
    DirectiveOpen,
    /// The `}` or `~}` that ends an interpolation or directive.
    SequenceClose,
    /// `{`
    BraceOpen,
    /// `}`
    BraceClose,
    /// `[`
    BracketOpen,
    /// `]`
    BracketClose,
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,
    /// `=`
    Assign,
    /// `=>`
    Arrow,
    /// `.`
    Dot,
    /// `...`
    Ellipsis,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `::`
    DoubleColon,
    /// `?`
    Question,
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
    /// `&&`
    And,
    /// `||`
    Or,
    /// `!`
    Not,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// Text that is no token.
    Invalid(Fault),
}

/// Why a piece of text is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A character without a meaning here.
    Character,
    /// A line break inside a quoted template.
    NewlineInQuotes,
    /// `/*` without its end.
    UnclosedComment,
    /// `~}` where no interpolation or directive is to be closed.
    StrayTilde,
}

impl Fault {
    pub(crate) fn message(self, text: &str) -> String {
        match self {
            Self::Character => match text {
                "'" => "strings are written with double quotes, not single ones".to_owned(),
                "&" => "`&` is no operator; the logical operator is `&&`".to_owned(),
                "|" => "`|` is no operator; the logical operator is `||`".to_owned(),
                ";" => "`;` has no meaning; arguments and blocks are separated by line breaks".to_owned(),
                _ => format!("the character {text:?} has no meaning here"),
            },
            Self::NewlineInQuotes => {
                "a quoted string must end on the line it starts on; use \\n or a heredoc for a line break".to_owned()
            }
            Self::UnclosedComment => "the comment that starts here has no `*/`".to_owned(),
            Self::StrayTilde => "`~}` closes an interpolation or directive, and none is open here".to_owned(),
        }
    }
}
