//! The JSON contract, version 1: fields may be added, none is renamed or removed without a new version.

use std::collections::BTreeMap;
use std::io::Write;

use catalog::{Destinations, Model, ProfileFacts, Source};
use serde::Serialize;

use super::Selection;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    as_of: String,
    age_in_days: i32,
    models: Vec<JsonModel<'a>>,
    sources: BTreeMap<&'a str, JsonSource<'a>>,
}

/// `null` means: not known.
#[derive(Serialize)]
struct JsonModel<'a> {
    key: &'a str,
    name: &'a str,
    base_id: &'a str,
    anthropic_id: &'a str,
    family: &'a str,
    lifecycle: &'a str,
    launched: Option<String>,
    marketplace_product: Option<&'a str>,
    max_output_tokens: Option<u32>,
    min_claude_code: Option<&'a str>,
    geo_factor: Option<f64>,
    note: Option<&'a str>,
    /// Key into `sources` of the document, by field.
    sources: BTreeMap<&'static str, &'a str>,
    profiles: Vec<JsonProfile<'a>>,
    prices: Vec<JsonPrice>,
}

#[derive(Serialize)]
struct JsonProfile<'a> {
    geography: &'a str,
    id: &'a str,
    source: &'a str,
    /// `null` when the profile exists and its destinations are not known.
    destinations: Option<Vec<JsonDestinations<'a>>>,
}

#[derive(Serialize)]
struct JsonDestinations<'a> {
    from: &'a str,
    /// Every commercial region; `regions` is empty then.
    everywhere: bool,
    regions: Vec<&'a str>,
}

/// USD per million tokens, the geo factor applied.
#[derive(Serialize)]
struct JsonPrice {
    geography: String,
    valid_from: String,
    up_to_input_tokens: Option<u64>,
    input: Option<f64>,
    output: Option<f64>,
    cache_read: Option<f64>,
    cache_write_5m: Option<f64>,
    cache_write_1h: Option<f64>,
    source: String,
}

#[derive(Serialize)]
struct JsonSource<'a> {
    url: Option<&'a str>,
    read: Option<String>,
    kind: &'static str,
}

pub(super) fn print(selection: &Selection<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let models: Vec<_> = selection
        .models
        .iter()
        .map(|model| json_model(model, selection))
        .collect();
    let mut sources = BTreeMap::new();
    for model in &models {
        let named = model.sources.values().copied();
        let named = named.chain(model.profiles.iter().map(|profile| profile.source));
        for key in named.chain(model.prices.iter().map(|price| price.source.as_str())) {
            if let Some(source) = selection.catalog.source(key) {
                sources.insert(source.key.as_str(), json_source(source));
            }
        }
    }
    let document = Document {
        version: 1,
        as_of: selection.catalog.as_of().to_string(),
        age_in_days: selection.catalog.age_in_days(selection.today),
        models,
        sources,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)?;
    Ok(())
}

fn json_model<'a>(model: &'a Model, selection: &Selection<'a>) -> JsonModel<'a> {
    let profiles: Vec<_> = model
        .profiles()
        .filter(|(geography, _)| selection.geography.is_none_or(|wanted| wanted == *geography))
        .collect();
    JsonModel {
        key: &model.key,
        name: &model.name,
        base_id: &model.base_id,
        anthropic_id: &model.anthropic_id,
        family: &model.family,
        lifecycle: model.lifecycle.as_str(),
        launched: model.launched.map(|day| day.to_string()),
        marketplace_product: model.marketplace_product.as_deref(),
        max_output_tokens: model.max_output_tokens,
        min_claude_code: model.min_claude_code.as_deref(),
        geo_factor: model.geo_factor.map(catalog::Decimal::to_f64),
        note: model.note.as_deref(),
        sources: facts(model).map(|field| (field, model.source_of(field))).collect(),
        prices: profiles
            .iter()
            .flat_map(|(geography, _)| json_prices(model, geography))
            .collect(),
        profiles: profiles
            .into_iter()
            .map(|(geography, profile)| json_profile(geography, profile, selection.region))
            .collect(),
    }
}

/// The facts of a model that are known, without those that name their source themselves.
fn facts(model: &Model) -> impl Iterator<Item = &'static str> {
    let always = ["name", "base_id", "anthropic_id", "family", "lifecycle"].map(|field| (field, true));
    let sometimes = [
        ("launched", model.launched.is_some()),
        ("marketplace_product", model.marketplace_product.is_some()),
        ("max_output_tokens", model.max_output_tokens.is_some()),
        ("min_claude_code", model.min_claude_code.is_some()),
        ("geo_factor", model.geo_factor.is_some()),
    ];
    always
        .into_iter()
        .chain(sometimes)
        .filter(|(_, known)| *known)
        .map(|(field, _)| field)
}

fn json_profile<'a>(geography: &'a str, profile: &'a ProfileFacts, region: Option<&str>) -> JsonProfile<'a> {
    let destinations = profile
        .sources
        .iter()
        .filter(|(from, _)| region.is_none_or(|wanted| wanted == from.as_str()))
        .map(|(from, destinations)| JsonDestinations {
            from,
            everywhere: *destinations == Destinations::Global,
            regions: match destinations {
                Destinations::Global => Vec::new(),
                Destinations::Regions(regions) => regions.iter().map(String::as_str).collect(),
            },
        })
        .collect();
    JsonProfile {
        geography,
        id: &profile.id,
        source: &profile.source,
        destinations: (!profile.sources.is_empty()).then_some(destinations),
    }
}

fn json_prices(model: &Model, geography: &str) -> Vec<JsonPrice> {
    let number = |price: Option<catalog::Decimal>| price.map(catalog::Decimal::to_f64);
    model
        .prices(geography)
        .into_iter()
        .map(|row| JsonPrice {
            geography: geography.to_owned(),
            valid_from: row.valid_from.to_string(),
            up_to_input_tokens: row.up_to_input_tokens,
            input: number(row.input),
            output: number(row.output),
            cache_read: number(row.cache_read),
            cache_write_5m: number(row.cache_write_5m),
            cache_write_1h: number(row.cache_write_1h),
            source: row.source,
        })
        .collect()
}

fn json_source(source: &Source) -> JsonSource<'_> {
    JsonSource {
        url: source.url.as_deref(),
        read: source.read.map(|day| day.to_string()),
        kind: source.kind.as_str(),
    }
}
