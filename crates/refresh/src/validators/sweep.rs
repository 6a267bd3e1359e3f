//! Which characters a place takes, where no message says it in a form that can be read.

use std::collections::BTreeSet;

use super::asking::Probe;
use super::fit::Seen;

/// Characters beyond ASCII that stand for all of them.
const OTHER: [char; 3] = ['\u{e9}', '\u{65e5}', '\u{2014}'];

/// All characters that are tried.
fn characters() -> impl Iterator<Item = char> {
    (b' '..=b'~').map(char::from).chain(['\n', '\t']).chain(OTHER)
}

fn accepted(seen: &[Seen]) -> impl Iterator<Item = &str> {
    seen.iter()
        .filter(|seen| seen.accepted())
        .filter_map(|seen| match &seen.probe {
            Probe::Text(text) => Some(text.as_str()),
            Probe::Number(_) => None,
        })
}

/// A text into which characters are put: a plain one before others.
fn base(seen: &[Seen]) -> Option<String> {
    let plain = |text: &&str| text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    accepted(seen)
        .filter(|text| (2..=60).contains(&text.len()))
        .min_by_key(|text| (!plain(text), text.len(), text.to_string()))
        .map(str::to_owned)
}

/// Every character in the middle, at the start and at the end of an accepted text.
pub fn probes(seen: &[Seen]) -> Vec<Probe> {
    let Some(base) = base(seen) else {
        return Vec::new();
    };
    let middle = base
        .char_indices()
        .nth(base.chars().count() / 2)
        .map_or(0, |(position, _)| position);
    let (before, after) = base.split_at(middle);
    characters()
        .flat_map(|character| {
            [
                format!("{before}{character}{after}"),
                format!("{character}{base}"),
                format!("{base}{character}"),
            ]
        })
        .map(Probe::Text)
        .collect()
}

/// Expressions that say which characters were accepted: anywhere, first and last.
pub fn learn(seen: &[Seen]) -> Vec<String> {
    if accepted(seen).next().is_none() {
        return Vec::new();
    }
    let class = |characters: BTreeSet<char>| -> Option<String> {
        // Some letters and not others make words (units, hexadecimal digits) rather than a class: there one character
        // more in an accepted text says nothing of other texts.
        let kinds = [('a', 'z'), ('A', 'Z'), ('0', '9')].map(|(from, to)| {
            let count = (from..=to).filter(|character| characters.contains(character)).count();
            (count == (from..=to).count(), count == 0)
        });
        let whole = kinds.iter().all(|(all, none)| *all || *none) && kinds.iter().any(|(all, _)| *all);
        if !whole || self::characters().all(|character| characters.contains(&character)) {
            return None;
        }
        Some(class(&characters))
    };
    let anywhere = class(accepted(seen).flat_map(str::chars).collect());
    let first = class(accepted(seen).filter_map(|text| text.chars().next()).collect());
    let last = class(accepted(seen).filter_map(|text| text.chars().next_back()).collect());
    [
        anywhere.as_ref().map(|class| format!("^{class}+$")),
        anywhere.map(|class| format!("^{class}*$")),
        first.map(|class| format!("^{class}")),
        last.map(|class| format!("{class}$")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Texts of accepted characters, and each with another one: what was learned must hold for them.
pub fn trials(seen: &[Seen]) -> Vec<Probe> {
    let allowed: BTreeSet<char> = accepted(seen).flat_map(str::chars).collect();
    let others: Vec<char> = characters().filter(|character| !allowed.contains(character)).collect();
    let allowed: Vec<char> = allowed.into_iter().collect();
    let mut state = 20_261_121_u64;
    let mut draw = |from: &[char]| -> Option<char> {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let position = usize::try_from(state >> 33).ok()?.checked_rem(from.len())?;
        from.get(position).copied()
    };
    let mut probes = Vec::new();
    // What may stand in the middle and was not accepted at an end.
    let first: BTreeSet<char> = accepted(seen).filter_map(|text| text.chars().next()).collect();
    let last: BTreeSet<char> = accepted(seen).filter_map(|text| text.chars().next_back()).collect();
    let bases: Vec<&str> = accepted(seen)
        .filter(|text| (2..=40).contains(&text.len()))
        .take(4)
        .collect();
    for character in &allowed {
        for base in &bases {
            if !first.contains(character) {
                probes.push(Probe::Text(format!("{character}{base}")));
            }
            if !last.contains(character) {
                probes.push(Probe::Text(format!("{base}{character}")));
            }
        }
    }
    for round in 0..24 {
        let length = 1 + round * 2;
        let text: String = (0..length).filter_map(|_| draw(&allowed)).collect();
        if let Some(other) = draw(&others) {
            let place = text
                .char_indices()
                .nth(round % length)
                .map_or(0, |(position, _)| position);
            let (before, after) = text.split_at(place);
            probes.push(Probe::Text(format!("{before}{other}{after}")));
        }
        probes.push(Probe::Text(text));
    }
    probes
}

/// A class of characters as an expression writes it.
fn class(characters: &BTreeSet<char>) -> String {
    let other = OTHER.iter().any(|character| characters.contains(character));
    let ascii: Vec<char> = characters.iter().copied().filter(char::is_ascii).collect();
    let mut text = String::from("[");
    let mut rest = ascii.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let run = after
            .iter()
            .enumerate()
            .take_while(|(number, character)| u32::from(**character) == u32::from(*first) + *number as u32 + 1)
            .count();
        text.push_str(&escaped(*first));
        let last = run.checked_sub(1).and_then(|last| after.get(last));
        if let Some(last) = last {
            if run > 1 {
                text.push('-');
            }
            text.push_str(&escaped(*last));
        }
        rest = after.get(run..).unwrap_or_default();
    }
    if other {
        text.push_str("\\x{80}-\\x{10FFFF}");
    }
    if text.len() == 1 {
        // Nothing is allowed: an expression that matches no character.
        text.push_str("^\\x{0}-\\x{10FFFF}");
    }
    text + "]"
}

fn escaped(character: char) -> String {
    match character {
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '0'..='9' | 'A'..='Z' | 'a'..='z' | ' ' | '_' | '/' | ':' | '.' | ',' | '@' | '=' | '+' | '%' | '<' | '>' => {
            character.to_string()
        }
        other => format!("\\{other}"),
    }
}
