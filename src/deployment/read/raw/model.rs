//! Blocks that override the catalogue.

use schemars::JsonSchema;
use serde::Deserialize;

use super::forms;
use crate::deployment::read::{Labelled, Spanned};

/// A model that overrides or adds to the catalogue.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Bedrock's id of the foundation model.
    #[schemars(example = &"anthropic.claude-opus-4-6-v1")]
    pub id: Option<Spanned<String>>,
    /// Name for people.
    #[schemars(example = &"Claude Opus 4.6")]
    pub name: Option<Spanned<String>>,
    /// Anthropic's id, the key of Claude Code's `modelOverrides`.
    #[schemars(example = &"claude-opus-4-6")]
    pub anthropic_id: Option<Spanned<String>>,
    /// Alias family in Claude Code.
    #[schemars(example = &"opus")]
    pub family: Option<Spanned<Family>>,
    /// Product in AWS Marketplace.
    #[schemars(extend("pattern" = forms::PRODUCT), example = &"prod-5ukwuglpt66kg")]
    pub marketplace_product: Option<Spanned<String>>,
    /// Largest number of output tokens of one request.
    #[schemars(range(min = 1), example = 128_000)]
    pub max_output_tokens: Option<Spanned<u32>>,
    /// Least version of Claude Code that knows the model.
    #[schemars(extend("pattern" = forms::VERSION), example = &"2.1.50")]
    pub min_claude_code: Option<Spanned<String>>,
    /// What geographic profiles cost compared with the global one.
    #[schemars(extend("exclusiveMinimum" = 0), example = 1.1)]
    pub geo_factor: Option<Spanned<f64>>,
    /// The model's inference profile in a geography.
    #[schemars(extend("x-label" = "geography", "propertyNames" = forms::label(forms::GEOGRAPHY)))]
    pub geography: Option<Labelled<Spanned<ModelGeography>>>,
    /// Prices of the global profile in USD per million tokens from a day on. They replace all of the catalogue's.
    pub price: Option<Vec<Spanned<Price>>>,
}

/// Alias family in Claude Code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Opus.
    Opus,
    /// Sonnet.
    Sonnet,
    /// Haiku.
    Haiku,
    /// Fable.
    Fable,
    /// Mythos.
    Mythos,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Opus, Self::Sonnet, Self::Haiku, Self::Fable, Self::Mythos];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Sonnet => "sonnet",
            Self::Haiku => "haiku",
            Self::Fable => "fable",
            Self::Mythos => "mythos",
        }
    }
}

/// Regions by region.
pub type RegionTable = Labelled<Spanned<Vec<Spanned<String>>>>;

/// An inference profile of a model.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelGeography {
    /// Id of the system inference profile; a geography that the catalogue does not have needs it.
    #[schemars(example = &"us.anthropic.claude-opus-4-6-v1")]
    pub profile_id: Option<Spanned<String>>,
    /// Destination regions by source region, as `aws bedrock get-inference-profile` prints them when it is called in
    /// the source region.
    #[schemars(example = serde_json::json!({"us-east-1": ["us-east-1", "us-east-2", "us-west-2"]}))]
    pub destinations: Option<Spanned<RegionTable>>,
}

/// Prices in USD per million tokens; what is left out counts as unknown.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// First day on which the prices hold.
    #[schemars(required, extend("pattern" = forms::DATE), example = &"2026-02-05")]
    pub valid_from: Option<Spanned<String>>,
    /// Requests with at most this many input tokens pay these prices. By default all that no smaller tier covers.
    #[schemars(range(min = 1), example = 200_000)]
    pub up_to_input_tokens: Option<Spanned<u64>>,
    /// Input tokens that were neither read from nor written to the cache.
    #[schemars(example = 5.0)]
    pub input: Option<Spanned<f64>>,
    /// Output tokens.
    #[schemars(example = 25.0)]
    pub output: Option<Spanned<f64>>,
    /// Input tokens read from the cache.
    #[schemars(example = 0.5)]
    pub cache_read: Option<Spanned<f64>>,
    /// Input tokens written to the cache for five minutes.
    #[schemars(example = 6.25)]
    pub cache_write_5m: Option<Spanned<f64>>,
    /// Input tokens written to the cache for one hour.
    #[schemars(example = 10.0)]
    pub cache_write_1h: Option<Spanned<f64>>,
}
