//! What two verdicts on many configurations come to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ::terraform::syntax::parse_file;

use crate::agreement::{By, Verdicts};
use crate::cases::Case;

/// Of how many errors we have how many.
#[derive(Debug, Clone, Copy, Default)]
pub struct Recall {
    /// What Terraform rejects.
    pub rejected: usize,
    /// What we reject of it.
    pub found: usize,
}

impl Recall {
    fn add(&mut self, found: bool) {
        self.rejected += 1;
        self.found += usize::from(found);
    }

    /// In percent; 100 of nothing.
    pub fn percent(self) -> f64 {
        if self.rejected == 0 {
            return 100.0;
        }
        self.found as f64 * 100.0 / self.rejected as f64
    }
}

impl fmt::Display for Recall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} of {} ({:.2} %)",
            self.found,
            self.rejected,
            self.percent()
        )
    }
}

/// Agreement over many configurations.
#[derive(Debug, Default)]
pub struct Score<'v> {
    /// Names of what only we reject.
    pub falsely: BTreeSet<&'v str>,
    /// Names of what only Terraform itself rejects, and not just the provider.
    pub missed: BTreeSet<&'v str>,
    /// Names of what only the provider's own validators reject.
    pub accepted: BTreeSet<&'v str>,
    /// What the language and the provider's schema decide.
    pub language: Recall,
    /// What the provider's own validators refuse, in types of resources that our modules use.
    pub provider: Recall,
    /// The same in other types.
    pub elsewhere: Recall,
}

impl<'v> Score<'v> {
    /// Compares the verdicts; each difference is printed.
    pub fn of(cases: &[Case], verdicts: &'v Verdicts, own: &BTreeSet<String>) -> Self {
        let mut score = Self::default();
        for case in cases {
            let name = case.name.as_str();
            let ours = verdicts.ours.get_key_value(name);
            let Some((name, theirs)) = verdicts.theirs.get_key_value(name) else {
                if let Some((name, ours)) = ours {
                    eprintln!("only tfgen: {name} ({}): {}", case.change, ours.join("; "));
                    score.falsely.insert(name.as_str());
                }
                continue;
            };
            let found = ours.is_some();
            let (recall, by) = if theirs.by == By::Init {
                eprintln!("not judged: {name} ({}): {}", case.change, theirs.message);
                continue;
            } else if theirs.by == By::Validate {
                (&mut score.language, "terraform")
            } else if theirs.types.iter().any(|kind| own.contains(kind)) {
                (&mut score.provider, "the provider")
            } else {
                (
                    &mut score.elsewhere,
                    "the provider, of a type that our modules do not use",
                )
            };
            recall.add(found);
            if !found {
                eprintln!("only {by}: {name} ({}): {}", case.change, theirs.message);
                if theirs.by == By::Provider {
                    score.accepted.insert(name.as_str());
                } else {
                    score.missed.insert(name.as_str());
                }
            }
        }
        score
    }
}

impl fmt::Display for Score<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "found {} by language and schema, {} by the provider's validators in types that our modules use, {} in others; false: {}",
            self.language,
            self.provider,
            self.elsewhere,
            self.falsely.len()
        )
    }
}

/// One row for each kind of mistake: planted, rejected by Terraform, not found by us, rejected by us alone.
pub fn table(mutants: &[Case], verdicts: &Verdicts, score: &Score<'_>) -> String {
    let mut rows: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for mutant in mutants {
        let name = mutant.name.as_str();
        let theirs = verdicts.theirs.contains_key(name);
        let row = rows.entry(&mutant.kind).or_default();
        for (cell, counts) in row.iter_mut().zip([
            true,
            theirs,
            theirs && !verdicts.ours.contains_key(name),
            score.falsely.contains(name),
        ]) {
            *cell += usize::from(counts);
        }
    }
    let mut table = format!("{} mutants of {} kinds\n", mutants.len(), rows.len());
    for (kind, [planted, rejected, missed, falsely]) in rows {
        table += &format!("| {kind} | {planted} | {rejected} | {missed} | {falsely} |\n");
    }
    table
}

/// The types of resources and data sources in configurations.
pub fn types(cases: &[Case]) -> BTreeSet<String> {
    let files = cases.iter().flat_map(|case| &case.files);
    let bodies = files
        .filter(|(path, _)| path.ends_with(".tf"))
        .map(|(_, text)| parse_file(text).0);
    bodies
        .flat_map(|body| {
            let blocks = body.blocks_of("resource").chain(body.blocks_of("data"));
            blocks
                .filter_map(|block| Some(block.labels.first()?.text.clone()))
                .collect::<Vec<_>>()
        })
        .collect()
}
