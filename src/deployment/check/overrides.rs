//! `model` blocks: the catalogue with what the deployment file knows better.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, Decimal, ModelOverride, OverrideError, PriceRow, ProfileOverride};
use jiff::civil::Date;

use super::{Check, override_ids};
use crate::deployment::model::Geography;
use crate::deployment::read::{Spanned, raw};

/// The catalogue of this release with the file's `model` blocks applied; faulty blocks are reported and left out.
pub fn catalog(check: &mut Check<'_>, file: &raw::File) -> Catalog {
    let mut catalog = check.catalog.clone();
    for (key, model) in file.model.iter().flat_map(|models| models.iter()) {
        let Some(change) = change(check, key, model) else {
            continue;
        };
        match catalog.clone().with_override(change) {
            Ok(changed) => catalog = changed,
            Err(fault) => report(check, key, &fault),
        }
    }
    catalog
}

fn report(check: &mut Check<'_>, key: &Spanned<String>, fault: &OverrideError) {
    let expected = match fault {
        OverrideError::Missing { fields, .. } => {
            let names: Vec<&str> = fields
                .iter()
                .map(|field| match *field {
                    "base_id" => "`id`",
                    "anthropic_id" => "`anthropic_id`",
                    "family" => "`family`",
                    "profiles" => "a `geography` block",
                    other => other,
                })
                .collect();
            let message = format!(
                "model \"{}\" is not in the catalogue, so its block has to describe it",
                key.value
            );
            let fault = check.error(
                &key.span,
                message,
                format!("expected {} in this block", names.join(", ")),
            );
            let known: Vec<&str> = check.catalog.models().map(|model| model.key.as_str()).collect();
            return check.report(fault.nearest(&key.value, known));
        }
        OverrideError::MissingProfileId { .. } => "expected `profile_id` in its `geography` block",
        OverrideError::IdTaken { .. } => "expected ids that no other model has",
        OverrideError::UnknownRegion { .. } | OverrideError::NegativePrice { .. } => "in this block",
        OverrideError::AmbiguousPrice { .. } => "expected one `price` block for a date and tier",
    };
    let fault = check.error(&key.span, fault.to_string(), expected);
    check.report(fault);
}

fn change(check: &mut Check<'_>, key: &Spanned<String>, model: &raw::Model) -> Option<ModelOverride> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let text = key.value.as_str();
    if text.is_empty()
        || text.len() > 24
        || !text.chars().all(plain)
        || text.starts_with('-')
        || text.ends_with('-')
        || text.contains("--")
    {
        let fault = check.error(
            &key.span,
            format!("\"{text}\" cannot be the key of a model"),
            "expected lower-case letters, digits and single hyphens, at most 24, as \"opus-6\"",
        );
        check.report(fault.help("the key is a part of the names of inference profiles"));
        return None;
    }
    let id = |value: &Option<Spanned<String>>| value.as_ref().map(|value| value.value.clone());
    let mut sound = override_ids::check(check, model);
    let mut profiles = BTreeMap::new();
    for (geography, profile) in model.geography.iter().flat_map(|found| found.iter()) {
        match geography_block(check, text, geography, profile) {
            Some(profile) => drop(profiles.insert(geography.value.clone(), profile)),
            None => sound = false,
        }
    }
    let mut prices = Vec::new();
    for row in model.price.iter().flatten() {
        match price(check, row) {
            Some(row) => prices.push(row),
            None => sound = false,
        }
    }
    let geo_factor = match &model.geo_factor {
        Some(factor) => decimal(check, factor, "geo_factor").map(Some)?,
        None => None,
    };
    sound.then(|| ModelOverride {
        key: key.value.clone(),
        name: id(&model.name),
        base_id: id(&model.id),
        anthropic_id: id(&model.anthropic_id),
        family: model.family.as_ref().map(|family| family.as_str().to_owned()),
        profiles,
        prices,
        geo_factor,
        marketplace_product: id(&model.marketplace_product),
        max_output_tokens: model.max_output_tokens.as_ref().map(|tokens| tokens.value),
        min_claude_code: id(&model.min_claude_code),
    })
}

fn geography_block(
    check: &mut Check<'_>,
    key: &str,
    label: &Spanned<String>,
    block: &raw::ModelGeography,
) -> Option<ProfileOverride> {
    let mut sound = true;
    let path = format!("model.{key}.geography.{}.destinations", label.value);
    let known: Vec<&str> = Geography::ALL.iter().map(|geography| geography.as_str()).collect();
    let is_geography = known.contains(&label.value.as_str());
    if !is_geography {
        let fault = check
            .error(
                &label.span,
                format!("\"{}\" is no geography", label.value),
                format!("expected one of {}", known.join(", ")),
            )
            .nearest(&label.value, known);
        check.report(fault);
        sound = false;
    }
    if let Some(id) = block.profile_id.as_ref().filter(|_| is_geography) {
        sound &= override_ids::profile_id(check, id, label);
    }
    let mut destinations = BTreeMap::new();
    for (source, listed) in block.destinations.iter().flat_map(|table| table.iter()) {
        sound &= check.region(source);
        let before = check.diagnostics.len();
        for region in check.distinct(&listed.value, "destination region") {
            check.region(region);
        }
        if destinations.contains_key(&source.value) {
            let fault = check.error(
                &source.span,
                format!("source region `{}` is listed twice", source.value),
                "expected each once",
            );
            check.report(fault);
        }
        if listed.value.is_empty() && !check.faulty.contains(&path) {
            let fault = check.error(
                &listed.span,
                format!("requests from `{}` could be served nowhere", source.value),
                "expected at least one destination region",
            );
            check.report(fault.help("leave the source region out where the profile cannot be called from it"));
            sound = false;
            continue;
        }
        sound &= check.diagnostics.len() == before;
        let regions: BTreeSet<String> = listed.iter().map(|region| region.value.clone()).collect();
        if label.value != "global" && !regions.contains(&source.value) {
            let fault = check.error(
                &listed.span,
                format!("source region `{}` is not among its own destinations", source.value),
                format!("expected \"{}\" in this list", source.value),
            );
            check.report(fault);
            sound = false;
        }
        destinations.insert(source.value.clone(), regions);
    }
    sound.then(|| ProfileOverride {
        id: block.profile_id.as_ref().map(|id| id.value.clone()),
        destinations,
    })
}

fn price(check: &mut Check<'_>, row: &raw::Price) -> Option<PriceRow> {
    let date = row.valid_from.as_ref()?;
    let valid_from: Option<Date> = date.value.parse().ok();
    if valid_from.is_none() {
        let fault = check.error(
            &date.span,
            format!("\"{}\" is no date", date.value),
            "expected a date as \"2026-02-05\"",
        );
        check.report(fault);
    }
    let mut sound = true;
    let mut figure = |value: &Option<Spanned<f64>>, argument: &str| {
        let value = value.as_ref()?;
        let found = decimal(check, value, argument);
        sound &= found.is_some();
        found
    };
    let figures = [
        figure(&row.input, "input"),
        figure(&row.output, "output"),
        figure(&row.cache_read, "cache_read"),
        figure(&row.cache_write_5m, "cache_write_5m"),
        figure(&row.cache_write_1h, "cache_write_1h"),
    ];
    let [input, output, cache_read, cache_write_5m, cache_write_1h] = figures;
    let row = PriceRow {
        valid_from: valid_from?,
        up_to_input_tokens: row.up_to_input_tokens.as_ref().map(|tokens| tokens.value),
        input,
        output,
        cache_read,
        cache_write_5m,
        cache_write_1h,
        source: String::new(),
    };
    sound.then_some(row)
}

fn decimal(check: &mut Check<'_>, value: &Spanned<f64>, argument: &str) -> Option<Decimal> {
    let found = Decimal::from_f64(value.value)
        .ok()
        .filter(|figure| !figure.is_negative());
    if found.is_none() {
        let fault = check.error(
            &value.span,
            format!("{} is no figure for `{argument}`", value.value),
            "expected a number from 0 on with at most nine digits after the point",
        );
        check.report(fault);
    }
    found
}
