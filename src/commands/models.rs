//! `tfgen models`: what the catalogue knows, as a table for people and as JSON for programs.

mod json;
mod table;

use std::io::Write;
use std::path::PathBuf;

use catalog::{Catalog, Lifecycle, Model};
use jiff::civil::Date;

use super::UsageError;

/// Arguments of `tfgen models`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ModelsArgs {
    /// Show these models only, by key (as opus-4-6)
    #[arg(value_name = "MODEL")]
    pub models: Vec<String>,

    /// Show prices and profiles of this geography: us, eu, au, jp, global, …
    #[arg(long, value_name = "GEOGRAPHY")]
    pub geography: Option<String>,

    /// Show where requests that are sent from this region may be served
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,

    /// Include legacy and gated models
    #[arg(long)]
    pub all: bool,

    /// Apply the `model` blocks of this deployment file
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// How to print the result
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: ModelsFormat,
}

/// Output formats of `tfgen models`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ModelsFormat {
    /// A table
    #[default]
    Human,
    /// One JSON document, every fact with its source
    Json,
}

/// What was asked for, with every name resolved.
struct Selection<'a> {
    catalog: &'a Catalog,
    models: Vec<&'a Model>,
    geography: Option<&'a str>,
    region: Option<&'a str>,
    today: Date,
}

/// Prints what `catalog` knows; `today` decides which prices hold.
///
/// # Errors
/// [`UsageError`] for a model, geography or region that does not exist; otherwise when `out` cannot be written to.
pub fn run(args: &ModelsArgs, catalog: &Catalog, today: Date, out: &mut dyn Write) -> anyhow::Result<()> {
    let selection = select(args, catalog, today)?;
    match args.format {
        ModelsFormat::Human => table::print(&selection, out),
        ModelsFormat::Json => json::print(&selection, out),
    }
}

fn select<'a>(args: &ModelsArgs, catalog: &'a Catalog, today: Date) -> Result<Selection<'a>, UsageError> {
    let mut faults = Vec::new();
    let mut named = Vec::new();
    for key in &args.models {
        match catalog.model(key) {
            Some(model) if named.contains(&model) => {}
            Some(model) => named.push(model),
            None => faults.push(unknown("model", key, catalog.nearest(key))),
        }
    }
    let geography = args.geography.as_deref().and_then(|wanted| {
        let known = catalog.geographies();
        let found = known.iter().copied().find(|geography| *geography == wanted);
        if found.is_none() {
            faults.push(format!(
                "no model has profiles for `{wanted}`; expected one of {}",
                known.join(", ")
            ));
        }
        found
    });
    let region = args.region.as_deref().and_then(|wanted| {
        let found = catalog.region(wanted).map(|region| region.code.as_str());
        if found.is_none() {
            faults.push(unknown(
                "commercial region of AWS",
                wanted,
                catalog.nearest_region(wanted),
            ));
        }
        found
    });
    if !faults.is_empty() {
        return Err(UsageError(faults.join("\n")));
    }
    let models: Vec<&Model> = if named.is_empty() {
        catalog
            .models()
            .filter(|model| args.all || model.lifecycle == Lifecycle::Current)
            .filter(|model| geography.is_none_or(|geography| model.profile(geography).is_some()))
            .collect()
    } else {
        named
    };
    if let (true, Some(geography)) = (models.is_empty(), geography) {
        return Err(UsageError(format!(
            "only legacy and gated models have profiles for `{geography}`; `--all` shows them"
        )));
    }
    Ok(Selection {
        catalog,
        models,
        geography,
        region,
        today,
    })
}

fn unknown(what: &str, written: &str, nearest: Option<&str>) -> String {
    let hint = nearest
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default();
    format!("`{written}` is no known {what}{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn printed(args: &ModelsArgs) -> String {
        let catalog = Catalog::embedded().unwrap();
        let mut out = Vec::new();
        match run(args, &catalog, date(2026, 11, 23), &mut out) {
            Ok(()) => String::from_utf8(out).unwrap(),
            Err(fault) => format!("{fault}"),
        }
    }

    fn args(words: &[&str]) -> ModelsArgs {
        use clap::{Args as _, FromArgMatches as _};
        let command = ModelsArgs::augment_args(clap::Command::new("models"));
        let matches = command.try_get_matches_from(["models"].iter().chain(words)).unwrap();
        ModelsArgs::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn prices_of_the_global_profiles_come_first() {
        insta::assert_snapshot!(printed(&args(&[])));
    }

    #[test]
    fn prices_of_a_geography() {
        insta::assert_snapshot!(printed(&args(&["--geography", "us", "--all"])));
    }

    #[test]
    fn destinations_from_a_region() {
        insta::assert_snapshot!(printed(&args(&["--region", "eu-west-2"])));
    }

    #[test]
    fn destinations_from_a_region_in_a_geography() {
        insta::assert_snapshot!(printed(&args(&["--region", "ca-west-1", "--geography", "us", "--all"])));
    }

    #[test]
    fn json_has_every_fact_with_its_source() {
        insta::assert_snapshot!(printed(&args(&[
            "--format",
            "json",
            "--geography",
            "jp",
            "haiku-5-5",
            "mythos-5"
        ])));
    }

    #[test]
    fn json_is_narrowed_by_geography_and_region() {
        let words = [
            "--format",
            "json",
            "--geography",
            "us",
            "--region",
            "us-east-1",
            "sonnet-4-6",
            "opus-5",
        ];
        insta::assert_snapshot!(printed(&args(&words)));
    }

    #[test]
    fn every_source_that_json_names_is_in_it() {
        let document: serde_json::Value =
            serde_json::from_str(&printed(&args(&["--format", "json", "--all"]))).unwrap();
        let sources = document["sources"].as_object().unwrap();
        let models = document["models"].as_array().unwrap();
        assert!(models.len() >= 18);
        for model in models {
            for (fact, source) in model["sources"].as_object().unwrap() {
                assert!(!model[fact].is_null(), "{}: {fact}", model["key"]);
                assert!(sources.contains_key(source.as_str().unwrap()), "{source}");
            }
            let parts = ["profiles", "prices"].map(|part| model[part].as_array().unwrap());
            for part in parts.into_iter().flatten() {
                assert!(sources.contains_key(part["source"].as_str().unwrap()), "{part}");
            }
        }
    }

    #[test]
    fn every_wrong_name_is_reported() {
        let words = ["--geography", "usa", "--region", "us-east1", "opus-4.6", "gpt-4"];
        insta::assert_snapshot!(printed(&args(&words)), @r"
        `opus-4.6` is no known model; did you mean `opus-4-6`?
        `gpt-4` is no known model
        no model has profiles for `usa`; expected one of us, eu, au, jp, global, apac
        `us-east1` is no known commercial region of AWS; did you mean `us-east-1`?
        ");
    }

    #[test]
    fn a_geography_of_old_models_says_how_to_see_them() {
        assert_eq!(
            printed(&args(&["--geography", "apac"])),
            "only legacy and gated models have profiles for `apac`; `--all` shows them"
        );
        assert!(printed(&args(&["--geography", "apac", "--all"])).contains("sonnet-4 "));
    }

    #[test]
    fn a_model_that_is_named_twice_stands_once() {
        let once = printed(&args(&["opus-4-6"]));
        assert_eq!(printed(&args(&["opus-4-6", "opus-4-6"])), once);
    }

    #[test]
    fn tables_fit_120_columns() {
        for words in [
            vec![],
            vec!["--all"],
            vec!["--region", "us-east-1", "--all"],
            vec!["--region", "eu-west-1"],
        ] {
            for geography in [None, Some("us"), Some("global"), Some("apac")] {
                let mut words = words.clone();
                words.extend(geography.iter().flat_map(|name| ["--geography", name]));
                for line in printed(&args(&words)).lines() {
                    assert!(line.chars().count() <= 120, "{words:?}: {line}");
                    assert!(line.trim_end() == line, "{words:?}: trailing space: {line:?}");
                }
            }
        }
    }

    #[test]
    fn an_old_catalogue_says_so() {
        let catalog = Catalog::embedded().unwrap();
        let day = catalog.as_of().checked_add(jiff::Span::new().days(91)).unwrap();
        let mut out = Vec::new();
        run(&args(&[]), &catalog, day, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("91 days ago"), "{text}");
        assert!(text.contains("older than 90 days"), "{text}");
    }
}
