//! Looking: checks at the same time, each as soon as what it needs has passed, all before a deadline.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use super::check::{Check, From};
use super::probe::{Memory, Probe, Scene, Seen};
use super::status::{Status, StepResult};
use crate::aws::{Journal, Kind, Trouble};

/// How a run goes.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Longest time of one round.
    pub deadline: Duration,
    /// How long to look again at what is pending; `None` looks once.
    pub wait: Option<Duration>,
}

/// Shortest time between two rounds.
const FIRST_PAUSE: Duration = Duration::from_secs(10);
/// Longest time between two rounds.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// What a run tells while it goes on.
pub trait Progress {
    /// So many of so many checks have a result.
    fn looked(&mut self, done: usize, of: usize);
    /// These checks are pending; the next round comes in `pause`, and there are none after `left`.
    fn waits(&mut self, pending: &[&str], pause: Duration, left: Duration);
}

/// Looks at everything, and again at what is pending for as long as the options say. Results come in the order of `checks`.
pub async fn run(
    checks: &[Check],
    scene: &Rc<Scene>,
    options: Options,
    progress: &mut dyn Progress,
) -> Vec<StepResult> {
    let mut known: BTreeMap<&str, StepResult> = BTreeMap::new();
    round(checks, scene, options.deadline, &mut known, progress).await;
    if let Some(wait) = options.wait {
        let end = Instant::now() + wait;
        let mut pause = FIRST_PAUSE;
        loop {
            let pending: Vec<&str> = checks
                .iter()
                .map(|check| check.id.as_str())
                .filter(|id| known.get(id).is_some_and(|result| result.status == Status::Pending))
                .collect();
            let left = end.saturating_duration_since(Instant::now());
            if pending.is_empty() || left.is_zero() {
                break;
            }
            let this = pause.min(left);
            progress.waits(&pending, this, left);
            tokio::time::sleep(this).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
            forget(checks, &mut known);
            round(checks, scene, options.deadline, &mut known, progress).await;
        }
    }
    checks
        .iter()
        .filter_map(|check| known.remove(check.id.as_str()))
        .collect()
}

/// Forgets what is pending, and what was not looked at because of it.
fn forget(checks: &[Check], known: &mut BTreeMap<&str, StepResult>) {
    let mut stale: BTreeSet<&str> = known
        .iter()
        .filter(|(_, result)| result.status == Status::Pending)
        .map(|(id, _)| *id)
        .collect();
    loop {
        let more: Vec<&str> = checks
            .iter()
            .filter(|check| !stale.contains(check.id.as_str()))
            .filter(|check| check.needs.iter().any(|need| stale.contains(need.as_str())))
            .map(|check| check.id.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        stale.extend(more);
    }
    for id in stale {
        known.remove(id);
    }
}

/// Looks at every check that has no result yet.
async fn round<'a>(
    checks: &'a [Check],
    scene: &Rc<Scene>,
    deadline: Duration,
    known: &mut BTreeMap<&'a str, StepResult>,
    progress: &mut dyn Progress,
) {
    let end = Instant::now() + deadline;
    let memory = Rc::new(Memory::default());
    let tasks = tokio::task::LocalSet::new();
    let mut running: JoinSet<Result<Seen, Trouble>> = JoinSet::new();
    let mut started: BTreeMap<&str, (Id, Journal)> = BTreeMap::new();
    tasks
        .run_until(async {
            loop {
                let mut is_settled = false;
                while !is_settled {
                    is_settled = true;
                    for check in checks {
                        if known.contains_key(check.id.as_str()) || started.contains_key(check.id.as_str()) {
                            continue;
                        }
                        match readiness(check, scene, known) {
                            Readiness::Waits => {}
                            Readiness::Never(result) => {
                                known.insert(&check.id, *result);
                                is_settled = false;
                            }
                            Readiness::Ready => {
                                let journal = Journal::default();
                                let probe = Probe::new(Rc::clone(scene), Rc::clone(&memory), journal.clone(), check);
                                let task = running.spawn_local(check.look(probe));
                                started.insert(&check.id, (task.id(), journal));
                            }
                        }
                    }
                }
                progress.looked(known.len(), checks.len());
                let joined = match tokio::time::timeout_at(end, running.join_next_with_id()).await {
                    Ok(None) => break,
                    Ok(Some(joined)) => joined,
                    Err(_) => {
                        running.abort_all();
                        break;
                    }
                };
                let (id, looked) = match joined {
                    Ok((id, looked)) => (id, looked),
                    Err(error) => (
                        error.id(),
                        Ok(Seen::unknown(format!("looking failed, please report it: {error}"))),
                    ),
                };
                let done = checks
                    .iter()
                    .find(|check| started.get(check.id.as_str()).is_some_and(|(task, _)| *task == id));
                if let Some(check) = done
                    && let Some((_, journal)) = started.remove(check.id.as_str())
                {
                    known.insert(&check.id, result(check, looked, &journal));
                }
            }
        })
        .await;
    // What is left had no time.
    for check in checks
        .iter()
        .filter(|check| !known.contains_key(check.id.as_str()))
        .collect::<Vec<_>>()
    {
        let journal = started
            .remove(check.id.as_str())
            .map(|(_, journal)| journal)
            .unwrap_or_default();
        let seen = Seen::unknown(format!("the time of {} s was over", deadline.as_secs()))
            .next("run it again with a longer `--timeout`");
        known.insert(&check.id, result(check, Ok(seen), &journal));
    }
}

enum Readiness {
    Waits,
    Ready,
    Never(Box<StepResult>),
}

fn readiness(check: &Check, scene: &Scene, known: &BTreeMap<&str, StepResult>) -> Readiness {
    let never = |seen: Seen| Readiness::Never(Box::new(result(check, Ok(seen), &Journal::default())));
    if check.from != From::Machine && scene.accounts.get(check.from).is_none() {
        let account = match scene.accounts.ids.get(&check.from) {
            Some(id) => format!("the {} account {id}", check.from),
            None => format!(
                "the {} account, whose number the deployment file does not have",
                check.from
            ),
        };
        return never(
            Seen::skipped(format!("not looked at: there are no credentials of {account}"))
                .next(credentials_option(check.from)),
        );
    }
    let mut waits = false;
    for need in &check.needs {
        match known.get(need.as_str()) {
            None => waits = true,
            Some(result) if result.status.is_settled() => {}
            Some(result) => {
                return never(Seen::skipped(format!(
                    "not looked at: it needs {need}, which is {}",
                    result.status.word()
                )));
            }
        }
    }
    match waits {
        true => Readiness::Waits,
        false => Readiness::Ready,
    }
}

/// How the credentials of an account are named on the command line.
fn credentials_option(from: From) -> &'static str {
    match from {
        From::Workload | From::Machine => "name credentials with `--profile` or `--role-arn`",
        From::Management | From::Payer => "name credentials with `--management-profile` or `--management-role-arn`",
        From::IdentityCenter => {
            "name credentials with `--identity-center-profile` or `--identity-center-role-arn` (or \
             `--management-profile`, where the management account manages Identity Center)"
        }
    }
}

fn result(check: &Check, looked: Result<Seen, Trouble>, journal: &Journal) -> StepResult {
    let seen = looked.unwrap_or_else(|trouble| {
        let seen = Seen::unknown(trouble.to_string());
        match (trouble.kind, trouble.advice()) {
            (Kind::Denied, _) => seen.next(denied(check, &trouble)),
            (_, Some(advice)) => seen.next(advice),
            (_, None) => seen,
        }
    });
    StepResult {
        id: check.id.clone(),
        step: check.step.clone(),
        phase: check.phase,
        title: check.title.clone(),
        status: seen.status,
        optional: check.optional,
        expected: check.expected.clone(),
        observed: seen.observed,
        evidence: journal.calls(),
        needs: check.needs.clone(),
        next_step: seen.next_step,
    }
}

/// What must be granted where AWS refused.
fn denied(check: &Check, trouble: &Trouble) -> String {
    let actions: Vec<String> = check
        .operations
        .iter()
        .filter(|operation| operation.name == trouble.operation)
        .flat_map(|operation| operation.grants)
        .map(|grant| format!("`{}`", grant.action))
        .collect();
    format!(
        "the caller needs {}; `tfgen verify --print-policy` prints everything that the checks need",
        actions.join(", ")
    )
}
