//! Which models, and whether they can be reached from the region in the geography.

use std::collections::BTreeSet;

use catalog::{Catalog, Lifecycle, Model};
use jiff::civil::Date;

use super::basics::Basics;
use super::{Check, items, one_of};
use crate::deployment::model::{AllowedModel, Destinations, Geography, Price, PriceList};
use crate::deployment::read::{Spanned, raw};

/// The models of a deployment.
#[derive(Debug)]
pub struct Models {
    /// Geography.
    pub geography: Geography,
    /// Models in the order of the file.
    pub allowed: Vec<AllowedModel>,
    /// Key of the default model.
    pub default: String,
}

impl From<raw::Geography> for Geography {
    fn from(geography: raw::Geography) -> Self {
        match geography {
            raw::Geography::Us => Self::Us,
            raw::Geography::Eu => Self::Eu,
            raw::Geography::Au => Self::Au,
            raw::Geography::Jp => Self::Jp,
            raw::Geography::Global => Self::Global,
        }
    }
}

/// Checks the block `models`.
pub fn check(
    check: &mut Check<'_>,
    file: &raw::File,
    basics: &Basics,
    catalog: &Catalog,
    today: Date,
) -> Option<Models> {
    let block = file.models.as_ref()?;
    let listed = check.distinct(items(&block.allow), "model");
    let mut known: Vec<(&Spanned<String>, &Model)> = Vec::new();
    for key in &listed {
        match catalog.model(&key.value) {
            Some(model) => known.push((key, model)),
            None => unknown(check, file, key, catalog),
        }
    }
    if let Some(allow) = block
        .allow
        .as_ref()
        .filter(|allow| allow.is_empty() && !check.faulty.contains("models.allow"))
    {
        let fault = check.error(
            &allow.span,
            "no model is allowed",
            "expected at least one key of a model",
        );
        check.report(fault.help("`tfgen models` lists the keys"));
    }
    for (key, model) in &known {
        // Whoever cannot be called at all need not be warned of who may call it.
        if model.profiles().len() > 0 {
            lifecycle(check, key, model);
        }
    }
    for (key, model) in &known {
        retention(check, key, model);
    }
    let default = default(check, block, &listed);
    let geography = block.geography.as_ref()?;
    let id = Geography::from(geography.value).as_str();
    let mut with_profile = Vec::new();
    for (key, model) in &known {
        match model.profile(id) {
            Some(profile) => with_profile.push((*key, *model, profile)),
            None => no_profile(check, key, model, geography, id),
        }
    }
    let region = basics.region.as_ref()?;
    let sources: BTreeSet<&str> = with_profile
        .iter()
        .flat_map(|(_, _, profile)| profile.sources.keys().map(String::as_str))
        .collect();
    let reachable = with_profile
        .iter()
        .any(|(_, _, profile)| profile.sources.contains_key(&region.value));
    if !reachable && !sources.is_empty() {
        // One mistake in the region or geography, not one in every model.
        let fault = check
            .error(
                &region.span,
                format!("`{id}` profiles cannot be called from region `{}`", region.value),
                format!("expected {}", one_of(sources.iter().copied())),
            )
            .also(check.source, geography.span.clone(), "because of this geography")
            .help("the region is the source of requests; which regions may serve them is a matter of the geography");
        check.report(fault);
        return None;
    }
    let mut allowed = Vec::new();
    for (key, model, profile) in &with_profile {
        match profile.destinations(&region.value) {
            Some(destinations) => {
                price(check, key, model, id, today);
                allowed.push(self::allowed(model, &profile.id, id, destinations));
            }
            None => unreachable(
                check,
                key,
                model,
                &profile.id,
                region,
                profile.sources.keys().map(String::as_str).collect(),
            ),
        }
    }
    let whole =
        allowed.len() == items(&block.allow).len() && !allowed.is_empty() && !check.faulty.contains("models.allow");
    Some(Models {
        geography: geography.value.into(),
        allowed: whole.then_some(allowed)?,
        default: default?,
    })
}

fn unknown(check: &mut Check<'_>, file: &raw::File, key: &Spanned<String>, catalog: &Catalog) {
    // A `model` block of this key that could not be used was reported already.
    if file
        .model
        .iter()
        .flat_map(|models| models.iter())
        .any(|(label, _)| label.value == key.value)
    {
        return;
    }
    let keys: Vec<&str> = catalog.models().map(|model| model.key.as_str()).collect();
    let fault = check.error(
        &key.span,
        format!("there is no model \"{}\"", key.value),
        "expected the key of a model",
    );
    let fault = match catalog.nearest(&key.value) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault,
    };
    let fault = fault
        .help(format!("known are {}", keys.join(", ")))
        .help("a model that is newer than this tfgen can be described in a `model` block");
    check.report(fault);
}

fn lifecycle(check: &mut Check<'_>, key: &Spanned<String>, model: &Model) {
    let (message, remark) = match model.lifecycle {
        Lifecycle::Current => return,
        Lifecycle::Legacy => (
            format!("{} is a legacy model", model.name),
            "AWS has set an end for it, and accounts that never used it cannot start",
        ),
        Lifecycle::Gated => (
            format!("{} is open to invited accounts only", model.name),
            "calls are denied unless AWS has let the account in",
        ),
    };
    let warning = check.warning(&key.span, message, remark);
    check.report(warning);
}

fn default(check: &mut Check<'_>, block: &raw::Models, listed: &[&Spanned<String>]) -> Option<String> {
    let Some(default) = &block.default else {
        return listed.first().map(|first| first.value.clone());
    };
    if listed.iter().any(|key| key.value == default.value) {
        return Some(default.value.clone());
    }
    if block.allow.is_some() && !check.faulty.contains("models.allow") {
        let keys: Vec<&str> = listed.iter().map(|key| key.value.as_str()).collect();
        let fault = check
            .error(
                &default.span,
                format!("the default model \"{}\" is not allowed", default.value),
                format!("expected one of `allow`: {}", keys.join(", ")),
            )
            .nearest(&default.value, keys);
        check.report(fault);
    }
    None
}

fn no_profile(
    check: &mut Check<'_>,
    key: &Spanned<String>,
    model: &Model,
    geography: &Spanned<raw::Geography>,
    id: &str,
) {
    let others: Vec<&str> = model.profiles().map(|(geography, _)| geography).collect();
    let help = match others.as_slice() {
        [] => match &model.note {
            Some(note) => format!("it has no inference profile at all: {note}"),
            None => "it has no inference profile at all".to_owned(),
        },
        others => format!("it has profiles for {}", others.join(", ")),
    };
    let fault = check
        .error(
            &key.span,
            format!("{} has no `{id}` profile", model.name),
            format!("expected a model with a `{id}` profile"),
        )
        .also(check.source, geography.span.clone(), "because of this geography")
        .help(help);
    check.report(fault);
}

fn unreachable(
    check: &mut Check<'_>,
    key: &Spanned<String>,
    model: &Model,
    profile: &str,
    region: &Spanned<String>,
    sources: BTreeSet<&str>,
) {
    let message = format!(
        "{} cannot be called from region `{}` through `{profile}`",
        model.name, region.value
    );
    let fault = if sources.is_empty() {
        check
            .error(&key.span, message, "its destination regions are not known")
            .help(format!(
                "ask AWS in that region: aws bedrock get-inference-profile --inference-profile-identifier {profile} --region {}",
                region.value
            ))
            .help(format!("then state them: model \"{}\" {{ geography … {{ destinations = … }} }}", model.key))
    } else {
        check
            .error(&key.span, message, format!("its source regions are {}", list(&sources)))
            .also(check.source, region.span.clone(), "because of this region")
    };
    check.report(fault);
}

fn list(names: &BTreeSet<&str>) -> String {
    names.iter().copied().collect::<Vec<_>>().join(", ")
}

/// Warns of a model that Bedrock refuses until the account retains data.
fn retention(check: &mut Check<'_>, key: &Spanned<String>, model: &Model) {
    let Some(mode) = &model.data_retention else {
        return;
    };
    let warning = check
        .warning(
            &key.span,
            format!("{} answers only where data is retained", model.name),
            format!("needs the data retention mode `{mode}`"),
        )
        .help("prompts and answers are then kept outside the account; tfgen does not set the mode, the step foundation-data-retention of the checklist says how");
    check.report(warning);
}

/// Warns of figures without which what the model costs cannot be told.
fn price(check: &mut Check<'_>, key: &Spanned<String>, model: &Model, geography: &str, today: Date) {
    let rows = model.prices_on(geography, today);
    let unknown: Vec<&str> = rows
        .first()
        .map(|row| row.prices())
        .into_iter()
        .flatten()
        .map(|(figure, _)| figure)
        .filter(|figure| {
            rows.iter().any(|row| {
                row.prices()
                    .iter()
                    .any(|(name, price)| name == figure && price.is_none())
            })
        })
        .collect();
    let remark = if rows.is_empty() {
        format!("no price through `{geography}.` holds on {today}")
    } else if rows.last().is_some_and(|row| row.up_to_input_tokens.is_some()) {
        "no price covers the longest prompts".to_owned()
    } else if !unknown.is_empty() {
        format!("not known: {}", unknown.join(", "))
    } else {
        return;
    };
    let warning = check
        .warning(&key.span, format!("what {} costs is not fully known", model.name), remark)
        .help("calls that need such a figure are counted without cost in the cost queries; a `price` block in a `model` block states it");
    check.report(warning);
}

fn allowed(model: &Model, profile_id: &str, geography: &str, destinations: &catalog::Destinations) -> AllowedModel {
    AllowedModel {
        key: model.key.clone(),
        name: model.name.clone(),
        base_id: model.base_id.clone(),
        profile_id: profile_id.to_owned(),
        anthropic_id: model.anthropic_id.clone(),
        family: model.family.clone(),
        destinations: match destinations {
            catalog::Destinations::Regions(regions) => Destinations::Regions(regions.clone()),
            catalog::Destinations::Global => Destinations::Global,
        },
        marketplace_product: model.marketplace_product.clone(),
        max_output_tokens: model.max_output_tokens,
        min_claude_code: model.min_claude_code.clone(),
        data_retention: model.data_retention.clone(),
        prices: prices(model, geography),
    }
}

fn prices(model: &Model, geography: &str) -> Vec<Price> {
    model
        .prices(geography)
        .iter()
        .map(|row| Price {
            valid_from: row.valid_from.to_string(),
            up_to_input_tokens: row.up_to_input_tokens,
            input: row.input.map(catalog::Decimal::to_f64),
            output: row.output.map(catalog::Decimal::to_f64),
            cache_read: row.cache_read.map(catalog::Decimal::to_f64),
            cache_write_5m: row.cache_write_5m.map(catalog::Decimal::to_f64),
            cache_write_1h: row.cache_write_1h.map(catalog::Decimal::to_f64),
        })
        .collect()
}

/// Prices of every known model in each of its geographies: profiles that the deployment no longer wants were called, too.
pub fn price_lists(catalog: &Catalog) -> Vec<PriceList> {
    catalog
        .models()
        .flat_map(|model| {
            model.profiles().map(|(geography, _)| PriceList {
                model_id: model.base_id.clone(),
                model_key: model.key.clone(),
                model_name: model.name.clone(),
                geography: geography.to_owned(),
                prices: prices(model, geography),
            })
        })
        .collect()
}
