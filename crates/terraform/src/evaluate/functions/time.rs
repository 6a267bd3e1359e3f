//! Functions of times, identifiers and keys: what they refuse. Their results are left open.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/functions/formatdate>, RFC 3339, and
//! <https://pkg.go.dev/time#ParseDuration>.

use super::arguments::{CallError, text};
use super::{Implementation, Scope};
use crate::value::{Type, Value};

pub fn implementation(name: &str) -> Option<Implementation> {
    Implementation::known(match name {
        "formatdate" => format_date,
        "rsadecrypt" => decrypt,
        "timeadd" => add,
        "timecmp" => compare,
        "uuidv5" => uuid,
        _ => return None,
    })
}

fn format_date(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    date_format(text(arguments, 0)).map_err(|message| CallError::argument(0, message))?;
    timestamp(arguments, 1)?;
    Ok(Value::Unknown(Type::String))
}

fn add(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    timestamp(arguments, 0)?;
    if !is_duration(text(arguments, 1)) {
        let message = format!("{:?} is no duration, as `1h30m`", text(arguments, 1));
        return Err(CallError::argument(1, message));
    }
    Ok(Value::Unknown(Type::String))
}

fn compare(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    timestamp(arguments, 0)?;
    timestamp(arguments, 1)?;
    Ok(Value::Unknown(Type::Number))
}

fn uuid(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let namespace = text(arguments, 0);
    if matches!(namespace, "dns" | "url" | "oid" | "x500") || is_uuid(namespace) {
        return Ok(Value::Unknown(Type::String));
    }
    let message = format!("{namespace:?} is neither `dns`, `url`, `oid`, `x500` nor a UUID");
    Err(CallError::argument(0, message))
}

fn decrypt(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    if text(arguments, 1).contains("-----BEGIN") {
        // It may still fail, and then it has no type.
        return Ok(Value::unknown());
    }
    Err(CallError::argument(1, "it is no private key in PEM form"))
}

fn timestamp(arguments: &[Value], index: usize) -> Result<(), CallError> {
    if is_timestamp(text(arguments, index)).is_some() {
        return Ok(());
    }
    let message = format!(
        "{:?} is no time of RFC 3339, as `2025-01-31T12:00:00Z`",
        text(arguments, index)
    );
    Err(CallError::argument(index, message))
}

/// `Some` where a text is a time of RFC 3339, as Go reads it: the hour may have one digit.
fn is_timestamp(text: &str) -> Option<()> {
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-');
    let (year, month, day) = (
        number(date.next()?, 4, 9999)?,
        number(date.next()?, 2, 12)?,
        number(date.next()?, 2, 31)?,
    );
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    };
    if month == 0 || day == 0 || day > days {
        return None;
    }
    let (clock, offset) = match time.strip_suffix('Z') {
        Some(clock) => (clock, None),
        None => {
            let at = time.rfind(['+', '-'])?;
            let (clock, offset) = time.split_at_checked(at)?;
            (clock, Some(offset.get(1..)?))
        }
    };
    if let Some(offset) = offset {
        let (hours, minutes) = offset.split_once(':')?;
        number(hours, 2, 24)?;
        number(minutes, 2, 60)?;
    }
    let mut clock = clock.splitn(3, ':');
    let hour = clock.next()?;
    number(hour, hour.len().clamp(1, 2), 23)?;
    number(clock.next()?, 2, 59)?;
    let seconds = clock.next()?;
    let (seconds, fraction) = match seconds.split_once('.') {
        Some((seconds, fraction)) => (seconds, Some(fraction)),
        None => (seconds, None),
    };
    number(seconds, 2, 59)?;
    let digits = |fraction: &str| !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    fraction.is_none_or(digits).then_some(())
}

fn number(text: &str, digits: usize, most: u32) -> Option<u32> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = plain.then(|| text.parse::<u32>().ok())??;
    (number <= most).then_some(number)
}

/// Whether a text is a sequence of numbers with units.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let unit = rest.find(|letter: char| letter != '.' && !letter.is_ascii_digit());
        let Some((number, after)) = unit.and_then(|at| rest.split_at_checked(at)) else {
            return false;
        };
        let points = number.matches('.').count();
        if points > 1 || number.len() == points {
            return false;
        }
        let end = after.find(|letter: char| letter == '.' || letter.is_ascii_digit());
        let Some((unit, after)) = after.split_at_checked(end.unwrap_or(after.len())) else {
            return false;
        };
        if !matches!(unit, "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h") {
            return false;
        }
        rest = after;
    }
    true
}

/// Checks a format of `formatdate`: runs of one letter stand for parts of a time, text stands between quotes.
fn date_format(format: &str) -> Result<(), String> {
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\'' {
            loop {
                match letters.next() {
                    None => return Err("a quote `'` is not closed".to_owned()),
                    Some('\'') if letters.next_if_eq(&'\'').is_none() => break,
                    Some(_) => {}
                }
            }
            continue;
        }
        if !letter.is_ascii_alphabetic() {
            continue;
        }
        let mut length = 1_usize;
        while letters.next_if_eq(&letter).is_some() {
            length += 1;
        }
        let lengths: &[usize] = match letter {
            'Y' => &[2, 4],
            'M' => &[1, 2, 3, 4],
            'D' | 'H' | 'h' | 'm' | 's' => &[1, 2],
            'E' => &[3, 4],
            'A' | 'a' => &[2],
            'Z' => &[1, 3, 4, 5],
            _ => &[],
        };
        if !lengths.contains(&length) {
            // A run may be as long as the text.
            let run = letter.to_string().repeat(length.min(10));
            return Err(format!("`{run}` stands for no part of a time; text stands between `'`"));
        }
    }
    Ok(())
}

/// Whether a text is a UUID: plain, without hyphens, in braces or as a URN.
fn is_uuid(text: &str) -> bool {
    let plain = match text.len() {
        32 => return text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        36 => text,
        38 => text.get(1..37).unwrap_or_default(),
        45 => match text.split_at_checked(9) {
            Some((start, rest)) if start.eq_ignore_ascii_case("urn:uuid:") => rest,
            _ => return false,
        },
        _ => return false,
    };
    plain.len() == 36
        && plain.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_terraform() {
        for text in [
            "2018-01-02T23:12:01Z",
            "2018-01-02T23:12:01.123-05:30",
            "2020-02-29T00:00:00Z",
        ] {
            assert!(is_timestamp(text).is_some(), "{text}");
        }
        for text in [
            "",
            "x",
            "2018-01-02",
            "2018-02-29T00:00:00Z",
            "2018-02-20t23:12:01z",
            "2018-02-20T23:12:01",
            "2018-02-20T24:12:01Z",
            "2018-02-20T22:12:60Z",
            "2018-2-20T22:12:00Z",
            "2018-02-20T22:12:01,5Z",
            "2018-02-20T22:12:01+25:00",
        ] {
            assert!(is_timestamp(text).is_none(), "{text}");
        }
    }

    #[test]
    fn durations_are_those_of_go() {
        for text in ["0", "-10m", "1.5h", "1h30m", "+.5us3ns1µs"] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["", "10", "1d", "1 h", "1h-5m", ".h", "1..5h", "h", "-"] {
            assert!(!is_duration(text), "{text}");
        }
    }

    #[test]
    fn formats_have_runs_of_known_letters() {
        for format in [
            "",
            "DD MMM YYYY hh:mm ZZZ",
            "EEEE, DD-MMM-YY 'it''s' aa",
            "YYYY年",
            "''",
        ] {
            assert_eq!(date_format(format), Ok(()), "{format}");
        }
        for format in ["YYY", "YYYYY", "yyyy", "MMMMM", "EE", "a", "ZZ", "'a", "'''", "QQ"] {
            assert!(date_format(format).is_err(), "{format}");
        }
    }
}
