//! The search at one place: which values are tried next, and what was seen.

use std::collections::BTreeSet;
use std::rc::Rc;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use terraform::schema::validators::Rule;

use super::asking::{Probe, Target};
use super::fit::{self, Fit, Seen};
use super::pool;
use super::read::Hints;
use super::rpc::Fault;
use super::sweep;

/// The most texts that are drawn from one expression.
const SAMPLES: usize = 8;

/// A place and what is known of it.
pub struct Search {
    /// The place.
    pub target: Target,
    seen: Vec<Seen>,
    hints: Hints,
    learned: Vec<String>,
    stage: Stage,
    tried: BTreeSet<String>,
    alike: Option<Rc<Found>>,
}

/// What was found at another place, of which the provider said the same.
#[derive(Debug)]
pub struct Found {
    rules: Vec<Rule>,
    /// Values on both sides of the rules, and whether each was accepted.
    trial: Vec<(Probe, bool)>,
}

/// The most values of another place that are tried to see whether a place is alike.
const TRIAL: usize = 56;

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Alike,
    Pool,
    Hints { rounds: usize, fresh: bool },
    Sweep,
    Learn,
    Done,
}

impl Search {
    /// A search that has seen nothing. What was found at a place of which the provider says the same is tried first.
    pub fn new(target: Target, alike: Option<Rc<Found>>) -> Self {
        Self {
            target,
            seen: Vec::new(),
            hints: Hints::default(),
            learned: Vec::new(),
            stage: if alike.is_some() { Stage::Alike } else { Stage::Pool },
            tried: BTreeSet::new(),
            alike,
        }
    }

    /// Takes in what the provider said to values.
    pub fn see(&mut self, probes: Vec<Probe>, answers: Vec<Vec<Fault>>) {
        for (probe, faults) in probes.into_iter().zip(answers) {
            self.tried.insert(format!("{probe:?}"));
            for fault in &faults {
                let new = self.hints.add(&fault.message, &probe.text());
                if let Stage::Hints { fresh, .. } = &mut self.stage {
                    *fresh |= new;
                }
            }
            self.seen.push(Seen {
                probe,
                messages: faults.into_iter().map(|fault| fault.message).collect(),
            });
        }
    }

    /// The values to try next; none when the search has ended.
    pub fn next(&mut self) -> Vec<Probe> {
        loop {
            let probes = match self.stage {
                Stage::Alike => {
                    self.stage = Stage::Pool;
                    let trial = self.alike.iter().flat_map(|found| &found.trial);
                    trial.map(|(probe, _)| probe.clone()).collect()
                }
                Stage::Pool if self.is_alike() => {
                    self.stage = Stage::Done;
                    Vec::new()
                }
                Stage::Pool => {
                    self.alike = None;
                    self.stage = Stage::Hints { rounds: 0, fresh: true };
                    self.pool()
                }
                Stage::Hints { rounds, fresh } if rounds < 4 && fresh => {
                    self.stage = Stage::Hints {
                        rounds: rounds + 1,
                        fresh: false,
                    };
                    self.hinted()
                }
                Stage::Hints { .. } => {
                    self.stage = if self.target.leaf.number || !self.hints.characters {
                        Stage::Done
                    } else {
                        Stage::Sweep
                    };
                    Vec::new()
                }
                Stage::Sweep => {
                    if self.fit().unexplained.is_empty() {
                        self.stage = Stage::Done;
                        Vec::new()
                    } else {
                        self.stage = Stage::Learn;
                        sweep::probes(&self.seen)
                    }
                }
                Stage::Learn => {
                    self.stage = Stage::Done;
                    self.learned = sweep::learn(&self.seen);
                    sweep::trials(&self.seen)
                }
                Stage::Done => return Vec::new(),
            };
            let fresh = self.fresh(probes);
            if !fresh.is_empty() {
                return fresh;
            }
        }
    }

    /// Whether the other place's values were all answered as there.
    fn is_alike(&self) -> bool {
        self.alike.as_ref().is_some_and(|found| {
            found.trial.iter().all(|(probe, accepted)| {
                self.seen
                    .iter()
                    .any(|seen| seen.probe == *probe && seen.accepted() == *accepted)
            })
        })
    }

    /// What other places can be compared with; `None` where something is not explained.
    pub fn found(&self) -> Option<Found> {
        let fit = self.fit();
        if self.alike.is_some() || fit.rules.is_empty() || !fit.unexplained.is_empty() {
            return None;
        }
        let near = |seen: &&Seen| {
            let measure = match &seen.probe {
                Probe::Text(text) => text.chars().count() as f64,
                Probe::Number(number) => *number,
            };
            self.hints
                .numbers
                .iter()
                .any(|limit| (*limit as f64 - measure).abs() <= 1.0)
        };
        let (near, far): (Vec<&Seen>, Vec<&Seen>) = self.seen.iter().partition(near);
        let some = |seen: Vec<&Seen>| {
            let every = seen.len().div_ceil(TRIAL / 2).max(1);
            seen.into_iter()
                .step_by(every)
                .map(|seen| (seen.probe.clone(), seen.accepted()))
                .collect::<Vec<_>>()
        };
        let mut trial = some(near);
        trial.extend(some(far));
        Some(Found {
            rules: fit.rules,
            trial,
        })
    }

    /// What the values say so far.
    pub fn fit(&self) -> Fit {
        if let Some(found) = &self.alike {
            let refused = self.seen.iter().filter(|seen| !seen.accepted()).count();
            return Fit {
                rules: found.rules.clone(),
                unexplained: Vec::new(),
                refused,
            };
        }
        fit::fit(&self.hints, &self.learned, &self.seen)
    }

    fn fresh(&self, probes: Vec<Probe>) -> Vec<Probe> {
        let mut fresh: Vec<Probe> = Vec::new();
        for probe in probes {
            if !self.tried.contains(&format!("{probe:?}")) && !fresh.contains(&probe) {
                fresh.push(probe);
            }
        }
        fresh
    }

    fn pool(&self) -> Vec<Probe> {
        if self.target.leaf.number {
            return pool::NUMBERS.iter().map(|number| Probe::Number(*number)).collect();
        }
        // A list of values is known to be all there is; some values of other kinds are enough to see that.
        // Not so where a value is refused for more than its absence from the list: the list may be one of two ways.
        let listed = !self.hints.lists.is_empty() && self.seen.iter().all(|seen| seen.reasons().len() <= 1);
        let every = if listed { 6 } else { 1 };
        pool::TEXTS
            .iter()
            .step_by(every)
            .map(|entry| Probe::Text(pool::text(entry)))
            .collect()
    }

    fn hinted(&self) -> Vec<Probe> {
        let mut probes = Vec::new();
        if self.target.leaf.number {
            let listed = self.hints.lists.iter().flatten().filter_map(|value| value.parse().ok());
            for number in self.hints.numbers.iter().map(|number| *number as f64).chain(listed) {
                probes.extend([number - 1.0, number, number + 1.0, number + 0.5].map(Probe::Number));
            }
            return probes;
        }
        let mut texts: Vec<String> = Vec::new();
        for list in &self.hints.lists {
            texts.extend(list.iter().cloned());
            for value in list.iter().take(3) {
                texts.extend([
                    value.to_lowercase(),
                    value.to_uppercase(),
                    swapped(value),
                    format!("{value}x"),
                    format!(" {value}"),
                ]);
            }
        }
        let mut drawn = Vec::new();
        let known = self.hints.known.iter().map(String::as_str);
        // Durations of many digits are refused for their size alone.
        let known = known.filter(|expression| !expression.contains("(ns|us|"));
        for expression in self.hints.patterns().take(12).chain(known) {
            drawn.extend(draw(expression));
        }
        texts.extend(drawn.iter().flat_map(|text| mutated(text)));
        texts.extend(drawn.iter().cloned());
        for number in self.hints.numbers.iter().take(16) {
            if let Ok(length) = usize::try_from(*number)
                && length <= 150_000
            {
                for base in self.bases(&drawn) {
                    for length in [length.saturating_sub(1), length, length + 1] {
                        texts.extend(padded(&base, length));
                    }
                }
            }
        }
        probes.extend(texts.into_iter().map(Probe::Text));
        probes
    }

    /// Texts that can be made longer.
    fn bases(&self, drawn: &[String]) -> Vec<String> {
        let accepted = self
            .seen
            .iter()
            .filter(|seen| seen.accepted())
            .filter_map(|seen| match &seen.probe {
                Probe::Text(text) if text.len() < 60 && text.ends_with(|c: char| c.is_ascii_alphanumeric()) => {
                    Some(text.clone())
                }
                _ => None,
            });
        let mut bases: Vec<String> = ["a", "1", "\u{e9}"].map(str::to_owned).into();
        bases.extend(accepted.take(4));
        bases.extend(drawn.iter().filter(|text| text.len() < 60).take(2).cloned());
        bases
    }
}

/// A text of exactly so many characters that begins as the base does and goes on with its last character.
fn padded(base: &str, length: usize) -> Option<String> {
    let count = base.chars().count();
    let last = base.chars().next_back()?;
    if length < count {
        return (count == 1 && length == 0).then(String::new);
    }
    Some(base.chars().chain(std::iter::repeat_n(last, length - count)).collect())
}

/// The text with each letter in the other case.
fn swapped(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_ascii_lowercase() {
                character.to_ascii_uppercase()
            } else {
                character.to_ascii_lowercase()
            }
        })
        .collect()
}

/// Some texts that an expression matches; none where it has parts that none can be drawn from.
fn draw(expression: &str) -> Vec<String> {
    let bare = expression
        .replace("\\d", "[0-9]")
        .replace("\\w", "[0-9A-Za-z_]")
        .replace(['^', '$'], "")
        .replace("[]", "[^");
    let Ok(strategy) = proptest::string::string_regex(&bare) else {
        return Vec::new();
    };
    let mut runner = TestRunner::deterministic();
    (0..SAMPLES)
        .filter_map(|_| Some(strategy.new_tree(&mut runner).ok()?.current()))
        .filter(|text| text.len() < 3_000)
        .collect()
}

/// A text with one character changed, taken away or added.
fn mutated(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let middle = characters.len() / 2;
    let part = |range: &[char]| -> String { range.iter().collect() };
    let (Some(before), Some(after)) = (characters.get(..middle), characters.get(middle..)) else {
        return Vec::new();
    };
    let rest = after.get(1..).unwrap_or_default();
    vec![
        part(characters.get(1..).unwrap_or_default()),
        part(before) + &part(rest),
        format!("{}!{}", part(before), part(rest)),
        format!("{text}_"),
        format!("-{text}"),
    ]
}
