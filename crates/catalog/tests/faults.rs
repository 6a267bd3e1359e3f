//! What the reader of the data file and the overrides refuse.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests stand outside of test functions"
)]

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, Destinations, FileError, ModelOverride, OverrideError, PriceRow, ProfileOverride, USER_SOURCE};
use jiff::civil::date;

const FILE: &str = r#"
as_of = "2026-01-02"
source "card" {
  url  = "https://example.com/card"
  read = "2026-01-01"
}
regions {
  us-east-1 = "N. Virginia"
  us-west-2 = "Oregon"
}
destinations "us" {
  us-east-1 = ["us-east-1", "us-west-2"]
}
model "opus-9" {
  name         = "Claude Opus 9"
  base_id      = "anthropic.claude-opus-9"
  anthropic_id = "claude-opus-9"
  family       = "opus"
  lifecycle    = "current"
  geo_factor   = 1.1
  source       = "card"
  profiles = {
    us = { id = "us.anthropic.claude-opus-9", destinations = "us" }
  }
  price {
    valid_from = "2026-01-01"
    source     = "card"
    input      = 0.1
  }
}
"#;

fn faults(text: &str) -> String {
    match Catalog::parse(text) {
        Ok(_) => panic!("accepted"),
        Err(FileError::Form(fault)) => format!("form: {fault}"),
        Err(FileError::Content(faults)) => faults.join("\n"),
    }
}

#[test]
fn the_smallest_file_is_read() {
    let catalog = Catalog::parse(FILE).unwrap();
    let model = catalog.model("opus-9").unwrap();
    assert_eq!(model.prices("us")[0].input.unwrap().to_string(), "0.11");
    assert_eq!(model.prices("us")[0].output, None, "unknown stays unknown");
    assert_eq!(model.max_output_tokens, None);
}

#[test]
fn contradictions_are_all_reported() {
    let broken = FILE
        .replace(
            "us-east-1 = [\"us-east-1\", \"us-west-2\"]",
            "us-east-1 = [\"us-west-3\"]",
        )
        .replace("input      = 0.1", "input      = -1")
        .replace(
            "source       = \"card\"",
            "source       = \"cord\"\n  sources = { colour = \"card\" }",
        )
        .replace(
            "id = \"us.anthropic.claude-opus-9\"",
            "id = \"anthropic.claude-opus-9\"",
        );
    insta::assert_snapshot!(faults(&broken), @r#"
    destinations "us": unknown region `us-west-3`
    destinations "us": `us-east-1` is not among its own destinations
    model "opus-9": input is negative: -1
    model "opus-9": sources names `colour`, which is no fact
    model "opus-9": no source "cord"
    `anthropic.claude-opus-9` stands in model "opus-9" and in model "opus-9"
    "#);
}

#[test]
fn unknown_fields_dates_and_tables_are_refused() {
    assert!(faults(&FILE.replace("family ", "familie ")).starts_with("form: "));
    assert!(faults(&FILE.replace("valid_from = \"2026-01-01\"", "valid_from = \"2026-02-30\"")).starts_with("form: "));
    assert!(faults(&FILE.replace("destinations = \"us\"", "destinations = \"eu\"")).contains("no destinations \"eu\""));
    assert!(faults("as_of = ").starts_with("form: "));
}

#[test]
fn two_rows_for_one_tier_are_ambiguous() {
    let twice = FILE.replace(
        "  price {",
        "  price {\n    valid_from = \"2026-01-01\"\n    source = \"card\"\n  }\n  price {",
    );
    assert_eq!(
        faults(&twice),
        "model \"opus-9\": two prices for the same tier from 2026-01-01"
    );
}

fn regions(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

fn row(input: &str) -> PriceRow {
    PriceRow {
        valid_from: date(2026, 1, 5),
        up_to_input_tokens: None,
        input: Some(input.parse().unwrap()),
        output: None,
        cache_read: None,
        cache_write_5m: None,
        cache_write_1h: None,
        source: String::new(),
    }
}

fn refused(change: ModelOverride) -> OverrideError {
    Catalog::parse(FILE).unwrap().with_override(change).unwrap_err()
}

#[test]
fn an_override_replaces_what_it_states_and_nothing_else() {
    let catalog = Catalog::parse(FILE)
        .unwrap()
        .with_override(ModelOverride {
            key: "opus-9".to_owned(),
            prices: vec![row("7")],
            profiles: BTreeMap::from([(
                "us".to_owned(),
                ProfileOverride {
                    id: None,
                    destinations: BTreeMap::from([("us-west-2".to_owned(), regions(&["us-west-2"]))]),
                },
            )]),
            max_output_tokens: Some(64_000),
            ..ModelOverride::default()
        })
        .unwrap();
    let model = catalog.model("opus-9").unwrap();
    assert_eq!(model.prices("us")[0].input.unwrap().to_string(), "7.7");
    assert_eq!(model.base_id, "anthropic.claude-opus-9");
    assert_eq!(
        model.profile("us").unwrap().sources.len(),
        2,
        "the catalogue's own row stays"
    );
    assert_eq!(model.source_of("max_output_tokens"), USER_SOURCE);
    assert_eq!(model.source_of("family"), "card");
    assert!(catalog.source(USER_SOURCE).is_some());
}

#[test]
fn a_new_model_needs_its_ids() {
    let fault = refused(ModelOverride {
        key: "opus-10".to_owned(),
        ..ModelOverride::default()
    });
    insta::assert_snapshot!(fault, @r#"model "opus-10" is not in the catalogue, so its block needs base_id, anthropic_id, family, profiles"#);

    let catalog = Catalog::parse(FILE)
        .unwrap()
        .with_override(ModelOverride {
            key: "opus-10".to_owned(),
            base_id: Some("anthropic.claude-opus-10".to_owned()),
            anthropic_id: Some("claude-opus-10".to_owned()),
            family: Some("opus".to_owned()),
            profiles: BTreeMap::from([(
                "global".to_owned(),
                ProfileOverride {
                    id: Some("global.anthropic.claude-opus-10".to_owned()),
                    destinations: BTreeMap::from([("us-east-1".to_owned(), BTreeSet::new())]),
                },
            )]),
            ..ModelOverride::default()
        })
        .unwrap();
    let model = catalog.model("opus-10").unwrap();
    assert_eq!(model.name, "opus-10");
    let global = model.profile("global").unwrap();
    assert_eq!(global.destinations("us-east-1"), Some(&Destinations::Global));
}

#[test]
fn another_profile_id_forgets_the_old_table() {
    let catalog = Catalog::parse(FILE)
        .unwrap()
        .with_override(ModelOverride {
            key: "opus-9".to_owned(),
            profiles: BTreeMap::from([(
                "us".to_owned(),
                ProfileOverride {
                    id: Some("us.anthropic.claude-opus-9-v2".to_owned()),
                    ..ProfileOverride::default()
                },
            )]),
            ..ModelOverride::default()
        })
        .unwrap();
    assert!(
        catalog
            .model("opus-9")
            .unwrap()
            .profile("us")
            .unwrap()
            .sources
            .is_empty()
    );
}

#[test]
fn impossible_overrides_are_refused() {
    let base = || ModelOverride {
        key: "opus-9".to_owned(),
        ..ModelOverride::default()
    };
    let profile = |geography: &str, region: &str| {
        BTreeMap::from([(
            geography.to_owned(),
            ProfileOverride {
                id: None,
                destinations: BTreeMap::from([(region.to_owned(), regions(&[region]))]),
            },
        )])
    };
    let all = [
        refused(ModelOverride {
            profiles: profile("us", "us-east1"),
            ..base()
        }),
        refused(ModelOverride {
            profiles: profile("eu", "us-east-1"),
            ..base()
        }),
        refused(ModelOverride {
            prices: vec![row("-1")],
            ..base()
        }),
        refused(ModelOverride {
            prices: vec![row("1"), row("2")],
            ..base()
        }),
        refused(ModelOverride {
            key: "opus-10".to_owned(),
            base_id: Some("anthropic.claude-opus-9".to_owned()),
            anthropic_id: Some("claude-opus-10".to_owned()),
            family: Some("opus".to_owned()),
            profiles: BTreeMap::from([(
                "us".to_owned(),
                ProfileOverride {
                    id: Some("us.anthropic.claude-opus-10".to_owned()),
                    ..ProfileOverride::default()
                },
            )]),
            ..ModelOverride::default()
        }),
    ];
    let text = all.map(|fault| fault.to_string()).join("\n");
    insta::assert_snapshot!(text, @r#"
    model "opus-9": `us-east1` is no commercial region of AWS; did you mean `us-east-1`?
    model "opus-9" has no profile for `eu` in the catalogue, so the block needs the profile's id
    model "opus-9": input must not be negative
    model "opus-9": two prices for the same tier from 2026-01-05
    `anthropic.claude-opus-9` is an id of model "opus-9"
    "#);
}
