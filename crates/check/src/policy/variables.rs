//! Policy variables within a document's strings: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.

use super::UNKNOWN;

/// One `${…}` of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variable<'t> {
    /// `${*}`, `${?}` or `${$}`: the character itself.
    Special(char),
    /// The value of a condition key.
    Key(&'t str),
    /// Anything else between braces.
    Other(&'t str),
}

/// The variables of a string with the byte at which each begins; what has no closing brace is none.
pub(crate) fn variables(text: &str) -> Vec<(usize, Variable<'_>)> {
    let mut found = Vec::new();
    for (start, end) in placed(text) {
        let inside = text.get(start + 2..end - 1).unwrap_or_default();
        let name = inside.split(',').next().unwrap_or_default().trim();
        let variable = match inside {
            "*" => Variable::Special('*'),
            "?" => Variable::Special('?'),
            "$" => Variable::Special('$'),
            _ if name.contains(':') => Variable::Key(name),
            _ => Variable::Other(inside),
        };
        found.push((start, variable));
    }
    found
}

/// Whether a text has a placeholder of a template: `${name}` without the colon of a policy variable.
pub(crate) fn has_placeholder(text: &str) -> bool {
    variables(text)
        .iter()
        .any(|(_, variable)| matches!(variable, Variable::Other(_)))
}

/// The text with [`UNKNOWN`] for each placeholder of a template.
pub(crate) fn without_placeholders(text: &str) -> String {
    let mut result = text.to_owned();
    for (start, end) in placed(text).into_iter().rev() {
        let placeholder = result.get(start..end).is_some_and(has_placeholder);
        if placeholder {
            result.replace_range(start..end, UNKNOWN.encode_utf8(&mut [0; 4]));
        }
    }
    result
}

/// The text with [`UNKNOWN`] for each blank that is left to be filled in by hand, as samples have them:
/// `<corporate-cidr>`. Neither accounts nor ARNs, ids or addresses have such brackets.
pub(crate) fn without_blanks(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let blank = after.split_once('>').filter(|(inside, _)| is_blank(inside));
        result.push_str(before);
        match blank {
            Some((_, behind)) => {
                result.push(UNKNOWN);
                rest = behind;
            }
            None => {
                result.push('<');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    result
}

fn is_blank(inside: &str) -> bool {
    inside.contains(|c: char| c.is_ascii_alphabetic())
        && inside
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " -_.:/".contains(c))
}

/// The text with `*` for each variable and each unknown piece, for questions of the kind "may it match".
pub(crate) fn widened(text: &str) -> String {
    let mut result = text.to_owned();
    for (start, end) in placed(text).into_iter().rev() {
        result.replace_range(start..end, "*");
    }
    result.replace(UNKNOWN, "*")
}

fn placed(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("${")).map(|at| from + at) {
        let Some(end) = text
            .get(start..)
            .and_then(|rest| rest.find('}'))
            .map(|at| start + at + 1)
        else {
            break;
        };
        found.push((start, end));
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_told_apart() {
        assert_eq!(
            variables("a${aws:username}/${*}${aws:PrincipalTag/a, 'b'}${bucket}${open"),
            [
                (1, Variable::Key("aws:username")),
                (17, Variable::Special('*')),
                (21, Variable::Key("aws:PrincipalTag/a")),
                (47, Variable::Other("bucket")),
            ]
        );
    }

    #[test]
    fn blanks_become_unknown() {
        for (text, known) in [
            ("<my-corporate-cidr>", "\u{fffc}"),
            (
                "arn:aws:iam::<account id>:role/<role>",
                "arn:aws:iam::\u{fffc}:role/\u{fffc}",
            ),
            ("<>", "<>"),
            ("<1", "<1"),
            ("a<b", "a<b"),
            ("<<a>", "<\u{fffc}"),
        ] {
            assert_eq!(without_blanks(text), known, "{text}");
        }
    }

    #[test]
    fn placeholders_become_unknown_and_variables_stay() {
        assert_eq!(
            without_placeholders("arn:${partition}:s3:::${aws:username}"),
            "arn:\u{fffc}:s3:::${aws:username}"
        );
        assert_eq!(widened("a${b:c}\u{fffc}d"), "a**d");
    }
}
