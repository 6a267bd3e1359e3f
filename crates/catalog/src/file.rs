//! Reads the data file: first its form, then what the form cannot say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::Deserialize;

use crate::catalogue::{Catalog, Region};
use crate::decimal::Decimal;
use crate::model::{Destinations, Lifecycle, Model, PriceRow, ProfileFacts, Source, SourceKind};

/// Key of a `destinations` table that lists the source regions of a profile with destinations everywhere.
const EVERYWHERE: &str = "everywhere";

/// Why a data file was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// No HCL, or not the expected fields.
    Form(String),
    /// Faults in the content, each with its place.
    Content(Vec<String>),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(fault) => write!(f, "the model catalogue cannot be read: {fault}"),
            Self::Content(faults) => {
                write!(f, "the model catalogue contradicts itself:")?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}

impl std::error::Error for FileError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    as_of: Date,
    source: IndexMap<String, RawSource>,
    regions: IndexMap<String, String>,
    destinations: IndexMap<String, IndexMap<String, Vec<String>>>,
    model: IndexMap<String, RawModel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    url: String,
    read: Date,
    #[serde(default)]
    third_party: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawModel {
    name: String,
    base_id: String,
    anthropic_id: String,
    family: String,
    lifecycle: RawLifecycle,
    source: String,
    #[serde(default)]
    sources: BTreeMap<String, String>,
    launched: Option<Date>,
    marketplace_product: Option<String>,
    max_output_tokens: Option<u32>,
    min_claude_code: Option<String>,
    geo_factor: Option<f64>,
    note: Option<String>,
    data_retention: Option<String>,
    #[serde(default)]
    profiles: IndexMap<String, RawProfile>,
    #[serde(default)]
    price: OneOrMany<RawPrice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawLifecycle {
    Current,
    Legacy,
    Gated,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    id: String,
    destinations: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPrice {
    valid_from: Date,
    source: String,
    up_to_input_tokens: Option<u64>,
    input: Option<f64>,
    output: Option<f64>,
    cache_read: Option<f64>,
    cache_write_5m: Option<f64>,
    cache_write_1h: Option<f64>,
}

/// A block without label is a value when it stands once and a list when it stands several times.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// Fields of a model for which `sources` may name a source of their own.
const FACTS: [&str; 8] = [
    "anthropic_id",
    "family",
    "lifecycle",
    "launched",
    "marketplace_product",
    "max_output_tokens",
    "min_claude_code",
    "geo_factor",
];

pub(crate) fn parse(text: &str) -> Result<Catalog, FileError> {
    catalog(hcl::from_str(text).map_err(|fault| FileError::Form(fault.to_string()))?)
}

/// The same from the form that the build makes of the data file.
pub(crate) fn read_json(text: &str) -> Result<Catalog, FileError> {
    catalog(serde_json::from_str(text).map_err(|fault| FileError::Form(fault.to_string()))?)
}

fn catalog(raw: RawFile) -> Result<Catalog, FileError> {
    let mut faults = Vec::new();
    let sources: IndexMap<_, _> = raw
        .source
        .into_iter()
        .map(|(key, source)| (key.clone(), source_from(key, source)))
        .collect();
    let regions: IndexMap<_, _> = raw
        .regions
        .into_iter()
        .map(|(code, name)| (code.clone(), Region { code, name }))
        .collect();
    let tables: IndexMap<_, _> = raw
        .destinations
        .into_iter()
        .map(|(name, table)| {
            let sources = table_from(&name, table, &regions, &mut faults);
            (name, sources)
        })
        .collect();
    let mut models = IndexMap::new();
    for (key, raw) in raw.model {
        let model = model_from(&key, raw, &tables, &mut faults);
        check_sources(&model, &sources, &mut faults);
        models.insert(key, model);
    }
    check_ids(models.values(), &mut faults);
    if faults.is_empty() {
        Ok(Catalog {
            as_of: raw.as_of,
            regions,
            sources,
            models,
        })
    } else {
        Err(FileError::Content(faults))
    }
}

fn source_from(key: String, raw: RawSource) -> Source {
    Source {
        key,
        url: Some(raw.url),
        read: Some(raw.read),
        kind: if raw.third_party {
            SourceKind::ThirdParty
        } else {
            SourceKind::Vendor
        },
    }
}

fn table_from(
    name: &str,
    table: IndexMap<String, Vec<String>>,
    regions: &IndexMap<String, Region>,
    faults: &mut Vec<String>,
) -> BTreeMap<String, Destinations> {
    let mut sources = BTreeMap::new();
    for (source, listed) in table {
        for region in listed.iter().chain([&source]) {
            if region != EVERYWHERE && !regions.contains_key(region) {
                faults.push(format!("destinations \"{name}\": unknown region `{region}`"));
            }
        }
        if source == EVERYWHERE {
            sources.extend(listed.into_iter().map(|region| (region, Destinations::Global)));
            continue;
        }
        let listed: BTreeSet<String> = listed.into_iter().collect();
        if !listed.contains(&source) {
            faults.push(format!(
                "destinations \"{name}\": `{source}` is not among its own destinations"
            ));
        }
        sources.insert(source, Destinations::Regions(listed));
    }
    sources
}

fn model_from(
    key: &str,
    raw: RawModel,
    tables: &IndexMap<String, BTreeMap<String, Destinations>>,
    faults: &mut Vec<String>,
) -> Model {
    let mut profiles = IndexMap::new();
    for (geography, profile) in raw.profiles {
        let sources = match &profile.destinations {
            None => BTreeMap::new(),
            Some(name) => tables.get(name).cloned().unwrap_or_else(|| {
                faults.push(format!(
                    "model \"{key}\", profile \"{geography}\": no destinations \"{name}\""
                ));
                BTreeMap::new()
            }),
        };
        let source = profile.source.unwrap_or_else(|| raw.source.clone());
        let id = profile.id;
        profiles.insert(geography, ProfileFacts { id, sources, source });
    }
    let mut decimal = |field: &str, value: Option<f64>| {
        let result = Decimal::from_f64(value?);
        match result {
            Ok(decimal) if !decimal.is_negative() => Some(decimal),
            Ok(decimal) => {
                faults.push(format!("model \"{key}\": {field} is negative: {decimal}"));
                None
            }
            Err(fault) => {
                faults.push(format!("model \"{key}\": {field}: {fault}"));
                None
            }
        }
    };
    let geo_factor = decimal("geo_factor", raw.geo_factor);
    let mut price_rows: Vec<PriceRow> = raw
        .price
        .into_vec()
        .into_iter()
        .map(|row| PriceRow {
            valid_from: row.valid_from,
            up_to_input_tokens: row.up_to_input_tokens,
            input: decimal("input", row.input),
            output: decimal("output", row.output),
            cache_read: decimal("cache_read", row.cache_read),
            cache_write_5m: decimal("cache_write_5m", row.cache_write_5m),
            cache_write_1h: decimal("cache_write_1h", row.cache_write_1h),
            source: row.source,
        })
        .collect();
    sort_rows(&mut price_rows);
    if let Some(row) = ambiguous_row(&price_rows) {
        faults.push(format!(
            "model \"{key}\": two prices for the same tier from {}",
            row.valid_from
        ));
    }
    for field in raw.sources.keys() {
        if !FACTS.contains(&field.as_str()) {
            faults.push(format!("model \"{key}\": sources names `{field}`, which is no fact"));
        }
    }
    Model {
        key: key.to_owned(),
        name: raw.name,
        base_id: raw.base_id,
        anthropic_id: raw.anthropic_id,
        family: raw.family,
        lifecycle: match raw.lifecycle {
            RawLifecycle::Current => Lifecycle::Current,
            RawLifecycle::Legacy => Lifecycle::Legacy,
            RawLifecycle::Gated => Lifecycle::Gated,
        },
        launched: raw.launched,
        marketplace_product: raw.marketplace_product,
        max_output_tokens: raw.max_output_tokens,
        min_claude_code: raw.min_claude_code,
        geo_factor,
        note: raw.note,
        data_retention: raw.data_retention,
        profiles,
        price_rows,
        source: raw.source,
        field_sources: raw.sources,
    }
}

/// Oldest first; within a date the smaller tier first and the unlimited one last.
pub(crate) fn sort_rows(rows: &mut [PriceRow]) {
    rows.sort_by_key(|row| (row.valid_from, row.up_to_input_tokens.unwrap_or(u64::MAX)));
}

/// A row that has the date and the tier of its predecessor.
pub(crate) fn ambiguous_row(sorted: &[PriceRow]) -> Option<&PriceRow> {
    sorted.windows(2).find_map(|pair| match pair {
        [first, second]
            if (first.valid_from, first.up_to_input_tokens) == (second.valid_from, second.up_to_input_tokens) =>
        {
            Some(second)
        }
        _ => None,
    })
}

fn check_sources(model: &Model, sources: &IndexMap<String, Source>, faults: &mut Vec<String>) {
    let named: BTreeSet<&String> = [&model.source]
        .into_iter()
        .chain(model.field_sources.values())
        .chain(model.profiles.values().map(|profile| &profile.source))
        .chain(model.price_rows.iter().map(|row| &row.source))
        .collect();
    for source in named {
        if !sources.contains_key(source) {
            faults.push(format!("model \"{}\": no source \"{source}\"", model.key));
        }
    }
}

fn check_ids<'a>(models: impl Iterator<Item = &'a Model>, faults: &mut Vec<String>) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for model in models {
        for id in model.ids() {
            if let Some(other) = owners.insert(id, &model.key) {
                faults.push(format!(
                    "`{id}` stands in model \"{other}\" and in model \"{}\"",
                    model.key
                ));
            }
        }
    }
}
