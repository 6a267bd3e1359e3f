//! Mistakes in texts, numbers, templates and other expressions.

use ::terraform::ast::{Expression, ExpressionKind};

use super::{Edit, Plant, after, literals, misspelt, of_values, values};
use crate::sites::Text;

/// Kinds of mistakes.
pub const KINDS: &[(&str, Plant)] = &[
    ("another word", |text| {
        literals(text, |word| format!("\"{}\"", misspelt(word)))
    }),
    ("word in capitals", |text| {
        literals(text, |word| format!("\"{}\"", word.to_uppercase()))
    }),
    ("text that is too long", |text| {
        literals(text, |_| format!("\"{}\"", "long-".repeat(500)))
    }),
    ("empty text", |text| literals(text, |_| "\"\"".to_owned())),
    ("text with signs", |text| {
        literals(text, |_| "\"no! such? value\"".to_owned())
    }),
    ("negative number", |text| numbers(text, "-1")),
    ("number too large", |text| numbers(text, "4294967296")),
    ("list element of another type", |text| {
        of_values(text, |value| match &value.kind {
            ExpressionKind::Tuple(elements) => {
                let last = elements.last()?;
                Some(after(last.span.end, ", { a = 1 }"))
            }
            _ => None,
        })
    }),
    ("key twice", |text| {
        expressions(text, |value| match &value.kind {
            ExpressionKind::Object(items) => {
                let item = items.first()?;
                let whole = item.key.span().start..item.value.span.end;
                Some(after(whole.start, &format!("{}, ", text.of(&whole))))
            }
            _ => None,
        })
    }),
    ("interpolation not closed", |text| {
        expressions(text, |value| {
            let at = text.of(&value.span).find("${")? + value.span.start;
            let end = text.source.get(at..value.span.end)?.find('}')? + at;
            matches!(value.kind, ExpressionKind::Template(_)).then(|| (end..end + 1, String::new()))
        })
    }),
    ("interpolation that is empty", |text| {
        literals(text, |word| format!("\"{word}${{}}\""))
    }),
    ("escape that is none", |text| {
        literals(text, |word| format!("\"\\d{word}\""))
    }),
    ("directive not closed", |text| {
        literals(text, |word| format!("\"%{{ if true }}{word}\""))
    }),
    ("directive that is none", |text| {
        literals(text, |word| format!("\"%{{ unless true }}{word}%{{ endif }}\""))
    }),
    ("heredoc not closed", |text| {
        literals(text, |word| format!("<<EOT\n{word}"))
    }),
    ("heredoc whose end is misplaced", |text| {
        literals(text, |word| format!("<<EOT\n{word}\n  EOT x"))
    }),
    ("for without a colon", |text| values(text, "[for x in [\"a\"] x]")),
    ("for over a single value", |text| values(text, "[for x in \"a\" : x]")),
    ("for with a name that does not exist", |text| {
        values(text, "[for x in [\"a\"] : y]")
    }),
    ("for with a condition that is none", |text| {
        values(text, "[for x in [\"a\"] : x if \"maybe\"]")
    }),
    ("for without a key", |text| values(text, "{ for x in [\"a\"] : x }")),
    ("for with a key twice", |text| {
        values(text, "{ for x in [\"a\", \"a\"] : x => x }")
    }),
    ("for with three names", |text| {
        values(text, "[for a, b, c in [\"a\"] : a]")
    }),
    ("condition that is none", |text| values(text, "\"maybe\" ? 1 : 2")),
    ("conditional without an alternative", |text| values(text, "true ? 1")),
    ("conditional of two types", |text| {
        values(text, "true ? [1] : { a = { b = 1 } }")
    }),
    ("comparison of things that have no order", |text| {
        values(text, "\"a\" < \"b\"")
    }),
    ("negation of a text", |text| values(text, "!\"perhaps\"")),
    ("index out of range", |text| values(text, "[\"a\"][3]")),
    ("key that does not exist", |text| values(text, "{ a = 1 }.b")),
    ("index into a set", |text| values(text, "toset([\"a\"])[0]")),
    ("splat of a number with an attribute", |text| values(text, "5[*].name")),
    ("conversion that fails", |text| values(text, "tonumber(\"many\")")),
    ("pattern that is none", |text| values(text, "regex(\"(\", \"a\")")),
    ("JSON that is none", |text| values(text, "jsondecode(\"{\")")),
    ("file that is missing", |text| {
        values(text, "file(\"${path.module}/missing.txt\")")
    }),
    ("template that is missing", |text| {
        values(text, "templatefile(\"${path.module}/missing.tftpl\", {})")
    }),
    ("expansion of a single value", |text| values(text, "max(5...)")),
    ("function of no provider", |text| {
        values(text, "provider::nothing::parse(\"a\")")
    }),
    ("unknown path", |text| values(text, "path.modules")),
    ("unknown property of terraform", |text| {
        values(text, "terraform.versions")
    }),
    ("variable without a name", |text| values(text, "var")),
    ("resource without a name", |text| values(text, "aws_s3_bucket")),
];

fn expressions(text: &Text<'_>, edit: impl Fn(&Expression) -> Option<Edit>) -> Vec<Edit> {
    text.expressions().into_iter().filter_map(edit).collect()
}

fn numbers(text: &Text<'_>, with: &str) -> Vec<Edit> {
    of_values(text, |value| match value.kind {
        ExpressionKind::Number(_) => Some((value.span.clone(), with.to_owned())),
        _ => None,
    })
}
