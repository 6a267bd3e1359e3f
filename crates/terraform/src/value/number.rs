//! Numbers: reading, writing, arithmetic.

use std::cmp::Ordering;

use super::Number;

/// Significant decimal digits that an `f64` keeps of any decimal number.
const EXACT_DIGITS: usize = 15;

/// Whole numbers from here on are beyond what an `f64` distinguishes.
const WHOLE_LIMIT: f64 = 1e15;

/// Two numbers that differ by less than this part of their size may be equal in Terraform's 512 bits.
const TOLERANCE: f64 = 1e-12;

/// What reading a text as a number gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Parsed {
    /// A number.
    Number(Number),
    /// A number in a notation that Terraform reads and this crate does not (`Inf`, `1p3`).
    Unsupported,
    /// No number.
    Invalid,
}

impl Number {
    /// A number from an `f64`, whole where that is exact.
    pub fn from_f64(value: f64) -> Self {
        if value.fract() == 0.0 && value.abs() < WHOLE_LIMIT {
            Self::Integer(value as i128)
        } else {
            Self::Float(value)
        }
    }

    /// Reads a number as Terraform reads a literal or converts a string.
    pub fn parse(text: &str) -> Parsed {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        if unsigned.eq_ignore_ascii_case("inf") {
            return Parsed::Unsupported;
        }
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => match exponent.parse::<i32>() {
                Ok(exponent) => (mantissa, exponent),
                Err(_) => return Parsed::Invalid,
            },
            None => match unsigned.split_once(['p', 'P']) {
                Some((mantissa, exponent)) if is_decimal(mantissa) && exponent.parse::<i32>().is_ok() => {
                    return Parsed::Unsupported;
                }
                _ => (unsigned, 0),
            },
        };
        if !is_decimal(mantissa) {
            return Parsed::Invalid;
        }
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        let negative = text.starts_with('-');
        match whole_number(whole, fraction, exponent) {
            Some(number) => Parsed::Number(Self::Integer(if negative { -number } else { number })),
            None => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Parsed::Number(Self::Float(number)),
                _ => Parsed::Unsupported,
            },
        }
    }

    /// The number as Terraform writes it; `None` where its digits beyond the precision of `f64` would show.
    pub fn text(self) -> Option<String> {
        match self {
            Self::Integer(number) => Some(number.to_string()),
            Self::Float(number) => {
                let text = number.to_string();
                let digits = text
                    .trim_start_matches(['-', '0', '.'])
                    .bytes()
                    .filter(u8::is_ascii_digit)
                    .count();
                (number.is_finite() && digits <= EXACT_DIGITS).then_some(text)
            }
        }
    }

    /// The nearest `f64`.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Integer(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    /// The whole number that this is.
    pub fn as_integer(self) -> Option<i128> {
        match self {
            Self::Integer(number) => Some(number),
            Self::Float(_) => None,
        }
    }

    /// Whether this is known to be no whole number. Large numbers in `f64` are neither.
    pub fn is_fraction(self) -> bool {
        matches!(self, Self::Float(number) if number.fract() != 0.0)
    }

    /// How two numbers compare; `None` where they are too close for `f64` to tell.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        if let (Self::Integer(left), Self::Integer(right)) = (self, other) {
            return Some(left.cmp(&right));
        }
        let (left, right) = (self.as_f64(), other.as_f64());
        let close = (left - right).abs() <= TOLERANCE * left.abs().max(right.abs());
        if close && !self.same_literal(other) {
            return None;
        }
        left.partial_cmp(&right)
    }

    /// Whether both are the same number with few enough digits to be exact.
    fn same_literal(self, other: Self) -> bool {
        matches!((self.text(), other.text()), (Some(left), Some(right)) if left == right)
    }

    /// `self + other`
    pub fn plus(self, other: Self) -> Self {
        self.arithmetic(other, i128::checked_add, |left, right| left + right)
    }

    /// `self - other`
    pub fn minus(self, other: Self) -> Self {
        self.arithmetic(other, i128::checked_sub, |left, right| left - right)
    }

    /// `self * other`
    pub fn times(self, other: Self) -> Self {
        self.arithmetic(other, i128::checked_mul, |left, right| left * right)
    }

    /// `self / other`; the caller has made sure that `other` is not zero.
    pub fn over(self, other: Self) -> Self {
        if let (Self::Integer(left), Self::Integer(right)) = (self, other)
            && left.checked_rem(right) == Some(0)
            && let Some(quotient) = left.checked_div(right)
        {
            return Self::Integer(quotient);
        }
        Self::from_f64(self.as_f64() / other.as_f64())
    }

    /// The remainder of the division, with the sign of `self`; the caller has made sure that `other` is not zero.
    pub fn remainder(self, other: Self) -> Self {
        self.arithmetic(other, i128::checked_rem, |left, right| left % right)
    }

    /// `-self`
    pub fn negate(self) -> Self {
        Self::Integer(0).minus(self)
    }

    /// The whole number below, or above.
    pub fn round(self, up: bool) -> Self {
        match self {
            Self::Integer(_) => self,
            Self::Float(number) => Self::from_f64(if up { number.ceil() } else { number.floor() }),
        }
    }

    /// Whether this is zero.
    pub fn is_zero(self) -> bool {
        self == Self::Integer(0) || self == Self::Float(0.0)
    }

    fn arithmetic(
        self,
        other: Self,
        exact: impl Fn(i128, i128) -> Option<i128>,
        rounded: impl Fn(f64, f64) -> f64,
    ) -> Self {
        if let (Self::Integer(left), Self::Integer(right)) = (self, other)
            && let Some(result) = exact(left, right)
        {
            return Self::Integer(result);
        }
        Self::from_f64(rounded(self.as_f64(), other.as_f64()))
    }
}

/// Digits with at most one point among them, and at least one digit.
fn is_decimal(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.bytes().filter(|byte| *byte == b'.').count() <= 1
}

/// The whole number `whole.fraction × 10^exponent`, where it is one within 128 bits.
fn whole_number(whole: &str, fraction: &str, exponent: i32) -> Option<i128> {
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(0);
    }
    if shift >= 0 {
        let factor = 10_i128.checked_pow(u32::try_from(shift).ok()?)?;
        digits.parse::<i128>().ok()?.checked_mul(factor)
    } else {
        let dropped = usize::try_from(shift.unsigned_abs()).ok()?;
        let kept = digits.len().checked_sub(dropped)?;
        let (kept, zeros) = digits.split_at_checked(kept)?;
        if kept.is_empty() || zeros.bytes().any(|byte| byte != b'0') {
            return None;
        }
        kept.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        match Number::parse(text) {
            Parsed::Number(number) => number,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn literals_are_read_exactly() {
        for (text, expected) in [
            ("0", "0"),
            ("007", "7"),
            ("-0", "0"),
            ("1e3", "1000"),
            ("1.50", "1.5"),
            ("1.500e1", "15"),
            ("12300e-2", "123"),
            (".5", "0.5"),
            ("5.", "5"),
            ("+4", "4"),
            ("-2.25", "-2.25"),
            ("1e-3", "0.001"),
            (
                "170141183460469231731687303715884105727",
                "170141183460469231731687303715884105727",
            ),
        ] {
            assert_eq!(number(text).text().as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_told_from_what_is_not_supported() {
        for text in ["", "-", ".", "a", "1a", "1 ", " 1", "1_000", "1.2.3", "1e", "0x10"] {
            assert_eq!(Number::parse(text), Parsed::Invalid, "{text:?}");
        }
        for text in ["Inf", "-inf", "1p3", "1e400"] {
            assert_eq!(Number::parse(text), Parsed::Unsupported, "{text:?}");
        }
    }

    #[test]
    fn digits_beyond_the_precision_are_not_shown() {
        assert_eq!(number("1").over(number("3")).text(), None);
        assert_eq!(number("0.1").plus(number("0.2")).text(), None);
        assert_eq!(number("1").over(number("8")).text().as_deref(), Some("0.125"));
    }

    #[test]
    fn numbers_too_close_to_tell_apart_do_not_compare() {
        assert_eq!(number("0.1").plus(number("0.2")).compare(number("0.3")), None);
        assert_eq!(number("0.5").compare(number("0.5")), Some(Ordering::Equal));
        assert_eq!(number("0.5").compare(number("2")), Some(Ordering::Less));
    }
}
