//! Mistakes in what the language itself gives a meaning: meta-arguments, variables, outputs, providers, state.

use super::{Edit, Plant, added, after};
use crate::sites::Text;

/// Kinds of mistakes.
pub const KINDS: &[(&str, Plant)] = &[
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
