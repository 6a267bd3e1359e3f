//! The formatter on its own. That it agrees with Terraform is shown in `tests/real`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is the report of a test")]

use insta::assert_snapshot;
use proptest::prelude::*;
use terraform::format;
use terraform::syntax::{MAX_DEPTH, TokenKind, lex};

fn formatted(source: &str) -> String {
    format(source).unwrap_or_else(|error| panic!("{error}\n{source}"))
}

fn rejected(source: &str) -> String {
    format(source).unwrap_err().to_string()
}

#[test]
fn arguments_and_comments_of_neighbouring_lines_are_aligned() {
    assert_snapshot!(formatted("a=1# one\nlonger=22 // two\n\nb=[\n1,2 ]\ncc={x=1}\n"), @"
    a      = 1  # one
    longer = 22 // two

    b = [
    1, 2]
    cc = { x = 1 }
    ");
}

#[test]
fn old_syntax_is_replaced() {
    let source = "variable x {\ntype=\"list\"\ndefault=\"${y}\"\n}\noutput \"o\" {\nvalue=\"${\nf(\n1)\n}\"\n}\n";
    assert_snapshot!(formatted(source), @r#"
    variable "x" {
      type    = list(string)
      default = y
    }
    output "o" {
      value = (f(
      1))
    }
    "#);
}

#[test]
fn what_terraform_would_break_stays() {
    let heredocs = [
        "a = \"${<<B\nx\nB\n}\"",
        "a = \"${<<B\nx\nB\n}\" # c\n",
        "a = \"${\n  <<B\nx\nB\n}\"\n",
    ];
    for source in heredocs {
        let text = formatted(source);
        assert_eq!(formatted(&text), text);
    }
    assert_eq!(formatted("a=\"${<<B\nx\nB\n}\"\n"), "a = <<B\nx\nB\n");
    assert_eq!(formatted("a=0. e5 . e5\nb=x.1 . 1.c\n"), "a = 0 .e5.e5\nb = x.1 .1.c\n");
    for source in ["foo \"a$b\" {}\n", "foo \"50%\" {}\n", "a = \"${ # c\nx}\"\n"] {
        assert_eq!(formatted(source), source);
    }
    assert_eq!(formatted("a=\"${f( # c\n1)}\"\n"), "a = f( # c\n1)\n");
}

#[test]
fn the_end_and_the_line_breaks_stay() {
    assert_eq!(formatted("a=1"), "a = 1");
    assert_eq!(formatted("a=1\r\nbb=2\r\n"), "a  = 1\r\nbb = 2\r\n");
    assert_eq!(formatted("\u{feff}a=1\n"), "a = 1\n");
    assert_eq!(formatted(""), "");
}

#[test]
fn heredocs_stay_as_they_are() {
    let source = "a = <<-EOT\n   x  =  ${y}\n\t# no comment\n  EOT\n";
    assert_eq!(formatted(source), source);
}

#[test]
fn an_error_names_its_place() {
    assert_snapshot!(rejected("a = 1\nb = [1\n  c = 2\n"), @"3:3: expected `,` and another element, or `]`, but found `c`");
    assert_snapshot!(rejected("a = 'x'\n"), @"1:5: strings are written with double quotes, not single ones");
    assert_snapshot!(rejected("é = \"a\nb\"\n"), @r"1:7: a quoted string must end on the line it starts on; use \n or a heredoc for a line break");
    assert_snapshot!(rejected("a = <<EOT\nx\n"), @"1:5: the heredoc that starts here has no closing line");
    assert_snapshot!(rejected("a = 1\na = 2\n"), @"2:1: the argument a is already set in this block");
    assert_snapshot!(rejected("a = \"%{ if x }\"\n"), @"1:6: the directive that starts here has no `%{ endif }`");
    assert_snapshot!(rejected("foo {\n"), @"2:1: expected an argument, a block or `}`, but the file ends");
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let limit = format!("nested more than {MAX_DEPTH} levels deep");
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a=", "}"),
        ("\"${", "}\""),
        ("f(", ")"),
        ("x[", "]"),
        ("x ? ", " : y"),
    ] {
        let source = format!("a = {}x{}\n", open.repeat(50_000), close.repeat(50_000));
        assert!(rejected(&source).ends_with(&limit), "{open}");
        let source = format!("a = {}x{}\n", open.repeat(90), close.repeat(90));
        formatted(&source);
    }
    assert!(rejected(&"foo {\n".repeat(50_000)).ends_with(&limit));
    // What repeats without nesting is not limited.
    formatted(&format!("a = {}1\n", "-".repeat(50_000)));
    formatted(&format!("a = {}z\n", "x ? y : ".repeat(50_000)));
    formatted(&format!("a = x{}\n", ".y[0]".repeat(50_000)));
}

/// Sources near to Terraform: fragments in any order.
fn near_terraform() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "a",
        "a = ",
        "\n",
        " ",
        "\t",
        "\r\n",
        "\r",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "${",
        "%{",
        "~}",
        "$",
        "%",
        "\\",
        "\\\"",
        "\\u00",
        "<<EOT\n",
        "<<-E\n",
        "EOT\n",
        " E\n",
        "# c\n",
        "/*",
        "*/",
        "//",
        "1",
        "1.5e3",
        ".",
        "..",
        "...",
        "=",
        "=>",
        "::",
        ":",
        "?",
        "!",
        "-",
        "&&",
        "||",
        "for x in y : ",
        "if ",
        "in",
        "%{ if x }",
        "%{ endif }",
        "é",
        "e\u{301}",
        "\u{feff}",
        "\u{0}",
        "foo \"b\" {\n",
        "a=1\n",
        "variable x {\ntype=list\n}\n",
        "\"${x}\"",
        ",",
        "*",
        "[*]",
        ".0",
        "null",
        "🎉",
        "'",
        ";",
    ]);
    prop_oneof![
        prop::collection::vec(fragment, 0..25).prop_map(|parts| parts.concat()),
        any::<String>()
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_are_the_source(source in near_terraform()) {
        let tokens = lex(&source);
        let mut at = if source.starts_with('\u{feff}') { 3 } else { 0 };
        for token in &tokens {
            let gap = &source[at..token.span.start];
            prop_assert!(gap.bytes().all(|b| b == b' ' || b == b'\t'), "{gap:?}");
            prop_assert!(token.kind == TokenKind::End || !token.span.is_empty());
            at = token.span.end;
        }
        prop_assert_eq!(at, source.len());
        prop_assert_eq!(tokens.last().map(|token| token.kind), Some(TokenKind::End));
    }

    /// Nothing panics; what is accepted is accepted again after formatting, with the same tokens but for layout.
    #[test]
    fn any_input_is_formatted_or_rejected(source in near_terraform()) {
        match format(&source) {
            Ok(text) => {
                prop_assert!(format(&text).is_ok(), "{text}");
            }
            Err(error) => {
                prop_assert!(source.is_char_boundary(error.span.start) && source.is_char_boundary(error.span.end));
                prop_assert!(error.line >= 1 && error.column >= 1);
            }
        }
    }
}
