//! The table for people: at most 120 columns, `?` where a fact is not known.

use std::io::Write;

use catalog::{Decimal, Destinations, GLOBAL, Lifecycle, Model, PriceRow, ProfileFacts};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Modify, Style, Width};

use super::Selection;

/// Days after which prices and models are likely to have changed.
const OLD_AFTER_DAYS: i32 = 90;
/// Columns for the list of destination regions: the rest of 120 beside key, geography and profile id.
const DESTINATION_COLUMNS: usize = 52;
/// Keys in a line of the models that cannot be called; a key has at most 14 characters.
const ABSENT_PER_LINE: usize = 7;
const UNKNOWN: &str = "?";

pub(super) fn print(selection: &Selection<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let (text, incomplete) = match selection.region {
        Some(region) => destinations(selection, region),
        None => prices(selection),
    };
    writeln!(out, "{text}")?;
    if incomplete {
        writeln!(
            out,
            "{UNKNOWN}  not known: neither AWS nor Anthropic publishes it, as far as the catalogue has seen"
        )?;
    }
    footer(selection, out)
}

fn footer(selection: &Selection<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let age = selection.catalog.age_in_days(selection.today);
    let ago = match age {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    };
    writeln!(
        out,
        "Facts as of {} ({ago}); sources with --format json.",
        selection.catalog.as_of()
    )?;
    if age > OLD_AFTER_DAYS {
        writeln!(
            out,
            "warning: the catalogue is older than {OLD_AFTER_DAYS} days; update tfgen, or override in `model` blocks"
        )?;
    }
    Ok(())
}

/// Table of prices, and whether something in it is unknown.
fn prices(selection: &Selection<'_>) -> (String, bool) {
    let geography = selection.geography.unwrap_or(GLOBAL);
    let mut incomplete = false;
    let mut builder = Builder::default();
    let figures = [
        "Input",
        "Output",
        "Cache read",
        "Write 5m",
        "Write 1h",
        "Max output",
        "Claude Code",
    ];
    builder.push_record(["Model", "Profiles"].into_iter().chain(figures));
    for model in &selection.models {
        for (index, row) in price_rows(model, geography, selection).iter().enumerate() {
            let first = index == 0;
            let mut record = if first {
                vec![label(model), geographies(model)]
            } else {
                vec![tier(row, model, geography, selection), String::new()]
            };
            record.extend(row.prices().iter().map(|(_, price)| {
                incomplete |= price.is_none();
                price.map_or_else(|| UNKNOWN.to_owned(), money)
            }));
            if first {
                incomplete |= model.max_output_tokens.is_none() || model.min_claude_code.is_none();
                record.push(
                    model
                        .max_output_tokens
                        .map_or_else(|| UNKNOWN.to_owned(), |tokens| grouped(tokens.into())),
                );
                record.push(model.min_claude_code.clone().unwrap_or_else(|| UNKNOWN.to_owned()));
            } else {
                record.extend([String::new(), String::new()]);
            }
            builder.push_record(record);
        }
    }
    let right = Columns::new(2..1 + figures.len());
    let mut table = builder.build();
    table
        .with(Style::psql())
        .with(Modify::new(right).with(Alignment::right()));
    let mut text = format!("USD per million tokens through the `{geography}.` profiles");
    if selection.geography.is_none() {
        text.push_str("; the others cost up to 10 % more, see --geography");
    }
    text.push_str("\n\n");
    text.push_str(&trimmed(&table.to_string()));
    text.push_str("\n\nClaude Code: least version that knows the model.");
    for (key, note) in selection
        .models
        .iter()
        .filter_map(|model| Some((&model.key, model.note.as_ref()?)))
    {
        text.push_str(&format!("\n{key}: {note}"));
    }
    (text, incomplete)
}

fn label(model: &Model) -> String {
    match model.lifecycle {
        Lifecycle::Current => model.key.clone(),
        state => format!("{} ({state})", model.key),
    }
}

fn geographies(model: &Model) -> String {
    let geographies: Vec<_> = model.profiles().map(|(geography, _)| geography).collect();
    if geographies.is_empty() {
        "none".to_owned()
    } else {
        geographies.join(" ")
    }
}

/// The rows that hold today, or one row without figures where the model has no price in this geography.
fn price_rows(model: &Model, geography: &str, selection: &Selection<'_>) -> Vec<PriceRow> {
    let rows = model.prices_on(geography, selection.today);
    if !rows.is_empty() {
        return rows;
    }
    vec![PriceRow {
        valid_from: selection.today,
        up_to_input_tokens: None,
        input: None,
        output: None,
        cache_read: None,
        cache_write_5m: None,
        cache_write_1h: None,
        source: String::new(),
    }]
}

/// What a further row of the same model stands for.
fn tier(row: &PriceRow, model: &Model, geography: &str, selection: &Selection<'_>) -> String {
    let below = model
        .prices_on(geography, selection.today)
        .iter()
        .filter_map(|other| other.up_to_input_tokens)
        .filter(|limit| row.up_to_input_tokens.is_none_or(|own| *limit < own))
        .max();
    below.map_or_else(String::new, |limit| format!("  > {} in", grouped(limit)))
}

/// Table of destination regions, and whether something in it is unknown.
fn destinations(selection: &Selection<'_>, region: &str) -> (String, bool) {
    let mut incomplete = false;
    let mut absent = Vec::new();
    let mut builder = Builder::default();
    builder.push_record(["Model", "Profile", "May be served in"]);
    for model in &selection.models {
        let mut offered = false;
        // A profile without a known table is listed where its geography is at home, not in every region of the world.
        let at_home = |geography: &str| {
            let mut others = selection.catalog.models().filter_map(|other| other.profile(geography));
            others.any(|profile| profile.destinations(region).is_some())
        };
        let profiles = model
            .profiles()
            .filter(|(geography, _)| selection.geography.is_none_or(|wanted| wanted == *geography));
        for (geography, profile) in profiles {
            let Some(served) = served(profile, region) else {
                continue;
            };
            if served == UNKNOWN && !at_home(geography) {
                continue;
            }
            incomplete |= served == UNKNOWN;
            builder.push_record([if offered { "" } else { &model.key }, &profile.id, &served]);
            offered = true;
        }
        if !offered {
            absent.push(model.key.as_str());
        }
    }
    let mut table = builder.build();
    table
        .with(Style::psql())
        .with(Modify::new(Columns::new(2..3)).with(Width::wrap(DESTINATION_COLUMNS).keep_words(true)));
    let place = selection
        .catalog
        .region(region)
        .map_or("", |region| region.name.as_str());
    let mut text = format!("Requests from {region} ({place})\n\n{}\n", trimmed(&table.to_string()));
    if !absent.is_empty() {
        let within = selection
            .geography
            .map(|name| format!(" through a `{name}.` profile"))
            .unwrap_or_default();
        text.push_str(&format!("\nNot to be called from {region}{within}:"));
        for names in absent.chunks(ABSENT_PER_LINE) {
            text.push_str(&format!("\n  {}", names.join(", ")));
        }
    }
    (text, incomplete)
}

/// Where a profile leads from `region`; `None` when it does not start there.
fn served(profile: &ProfileFacts, region: &str) -> Option<String> {
    if profile.sources.is_empty() {
        return Some(UNKNOWN.to_owned());
    }
    Some(match profile.destinations(region)? {
        Destinations::Global => "every commercial region".to_owned(),
        Destinations::Regions(regions) => regions.iter().cloned().collect::<Vec<_>>().join(", "),
    })
}

/// Two decimals at least, so that a column of prices can be compared.
fn money(price: Decimal) -> String {
    let text = price.to_string();
    match text.split_once('.') {
        None => format!("{text}.00"),
        Some((_, fraction)) if fraction.len() < 2 => format!("{text}0"),
        Some(_) => text,
    }
}

/// `128000` as `128,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn trimmed(table: &str) -> String {
    table.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
