//! What a verification found: one result per check, and one per step that no check covers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::aws::Evidence;
use crate::deployment::model::Deployment;
use crate::outcome::Outcome;
use crate::steps::attestation::{Attestations, Standing};
use crate::steps::{Phase, Step};
use crate::verify::next::{self, Places};

/// What is known of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Observed to be as it must be.
    Pass,
    /// Observed to be otherwise.
    Fail,
    /// Under way: AWS or a person has to come to an end.
    Pending,
    /// No API tells; a person has to look, and to attest it.
    Manual,
    /// A person has said so, and the word still holds.
    Attested,
    /// It could not be observed.
    Unknown,
    /// It was not looked at, because something that it depends on is missing.
    Skipped,
}

impl Status {
    /// All of them, in the order of summaries.
    pub const ALL: [Self; 7] = [
        Self::Pass,
        Self::Fail,
        Self::Pending,
        Self::Manual,
        Self::Attested,
        Self::Unknown,
        Self::Skipped,
    ];

    /// The status in one word, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Pending => "pending",
            Self::Manual => "manual",
            Self::Attested => "attested",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }

    /// Whether nothing is left to do.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Pass | Self::Attested)
    }
}

/// What is known of a check, or of a step that no check covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepResult {
    /// Id of the check, or of the step where it has none.
    pub id: String,
    /// Id of the step in the checklist.
    pub step: String,
    /// Its phase.
    #[serde(serialize_with = "argument")]
    pub phase: Phase,
    /// What is looked at.
    pub title: String,
    /// What is known.
    pub status: Status,
    /// Whether a deployment is complete without it.
    pub optional: bool,
    /// What must be the case.
    pub expected: String,
    /// What is the case, or why that is not known.
    pub observed: String,
    /// The calls that show it.
    pub evidence: Vec<Evidence>,
    /// Checks, or credentials, without which it cannot be looked at.
    pub needs: Vec<String>,
    /// What to do next; commands to paste stand between backticks.
    pub next_step: Option<String>,
}

fn argument<S: Serializer>(phase: &Phase, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(phase.argument())
}

/// An account that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenAccount {
    /// Its number.
    pub account_id: String,
    /// What it is in the deployment.
    pub roles: Vec<&'static str>,
    /// Whose credentials were used.
    pub caller: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Name of the deployment.
    pub deployment: String,
    /// The dedicated account.
    pub account_id: String,
    /// The accounts that were looked at.
    pub accounts: Vec<SeenAccount>,
    /// Results in the order of the checklist.
    pub results: Vec<StepResult>,
}

impl Report {
    /// The results of the checks, and of the steps that no check covers, in the order of the checklist.
    pub fn new(deployment: &Deployment, accounts: Vec<SeenAccount>, steps: &[Step], results: Vec<StepResult>) -> Self {
        let mut left = results;
        let mut ordered = Vec::new();
        for step in steps {
            let (of_step, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|result| result.step == step.id);
            left = others;
            match of_step.is_empty() {
                true => ordered.push(by_hand(step)),
                false => ordered.extend(of_step),
            }
        }
        // Checks that others need, of steps that were not asked for.
        ordered.splice(0..0, left);
        ordered.sort_by_key(|result| result.phase);
        Self {
            deployment: deployment.name.clone(),
            account_id: deployment.account_id.clone(),
            accounts,
            results: ordered,
        }
    }

    /// How many results have each status; every status is named.
    pub fn summary(&self) -> BTreeMap<Status, usize> {
        let mut summary: BTreeMap<Status, usize> = Status::ALL.into_iter().map(|status| (status, 0)).collect();
        for result in &self.results {
            *summary.entry(result.status).or_default() += 1;
        }
        summary
    }

    /// The summary in words, as `3 pass, 0 fail, 1 pending`: statuses that occur, and failures in any case.
    pub fn counts(&self) -> String {
        let counts: Vec<String> = self
            .summary()
            .into_iter()
            .filter(|(status, count)| *count > 0 || *status == Status::Fail)
            .map(|(status, count)| format!("{count} {}", status.word()))
            .collect();
        counts.join(", ")
    }

    /// Takes the words that people have given for steps: where nothing was observed, a word that holds stands for the step.
    /// What was observed stays as it is, whatever somebody says.
    pub fn attest(&mut self, all: &Attestations, folder: &Path, now: Timestamp) {
        for result in &mut self.results {
            if !matches!(result.status, Status::Manual | Status::Unknown | Status::Skipped) {
                continue;
            }
            let Some(given) = all.of(&result.step) else { continue };
            match given.standing(folder, now) {
                Standing::Holds => {
                    let unseen = match result.status {
                        Status::Manual => String::new(),
                        status => format!("; {}: {}", status.word(), result.observed),
                    };
                    result.status = Status::Attested;
                    result.observed = format!("{given}{unseen}");
                    result.next_step = None;
                }
                Standing::Early => result.observed.push_str(&format!("; attested in the future: {given}")),
                Standing::Expired => result.observed.push_str(&format!("; no longer attested: {given}")),
                Standing::Changed => {
                    result
                        .observed
                        .push_str(&format!("; not attested any more, since the evidence changed: {given}"));
                }
                Standing::Missing => {
                    result
                        .observed
                        .push_str(&format!("; not attested any more, since the evidence is gone: {given}"));
                }
                Standing::Revoked => {}
            }
        }
    }

    /// Writes the commands of the next steps as this user would type them.
    pub fn place(&mut self, places: &Places) {
        for next in self.results.iter_mut().filter_map(|result| result.next_step.as_mut()) {
            *next = places.text(next);
        }
    }

    /// The boxes of the checklist: a step is done when everything that counts is settled, and undone when something failed.
    /// Steps in between keep their boxes, and so does a step of which not everything was looked at (`partly`), unless that failed.
    pub fn boxes(&self, partly: &BTreeSet<String>) -> BTreeMap<&str, bool> {
        let mut boxes: BTreeMap<&str, bool> = BTreeMap::new();
        let steps: BTreeSet<&str> = self.results.iter().map(|result| result.step.as_str()).collect();
        for step in steps {
            let mut of_step = self.results.iter().filter(|result| result.step == step);
            if of_step.clone().any(|result| result.status == Status::Fail) {
                boxes.insert(step, false);
            } else if !partly.contains(step)
                && of_step.clone().any(|result| result.status.is_settled())
                && of_step.all(|result| result.status.is_settled() || result.optional)
            {
                boxes.insert(step, true);
            }
        }
        boxes
    }

    /// How the command ends: what is optional counts only where it failed.
    pub fn outcome(&self) -> Outcome {
        let is = |wanted: fn(&StepResult) -> bool| self.results.iter().any(wanted);
        if is(|result| result.status == Status::Fail) {
            Outcome::Findings
        } else if is(|result| !result.status.is_settled() && !result.optional) {
            Outcome::Undetermined
        } else {
            Outcome::Clean
        }
    }
}

/// A step that no API tells about.
fn by_hand(step: &Step) -> StepResult {
    StepResult {
        id: step.id.clone(),
        step: step.id.clone(),
        phase: step.phase,
        title: step.title.clone(),
        status: Status::Manual,
        optional: step.title.ends_with("(optional)"),
        expected: step.actions.join(" "),
        observed: "no API tells".to_owned(),
        evidence: Vec::new(),
        needs: Vec::new(),
        next_step: Some(format!("do it, then {}", next::attest(&step.id))),
    }
}
