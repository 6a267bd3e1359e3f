//! The answer of the quota service.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::meter::{Meter, Unit};
use crate::oidc::text::printable;

/// Reasons with which a service, or what stands before it, says that it could not decide. Source: existing installations.
const UNDECIDED: [&str; 7] = [
    "missing_identity",
    "check_failed",
    "check_error",
    "jwt_invalid",
    "iam_forbidden",
    "api_error",
    "connection_error",
];

/// What a refusal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Something is used up.
    UsedUp,
    /// The service could not decide.
    Undecided,
    /// Something else, for a reason that nobody here knows.
    Other,
}

/// Largest amount that is one: nobody uses a quadrillion tokens.
const LARGEST: f64 = 1e15;

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

/// An amount of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Amount {
    /// The service does not say it.
    #[default]
    Absent,
    /// The amount.
    Is(f64),
    /// Something that is no amount. Nothing is made of it, least of all that there is no limit.
    Odd,
}

/// What was used. A limit that is absent or 0 is none.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens of the month.
    pub monthly_tokens: Amount,
    /// Their limit.
    pub monthly_limit: Amount,
    /// Tokens of the day.
    pub daily_tokens: Amount,
    /// Their limit.
    pub daily_limit: Amount,
    /// US dollars of the month.
    pub monthly_cost: Amount,
    /// Their limit.
    pub monthly_cost_limit: Amount,
    /// US dollars of the day.
    pub daily_cost: Amount,
    /// Their limit.
    pub daily_cost_limit: Amount,
    /// Tokens of the month in per cent of their limit.
    pub monthly_percent: Amount,
    /// Tokens of the day, likewise.
    pub daily_percent: Amount,
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
    /// Reads an answer.
    ///
    /// # Errors
    /// When it takes no decision that is understood: why not, in words that follow the service's name.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        // serde takes a list for the fields in their order: `[true]` would be leave.
        let no_object = || {
            let what = match serde_json::from_slice(body) {
                _ if body.trim_ascii().is_empty() => "nothing",
                Err(_) if body.trim_ascii_start().first() == Some(&b'<') => "a page",
                Err(_) => "no JSON",
                Ok(Value::Array(_)) => "a list",
                Ok(Value::Bool(_)) => "`true` or `false` alone",
                Ok(_) => "a single value",
            };
            format!("answered {what} instead of a JSON object that says whether credentials may be taken (`allowed`)")
        };
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(no_object());
        }
        serde_json::from_slice(body).map_err(|error| {
            let value: Value = serde_json::from_slice(body).unwrap_or_default();
            match value.as_object().map(|fields| fields.get("allowed")) {
                None => no_object(),
                Some(None | Some(Value::Null)) => {
                    "does not say whether credentials may be taken (`allowed`)".to_owned()
                }
                Some(Some(Value::Bool(_))) => {
                    let why = printable(&error.to_string(), 100);
                    format!("gave an answer that is not understood ({why})")
                }
                Some(Some(odd)) => {
                    let odd = printable(&odd.to_string(), 40);
                    format!(
                        "answered `{odd}` where it must say whether credentials may be taken (`allowed`: true or false)"
                    )
                }
            }
        })
    }

    /// What it says where it refuses. An excess is claimed only where the reason names one (`monthly_exceeded`).
    pub fn refusal(&self) -> Refusal {
        match self.reason.as_deref() {
            Some(_) if self.is_undecided() => Refusal::Undecided,
            Some(reason) if reason.contains("exceed") => Refusal::UsedUp,
            Some(_) | None => Refusal::Other,
        }
    }

    /// Whether the reason says that the service could not decide. Some services let everybody through then.
    pub fn is_undecided(&self) -> bool {
        self.reason.as_deref().is_some_and(|reason| UNDECIDED.contains(&reason))
    }

    /// Whether the service refused because of money.
    pub fn is_about_money(&self) -> bool {
        self.reason.as_deref().is_some_and(|reason| reason.contains("cost"))
    }

    /// What is measured, in the order in which it is shown. Nothing that the service did not say, and nothing of which it says
    /// something odd.
    pub fn meters(&self) -> Vec<Meter> {
        let usage = &self.usage;
        let none = Amount::Absent;
        [
            (
                "Monthly",
                Unit::Tokens,
                [usage.monthly_tokens, usage.monthly_limit, usage.monthly_percent],
            ),
            (
                "Daily",
                Unit::Tokens,
                [usage.daily_tokens, usage.daily_limit, usage.daily_percent],
            ),
            (
                "Monthly cost",
                Unit::Dollars,
                [usage.monthly_cost, usage.monthly_cost_limit, none],
            ),
            (
                "Daily cost",
                Unit::Dollars,
                [usage.daily_cost, usage.daily_cost_limit, none],
            ),
        ]
        .into_iter()
        .filter_map(|(name, unit, amounts)| {
            let [used, limit, percent] = amounts.map(Amount::get);
            let [used, limit] = [used?, limit?];
            // Services without a limit say 0 of both.
            let above_zero = |amount: Option<f64>| amount.filter(|amount| *amount > 0.0);
            let meter = Meter {
                name,
                unit,
                used,
                limit: above_zero(limit),
                stated: above_zero(percent.unwrap_or_default()),
            };
            (meter.used.is_some() || meter.stated.is_some()).then_some(meter)
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

impl Amount {
    /// The amount, which may not be there. `None` when it is odd.
    fn get(self) -> Option<Option<f64>> {
        match self {
            Self::Absent => Some(None),
            Self::Is(amount) => Some(Some(amount)),
            Self::Odd => None,
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    /// A number, or a text that is one, as decimals of some data bases arrive.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::Null => return Ok(Self::Absent),
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        Ok(match number {
            Some(number) if (0.0..=LARGEST).contains(&number) => Self::Is(number),
            _ => Self::Odd,
        })
    }
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
        assert_eq!(limits, [(Some(230.0), Some(225.0)), (Some(1.0), None)]);
        assert!(answer.refusal() == Refusal::UsedUp && !answer.is_about_money());
    }

    #[test]
    fn an_excess_is_claimed_only_where_the_service_says_so() {
        for (reason, refusal) in [
            (json!("monthly_exceeded"), Refusal::UsedUp),
            (json!("daily_cost_exceeded"), Refusal::UsedUp),
            (json!(null), Refusal::Other),
            (json!("rate_limited"), Refusal::Other),
            (json!("check_error"), Refusal::Undecided),
            (json!("missing_identity"), Refusal::Undecided),
            (json!("jwt_invalid"), Refusal::Undecided),
            (json!("no_policy"), Refusal::Other),
            (json!("weird"), Refusal::Other),
        ] {
            let answer = read(json!({"allowed": false, "reason": reason})).unwrap();
            assert_eq!(answer.refusal(), refusal, "{reason}");
        }
    }

    #[test]
    fn only_the_decision_must_be_there() {
        let odd = json!({"allowed": true, "reason": 1, "message": " ", "usage": [], "policy": null, "resets_at": "soon", "contact": {}});
        let bare = read(json!({"allowed": true}));
        assert!(bare.is_some());
        assert_eq!(read(odd), bare);
        assert_eq!(read(json!({"allowed": "true"})), None);
        assert_eq!(read(json!({})), None);
    }

    /// A limit that is not understood is not told as no limit.
    #[test]
    fn of_odd_amounts_nothing_is_made() {
        for odd in [
            json!(-1),
            json!(1e300),
            json!("NaN"),
            json!("inf"),
            json!("1e400"),
            json!(true),
            json!([1]),
            json!(""),
        ] {
            for usage in [
                json!({"daily_tokens": odd, "daily_limit": 5}),
                json!({"daily_tokens": 5, "daily_limit": odd}),
                json!({"daily_cost": 5, "daily_cost_limit": odd}),
            ] {
                let answer = read(json!({"allowed": true, "usage": usage})).unwrap();
                assert_eq!(answer.meters(), [], "{usage}");
            }
        }
    }

    #[test]
    fn per_cent_count_where_nothing_else_tells_them() {
        let lines = |usage: Value| -> Vec<String> {
            let answer = read(json!({"allowed": true, "usage": usage})).unwrap();
            answer.meters().iter().map(Meter::line).collect()
        };
        assert_eq!(
            lines(json!({"monthly_tokens": 5, "monthly_percent": 91.5, "daily_percent": "85"})),
            ["Monthly: 5 tokens (91.5%)", "Daily: 85.0%"]
        );
        // What can be reckoned is reckoned.
        assert_eq!(
            lines(json!({"monthly_tokens": 5, "monthly_limit": 10, "monthly_percent": 1})),
            ["Monthly: 5 / 10 tokens (50.0%)"]
        );
        for percent in [json!(0), json!(-1), json!("NaN"), json!(null)] {
            assert_eq!(
                lines(json!({"monthly_tokens": 5, "monthly_limit": 0, "monthly_percent": percent})),
                ["Monthly: 5 tokens (no limit)"]
            );
        }
    }

    #[test]
    fn what_takes_no_decision_is_told_as_it_is() {
        for (body, part) in [
            (r#"{"allowed": "false"}"#, r#"answered `"false"` where"#),
            (r#"{"allowed": 1}"#, "answered `1` where"),
            (r#"{"allowed": null}"#, "does not say whether"),
            (r#"{}"#, "does not say whether"),
            ("[]", "answered a list instead"),
            ("[true]", "answered a list instead"),
            ("true", "answered `true` or `false` alone instead"),
            ("7", "answered a single value instead"),
            ("x", "answered no JSON instead"),
            ("{x", "answered no JSON instead"),
            ("<html>", "answered a page instead"),
            (" ", "answered nothing instead"),
            // The later one counts for most parsers, and nobody knows what is meant.
            (
                r#"{"allowed": false, "allowed": true}"#,
                "not understood (duplicate field",
            ),
        ] {
            let error = Answer::read(body.as_bytes()).unwrap_err();
            assert!(error.contains(part), "{body}: {error}");
        }
        assert!(Answer::read(br#"{"allowed": false}"#).is_ok());
    }

    #[test]
    fn times_are_read_in_both_forms() {
        let at = |value: Value| read(json!({"allowed": true, "resets_at": value})).unwrap().resets_at;
        let expected = Timestamp::from_second(1_796_083_200).unwrap();
        assert_eq!(at(json!(1_796_083_200)), Some(expected));
        assert_eq!(at(json!("2026-12-01T00:00:00Z")), Some(expected));
    }
}
