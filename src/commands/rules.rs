//! `tfgen rules`: what `tfgen check` looks for.

use std::io::Write;

use clap::{Args, ValueEnum};
use findings::{Family, Rule};
use serde::Serialize;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Modify, Style, Width};

use super::check::FamilyArg;

/// Arguments of `tfgen rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Show the rules of this family only; may be repeated, or list several with commas
    #[arg(long = "family", value_enum, value_name = "FAMILY", value_delimiter = ',')]
    pub families: Vec<FamilyArg>,

    /// Form of the output
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: RulesFormat,
}

/// Forms of `tfgen rules`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum RulesFormat {
    /// A table
    #[default]
    Human,
    /// One versioned document
    Json,
}

#[derive(Serialize)]
struct Document {
    version: u32,
    rules: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    id: &'static str,
    family: &'static str,
    severity: &'static str,
    confidence: &'static str,
    summary: &'static str,
}

/// Columns that the last one is not narrowed below.
const LEAST_SUMMARY: usize = 30;

/// Lists the rules, by family and id.
///
/// # Errors
/// When `out` cannot be written to.
pub fn run(args: &RulesArgs, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let families: Vec<Family> = args.families.iter().copied().map(Family::from).collect();
    let rules: Vec<&Rule> = ::check::rules()
        .iter()
        .copied()
        .filter(|rule| families.is_empty() || families.contains(&rule.family))
        .collect();
    match args.format {
        RulesFormat::Json => {
            let document = Document {
                version: 1,
                rules: rules.into_iter().map(item).collect(),
            };
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)?;
        }
        RulesFormat::Human => table(&rules, width, out)?,
    }
    Ok(())
}

fn item(rule: &Rule) -> Item {
    Item {
        id: rule.id,
        family: rule.family.as_str(),
        severity: rule.severity.as_str(),
        confidence: rule.confidence.as_str(),
        summary: rule.summary,
    }
}

fn table(rules: &[&Rule], width: usize, out: &mut dyn Write) -> std::io::Result<()> {
    let mut builder = Builder::default();
    builder.push_record(["Family", "Rule", "Severity", "Finds"]);
    for rule in rules {
        let item = item(rule);
        builder.push_record([item.family, item.id, item.severity, item.summary]);
    }
    let longest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    // Family and severity have eight letters at most; there are two blanks and a bar to each column.
    let summary = width.saturating_sub(longest + 2 * 8 + 4 * 3).max(LEAST_SUMMARY);
    let mut table = builder.build();
    table
        .with(Style::psql())
        .with(Modify::new(Columns::new(3..4)).with(Width::wrap(summary).keep_words(true)));
    for line in table.to_string().lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    let noun = if rules.len() == 1 { "rule" } else { "rules" };
    writeln!(
        out,
        "\n{} {noun}; `tfgen explain RULE` shows a rule's page",
        rules.len()
    )
}
