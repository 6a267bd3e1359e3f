//! From what the provider accepted and refused at a place to rules that say the same.

use std::collections::BTreeSet;

use terraform::schema::validators::{Form, Length, Pattern, Range, Rule, Scalar, Unit};

use super::asking::Probe;
use super::read::Hints;

/// A value and whether the provider accepted it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The value.
    pub probe: Probe,
    /// What the provider said against it.
    pub messages: Vec<String>,
}

/// The words of a message, without the value that it is about.
pub type Reason = BTreeSet<String>;

impl Seen {
    /// Whether nothing was said against it.
    pub fn accepted(&self) -> bool {
        self.messages.is_empty()
    }

    /// Why it was refused. A message that lists the same in another order, or writes the way to the place in another
    /// form, is no other reason.
    pub fn reasons(&self) -> BTreeSet<Reason> {
        let value = self.probe.text();
        self.messages
            .iter()
            .map(|message| {
                // A short value may be part of any word.
                let message = if value.len() > 3 {
                    message.replace(&value, "")
                } else {
                    message.replace(&format!("\"{value}\""), "")
                };
                let message = message
                    .split_once(", got")
                    .map_or(message.as_str(), |(before, _)| before);
                let (before, path) = message.split_once("Path:").unwrap_or((message, ""));
                let after = path.split_once("Given Value:").map_or("", |(_, after)| after);
                [before, " ", after]
                    .concat()
                    .split(|character: char| character.is_whitespace() || "[]()".contains(character))
                    .map(str::to_owned)
                    .collect()
            })
            .collect()
    }

    fn refused_by(&self, rule: &Rule) -> bool {
        rule.refuses(match &self.probe {
            Probe::Text(text) => Scalar::Text(text),
            Probe::Number(number) => Scalar::Number(*number),
        })
    }
}

/// What could be found of a place.
#[derive(Debug, Default)]
pub struct Fit {
    /// Rules that refuse nothing that was accepted.
    pub rules: Vec<Rule>,
    /// Refused values that no rule refuses.
    pub unexplained: Vec<Seen>,
    /// How many values were refused.
    pub refused: usize,
}

/// The least refused values that a rule must explain alone where no message gives it literally.
const ENOUGH: usize = 3;

/// The rules that the hints and the values give.
pub fn fit(hints: &Hints, learned: &[String], seen: &[Seen]) -> Fit {
    let mut fit = Fit {
        refused: seen.iter().filter(|seen| !seen.accepted()).count(),
        unexplained: seen.iter().filter(|seen| !seen.accepted()).cloned().collect(),
        ..Fit::default()
    };
    if seen.iter().all(|seen| !seen.accepted()) {
        return fit;
    }
    let judge = Judge {
        seen,
        alone: seen
            .iter()
            .map(Seen::reasons)
            .filter(|reasons| reasons.len() == 1)
            .flatten()
            .collect(),
    };
    // Lists leave nothing to explain; they come before what a parser or an expression says of their values.
    for list in &hints.lists {
        for rule in [Rule::OneOf(list.clone()), Rule::OneOfIgnoringCase(list.clone())] {
            let all_accepted = list
                .iter()
                .all(|value| seen.iter().any(|seen| seen.accepted() && seen.probe.text() == *value));
            if all_accepted && fit.take(&judge, rule, 1) {
                break;
            }
        }
    }
    if hints.whole {
        fit.take(&judge, Rule::Whole, 1);
    }
    for divisor in &hints.divisors {
        fit.take(&judge, Rule::MultipleOf(*divisor as f64), ENOUGH);
    }
    for form in Form::ALL.into_iter().filter(|form| hints.forms.contains(form)) {
        fit.take(&judge, Rule::Form(form), ENOUGH);
    }
    // The strictest of several forms of one expression first.
    for rule in strictest(hints.known.iter().map(String::as_str), seen) {
        fit.take(&judge, rule, 1);
    }
    for rule in limits(hints, seen, &[Unit::Either]) {
        fit.take(&judge, rule, 1);
    }
    for rule in strictest(hints.patterns(), seen) {
        fit.take(&judge, rule, 1);
    }
    for rule in strictest(learned.iter().map(String::as_str), seen) {
        fit.take(&judge, rule, ENOUGH);
    }
    // Only where characters of several bytes tell the one from the other.
    for rule in limits(hints, seen, &[Unit::Bytes, Unit::Characters]) {
        fit.take(&judge, rule, 1);
    }
    fit.any_of(&judge, hints);
    fit
}

/// Expressions as rules, those that refuse most first.
fn strictest<'p>(expressions: impl Iterator<Item = &'p str>, seen: &[Seen]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = expressions
        .map(|text| Pattern::from(text.to_owned()))
        .filter(Pattern::is_valid)
        .map(Rule::Pattern)
        .collect();
    rules.sort_by_cached_key(|rule| std::cmp::Reverse(seen.iter().filter(|seen| seen.refused_by(rule)).count()));
    rules
}

struct Judge<'s> {
    seen: &'s [Seen],
    /// Reasons for which alone a value was refused.
    alone: BTreeSet<Reason>,
}

impl Judge<'_> {
    /// Whether a rule refuses nothing that was accepted.
    fn sound(&self, rule: &Rule) -> bool {
        !self.seen.iter().any(|seen| seen.accepted() && seen.refused_by(rule))
    }

    /// Whether the rule refuses a value that was refused for this rule's sake, as far as the messages tell. Of two
    /// validators one may be enough: then neither is ever heard alone, and neither is a rule by itself.
    fn by_itself(&self, rule: &Rule) -> bool {
        self.seen.iter().any(|seen| {
            let reasons = seen.reasons();
            let never_alone = reasons.iter().filter(|reason| !self.alone.contains(*reason)).count();
            !reasons.is_empty() && never_alone <= 1 && seen.refused_by(rule)
        })
    }

    /// A rule that is sound: this, or this with the empty text where only that is in its way.
    fn made_sound(&self, rule: Rule) -> Option<Rule> {
        if self.sound(&rule) {
            return Some(rule);
        }
        let or_empty = Rule::AnyOf(vec![Rule::OneOf(vec![String::new()]), rule]);
        self.sound(&or_empty).then_some(or_empty)
    }
}

impl Fit {
    /// Takes a rule if it is sound and explains at least so many values that nothing explains yet.
    fn take(&mut self, judge: &Judge<'_>, rule: Rule, enough: usize) -> bool {
        judge.by_itself(&rule) && self.take_one_of_several(judge, rule, enough)
    }

    /// Takes a rule that has all reasons for which a value is refused.
    fn take_one_of_several(&mut self, judge: &Judge<'_>, rule: Rule, enough: usize) -> bool {
        let Some(rule) = judge.made_sound(rule) else {
            return false;
        };
        let explained = self.unexplained.iter().filter(|seen| seen.refused_by(&rule)).count();
        if explained < enough {
            return false;
        }
        self.unexplained.retain(|seen| !seen.refused_by(&rule));
        self.rules.push(rule);
        true
    }

    /// Where values are left: validators of which one must be content. Each alternative must be needed by an accepted
    /// value.
    fn any_of(&mut self, judge: &Judge<'_>, hints: &Hints) {
        if self.unexplained.len() < ENOUGH {
            return;
        }
        let forms = hints.forms.iter().map(|form| Rule::Form(*form));
        let patterns = strictest(
            hints.patterns().chain(hints.known.iter().map(String::as_str)),
            judge.seen,
        );
        let accepted = |value: &String| {
            judge
                .seen
                .iter()
                .any(|seen| seen.accepted() && seen.probe.text() == *value)
        };
        let lists = hints.lists.iter().filter(|list| list.iter().all(accepted));
        let lists = lists.map(|list| Rule::OneOf(list.clone()));
        let divisors = hints.divisors.iter().map(|divisor| Rule::MultipleOf(*divisor as f64));
        // One number that means "none", beside a limit.
        let special = ["0", "-1"].map(|number| Rule::OneOf(vec![number.to_owned()]));
        let least = hints.numbers.iter().map(|number| {
            Rule::Range(Range {
                min: Some(*number as f64),
                max: None,
            })
        });
        let least: Vec<Rule> = if judge.seen.iter().any(|seen| matches!(seen.probe, Probe::Number(_))) {
            special.into_iter().chain(least).collect()
        } else {
            Vec::new()
        };
        let all: Vec<Rule> = lists
            .chain(least)
            .chain(divisors)
            .chain(forms)
            .chain(patterns)
            .collect();
        for (number, first) in all.iter().enumerate() {
            for second in all.iter().skip(number + 1) {
                let needed = |rule: &Rule, other: &Rule| {
                    judge
                        .seen
                        .iter()
                        .any(|seen| seen.accepted() && seen.refused_by(other) && !seen.refused_by(rule))
                };
                if needed(first, second)
                    && needed(second, first)
                    && self.take_one_of_several(judge, Rule::AnyOf(vec![first.clone(), second.clone()]), ENOUGH)
                    && self.unexplained.len() < ENOUGH
                {
                    return;
                }
            }
        }
    }
}

/// Limits of length and value that the numbers of messages name and values on both sides show.
fn limits(hints: &Hints, seen: &[Seen], units: &[Unit]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for number in &hints.numbers {
        let edge = *number as f64;
        let at = |value: f64| {
            seen.iter()
                .find(|seen| seen.probe == Probe::Number(value))
                .map(Seen::accepted)
        };
        if at(edge) == Some(true) && at(edge - 1.0) == Some(false) {
            rules.push(Rule::Range(Range {
                min: Some(edge),
                max: None,
            }));
        }
        if at(edge) == Some(true) && at(edge + 1.0) == Some(false) {
            rules.push(Rule::Range(Range {
                min: None,
                max: Some(edge),
            }));
        }
        // One digit more in a network is another network, whatever the length.
        let Ok(length) = usize::try_from(*number) else {
            continue;
        };
        if hints.forms.contains(&Form::Cidr) {
            continue;
        }
        for unit in units.iter().copied() {
            if grown(seen, length, true) {
                rules.push(Rule::Length(Length {
                    min: None,
                    max: Some(length),
                    unit,
                }));
            }
            if length > 0 && grown(seen, length - 1, false) {
                rules.push(Rule::Length(Length {
                    min: Some(length),
                    max: None,
                    unit,
                }));
            }
        }
    }
    rules
}

/// Whether a text of this length and the same text with its last character once more differ: the shorter one is
/// accepted as `shorter` says, the longer one is not.
fn grown(seen: &[Seen], length: usize, shorter: bool) -> bool {
    let texts = |accepted: bool| {
        seen.iter().filter_map(move |seen| match &seen.probe {
            Probe::Text(text) if seen.accepted() == accepted => Some(text.as_str()),
            _ => None,
        })
    };
    let longer: BTreeSet<&str> = texts(!shorter).filter(|text| chars(text) == length + 1).collect();
    texts(shorter).filter(|text| chars(text) == length).any(|text| {
        longer.iter().any(|longer| {
            longer
                .strip_prefix(text)
                .is_some_and(|added| text.chars().next_back().is_none_or(|last| added.starts_with(last)))
        })
    })
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// Joins the limits of a length and of a number into one rule each. Where bytes are known to be counted for one limit,
/// they are for both.
pub fn joined(rules: Vec<Rule>) -> Vec<Rule> {
    let mut length = Length {
        min: None,
        max: None,
        unit: Unit::Either,
    };
    let mut range = Range { min: None, max: None };
    let mut joined = Vec::new();
    for rule in rules {
        match rule {
            Rule::Length(one) => {
                length.min = length.min.max(one.min);
                length.max = [length.max, one.max].into_iter().flatten().min();
                if one.unit != Unit::Either {
                    length.unit = one.unit;
                }
            }
            Rule::Range(one) => {
                range.min = range.min.or(one.min);
                range.max = range.max.or(one.max);
            }
            other => joined.push(other),
        }
    }
    if range.min.is_some() || range.max.is_some() {
        joined.insert(0, Rule::Range(range));
    }
    if length.min.is_some() || length.max.is_some() {
        joined.insert(0, Rule::Length(length));
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = r#"expected stat to be one of ["Sum" "Average"], got "#;
    const PATTERN: &str = "invalid value for stat (invalid statistic, see: somewhere)";

    fn rules(answers: &[(&str, &[&str])]) -> Vec<Rule> {
        let mut hints = Hints::default();
        let mut all = Vec::new();
        for (value, messages) in answers {
            for message in *messages {
                hints.add(message, value);
            }
            all.push(Seen {
                probe: Probe::Text((*value).to_owned()),
                messages: messages.iter().map(|message| (*message).to_owned()).collect(),
            });
        }
        fit(&hints, &[], &all).rules
    }

    #[test]
    fn a_list_beside_another_reason_is_no_rule_by_itself() {
        let both: &[&str] = &[LISTED, PATTERN];
        let seen = [
            ("Sum", &[][..]),
            ("Average", &[]),
            ("foo", both),
            ("", both),
            ("q99", both),
        ];
        assert_eq!(rules(&seen), []);
        let list = Rule::OneOf(vec!["Sum".to_owned(), "Average".to_owned()]);
        // Where the other way was seen accepted, both together are.
        let found = rules(&[&seen[..], &[("p99.9", &[])]].concat());
        assert!(
            matches!(found.as_slice(), [Rule::AnyOf(ways)] if ways.contains(&list) && ways.len() == 2),
            "{found:?}"
        );
        assert_eq!(rules(&[("Sum", &[]), ("Average", &[]), ("foo", &[LISTED])]), [list]);
    }

    #[test]
    fn reasons_that_are_heard_alone_as_well_are_two_rules() {
        const LENGTH: &str = "expected length of name to be in the range (1 - 3), got ";
        const WORDS: &str = "must satisfy regular expression pattern: [a-z]+)";
        let seen = [
            ("a", &[][..]),
            ("aaa", &[]),
            ("", &[LENGTH, WORDS]),
            ("aaaa", &[LENGTH]),
            ("A", &[WORDS]),
        ];
        let length = |min, max| {
            Rule::Length(Length {
                min,
                max,
                unit: Unit::Either,
            })
        };
        let found = rules(&seen);
        assert!(
            found.contains(&length(Some(1), None)) && found.contains(&length(None, Some(3))),
            "{found:?}"
        );
    }

    #[test]
    fn one_reason_in_two_forms_is_one() {
        let seen = |message: &str| Seen {
            probe: Probe::Text("WRONG".to_owned()),
            messages: vec![
                "Invalid\nPath: class\nGiven Value: WRONG\nValid Values: [A B ]".to_owned(),
                message.to_owned(),
            ],
        };
        let same = seen("Invalid\nPath: rule[0].class\nGiven Value: WRONG\nValid Values: [B A ]");
        assert_eq!(same.reasons().len(), 1);
        assert_eq!(seen("Another").reasons().len(), 2);
    }
}
