//! What is written is read back as the same values, and formatting leaves it alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is the report of a test")]

use hcl::expr::{
    BinaryOp, BinaryOperator, Conditional, ForExpr, FuncCall, Heredoc, Object, ObjectKey, Operation, TemplateExpr,
    Traversal, TraversalOperator, UnaryOp, UnaryOperator, Variable,
};
use hcl::template::{Element, ForDirective, IfDirective, Interpolation, Strip, Template};
use hcl::{Attribute, Block, BlockLabel, Body, Expression, Identifier, Structure};
use proptest::prelude::*;
use terraform::write::{File, Item, WriteError, to_string};
use unicode_normalization::UnicodeNormalization as _;

fn write(expression: Expression) -> String {
    let file = File {
        header: Vec::new(),
        items: vec![Attribute::new("x", expression).into()],
    };
    to_string(&file).unwrap()
}

fn read(text: &str) -> Expression {
    let body: Body = hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    body.attributes().next().unwrap().expr.clone()
}

/// Removes what does not change the meaning: parentheses, the spelling of keys and of templates.
fn plain(expression: Expression) -> Expression {
    let all = |items: Vec<Expression>| items.into_iter().map(plain).collect::<Vec<_>>();
    match expression {
        Expression::Parenthesis(inner) => plain(*inner),
        Expression::Array(items) => Expression::Array(all(items)),
        Expression::Object(items) => {
            let entries = items.into_iter().map(|(key, value)| {
                let key = match key {
                    ObjectKey::Identifier(name) => Expression::String(name.to_string()),
                    ObjectKey::Expression(key) => plain(key),
                    other => panic!("{other:?}"),
                };
                (ObjectKey::Expression(key), plain(value))
            });
            Expression::Object(entries.collect())
        }
        Expression::TemplateExpr(template) => {
            let template: Template = template.to_string().parse().unwrap();
            match template.elements() {
                [] => Expression::String(String::new()),
                [Element::Literal(text)] => Expression::String(text.clone()),
                // Formatting unwraps `"${x}"`.
                [Element::Interpolation(interpolation)] => plain(interpolation.expr.clone()),
                _ => Expression::from(TemplateExpr::from(template.to_string())),
            }
        }
        Expression::FuncCall(mut call) => {
            call.args = all(call.args);
            Expression::FuncCall(call)
        }
        Expression::Traversal(mut traversal) => {
            traversal.expr = plain(traversal.expr);
            for step in &mut traversal.operators {
                if let TraversalOperator::Index(index) = step {
                    *index = plain(index.clone());
                }
            }
            // `(a.b).c` is `a.b.c`.
            if let Expression::Traversal(inner) = traversal.expr {
                let operators = inner.operators.into_iter().chain(traversal.operators);
                return Expression::from(Traversal::new(inner.expr, operators.collect::<Vec<_>>()));
            }
            Expression::Traversal(traversal)
        }
        Expression::Conditional(conditional) => {
            let Conditional {
                cond_expr,
                true_expr,
                false_expr,
            } = *conditional;
            Expression::from(Conditional::new(plain(cond_expr), plain(true_expr), plain(false_expr)))
        }
        Expression::Operation(operation) => match *operation {
            Operation::Unary(UnaryOp { operator, expr }) => {
                Expression::from(Operation::from(UnaryOp::new(operator, plain(expr))))
            }
            Operation::Binary(BinaryOp {
                lhs_expr,
                operator,
                rhs_expr,
            }) => Expression::from(Operation::from(BinaryOp::new(
                plain(lhs_expr),
                operator,
                plain(rhs_expr),
            ))),
        },
        Expression::ForExpr(mut for_expr) => {
            for_expr.collection_expr = plain(for_expr.collection_expr);
            for_expr.key_expr = for_expr.key_expr.map(plain);
            for_expr.value_expr = plain(for_expr.value_expr);
            for_expr.cond_expr = for_expr.cond_expr.map(plain);
            Expression::ForExpr(for_expr)
        }
        other => other,
    }
}

fn text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "$",
        "%",
        "{",
        "}",
        "${",
        "%{",
        "$${",
        "%%{",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "\t",
        "\u{0}",
        "\u{7f}",
        "é",
        "e\u{301}",
        "\u{2028}",
        "\u{feff}",
        "👩‍👩‍👧",
        "~}",
        "#",
        "//",
        "/*",
        "<<EOT",
        "EOT",
        "a",
        "if",
        "\\n",
        "\\u0041",
        "'",
        " ",
        "${a}",
    ]);
    prop_oneof![
        3 => prop::collection::vec(nasty, 0..6).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
        1 => "[a-z]{0,120}",
    ]
}

fn name() -> impl Strategy<Value = Identifier> {
    "[a-z_][a-z0-9_-]{0,8}"
        .prop_filter("keywords are no names", |name| {
            !matches!(
                name.as_str(),
                "for" | "in" | "if" | "true" | "false" | "null" | "else" | "endif" | "endfor"
            )
        })
        .prop_map(|name| Identifier::new(name).unwrap())
}

fn leaf() -> impl Strategy<Value = Expression> {
    prop_oneof![
        Just(Expression::Null),
        any::<bool>().prop_map(Expression::from),
        any::<u64>().prop_map(Expression::from),
        any::<i64>().prop_map(Expression::from),
        any::<f64>()
            .prop_filter("finite", |f| f.is_finite())
            .prop_map(Expression::from),
        text().prop_map(Expression::from),
        name().prop_map(|name| Expression::from(Variable::from(name))),
    ]
}

fn strip() -> impl Strategy<Value = Strip> {
    prop::sample::select(vec![Strip::None, Strip::Start, Strip::End, Strip::Both])
}

/// Templates whose own text form hcl-rs writes correctly: nothing in them is a template again.
fn template() -> impl Strategy<Value = Template> {
    let simple = (text(), name(), text(), strip())
        .prop_map(|(before, name, after, strip)| {
            let interpolation = Interpolation::new(Variable::from(name)).with_strip(strip);
            Template::new()
                .add_literal(ends_safely(before))
                .add_interpolation(interpolation)
                .add_literal(ends_safely(after))
        })
        .boxed();
    // hcl-rs does not resolve the escapes of a quoted string inside a directive, so there are none.
    let inside = ("[a-z$%{ ]{0,9}", name()).prop_map(|(text, name)| {
        Template::new()
            .add_literal(ends_safely(text))
            .add_interpolation(Variable::from(name))
    });
    (simple, inside, name(), strip(), any::<bool>()).prop_map(|(outer, inside, name, strip, is_if)| {
        let condition = Variable::from(name.clone());
        let directive = if is_if {
            let other = Template::new().add_literal("x");
            let directive = IfDirective::new(condition, inside)
                .with_false_template(other)
                .with_else_strip(strip);
            hcl::template::Directive::If(directive)
        } else {
            hcl::template::Directive::For(ForDirective::new(name, condition, inside).with_endfor_strip(strip))
        };
        outer.add_directive(directive).add_literal("y")
    })
}

/// hcl-rs can keep neither a `$` right before an interpolation nor the text `$%{` or `%${` in a template.
fn ends_safely(text: String) -> String {
    let text = if text.contains('$') {
        text.replace('%', "")
    } else {
        text
    };
    format!("{text}.")
}

fn expression() -> impl Strategy<Value = Expression> {
    leaf().prop_recursive(5, 40, 4, |inner| {
        let boxed = inner.clone().boxed();
        let array = prop::collection::vec(boxed.clone(), 0..4).prop_map(Expression::Array);
        let key = prop_oneof![
            text().prop_map(|text| ObjectKey::from(Expression::from(text))),
            name().prop_map(ObjectKey::Identifier),
        ];
        // Alone in its object: hcl-rs takes the parentheses for those of a call after a conditional that ends in a name.
        let computed = (name(), boxed.clone()).prop_map(|(name, value)| {
            let key = ObjectKey::from(Expression::from(Variable::from(name)));
            Expression::Object([(key, value)].into_iter().collect())
        });
        let object = prop::collection::vec((key, boxed.clone()), 0..4)
            .prop_map(|items| Expression::Object(items.into_iter().collect::<Object<_, _>>()));
        let call =
            (name(), prop::collection::vec(boxed.clone(), 0..4), any::<bool>()).prop_map(|(name, args, expand)| {
                let expand = expand && !args.is_empty();
                let call = FuncCall {
                    name: name.into(),
                    args,
                    expand_final: expand,
                };
                Expression::from(call)
            });
        let step = prop_oneof![
            name().prop_map(TraversalOperator::GetAttr),
            boxed.clone().prop_map(TraversalOperator::Index),
            Just(TraversalOperator::FullSplat),
        ];
        let traversal = (boxed.clone(), prop::collection::vec(step, 1..4))
            // `-0.a` is read as an attribute of a negative number; numbers have none anyway.
            .prop_filter("no attribute of a number", |(base, _)| {
                !matches!(base, Expression::Number(_))
            })
            .prop_map(|(base, steps)| Expression::from(Traversal::new(base, steps)));
        let conditional = (boxed.clone(), boxed.clone(), boxed.clone())
            .prop_map(|(a, b, c)| Expression::from(Conditional::new(a, b, c)));
        let unary = (
            prop::sample::select(vec![UnaryOperator::Neg, UnaryOperator::Not]),
            boxed.clone(),
        )
            // `-5` is a number.
            .prop_filter("no negated number", |(_, e)| {
                !matches!(plain(e.clone()), Expression::Number(_))
            })
            .prop_map(|(operator, e)| Expression::from(Operation::from(UnaryOp::new(operator, e))));
        let operators = vec![
            BinaryOperator::Or,
            BinaryOperator::And,
            BinaryOperator::Eq,
            BinaryOperator::NotEq,
            BinaryOperator::Less,
            BinaryOperator::GreaterEq,
            BinaryOperator::Plus,
            BinaryOperator::Minus,
            BinaryOperator::Mul,
            BinaryOperator::Div,
            BinaryOperator::Mod,
        ];
        let binary = (boxed.clone(), prop::sample::select(operators), boxed.clone())
            .prop_map(|(a, operator, b)| Expression::from(Operation::from(BinaryOp::new(a, operator, b))));
        let for_expr = (
            name(),
            name(),
            boxed.clone(),
            boxed.clone(),
            prop::option::of(boxed.clone()),
            any::<bool>(),
        )
            .prop_map(|(key, value, collection, body, condition, is_object)| {
                let mut for_expr = ForExpr::new(value, collection, body.clone()).with_key_var(key);
                if is_object {
                    for_expr = for_expr.with_key_expr(body).with_grouping(true);
                }
                for_expr.cond_expr = condition;
                Expression::from(for_expr)
            });
        let template = template().prop_map(|template| Expression::from(TemplateExpr::from(template.to_string())));
        let parenthesis = boxed.prop_map(|inner| Expression::Parenthesis(Box::new(inner)));
        prop_oneof![
            array,
            object,
            computed,
            call,
            traversal,
            conditional,
            unary,
            binary,
            for_expr,
            template,
            parenthesis
        ]
    })
}

fn body() -> impl Strategy<Value = Body> {
    let attributes = prop::collection::btree_map(name().prop_map(|name| name.to_string()), leaf(), 0..4);
    let plain_body = attributes.prop_map(|map| Body::from_iter(map.into_iter().map(|(key, e)| Attribute::new(key, e))));
    plain_body.prop_recursive(3, 12, 3, |inner| {
        let label = text().prop_filter("Terraform loses such labels", |text| !text.contains(['$', '%']));
        (
            inner.clone(),
            prop::collection::vec((name(), prop::collection::vec(label, 0..3), inner), 0..3),
        )
            .prop_map(|(mut body, blocks)| {
                for (name, labels, inner) in blocks {
                    let labels = labels
                        .into_iter()
                        .map(|label| BlockLabel::String(composed(&label)))
                        .collect();
                    body.0.push(Structure::Block(Block {
                        identifier: name,
                        labels,
                        body: inner,
                    }));
                }
                body
            })
    })
}

/// Labels are compared in the composed form that Terraform gives them.
fn composed(label: &str) -> String {
    label.nfc().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn expressions_are_read_back(expression in expression()) {
        let text = write(expression.clone());
        prop_assert_eq!(plain(read(&text)), plain(expression), "{}", text);
        prop_assert_eq!(terraform::format(&text).unwrap(), text);
    }

    #[test]
    fn bodies_are_read_back(body in body()) {
        let items = body.0.iter().cloned().map(|structure| match structure {
            Structure::Attribute(attribute) => Item::from(attribute),
            Structure::Block(block) => Item::from(block),
        });
        let file = File { header: vec!["Generated.".into(), String::new()], items: items.collect() };
        let text = to_string(&file).unwrap();
        prop_assert_eq!(hcl::parse(&text).unwrap(), body, "{}", text);
        prop_assert_eq!(terraform::format(&text).unwrap(), text);
    }

    #[test]
    fn strings_are_read_back(string in text()) {
        let text = write(Expression::from(string.clone()));
        prop_assert_eq!(read(&text), Expression::from(string));
    }
}

fn heredoc(text: &str) -> Expression {
    Expression::from(TemplateExpr::from(Heredoc::new(Identifier::new("EOT").unwrap(), text)))
}

#[test]
fn a_file_has_comments_blank_lines_and_aligned_arguments() {
    let tags = Expression::from_iter([("Team", "engineering"), ("CostCenter", "CC-1")]);
    let long: Vec<_> = (0..12).map(|i| format!("arn:aws:iam::{i:012}:role/x")).collect();
    let module = Block::builder("module")
        .add_label("profiles")
        .add_attribute(("source", "../modules/inference-profiles"))
        .add_attribute((
            "for_each",
            read("x = { for k, v in local.all : k => { name = v.name, tags = { a = v.b } } if v.on }"),
        ))
        .add_attribute(("tags", tags.clone()))
        .add_attribute(("short", Expression::from_iter(["a", "b"])))
        .add_attribute(("list", Expression::from_iter([tags.clone(), tags])))
        .add_attribute(("merged", read("x = merge(var.tags, { Name = \"n\" }, local.more)")))
        .add_attribute((
            "policy",
            read("x = jsonencode({ Version = \"2012-10-17\", Statement = [{ Action = \"s3:*\" }] })"),
        ))
        .add_block(
            Block::builder("lifecycle")
                .add_attribute(("ignore_changes", long))
                .build(),
        )
        .add_block(Block::builder("empty").build())
        .build();
    let moved = Block::builder("moved")
        .add_attribute(("from", read("x = a.b[\"k\"]")))
        .build();
    let file = File {
        header: vec!["Written by tfgen.".into(), String::new(), "Do not edit.".into()],
        items: vec![
            Item::Attribute(Attribute::new("name", "a \"quoted\" ${name}")),
            Item::Attribute(Attribute::new(
                "region",
                Expression::from(TemplateExpr::from("${var.a}-\"b\"")),
            )),
            Item::Blank,
            Item::Blank,
            Item::Attribute(Attribute::new("query", heredoc("SELECT 1\n  FROM x\n"))),
            Item::Comment("The profiles.\nOne for each developer.".into()),
            module.into(),
            moved.into(),
            Item::Comment("The end.".into()),
        ],
    };
    insta::assert_snapshot!(to_string(&file).unwrap());
}

#[test]
fn what_has_no_source_is_an_error() {
    let bad_name = Expression::from(Variable::unchecked("no name"));
    let bad_template = Expression::from(TemplateExpr::from("${"));
    let comment = File {
        header: vec!["a\nb".into()],
        items: Vec::new(),
    };
    let error = |expression| {
        let items = vec![Attribute::new("x", expression).into()];
        to_string(&File {
            header: Vec::new(),
            items,
        })
        .unwrap_err()
    };
    assert_eq!(error(bad_name), WriteError::Identifier("no name".into()));
    assert!(matches!(error(bad_template), WriteError::Template(..)));
    assert_eq!(error(heredoc("a\n EOT \nb\n")), WriteError::Heredoc("EOT".into()));
    assert_eq!(to_string(&comment), Err(WriteError::Comment("a\nb".into())));
}

#[test]
fn heredocs_are_read_back() {
    for text in ["", "a\n", "  a\n b\n", "\"q\" \\n $${x} ${y}\n"] {
        assert_eq!(plain(read(&write(heredoc(text)))), plain(heredoc(text)));
        let nested = Expression::from_iter([heredoc(text), Expression::from(1)]);
        assert_eq!(plain(read(&write(nested.clone()))), plain(nested));
        let call = Expression::from(FuncCall::builder("f").arg(heredoc(text)).arg(2).build());
        assert_eq!(plain(read(&write(call.clone()))), plain(call));
        let sum = Expression::from(Operation::from(BinaryOp::new(
            heredoc(text),
            BinaryOperator::Plus,
            heredoc(text),
        )));
        assert_eq!(plain(read(&write(sum.clone()))), plain(sum));
    }
}
