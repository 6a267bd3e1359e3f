//! Exact decimal numbers: a price times 1.1 is a price that can be printed, not 5.5000000000000004.

use std::fmt;
use std::str::FromStr;

/// Digits after the decimal point that are kept.
const SCALE_DIGITS: usize = 9;
/// `10` to the power of [`SCALE_DIGITS`].
const SCALE: i128 = 1_000_000_000;

/// A decimal number with up to nine digits after the point; here always USD per million tokens, or a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

/// A text or number that is no [`Decimal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecimalError(String);

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a decimal number with at most {SCALE_DIGITS} digits after the point",
            self.0
        )
    }
}

impl std::error::Error for DecimalError {}

impl Decimal {
    /// One.
    pub const ONE: Self = Self(SCALE as i64);

    /// The decimal that a person wrote when a parser made `value` of it.
    ///
    /// # Errors
    /// When `value` is not finite, too large, or has more than nine digits after the point.
    pub fn from_f64(value: f64) -> Result<Self, DecimalError> {
        // The shortest text that reads back as `value` is the text that was read, for any price of this world.
        format!("{value}").parse()
    }

    /// The product, rounded half away from zero at the ninth digit; `None` when it does not fit.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(other.0);
        let half = if product < 0 { -SCALE / 2 } else { SCALE / 2 };
        i64::try_from((product + half) / SCALE).ok().map(Self)
    }

    /// Nearest floating point number, for callers that only print or estimate.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }

    /// Whether the number is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || DecimalError(text.to_owned());
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) || fraction.len() > SCALE_DIGITS {
            return Err(fault());
        }
        let scaled: i64 = format!("{whole}{fraction:0<SCALE_DIGITS$}")
            .parse()
            .map_err(|_| fault())?;
        Ok(Self(if negative { -scaled } else { scaled }))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let scale = SCALE as u64;
        let fraction = format!("{:0SCALE_DIGITS$}", magnitude % scale);
        let fraction = fraction.trim_end_matches('0');
        let mut text = (magnitude / scale).to_string();
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        f.pad_integral(self.0 >= 0, "", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_factor_leaves_no_binary_dust() {
        let factor = decimal("1.10");
        for (price, expected) in [
            ("5", "5.5"),
            ("0.5", "0.55"),
            ("6.25", "6.875"),
            ("0.125", "0.1375"),
            ("0.01", "0.011"),
        ] {
            let product = decimal(price).checked_mul(factor).unwrap();
            assert_eq!(product.to_string(), expected);
            assert_eq!(format!("{}", product.to_f64()), expected);
        }
    }

    #[test]
    fn text_and_number_give_the_same() {
        for text in ["0", "15", "0.1", "12.5", "0.000000001", "-2.75"] {
            assert_eq!(decimal(text).to_string(), text);
            assert_eq!(Decimal::from_f64(text.parse().unwrap()).unwrap(), decimal(text));
        }
    }

    #[test]
    fn what_is_no_decimal_is_an_error() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1e3",
            "0.0000000001",
            "99999999999",
            "NaN",
            "--1",
            "1,5",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
        assert!(Decimal::from_f64(f64::INFINITY).is_err());
    }

    #[test]
    fn products_that_do_not_fit_are_none() {
        let big = decimal("9000000000");
        assert_eq!(big.checked_mul(big), None);
    }

    #[test]
    fn padding_is_honoured() {
        assert_eq!(format!("{:>6}", decimal("5.5")), "   5.5");
    }
}
