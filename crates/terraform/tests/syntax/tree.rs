//! Valid files.

use terraform::ast::{ExpressionKind, Item, TemplatePart};

use crate::{show, valid};

fn value(source: &str) -> String {
    let source = format!("a = {source}\n");
    show::expression(&valid(&source).attribute("a").unwrap().value)
}

#[test]
fn arguments_and_blocks_are_in_order() {
    let source = "\u{feff}a = 1 # c\nb \"x\\u00e9\" y {\n  c = 2\n  d { e = 3 }\n  f {}\n}\nb = null";
    assert_eq!(
        show::body(&valid(source)),
        "a = 1; b \"xé\" \"y\" { c = 2; d { e = 3 }; f {  } }; b = null"
    );
}

#[test]
fn places_are_exact() {
    let source = "é = [1,\n  x.y]\nblock \"a\" b { # c\n  c = \"t\" }\n".replace(" }", "\n}");
    let body = valid(&source);
    let text = |span: &std::ops::Range<usize>| source[span.clone()].to_owned();
    let Item::Attribute(attribute) = &body.items[0] else {
        panic!("{body:?}");
    };
    assert_eq!(text(&attribute.name.span), "é");
    assert_eq!(text(&attribute.span), "é = [1,\n  x.y]");
    assert_eq!(text(&attribute.value.span), "[1,\n  x.y]");
    let block = body.blocks().next().unwrap();
    assert_eq!(text(&block.kind.span), "block");
    assert_eq!(text(&block.labels[0].span), "\"a\"");
    assert_eq!(text(&block.labels[1].span), "b");
    assert_eq!(text(&block.header), "block \"a\" b");
    assert_eq!(text(&block.body.span), " # c\n  c = \"t\"\n");
    assert!(text(&block.span).starts_with("block \"a\"") && text(&block.span).ends_with("\n}"));
    assert_eq!(body.span, 0..source.len());
}

#[test]
fn operators_bind_as_in_hcl() {
    assert_eq!(
        value("a || b && c == d < e + f * -g"),
        "(a Or (b And (c Equal (d Less (e Add (f Multiply -g))))))"
    );
    assert_eq!(value("1 - 2 - 3"), "((1 Subtract 2) Subtract 3)");
    assert_eq!(
        value("1 * 2 + 3 / 4 % 5"),
        "((1 Multiply 2) Add ((3 Divide 4) Remainder 5))"
    );
    assert_eq!(value("a == b != c"), "((a Equal b) NotEqual c)");
    assert_eq!(value("a <= b > c >= d"), "(((a LessEqual b) Greater c) GreaterEqual d)");
    assert_eq!(value("!a.b && -c[0] == -(1)"), "(!a.b And (-c[0] Equal -(1)))");
    assert_eq!(value("-!-a"), "-!-a");
    assert_eq!(value("a ? b : c ? d : e"), "(a ? b : (c ? d : e))");
    assert_eq!(value("a ? b ? c : d : e"), "(a ? (b ? c : d) : e)");
    assert_eq!(value("a == b ? c + d : !e"), "((a Equal b) ? (c Add d) : !e)");
}

#[test]
fn look_ups_have_their_parts() {
    assert_eq!(value("a.b[0].c[\"d\"][e.f].0"), "a.b[0].c[\"d\"][e.f].0");
    assert_eq!(value("f(x)[0].y"), "f(x)[0].y");
    assert_eq!(value("{ a = 1 }.a"), "{a: 1}.a");
    assert_eq!(value("a.*.b.0.c"), "a.*(.b.0.c)");
    assert_eq!(value("a.*.b[0].c"), "a.*(.b)[0].c");
    assert_eq!(value("a[*].b[0].c"), "a[*](.b[0].c)");
    assert_eq!(value("a.*.b[*].c"), "a.*(.b)[*](.c)");
    // A splat in a splat applies to each element.
    assert_eq!(value("a[*].b[*].c"), "for(* in a[*](): *.b[*](.c))");
    assert_eq!(value("a[*].b.*.c[0]"), "for(* in a[*](): *.b.*(.c)[0])");
    assert_eq!(value("a[*][*][*]"), "for(* in a[*](): for(* in *[*](): *[*]()))");
}

#[test]
fn collections_calls_and_for_have_their_parts() {
    assert_eq!(value("[1, [], [2,],]"), "[1, [], [2]]");
    assert_eq!(
        value("{ a = 1, \"b\" : 2\n\n (c) = 3, null = 4\n true = 5, d.e = 6, \"${f}\" = 7, 8 = 9 }"),
        "{a: 1, <\"b\">: 2, <(c)>: 3, null: 4, true: 5, <d.e>: 6, <\"${f}\">: 7, <8>: 9}"
    );
    assert_eq!(value("f()"), "f()");
    assert_eq!(value("provider::aws :: f(1, x...)"), "provider::aws::f(1, x...)");
    assert_eq!(value("[for x in y : x if z]"), "for(x in y: x if z)");
    assert_eq!(
        value("{ for k, v in y : k => v... if k != \"a\" }"),
        "for(k, v in y: k => v... if (k NotEqual \"a\"))"
    );
    assert_eq!(
        value("[true, false, null, nul, 1.50e3]"),
        "[true, false, null, nul, 1.50e3]"
    );
}

#[test]
fn references_as_keys_are_ambiguous() {
    let body = valid("a = { b = 1, c.d = 2, (c.d) = 3, \"c.d\" = 4, c[0] = 5, f(x).y = 6 }\n");
    let ExpressionKind::Object(items) = &body.attribute("a").unwrap().value.kind else {
        panic!("{body:?}");
    };
    let ambiguous: Vec<_> = items.iter().map(|item| item.key.is_ambiguous()).collect();
    assert_eq!(ambiguous, [false, true, false, false, true, false]);
}

#[test]
fn templates_have_their_parts() {
    assert_eq!(value("\"\""), "\"\"");
    assert_eq!(value(r#""a\n$${b}${c}d%%{""#), r#""a\n${b}${c}d%{""#);
    assert_eq!(value("\"${\"${a}\"}\""), "\"${\"${a}\"}\"");
    assert_eq!(
        value("\"%{ if a }b%{ else }c${d}%{ endif }%{ for k, v in e }${v}%{ endfor }\""),
        "\"%if(a ? b : c${d})%for(k, v in e: ${v})\""
    );
    assert_eq!(value("<<EOT\n  a ${b}\nEOT\n"), r#""  a ${b}\n""#);
    assert_eq!(value("<<-EOT\n    a\n      ${b}\n    EOT\n"), r#""a\n  ${b}\n""#);
}

#[test]
fn a_trimmed_blank_beside_an_interpolation_keeps_it_a_string() {
    for (source, parts) in [
        ("\"${a}\"", 1),
        ("\" ${~ a}\"", 2),
        ("\"${a ~} \"", 2),
        ("\"x${a ~} \"", 2),
    ] {
        let body = valid(&format!("a = {source}\n"));
        let ExpressionKind::Template(template) = &body.attribute("a").unwrap().value.kind else {
            panic!("{body:?}");
        };
        assert_eq!(template.parts.len(), parts, "{source}");
    }
}

#[test]
fn literals_have_the_place_of_what_is_written() {
    let source = "a = <<-EOT\n    x $${y}\n      z${w}\n    EOT\n";
    let body = valid(source);
    let ExpressionKind::Template(template) = &body.attribute("a").unwrap().value.kind else {
        panic!("{body:?}");
    };
    assert!(template.heredoc);
    let TemplatePart::Literal { text, span } = &template.parts[0] else {
        panic!("{template:?}");
    };
    assert_eq!(text, "x ${y}\n  z");
    assert_eq!(&source[span.clone()], "    x $${y}\n      z");
}
