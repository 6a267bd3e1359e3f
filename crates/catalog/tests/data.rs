//! Whether the embedded data file can be true: what a person may get wrong while editing it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests stand outside of test functions"
)]

use std::collections::BTreeSet;

use catalog::{Catalog, Destinations, GLOBAL, Lifecycle, SourceKind};
use jiff::civil::{Date, date};

const GEOGRAPHIES: [&str; 6] = ["us", "eu", "apac", "au", "jp", GLOBAL];
const FAMILIES: [&str; 5] = ["opus", "sonnet", "haiku", "fable", "mythos"];

fn embedded() -> Catalog {
    Catalog::embedded().unwrap_or_else(|fault| panic!("{fault}"))
}

#[test]
fn the_form_that_is_compiled_in_says_what_the_file_says() {
    let file = Catalog::parse(include_str!("../data/models.hcl")).unwrap();
    assert_eq!(format!("{:?}", embedded()), format!("{file:?}"));
}

#[test]
fn every_model_that_anybody_may_use_has_a_global_profile_or_a_source_region() {
    for model in embedded().models().filter(|model| model.lifecycle != Lifecycle::Gated) {
        assert!(
            model.profiles().any(|(_, profile)| !profile.sources.is_empty()),
            "{}: no profile with known destinations",
            model.key
        );
    }
}

#[test]
fn profile_ids_carry_their_geography_and_their_base_id() {
    for model in embedded().models() {
        for (geography, profile) in model.profiles() {
            assert!(GEOGRAPHIES.contains(&geography), "{}: geography {geography}", model.key);
            assert_eq!(profile.id, format!("{geography}.{}", model.base_id), "{}", model.key);
        }
    }
}

#[test]
fn ids_have_the_form_that_aws_and_anthropic_use() {
    for model in embedded().models() {
        let rest = model.base_id.strip_prefix("anthropic.claude-").unwrap_or_default();
        assert!(rest.starts_with(&model.key), "{} ← {}", model.key, model.base_id);
        assert!(FAMILIES.contains(&model.family.as_str()), "{}", model.key);
        assert!(model.key.starts_with(&model.family), "{}", model.key);
        assert!(
            model.anthropic_id.starts_with(&format!("claude-{}", model.key)),
            "{}",
            model.key
        );
        let product = model.marketplace_product.as_deref().unwrap_or("prod-0000000000000");
        assert!(
            product.starts_with("prod-") && product.len() == 18,
            "{}: {product}",
            model.key
        );
    }
}

#[test]
fn a_geographic_profile_stays_in_a_closed_list_and_the_global_one_does_not() {
    for model in embedded().models() {
        for (geography, profile) in model.profiles() {
            for (source, destinations) in &profile.sources {
                let place = format!("{} {geography} {source}", model.key);
                match destinations {
                    Destinations::Global => assert_eq!(geography, GLOBAL, "{place}"),
                    Destinations::Regions(regions) => {
                        assert_ne!(geography, GLOBAL, "{place}");
                        assert!(regions.contains(source), "{place}");
                        assert!((2..=8).contains(&regions.len()), "{place}: {regions:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn prices_start_with_the_model_and_only_known_tiers_follow() {
    let catalog = embedded();
    for model in catalog.models() {
        let rows = model.global_prices();
        assert!(!rows.is_empty(), "{}: no prices", model.key);
        assert_eq!(Some(rows[0].valid_from), model.launched, "{}", model.key);
        for row in rows {
            assert!(row.valid_from <= catalog.as_of(), "{}: from the future", model.key);
            let unlimited = model
                .prices_on(GLOBAL, row.valid_from)
                .last()
                .map(|row| row.up_to_input_tokens);
            assert_eq!(
                unlimited,
                Some(None),
                "{}: prompts above the last tier have no row",
                model.key
            );
            if let (Some(input), Some(read)) = (row.input, row.cache_read) {
                assert!(read < input, "{}: reading from the cache is never dearer", model.key);
            }
            if let (Some(short), Some(long)) = (row.cache_write_5m, row.cache_write_1h) {
                assert!(short < long, "{}: the longer cache is dearer", model.key);
            }
        }
    }
}

#[test]
fn every_fact_has_a_source_and_every_source_a_use() {
    let catalog = embedded();
    let mut used = BTreeSet::new();
    for model in catalog.models() {
        for field in ["base_id", "anthropic_id", "family", "min_claude_code", "geo_factor"] {
            used.insert(model.source_of(field).to_owned());
        }
        used.extend(model.profiles().map(|(_, profile)| profile.source.clone()));
        used.extend(model.global_prices().iter().map(|row| row.source.clone()));
    }
    for source in catalog.sources() {
        assert!(used.contains(&source.key), "nothing uses source \"{}\"", source.key);
        assert!(
            source.url.as_deref().is_some_and(|url| url.starts_with("https://")),
            "{}",
            source.key
        );
        assert!(source.read.is_some_and(|day| day <= catalog.as_of()), "{}", source.key);
        assert_ne!(source.kind, SourceKind::User);
    }
    assert!(used.iter().all(|key| catalog.source(key).is_some()));
}

#[test]
fn regions_are_codes_with_names() {
    let catalog = embedded();
    assert!(catalog.regions().len() >= 34);
    for region in catalog.regions() {
        let parts: Vec<_> = region.code.split('-').collect();
        assert_eq!(parts.len(), 3, "{}", region.code);
        assert!(parts[2].parse::<u8>().is_ok(), "{}", region.code);
        assert!(!region.name.is_empty());
    }
}

/// The figures of the facts page, by hand: an edit that changes one of them has to be meant.
#[test]
fn known_figures() {
    let catalog = embedded();
    let show = |key: &str, geography: &str, day: Date| -> Vec<Vec<String>> {
        let model = catalog.model(key).unwrap_or_else(|| panic!("{key}"));
        model
            .prices_on(geography, day)
            .iter()
            .map(|row| {
                row.prices()
                    .iter()
                    .map(|(_, price)| price.map_or("?".to_owned(), |price| price.to_string()))
                    .collect()
            })
            .collect()
    };
    let today = date(2026, 11, 21);
    assert_eq!(show("opus-4-6", "global", today), [["5", "25", "0.5", "6.25", "10"]]);
    assert_eq!(show("opus-4-6", "us", today), [["5.5", "27.5", "0.55", "6.875", "11"]]);
    assert_eq!(show("opus-5-5", "eu", today), [["4.4", "22", "0.22", "5.5", "?"]]);
    assert_eq!(show("opus-4-1", "us", today), [["15", "75", "1.5", "18.75", "30"]]);
    assert_eq!(
        show("sonnet-5-5", "us", date(2026, 10, 6)),
        [["2.2", "11", "0.22", "2.75", "?"]]
    );
    assert_eq!(
        show("sonnet-5-5", "us", date(2026, 10, 7)),
        [["2.2", "11", "0.11", "2.75", "?"]]
    );
    assert_eq!(
        show("haiku-5-5", "global", today),
        [["0.1", "0.5", "0.01", "0.125", "?"], ["?", "?", "?", "?", "?"]]
    );
    assert_eq!(show("fable-5-1", "global", today), [["10", "50", "0.25", "12.5", "?"]]);
    assert!(show("opus-5-5", "us", date(2026, 9, 21)).is_empty());

    for key in ["opus-5-5", "sonnet-5-5", "haiku-5-5"] {
        let model = catalog.model(key).unwrap_or_else(|| panic!("{key}"));
        let geographies: Vec<&str> = model.profiles().map(|(geography, _)| geography).collect();
        assert_eq!(geographies, ["us", "eu", "au", "jp", GLOBAL], "{key}");
    }

    let destinations = |key: &str, geography: &str, region: &str| -> Option<Vec<String>> {
        match catalog.model(key)?.profile(geography)?.destinations(region)? {
            Destinations::Regions(regions) => Some(regions.iter().cloned().collect()),
            Destinations::Global => None,
        }
    };
    let three = ["us-east-1", "us-east-2", "us-west-2"].map(str::to_owned).to_vec();
    assert_eq!(destinations("opus-4-6", "us", "us-east-1"), Some(three));
    assert_eq!(
        destinations("opus-4-6", "us", "ca-west-1").map(|regions| regions.len()),
        Some(4)
    );
    assert_eq!(destinations("haiku-4-5", "us", "ca-west-1"), None);
    assert_eq!(
        destinations("sonnet-4-6", "eu", "eu-west-2").map(|regions| regions.len()),
        Some(7)
    );
    assert_eq!(destinations("sonnet-4-6", "us", "eu-west-1"), None);
    assert!(
        catalog
            .model("opus-4-6")
            .is_some_and(|model| model.profile("jp").is_none())
    );
    assert!(
        catalog
            .model("mythos-5")
            .is_some_and(|model| model.profiles().len() == 0)
    );
}

#[test]
fn models_are_found_by_what_people_write() {
    let catalog = embedded();
    for (written, key) in [
        ("opus-4.6", "opus-4-6"),
        ("opus46", "opus-4-6"),
        ("claude-sonnet-4-6", "sonnet-4-6"),
        ("Claude Haiku 4.5", "haiku-4-5"),
        ("us.anthropic.claude-sonnet-4-6-v1", "sonnet-4-6"),
        ("us.anthropic.claude-opus-4-6-v1:0", "opus-4-6"),
        ("haiku-4-5-20251001", "haiku-4-5"),
        ("sonet-5-5", "sonnet-5-5"),
    ] {
        assert_eq!(catalog.nearest(written), Some(key), "{written}");
    }
    assert_eq!(catalog.nearest("gpt-oss-120b"), None);
    assert_eq!(catalog.nearest_region("us-east1"), Some("us-east-1"));

    let found = catalog
        .identify("eu.anthropic.claude-opus-4-6-v1")
        .map(|it| (it.model.key.as_str(), it.geography));
    assert_eq!(found, Some(("opus-4-6", Some("eu"))));
    let found = catalog
        .identify("anthropic.claude-sonnet-4-6")
        .map(|it| (it.model.key.as_str(), it.geography));
    assert_eq!(found, Some(("sonnet-4-6", None)));
    assert_eq!(
        catalog.identify("us.anthropic.claude-sonnet-4-6-v1"),
        None,
        "identifying never guesses"
    );
}

#[test]
fn age_counts_days() {
    let catalog = embedded();
    assert_eq!(catalog.age_in_days(catalog.as_of()), 0);
    let later = catalog.as_of().checked_add(jiff::Span::new().days(91)).unwrap();
    assert_eq!(catalog.age_in_days(later), 91);
}
