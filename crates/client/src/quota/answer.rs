//! The answer of the quota service.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::meter::{Meter, Unit};

/// Reasons with which a service says that it could not decide. Source: the service of existing installations.
const UNDECIDED: [&str; 2] = ["missing_identity", "check_failed"];

/// The answer of the quota service. Fields that are not known are ignored, and those of a wrong type count as absent; only
/// `allowed` must be there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Answer {
    /// Whether credentials may be taken.
    pub allowed: bool,
    /// Why, in a word such as `monthly_exceeded`.
    #[serde(default, deserialize_with = "text")]
    pub reason: Option<String>,
    /// Why, in the service's own words.
    #[serde(default, deserialize_with = "text")]
    pub message: Option<String>,
    /// What was used.
    #[serde(default, deserialize_with = "or_default")]
    pub usage: Usage,
    /// Which policy decided.
    #[serde(default, deserialize_with = "or_default")]
    pub policy: Policy,
    /// When the use begins at zero again, where the service says it.
    #[serde(default, deserialize_with = "time")]
    pub resets_at: Option<Timestamp>,
    /// Whom to ask for more, where the service says it.
    #[serde(default, deserialize_with = "text")]
    pub contact: Option<String>,
}

/// What was used. A limit that is absent or 0 is none.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens of the month.
    #[serde(deserialize_with = "number")]
    pub monthly_tokens: Option<f64>,
    /// Their limit.
    #[serde(deserialize_with = "number")]
    pub monthly_limit: Option<f64>,
    /// Tokens of the day.
    #[serde(deserialize_with = "number")]
    pub daily_tokens: Option<f64>,
    /// Their limit.
    #[serde(deserialize_with = "number")]
    pub daily_limit: Option<f64>,
    /// US dollars of the month.
    #[serde(deserialize_with = "number")]
    pub monthly_cost: Option<f64>,
    /// Their limit.
    #[serde(deserialize_with = "number")]
    pub monthly_cost_limit: Option<f64>,
    /// US dollars of the day.
    #[serde(deserialize_with = "number")]
    pub daily_cost: Option<f64>,
    /// Their limit.
    #[serde(deserialize_with = "number")]
    pub daily_cost_limit: Option<f64>,
}

/// Which policy decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// `user`, `group` or `default`.
    #[serde(rename = "type", deserialize_with = "text")]
    pub kind: Option<String>,
    /// Whose it is.
    #[serde(deserialize_with = "text")]
    pub identifier: Option<String>,
}

impl Answer {
    /// Whether the service refused because it could not decide, not because something is used up.
    pub fn is_undecided(&self) -> bool {
        let reason = self.reason.as_deref().unwrap_or_default();
        !self.allowed && UNDECIDED.contains(&reason)
    }

    /// Whether the service refused because of money.
    pub fn is_about_money(&self) -> bool {
        self.reason.as_deref().is_some_and(|reason| reason.contains("cost"))
    }

    /// What is measured, in the order in which it is shown. Nothing that the service did not say.
    pub fn meters(&self) -> Vec<Meter> {
        let usage = &self.usage;
        [
            ("Monthly", Unit::Tokens, usage.monthly_tokens, usage.monthly_limit),
            ("Daily", Unit::Tokens, usage.daily_tokens, usage.daily_limit),
            (
                "Monthly cost",
                Unit::Dollars,
                usage.monthly_cost,
                usage.monthly_cost_limit,
            ),
            ("Daily cost", Unit::Dollars, usage.daily_cost, usage.daily_cost_limit),
        ]
        .into_iter()
        .filter_map(|(name, unit, used, limit)| {
            Some(Meter {
                name,
                unit,
                used: used?,
                limit: limit.filter(|limit| *limit > 0.0),
            })
        })
        .collect()
    }
}

/// A text; an empty one or something else is none.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    })
}

/// A number, or a text that is one, as decimals of some data bases arrive; not negative.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let number = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(number.filter(|number: &f64| number.is_finite() && *number >= 0.0))
}

/// RFC 3339, or seconds since 1970.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64().and_then(|second| Timestamp::from_second(second).ok()),
        _ => None,
    })
}

/// An object; something else is an empty one.
fn or_default<'de, D: Deserializer<'de>, T: Default + serde::de::DeserializeOwned>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Option<Answer> {
        serde_json::from_value(value).ok()
    }

    #[test]
    fn existing_services_are_understood() {
        let answer = read(json!({
            "allowed": false, "reason": "monthly_exceeded", "message": "m", "enforcement_mode": "block",
            "usage": {"monthly_tokens": 230, "monthly_limit": "225", "monthly_percent": 102.2, "daily_tokens": 1.0, "daily_limit": null},
            "policy": {"type": "user", "identifier": "a@b"}, "unblock_status": {"is_unblocked": false},
        }))
        .unwrap();
        assert_eq!(answer.policy.kind.as_deref(), Some("user"));
        let limits: Vec<_> = answer.meters().iter().map(|meter| (meter.used, meter.limit)).collect();
        assert_eq!(limits, [(230.0, Some(225.0)), (1.0, None)]);
        assert!(!answer.is_undecided() && !answer.is_about_money());
    }

    #[test]
    fn only_the_decision_must_be_there() {
        let odd = json!({"allowed": true, "reason": 1, "message": " ", "usage": [], "policy": null, "resets_at": "soon", "contact": {}});
        let bare = read(json!({"allowed": true}));
        assert!(bare.is_some());
        assert_eq!(read(odd), bare);
        assert_eq!(read(json!({"allowed": "true"})), None);
        assert_eq!(read(json!({})), None);
        let negative = read(json!({"allowed": true, "usage": {"monthly_tokens": -1, "daily_tokens": "NaN"}}));
        assert!(negative.unwrap().meters().is_empty());
    }

    #[test]
    fn times_are_read_in_both_forms() {
        let at = |value: Value| read(json!({"allowed": true, "resets_at": value})).unwrap().resets_at;
        let expected = Timestamp::from_second(1_796_083_200).unwrap();
        assert_eq!(at(json!(1_796_083_200)), Some(expected));
        assert_eq!(at(json!("2026-12-01T00:00:00Z")), Some(expected));
    }
}
