//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).

use super::context::Known;
use super::keys::Keys;
use super::truth::{Open, Truth};
use crate::wildcard::{Pattern, Token};

/// A value of a policy after its variables were replaced.
#[derive(Debug)]
pub(super) enum Expanded<'a> {
    /// It has none.
    Plain(&'a str),
    /// All were replaced.
    Tokens(Vec<Token>),
    /// This one has no value: nothing equals the whole.
    NoValue(&'a str),
    /// Some are unknown: each stands as a wildcard, so that what cannot match at all is still told apart.
    Open { tokens: Vec<Token>, keys: Vec<String> },
}

/// What `*` and `?` outside variables stand for. Within a variable's value they always stand for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Literal,
    Wild,
}

impl Expanded<'_> {
    /// Asks `test` of the pattern; for a plain text `plain` is asked instead, which can be faster.
    pub(super) fn test(
        &self,
        open: &mut Open,
        plain: impl FnOnce(&str) -> bool,
        test: impl FnOnce(&[Token]) -> bool,
        could: impl FnOnce(&[Token]) -> bool,
    ) -> Truth {
        match self {
            Self::Plain(text) => plain(text).into(),
            Self::Tokens(tokens) => test(tokens).into(),
            Self::NoValue(_) => Truth::False,
            Self::Open { tokens, keys } => {
                if !could(tokens) {
                    return Truth::False;
                }
                keys.iter().for_each(|key| open.push(key));
                Truth::Unknown
            }
        }
    }
}

/// Replaces the variables from byte `from` on.
pub(super) fn expand<'a>(text: &'a str, from: usize, syntax: Syntax, keys: &Keys<'_>) -> Expanded<'a> {
    if !text[from..].contains("${") {
        return Expanded::Plain(text);
    }
    let mut tokens = Vec::with_capacity(text.len());
    let mut unknown = Vec::new();
    literal(&text[..from], syntax, &mut tokens);
    let mut rest = &text[from..];
    while let Some(start) = rest.find("${") {
        literal(&rest[..start], syntax, &mut tokens);
        let Some((variable, behind)) = Variable::split(&rest[start..]) else {
            rest = &rest[start..];
            break;
        };
        rest = behind;
        match variable {
            Variable::Special(c) => tokens.push(Token::Char(c)),
            Variable::Key { name, default } => match (keys.get(name), default) {
                // AWS calls an empty string no value in one place and a value in others.
                (Known::Values([value]), _) if value.is_empty() => {
                    unknown.push(name.to_owned());
                    tokens.push(Token::Any);
                }
                (Known::Values([value]), _) => tokens.extend(value.chars().map(Token::Char)),
                (Known::Unknown, _) => {
                    unknown.push(name.to_owned());
                    tokens.push(Token::Any);
                }
                // A key with several values cannot be used as a variable: it has no one value.
                (Known::Absent | Known::Values(_), Some(default)) => tokens.extend(default.chars().map(Token::Char)),
                (Known::Absent | Known::Values(_), None) => return Expanded::NoValue(name),
            },
        }
    }
    literal(rest, syntax, &mut tokens);
    if unknown.is_empty() {
        Expanded::Tokens(tokens)
    } else {
        Expanded::Open { tokens, keys: unknown }
    }
}

fn literal(text: &str, syntax: Syntax, tokens: &mut Vec<Token>) {
    match syntax {
        Syntax::Literal => tokens.extend(text.chars().map(Token::Char)),
        Syntax::Wild => {
            let pattern = crate::wildcard::Wild(text);
            let mut position = 0;
            while let Some((token, next)) = pattern.at(position) {
                tokens.push(token);
                position = next;
            }
        }
    }
}

/// A variable's inside.
#[derive(Debug, PartialEq, Eq)]
enum Variable<'a> {
    Special(char),
    Key { name: &'a str, default: Option<&'a str> },
}

impl<'a> Variable<'a> {
    /// Splits a text that begins with `${` behind the closing brace; `None` where there is none.
    fn split(text: &'a str) -> Option<(Self, &'a str)> {
        let inside = text.strip_prefix("${")?;
        for (special, c) in [("*}", '*'), ("?}", '?'), ("$}", '$')] {
            if let Some(rest) = inside.strip_prefix(special) {
                return Some((Self::Special(c), rest));
            }
        }
        let end = inside.find([',', '}'])?;
        let name = inside[..end].trim();
        if inside[end..].starts_with('}') {
            return Some((Self::Key { name, default: None }, &inside[end + 1..]));
        }
        let quoted = inside[end + 1..].trim_start().strip_prefix('\'')?;
        let close = quoted.find('\'')?;
        let rest = quoted[close + 1..].trim_start().strip_prefix('}')?;
        let default = Some(&quoted[..close]);
        Some((Self::Key { name, default }, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_taken_apart() {
        let key = |name, default| Variable::Key { name, default };
        assert_eq!(
            Variable::split("${aws:username}/*"),
            Some((key("aws:username", None), "/*"))
        );
        assert_eq!(Variable::split("${a:b, 'x}y'}z"), Some((key("a:b", Some("x}y")), "z")));
        assert_eq!(Variable::split("${a:b,''}"), Some((key("a:b", Some("")), "")));
        assert_eq!(Variable::split("${*}a"), Some((Variable::Special('*'), "a")));
        assert_eq!(Variable::split("${$}"), Some((Variable::Special('$'), "")));
        for text in ["${", "${a", "${a, b}", "${a, 'b}", "${a, 'b' c}"] {
            assert_eq!(Variable::split(text), None, "{text}");
        }
    }
}
