//! One model and what is known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::decimal::Decimal;

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Key in the data file, or `deployment-file` for a fact that the user stated.
    pub key: String,
    /// Page.
    pub url: Option<String>,
    /// Day on which the page was read, or the day of the copy that was read.
    pub read: Option<Date>,
    /// How far the source may be trusted.
    pub kind: SourceKind,
}

/// How far a source may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// AWS or Anthropic, about their own product.
    Vendor,
    /// Somebody else's published observation.
    ThirdParty,
    /// The deployment file.
    User,
}

impl SourceKind {
    /// As it is written in the data file and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::ThirdParty => "third-party",
            Self::User => "deployment-file",
        }
    }
}

/// State of a model on Amazon Bedrock, and who may use it.
///
/// Source of active and legacy: <https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lifecycle {
    /// AWS says *Active*.
    Current,
    /// AWS says *Legacy*: an end date is set, and new customers cannot start with the model.
    Legacy,
    /// Only for accounts that were let in.
    Gated,
}

impl Lifecycle {
    /// As it is written in the data file and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Legacy => "legacy",
            Self::Gated => "gated",
        }
    }
}

impl fmt::Display for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where a request may be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destinations {
    /// A closed list. AWS does not change it for an existing geographic profile.
    ///
    /// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html>
    Regions(BTreeSet<String>),
    /// Every commercial region, those of the future included. IAM sees a foundation model ARN without region.
    ///
    /// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html>
    Global,
}

/// A system-defined inference profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFacts {
    /// Profile id as AWS writes it, as `us.anthropic.claude-opus-4-6-v1`.
    pub id: String,
    /// By source region: where a request that is sent from there may be served. A region that is absent is not a
    /// source region of the profile; an empty map means that the table is not known.
    pub sources: BTreeMap<String, Destinations>,
    /// Key of the [`Source`] of id and table.
    pub source: String,
}

impl ProfileFacts {
    /// Destinations of a request that is sent from `region`; `None` when `region` is no (known) source region.
    #[must_use]
    pub fn destinations(&self, region: &str) -> Option<&Destinations> {
        self.sources.get(region)
    }
}

/// Prices in USD per million tokens; `None` where the figure is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// First day on which the row holds.
    pub valid_from: Date,
    /// Requests with at most this many input tokens pay this row; `None` means all that no smaller tier covers.
    pub up_to_input_tokens: Option<u64>,
    /// Input tokens that were neither read from nor written to the cache.
    pub input: Option<Decimal>,
    /// Output tokens.
    pub output: Option<Decimal>,
    /// Input tokens read from the cache.
    pub cache_read: Option<Decimal>,
    /// Input tokens written to the cache for five minutes.
    pub cache_write_5m: Option<Decimal>,
    /// Input tokens written to the cache for one hour.
    pub cache_write_1h: Option<Decimal>,
    /// Key of the [`Source`].
    pub source: String,
}

impl PriceRow {
    /// The five prices with their names, in the order of the data file.
    #[must_use]
    pub fn prices(&self) -> [(&'static str, Option<Decimal>); 5] {
        [
            ("input", self.input),
            ("output", self.output),
            ("cache_read", self.cache_read),
            ("cache_write_5m", self.cache_write_5m),
            ("cache_write_1h", self.cache_write_1h),
        ]
    }

    fn times(&self, factor: Option<Decimal>) -> Self {
        let scaled = |price: Option<Decimal>| price?.checked_mul(factor?);
        Self {
            input: scaled(self.input),
            output: scaled(self.output),
            cache_read: scaled(self.cache_read),
            cache_write_5m: scaled(self.cache_write_5m),
            cache_write_1h: scaled(self.cache_write_1h),
            ..self.clone()
        }
    }
}

/// A Claude model on Amazon Bedrock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Key in deployment files, as `opus-4-6`.
    pub key: String,
    /// Name for people, as `Claude Opus 4.6`.
    pub name: String,
    /// Bedrock's id of the foundation model, as `anthropic.claude-opus-4-6-v1`.
    pub base_id: String,
    /// Anthropic's id, the key of Claude Code's `modelOverrides`; with its date where it has one.
    pub anthropic_id: String,
    /// Alias family in Claude Code: `opus`, `sonnet`, `haiku`, `fable` or `mythos`.
    pub family: String,
    /// State on Amazon Bedrock.
    pub lifecycle: Lifecycle,
    /// First day on Amazon Bedrock, where known.
    pub launched: Option<Date>,
    /// Product in AWS Marketplace, where known.
    pub marketplace_product: Option<String>,
    /// Largest number of output tokens of one request, where known.
    pub max_output_tokens: Option<u32>,
    /// Least version of Claude Code that knows the model, where known.
    pub min_claude_code: Option<String>,
    /// What geographic profiles cost compared with the global one, where known.
    pub geo_factor: Option<Decimal>,
    /// Remark for people, where there is one.
    pub note: Option<String>,
    /// Mode of data retention without which Bedrock refuses the model, where it needs one.
    ///
    /// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/data-retention.html>
    pub data_retention: Option<String>,
    pub(crate) profiles: IndexMap<String, ProfileFacts>,
    pub(crate) price_rows: Vec<PriceRow>,
    pub(crate) source: String,
    pub(crate) field_sources: BTreeMap<String, String>,
}

/// The geography whose profiles are not multiplied with the geo factor.
pub const GLOBAL: &str = "global";

impl Model {
    /// The model's profile in `geography` (`us`, `eu`, `au`, `jp`, `global`, …).
    #[must_use]
    pub fn profile(&self, geography: &str) -> Option<&ProfileFacts> {
        self.profiles.get(geography)
    }

    /// All profiles by geography, in the order of the data file.
    pub fn profiles(&self) -> impl ExactSizeIterator<Item = (&str, &ProfileFacts)> {
        self.profiles
            .iter()
            .map(|(geography, profile)| (geography.as_str(), profile))
    }

    /// Prices of the global profile, oldest first, smaller tiers first.
    #[must_use]
    pub fn global_prices(&self) -> &[PriceRow] {
        &self.price_rows
    }

    /// Prices in `geography` with the geo factor applied, oldest first, smaller tiers first. All prices of a
    /// geography are `None` when its factor is not known.
    #[must_use]
    pub fn prices(&self, geography: &str) -> Vec<PriceRow> {
        if geography == GLOBAL {
            return self.price_rows.clone();
        }
        self.price_rows.iter().map(|row| row.times(self.geo_factor)).collect()
    }

    /// The rows of [`Model::prices`] that hold on `day`: the tiers of the newest date that is not after it.
    #[must_use]
    pub fn prices_on(&self, geography: &str, day: Date) -> Vec<PriceRow> {
        let mut rows = self.prices(geography);
        let newest = rows.iter().map(|row| row.valid_from).filter(|from| *from <= day).max();
        rows.retain(|row| Some(row.valid_from) == newest);
        rows
    }

    /// Key of the source of a fact, by the name of its field in the data file.
    #[must_use]
    pub fn source_of(&self, field: &str) -> &str {
        self.field_sources.get(field).unwrap_or(&self.source)
    }

    /// Every id under which the model is known, profiles included.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        [self.base_id.as_str(), self.anthropic_id.as_str()]
            .into_iter()
            .chain(self.profiles.values().map(|profile| profile.id.as_str()))
    }
}
