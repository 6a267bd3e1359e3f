//! More kinds of mistakes: in what blocks of the language hold, in values, templates and calls.

use ::terraform::ast::{Attribute, Block, Expression, ExpressionKind};
use ::terraform::schema::{AttributeSchema, BlockSchema, Kind, ProviderSchema};
use ::terraform::value::Type;

use crate::mutation::{Edit, Plant, added, after, misspelt};
use crate::sites::Text;

/// Kinds of mistakes, and where each can be planted.
pub const KINDS: &[(&str, Plant)] = &[
    ("argument of the schema added", |text| {
        let mut edits = Vec::new();
        for block in text.body.blocks() {
            let Some(schema) = schema_of(block) else { continue };
            for (name, attribute) in &schema.attributes {
                if block.body.attribute(name).is_none() && !MEANT.contains(&name.as_str()) {
                    edits.extend(added_to(block, &format!("{name} = {}", plain(attribute))));
                }
            }
        }
        edits
    }),
    ("block of the schema added", |text| {
        let mut edits = Vec::new();
        for block in text.body.blocks() {
            let Some(schema) = schema_of(block) else { continue };
            edits.extend(
                schema
                    .blocks
                    .keys()
                    .flat_map(|name| added_to(block, &format!("{name} {{\n  }}"))),
            );
        }
        edits
    }),
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
    ("depends_on that leads nowhere", |text| {
        added(
            text,
            &["resource", "data", "module", "output"],
            "depends_on = [aws_s3_bucket.nowhere]",
        )
    }),
    ("depends_on that is no list", |text| {
        added(
            text,
            &["resource", "data", "module", "output"],
            "depends_on = \"aws_s3_bucket.a\"",
        )
    }),
    ("depends_on of an attribute", |text| {
        added(text, &["resource", "data"], "depends_on = [terraform_data.x.output]")
    }),
    ("ignore_changes of a text", |text| {
        added(text, &["resource"], "lifecycle {\n    ignore_changes = \"tags\"\n  }")
    }),
    ("prevent_destroy that is computed", |text| {
        added(
            text,
            &["resource"],
            "lifecycle {\n    prevent_destroy = terraform.workspace == \"x\"\n  }",
        )
    }),
    ("create_before_destroy that is none", |text| {
        added(
            text,
            &["resource"],
            "lifecycle {\n    create_before_destroy = \"sometimes\"\n  }",
        )
    }),
    ("replace_triggered_by of a variable", |text| {
        added(
            text,
            &["resource"],
            "lifecycle {\n    replace_triggered_by = [path.module]\n  }",
        )
    }),
    ("lifecycle with an unknown argument", |text| {
        added(
            text,
            &["resource"],
            "lifecycle {\n    destroy_before_create = true\n  }",
        )
    }),
    ("lifecycle of a data source", |text| {
        added(text, &["data"], "lifecycle {\n    prevent_destroy = true\n  }")
    }),
    ("precondition without a message", |text| {
        added(
            text,
            &["resource", "data"],
            "lifecycle {\n    precondition {\n      condition = path.module != \"\"\n    }\n  }",
        )
    }),
    ("precondition that refers to nothing", |text| {
        added(
            text,
            &["resource", "data"],
            "lifecycle {\n    precondition {\n      condition     = true\n      error_message = \"No.\"\n    }\n  }",
        )
    }),
    ("lifecycle of a module", |text| {
        added(text, &["module"], "lifecycle {\n    prevent_destroy = true\n  }")
    }),
    ("count and for_each", |text| {
        added(
            text,
            &["resource", "data", "module"],
            "count = 1\n  for_each = toset([\"a\"])",
        )
    }),
    ("count that is no number", |text| {
        added(text, &["resource", "data", "module"], "count = \"two\"")
    }),
    ("negative count", |text| {
        added(text, &["resource", "data", "module"], "count = -1")
    }),
    ("count of a resource's own", |text| {
        added(text, &["resource", "data", "module"], "count = count.index")
    }),
    ("for_each over numbers", |text| {
        added(text, &["resource", "data", "module"], "for_each = toset([1, 2])")
    }),
    ("provider as a text with blanks", |text| {
        added(text, &["resource", "data"], "provider = \"aws west\"")
    }),
    ("provider that is computed", |text| {
        added(text, &["resource", "data"], "provider = lower(\"aws\")")
    }),
    ("providers of a module", |text| {
        added(text, &["module"], "providers = { aws = aws.elsewhere }")
    }),
    ("version of a local module", |text| {
        added(text, &["module"], "version = \"~> 1.0\"")
    }),
    ("dynamic without content", |text| {
        added(text, &["resource", "data"], "dynamic \"tag\" {\n    for_each = []\n  }")
    }),
    ("dynamic of a block that is none", |text| {
        added(
            text,
            &["resource", "data"],
            "dynamic \"nothing_such\" {\n    for_each = [1]\n    content {\n    }\n  }",
        )
    }),
    ("provisioner that is none", |text| {
        added(
            text,
            &["resource"],
            "provisioner \"local-exec\" {\n    comand = \"true\"\n  }",
        )
    }),
    ("connection in a data source", |text| {
        added(text, &["data"], "connection {\n    host = \"x\"\n  }")
    }),
    ("description that is computed", |text| {
        arguments(text, "description", &["variable", "output"], "upper(\"x\")")
    }),
    ("sensitive that is none", |text| {
        added(text, &["variable", "output"], "sensitive = \"perhaps\"")
    }),
    ("nullable of an output", |text| {
        added(text, &["output"], "nullable = true")
    }),
    ("validation without a condition", |text| {
        added(text, &["variable"], "validation {\n    error_message = \"No.\"\n  }")
    }),
    ("validation of nothing", |text| {
        added(
            text,
            &["variable"],
            "validation {\n    condition     = 1 == 1\n    error_message = \"No.\"\n  }",
        )
    }),
    ("validation that refers nowhere", |text| {
        added(
            text,
            &["variable"],
            "validation {\n    condition     = var.nowhere_at_all == 1\n    error_message = \"No.\"\n  }",
        )
    }),
    ("default that is computed", |text| {
        arguments(text, "default", &["variable"], "lower(\"X\")")
    }),
    ("type in quotes with a mistake", |text| {
        arguments(text, "type", &["variable"], "\"strin\"")
    }),
    ("type without an element", |text| {
        arguments(text, "type", &["variable"], "list(string, number)")
    }),
    ("object type as an object", |text| {
        arguments(text, "type", &["variable"], "{ a = string }")
    }),
    ("optional outside of an object", |text| {
        arguments(text, "type", &["variable"], "optional(string)")
    }),
    ("type without parentheses", |text| {
        arguments(text, "type", &["variable"], "map(object)")
    }),
    ("output without a value", |text| {
        let outputs = text.body.blocks_of("output");
        outputs
            .filter_map(|block| Some((block.body.attribute("value")?.span.clone(), String::new())))
            .collect()
    }),
    ("source left out", |text| {
        let modules = text.body.blocks_of("module");
        modules
            .filter_map(|block| Some((block.body.attribute("source")?.span.clone(), String::new())))
            .collect()
    }),
    ("source that is computed", |text| {
        arguments(text, "source", &["module"], "\"./${var.x}\"")
    }),
    ("required_providers twice", |text| {
        appended(
            text,
            "terraform {\n  required_providers {\n  }\n}\nterraform {\n  required_providers {\n  }\n}\n",
        )
    }),
    ("required provider with an unknown argument", |text| {
        appended(
            text,
            "terraform {\n  required_providers {\n    other = { src = \"hashicorp/aws\" }\n  }\n}\n",
        )
    }),
    ("provider twice", |text| {
        appended(
            text,
            "provider \"aws\" {\n  alias = \"z\"\n}\nprovider \"aws\" {\n  alias = \"z\"\n}\n",
        )
    }),
    ("provider with an unknown argument", |text| {
        appended(
            text,
            "provider \"aws\" {\n  alias   = \"z\"\n  regiom = \"us-east-1\"\n}\ndata \"aws_region\" \"z\" {\n  provider = aws.z\n}\n",
        )
    }),
    ("moved without an end", |text| {
        appended(text, "moved {\n  from = aws_s3_bucket.a\n}\n")
    }),
    ("moved to another kind", |text| {
        appended(text, "moved {\n  from = module.a\n  to   = aws_s3_bucket.b\n}\n")
    }),
    ("moved of a text", |text| {
        appended(
            text,
            "moved {\n  from = \"aws_s3_bucket.a\"\n  to   = aws_s3_bucket.b\n}\n",
        )
    }),
    ("removed with a key", |text| {
        appended(
            text,
            "removed {\n  from = aws_s3_bucket.zz[\"a\"]\n  lifecycle {\n    destroy = false\n  }\n}\n",
        )
    }),
    ("removed that is still there", |text| {
        let resources = text.body.blocks_of("resource");
        resources
            .filter_map(|block| {
                let from = format!("{}.{}", block.labels.first()?.text, block.labels.get(1)?.text);
                let rest = "lifecycle {\n    destroy = false\n  }";
                Some(after(
                    block.span.start,
                    &format!("removed {{\n  from = {from}\n  {rest}\n}}\n"),
                ))
            })
            .collect()
    }),
    ("check without assert", |text| appended(text, "check \"z\" {\n}\n")),
    ("check whose condition is no bool", |text| {
        appended(text, "check \"z\" {\n  assert {\n    condition = path.module\n  }\n}\n")
    }),
    ("data in a check, misspelt", |text| {
        appended(
            text,
            "check \"z\" {\n  data \"aws_regions_of\" \"z\" {\n  }\n  assert {\n    condition     = path.module != \"\"\n    error_message = \"No.\"\n  }\n}\n",
        )
    }),
    ("locals with a block", |text| {
        appended(text, "locals {\n  z {\n  }\n}\n")
    }),
    ("locals with a label", |text| {
        appended(text, "locals \"z\" {\n  zz = 1\n}\n")
    }),
    ("local value twice", |text| {
        appended(text, "locals {\n  zz = 1\n}\nlocals {\n  zz = 2\n}\n")
    }),
    ("cycle of resources", |text| {
        appended(
            text,
            "resource \"terraform_data\" \"za\" {\n  input = terraform_data.zb.output\n}\nresource \"terraform_data\" \"zb\" {\n  input = terraform_data.za.output\n}\n",
        )
    }),
    ("cycle of a local value and a resource", |text| {
        appended(
            text,
            "resource \"terraform_data\" \"za\" {\n  input = local.zb\n}\nlocals {\n  zb = terraform_data.za.id\n}\n",
        )
    }),
    ("text outside of any block", |text| appended(text, "zz = 1\n")),
    ("name of an older Terraform", |text| {
        appended(text, "variables {\n  zz = 1\n}\n")
    }),
    ("comment not closed", |text| appended(text, "/* to be continued\n")),
];

/// Arguments that the language itself gives a meaning.
const MEANT: [&str; 5] = ["id", "count", "for_each", "provider", "depends_on"];

fn schema_of(block: &Block) -> Option<&'static BlockSchema> {
    let kind = match block.kind.text.as_str() {
        "resource" => Kind::Resource,
        "data" => Kind::DataSource,
        _ => return None,
    };
    let name = &block.labels.first()?.text;
    ProviderSchema::aws().block(kind, name)
}

/// A value of the type of an argument.
fn plain(attribute: &AttributeSchema) -> &'static str {
    match &attribute.kind {
        Type::Bool => "true",
        Type::Number => "1",
        Type::String | Type::Any => "\"text\"",
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => "[]",
        Type::Map(_) | Type::Object(_) => "{}",
    }
}

fn added_to(block: &Block, line: &str) -> Option<Edit> {
    Some(after(block.body.span.start, &format!("\n  {line}\n")))
}

/// Arguments of blocks of resources and modules, and what is below them.
fn settings<'t>(text: &'t Text<'_>) -> impl Iterator<Item = &'t Attribute> {
    text.attributes()
        .into_iter()
        .filter(|(above, it)| {
            let kind = above.first().map_or("", |block| block.kind.text.as_str());
            matches!(kind, "resource" | "data" | "module" | "output" | "locals")
                && !matches!(it.name.text.as_str(), "source" | "description")
        })
        .map(|(_, it)| it)
}

fn values(text: &Text<'_>, with: &str) -> Vec<Edit> {
    settings(text)
        .map(|it| (it.value.span.clone(), with.to_owned()))
        .collect()
}

fn of_values(text: &Text<'_>, edit: impl Fn(&Expression) -> Option<Edit>) -> Vec<Edit> {
    settings(text).filter_map(|it| edit(&it.value)).collect()
}

fn expressions(text: &Text<'_>, edit: impl Fn(&Expression) -> Option<Edit>) -> Vec<Edit> {
    text.expressions().into_iter().filter_map(edit).collect()
}

fn literals(text: &Text<'_>, with: impl Fn(&str) -> String) -> Vec<Edit> {
    of_values(text, |value| {
        let word = value.as_string()?;
        let plain = !word.contains(['"', '\\', '\n', '$', '%']);
        plain.then(|| (value.span.clone(), with(word)))
    })
}

fn numbers(text: &Text<'_>, with: &str) -> Vec<Edit> {
    of_values(text, |value| match value.kind {
        ExpressionKind::Number(_) => Some((value.span.clone(), with.to_owned())),
        _ => None,
    })
}

/// Other values for an argument of blocks of these kinds.
fn arguments(text: &Text<'_>, name: &str, kinds: &[&str], with: &str) -> Vec<Edit> {
    let blocks = text
        .body
        .blocks()
        .filter(|block| kinds.contains(&block.kind.text.as_str()));
    blocks
        .filter_map(|block| Some((block.body.attribute(name)?.value.span.clone(), with.to_owned())))
        .collect()
}

/// More blocks at the end of a file.
fn appended(text: &Text<'_>, blocks: &str) -> Vec<Edit> {
    vec![after(text.source.len(), &format!("\n{blocks}"))]
}
