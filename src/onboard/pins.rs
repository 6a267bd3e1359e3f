//! Which allowed model each alias of Claude Code stands for.
//!
//! An alias without a pin follows Claude Code's built-in default, which changes with an update and may be a model that
//! the developer role does not allow. So every alias is pinned, also one whose family has no allowed model.

use std::cmp::Ordering;

use crate::deployment::model::{AllowedModel, Deployment, Price};

/// An alias that Claude Code lets an administrator pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alias {
    /// `opus`
    Opus,
    /// `sonnet`
    Sonnet,
    /// `haiku`, which background tasks use as well.
    Haiku,
    /// `fable`
    Fable,
}

impl Alias {
    /// All aliases, in the order in which they are written.
    pub const ALL: [Self; 4] = [Self::Opus, Self::Sonnet, Self::Haiku, Self::Fable];

    /// Its family in the catalogue, which is also what a developer types.
    pub fn family(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Sonnet => "sonnet",
            Self::Haiku => "haiku",
            Self::Fable => "fable",
        }
    }

    /// Its name as in prose.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opus => "Opus",
            Self::Sonnet => "Sonnet",
            Self::Haiku => "Haiku",
            Self::Fable => "Fable",
        }
    }

    /// The variable that pins it; the companions append to this name.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Opus => "ANTHROPIC_DEFAULT_OPUS_MODEL",
            Self::Sonnet => "ANTHROPIC_DEFAULT_SONNET_MODEL",
            Self::Haiku => "ANTHROPIC_DEFAULT_HAIKU_MODEL",
            Self::Fable => "ANTHROPIC_DEFAULT_FABLE_MODEL",
        }
    }
}

/// Why an alias stands for its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The newest allowed model of the alias's own family.
    Newest,
    /// No model of the family is allowed; the deployment's default answers.
    Default,
    /// No Haiku is allowed; the cheapest allowed model does the background work.
    Cheapest,
}

/// An alias and the model that it stands for.
#[derive(Debug, Clone, Copy)]
pub struct Pin<'a> {
    /// The alias.
    pub alias: Alias,
    /// The model.
    pub model: &'a AllowedModel,
    /// Why.
    pub reason: Reason,
}

/// The deployment's default model.
pub fn default_model(deployment: &Deployment) -> Option<&AllowedModel> {
    deployment
        .models
        .iter()
        .find(|model| model.key == deployment.default_model)
}

/// One pin per alias; none only when the deployment has no model at all.
pub fn pins(deployment: &Deployment) -> Vec<Pin<'_>> {
    let default = default_model(deployment);
    Alias::ALL
        .into_iter()
        .filter_map(|alias| {
            if let Some(model) = newest(deployment, alias.family()) {
                return Some(Pin {
                    alias,
                    model,
                    reason: Reason::Newest,
                });
            }
            let cheapest = (alias == Alias::Haiku).then(|| cheapest(deployment)).flatten();
            let (model, reason) = match (cheapest, default) {
                // That the default is also the cheapest need not be said in two ways.
                (Some(model), default) if default.is_none_or(|default| default.key != model.key) => {
                    (model, Reason::Cheapest)
                }
                (_, default) => (default?, Reason::Default),
            };
            Some(Pin { alias, model, reason })
        })
        .collect()
}

/// The newest allowed model of a family; of equals, the one that stands first in the file.
fn newest<'a>(deployment: &'a Deployment, family: &str) -> Option<&'a AllowedModel> {
    deployment
        .models
        .iter()
        .filter(|model| model.family == family)
        .fold(None, |best: Option<&AllowedModel>, next| match best {
            Some(best) if version(&best.anthropic_id) >= version(&next.anthropic_id) => Some(best),
            _ => Some(next),
        })
}

/// The version in Anthropic's id, its date last: `claude-haiku-4-5-20251001` → ([4, 5], 20251001).
fn version(anthropic_id: &str) -> (Vec<u32>, u32) {
    let (dates, numbers) = anthropic_id
        .split('-')
        .filter_map(|part| part.parse::<u32>().ok())
        .partition::<Vec<u32>, _>(|number| *number >= 10_000_000);
    (numbers, dates.first().copied().unwrap_or_default())
}

/// The cheapest allowed model by its price for input, then for output; `None` when no price is known.
fn cheapest(deployment: &Deployment) -> Option<&AllowedModel> {
    let price = |model: &AllowedModel| {
        let price = current(&model.prices, &deployment.catalog_as_of)?;
        Some((price.input?, price.output?))
    };
    deployment
        .models
        .iter()
        .filter_map(|model| Some((price(model)?, model)))
        .reduce(|best, next| {
            let order = next.0.0.total_cmp(&best.0.0).then(next.0.1.total_cmp(&best.0.1));
            if order == Ordering::Less { next } else { best }
        })
        .map(|(_, model)| model)
}

/// The prices that hold on a day for a short prompt: of the newest date, the lowest tier.
fn current<'a>(prices: &'a [Price], day: &str) -> Option<&'a Price> {
    let date = prices
        .iter()
        .map(|price| price.valid_from.as_str())
        .filter(|from| *from <= day)
        .max()?;
    prices
        .iter()
        .filter(|price| price.valid_from == date)
        .min_by_key(|price| price.up_to_input_tokens.unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onboard::fixtures;

    fn shown(deployment: &Deployment) -> Vec<String> {
        pins(deployment)
            .iter()
            .map(|pin| format!("{} = {} ({:?})", pin.alias.family(), pin.model.key, pin.reason))
            .collect()
    }

    #[test]
    fn each_family_takes_its_newest_model_and_the_others_the_default() {
        let mut deployment = fixtures::identity_center();
        let older = fixtures::model(
            "opus-4-5",
            "o",
            "claude-opus-4-5-20251101",
            "Claude Opus 4.5",
            5.5,
            27.5,
        );
        deployment.models.insert(0, older);
        assert_eq!(
            shown(&deployment),
            [
                "opus = opus-4-6 (Newest)",
                "sonnet = sonnet-4-6 (Newest)",
                "haiku = haiku-4-5 (Newest)",
                "fable = opus-4-6 (Default)"
            ]
        );
    }

    #[test]
    fn background_work_goes_to_the_cheapest_model_when_no_haiku_is_allowed() {
        let mut deployment = fixtures::identity_center();
        deployment.models = vec![fixtures::opus(), fixtures::sonnet()];
        assert_eq!(
            shown(&deployment),
            [
                "opus = opus-4-6 (Newest)",
                "sonnet = sonnet-4-6 (Newest)",
                "haiku = sonnet-4-6 (Cheapest)",
                "fable = opus-4-6 (Default)"
            ]
        );
    }

    #[test]
    fn a_single_model_answers_for_every_alias() {
        let mut deployment = fixtures::identity_center();
        deployment.models = vec![fixtures::opus()];
        deployment.models[0].prices.clear();
        assert_eq!(
            shown(&deployment),
            [
                "opus = opus-4-6 (Newest)",
                "sonnet = opus-4-6 (Default)",
                "haiku = opus-4-6 (Default)",
                "fable = opus-4-6 (Default)"
            ]
        );
    }

    #[test]
    fn a_release_of_the_same_version_is_newer_by_its_date_and_ten_is_more_than_nine() {
        assert!(version("claude-opus-5") > version("claude-opus-4-8"));
        assert!(version("claude-opus-4-10") > version("claude-opus-4-9"));
        assert!(version("claude-haiku-4-5-20251001") > version("claude-haiku-4-5-20250801"));
        assert!(version("claude-sonnet-4-5-20250929") > version("claude-sonnet-4-20250514"));
    }

    #[test]
    fn the_price_of_the_day_decides() {
        let mut sonnet = fixtures::sonnet();
        let mut later = sonnet.prices[0].clone();
        later.valid_from = "2027-01-01".to_owned();
        later.input = Some(0.1);
        sonnet.prices.push(later);
        let price = current(&sonnet.prices, "2026-11-21").unwrap();
        assert_eq!(price.input, Some(3.3));
    }
}
