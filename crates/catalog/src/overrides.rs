//! Models that the deployment file adds or corrects until the next release.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use indexmap::IndexMap;

use crate::catalogue::Catalog;
use crate::decimal::Decimal;
use crate::file::{ambiguous_row, sort_rows};
use crate::model::{Destinations, Lifecycle, Model, PriceRow, ProfileFacts, Source, SourceKind};

/// Key of the source of facts that the deployment file states.
pub const USER_SOURCE: &str = "deployment-file";

/// A `model "KEY" {}` block: what it states replaces the catalogue's fact, or makes a new model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelOverride {
    /// Key of the model, the block's label.
    pub key: String,
    /// Name for people; the key when a new model has none.
    pub name: Option<String>,
    /// Bedrock's id of the foundation model; a new model needs it.
    pub base_id: Option<String>,
    /// Anthropic's id; a new model needs it.
    pub anthropic_id: Option<String>,
    /// Alias family; a new model needs it.
    pub family: Option<String>,
    /// Profiles by geography; a new model needs one.
    pub profiles: BTreeMap<String, ProfileOverride>,
    /// Prices of the global profile; they replace all rows of the catalogue. Their `source` is ignored.
    pub prices: Vec<PriceRow>,
    /// What geographic profiles cost compared with the global one.
    pub geo_factor: Option<Decimal>,
    /// Product in AWS Marketplace.
    pub marketplace_product: Option<String>,
    /// Largest number of output tokens of one request.
    pub max_output_tokens: Option<u32>,
    /// Least version of Claude Code that knows the model.
    pub min_claude_code: Option<String>,
}

/// A profile in a `model` block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileOverride {
    /// Profile id; a geography that the catalogue does not have needs it.
    pub id: Option<String>,
    /// Destination regions by source region; each given source region replaces the catalogue's row. Ignored for
    /// `global`, whose destinations are everywhere: there only the source regions count.
    pub destinations: BTreeMap<String, BTreeSet<String>>,
}

/// Why a `model` block cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverrideError {
    /// The model is new and these fields are missing.
    Missing {
        /// Key of the model.
        key: String,
        /// Fields, as they are called in [`ModelOverride`].
        fields: Vec<&'static str>,
    },
    /// A geography is new and its profile id is missing.
    MissingProfileId {
        /// Key of the model.
        key: String,
        /// Geography.
        geography: String,
    },
    /// An id belongs to another model already.
    IdTaken {
        /// The id.
        id: String,
        /// Key of the model that has it.
        owner: String,
    },
    /// A region is none of the known commercial ones.
    UnknownRegion {
        /// Key of the model.
        key: String,
        /// The region.
        region: String,
        /// A known region that is like it.
        nearest: Option<String>,
    },
    /// A price or the factor is negative.
    NegativePrice {
        /// Key of the model.
        key: String,
        /// Which price.
        field: &'static str,
    },
    /// Two rows have the same date and tier.
    AmbiguousPrice {
        /// Key of the model.
        key: String,
        /// The date, `YYYY-MM-DD`.
        valid_from: String,
    },
}

impl fmt::Display for OverrideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { key, fields } => write!(
                f,
                "model \"{key}\" is not in the catalogue, so its block needs {}",
                fields.join(", ")
            ),
            Self::MissingProfileId { key, geography } => write!(
                f,
                "model \"{key}\" has no profile for `{geography}` in the catalogue, so the block needs the profile's id"
            ),
            Self::IdTaken { id, owner } => write!(f, "`{id}` is an id of model \"{owner}\""),
            Self::UnknownRegion { key, region, nearest } => {
                write!(f, "model \"{key}\": `{region}` is no commercial region of AWS")?;
                nearest
                    .iter()
                    .try_for_each(|near| write!(f, "; did you mean `{near}`?"))
            }
            Self::NegativePrice { key, field } => write!(f, "model \"{key}\": {field} must not be negative"),
            Self::AmbiguousPrice { key, valid_from } => {
                write!(f, "model \"{key}\": two prices for the same tier from {valid_from}")
            }
        }
    }
}

impl std::error::Error for OverrideError {}

impl Catalog {
    /// This catalogue with `change` applied.
    ///
    /// # Errors
    /// When the result would lack what every model has, or contradict itself.
    pub fn with_override(mut self, change: ModelOverride) -> Result<Self, OverrideError> {
        self.check_override(&change)?;
        let known = self.models.get(&change.key).cloned();
        let model = match known {
            Some(model) => model,
            None => new_model(&change)?,
        };
        let model = apply(model, change)?;
        for id in model.ids() {
            if let Some(owner) = self
                .models
                .values()
                .find(|other| other.key != model.key && other.ids().any(|own| own == id))
            {
                return Err(OverrideError::IdTaken {
                    id: id.to_owned(),
                    owner: owner.key.clone(),
                });
            }
        }
        self.sources.entry(USER_SOURCE.to_owned()).or_insert_with(|| Source {
            key: USER_SOURCE.to_owned(),
            url: None,
            read: None,
            kind: SourceKind::User,
        });
        self.models.insert(model.key.clone(), model);
        Ok(self)
    }

    fn check_override(&self, change: &ModelOverride) -> Result<(), OverrideError> {
        let tables = change.profiles.values().flat_map(|profile| &profile.destinations);
        for region in tables.flat_map(|(source, listed)| listed.iter().chain([source])) {
            if self.region(region).is_none() {
                return Err(OverrideError::UnknownRegion {
                    key: change.key.clone(),
                    region: region.clone(),
                    nearest: self.nearest_region(region).map(str::to_owned),
                });
            }
        }
        let prices = change.prices.iter().flat_map(PriceRow::prices);
        for (field, price) in prices.chain([("geo_factor", change.geo_factor)]) {
            if price.is_some_and(Decimal::is_negative) {
                return Err(OverrideError::NegativePrice {
                    key: change.key.clone(),
                    field,
                });
            }
        }
        Ok(())
    }
}

fn new_model(change: &ModelOverride) -> Result<Model, OverrideError> {
    let mut fields = Vec::new();
    let mut needed = |field: &'static str, value: &Option<String>| {
        value.clone().unwrap_or_else(|| {
            fields.push(field);
            String::new()
        })
    };
    let base_id = needed("base_id", &change.base_id);
    let anthropic_id = needed("anthropic_id", &change.anthropic_id);
    let family = needed("family", &change.family);
    if change.profiles.is_empty() {
        fields.push("profiles");
    }
    if !fields.is_empty() {
        return Err(OverrideError::Missing {
            key: change.key.clone(),
            fields,
        });
    }
    Ok(Model {
        key: change.key.clone(),
        name: change.key.clone(),
        base_id,
        anthropic_id,
        family,
        lifecycle: Lifecycle::Current,
        launched: None,
        marketplace_product: None,
        max_output_tokens: None,
        min_claude_code: None,
        geo_factor: None,
        note: None,
        data_retention: None,
        profiles: IndexMap::new(),
        price_rows: Vec::new(),
        source: USER_SOURCE.to_owned(),
        field_sources: BTreeMap::new(),
    })
}

fn apply(mut model: Model, change: ModelOverride) -> Result<Model, OverrideError> {
    let mut stated = Vec::new();
    let mut put = |field: &'static str, target: &mut String, value: Option<String>| {
        if let Some(value) = value {
            *target = value;
            stated.push(field);
        }
    };
    put("name", &mut model.name, change.name);
    put("base_id", &mut model.base_id, change.base_id);
    put("anthropic_id", &mut model.anthropic_id, change.anthropic_id);
    put("family", &mut model.family, change.family);
    fn replace<T>(stated: &mut Vec<&'static str>, field: &'static str, target: &mut Option<T>, value: Option<T>) {
        if value.is_some() {
            *target = value;
            stated.push(field);
        }
    }
    replace(&mut stated, "geo_factor", &mut model.geo_factor, change.geo_factor);
    replace(
        &mut stated,
        "marketplace_product",
        &mut model.marketplace_product,
        change.marketplace_product,
    );
    replace(
        &mut stated,
        "max_output_tokens",
        &mut model.max_output_tokens,
        change.max_output_tokens,
    );
    replace(
        &mut stated,
        "min_claude_code",
        &mut model.min_claude_code,
        change.min_claude_code,
    );
    let user = || USER_SOURCE.to_owned();
    model
        .field_sources
        .extend(stated.into_iter().map(|field| (field.to_owned(), user())));
    for (geography, profile) in change.profiles {
        let facts = match (model.profiles.get(&geography).cloned(), profile.id) {
            (known, Some(id)) => ProfileFacts {
                // Another id is another profile: its table is not known.
                sources: known
                    .filter(|known| known.id == id)
                    .map_or_else(BTreeMap::new, |known| known.sources),
                id,
                source: user(),
            },
            (Some(known), None) => ProfileFacts {
                source: user(),
                ..known
            },
            (None, None) => {
                return Err(OverrideError::MissingProfileId {
                    key: model.key,
                    geography,
                });
            }
        };
        let everywhere = geography == crate::model::GLOBAL;
        let facts = profile
            .destinations
            .into_iter()
            .fold(facts, |mut facts, (source, listed)| {
                let destinations = if everywhere {
                    Destinations::Global
                } else {
                    Destinations::Regions(listed)
                };
                facts.sources.insert(source, destinations);
                facts
            });
        model.profiles.insert(geography, facts);
    }
    if !change.prices.is_empty() {
        model.price_rows = change.prices;
        for row in &mut model.price_rows {
            row.source = user();
        }
        sort_rows(&mut model.price_rows);
        if let Some(row) = ambiguous_row(&model.price_rows) {
            return Err(OverrideError::AmbiguousPrice {
                key: model.key.clone(),
                valid_from: row.valid_from.to_string(),
            });
        }
    }
    Ok(model)
}
