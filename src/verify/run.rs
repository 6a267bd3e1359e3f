//! Looking: checks at the same time, each as soon as what it needs has passed, all before a deadline.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use super::check::{Check, From};
use super::probe::{Accounts, Memory, Probe, Scene, Seen};
use super::status::{Status, StepResult};
use crate::aws::{Journal, Kind, Trouble, actions_of};

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

/// Looks at everything, and again at what is pending for as long as the options say, or until `stop` is set. Results
/// come in the order of `checks`, and there is one of each: what there was no time for is unknown.
pub async fn run(
    checks: &[Check],
    scene: &Rc<Scene>,
    options: Options,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Vec<StepResult> {
    let mut known: BTreeMap<&str, StepResult> = BTreeMap::new();
    let mut ended = round(checks, scene, options.deadline, stop, &mut known, progress).await;
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
            if pending.is_empty() || left.is_zero() || ended == Ended::Stopped {
                break;
            }
            let this = pause.min(left);
            progress.waits(&pending, this, left);
            if let Either::Right(_) = select(pin!(tokio::time::sleep(this)), pin!(set(stop))).await {
                break;
            }
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
            forget(checks, &mut known);
            ended = round(checks, scene, options.deadline, stop, &mut known, progress).await;
        }
    }
    checks
        .iter()
        .filter_map(|check| known.remove(check.id.as_str()))
        .collect()
}

/// Waits until the flag is set: by a signal, whose handler can do no more than that.
async fn set(flag: &AtomicBool) {
    while !flag.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
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

/// How a round came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Everything has been looked at.
    Whole,
    /// Its time was over.
    Late,
    /// The user stopped it.
    Stopped,
}

/// Looks at every check that has no result yet.
async fn round<'a>(
    checks: &'a [Check],
    scene: &Rc<Scene>,
    deadline: Duration,
    stop: &AtomicBool,
    known: &mut BTreeMap<&'a str, StepResult>,
    progress: &mut dyn Progress,
) -> Ended {
    let end = Instant::now() + deadline;
    let memory = Rc::new(Memory::default());
    let tasks = tokio::task::LocalSet::new();
    let mut running: JoinSet<Result<Seen, Trouble>> = JoinSet::new();
    let mut started: BTreeMap<&str, (Id, Journal)> = BTreeMap::new();
    let order = by_what_waits(checks);
    let ended = tasks
        .run_until(async {
            loop {
                let mut is_settled = false;
                while !is_settled {
                    is_settled = true;
                    for check in order.iter().copied() {
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
                let next = tokio::time::timeout_at(end, running.join_next_with_id());
                let joined = match select(pin!(next), pin!(set(stop))).await {
                    Either::Left((Ok(None), _)) => break Ended::Whole,
                    Either::Left((Ok(Some(joined)), _)) => joined,
                    Either::Left((Err(_), _)) => break Ended::Late,
                    Either::Right(_) => break Ended::Stopped,
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
    running.abort_all();
    let (observed, next) = match ended {
        Ended::Stopped => ("it was interrupted before it was known".to_owned(), "run it again"),
        Ended::Whole | Ended::Late => (
            format!("the time of {} was over", told(deadline)),
            "run it again with a longer `--timeout`",
        ),
    };
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
        known.insert(
            &check.id,
            result(check, Ok(Seen::unknown(&observed).next(next)), &journal),
        );
    }
    ended
}

/// A time in words, as `2 min` or `300 ms`.
pub fn told(time: Duration) -> String {
    match time.as_millis() {
        ms @ 0..1_000 => format!("{ms} ms"),
        ms @ 1_000..120_000 => format!("{} s", ms.div_ceil(1_000)),
        ms => format!("{} min", ms.div_ceil(60_000)),
    }
}

/// The checks, those first for which the longest chain of others waits: calls are answered in the order in which they are
/// made, and what nobody waits for can come last.
fn by_what_waits(checks: &[Check]) -> Vec<&Check> {
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    // A check stands after those that it needs, so one pass from behind sees every chain.
    for check in checks.iter().rev() {
        let own = waiting.get(check.id.as_str()).copied().unwrap_or_default();
        for need in &check.needs {
            let longest = waiting.entry(need).or_default();
            *longest = (*longest).max(own + 1);
        }
    }
    let mut order: Vec<&Check> = checks.iter().collect();
    order.sort_by_key(|check| std::cmp::Reverse(waiting.get(check.id.as_str()).copied().unwrap_or_default()));
    order
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
                .next(credentials_option(check.from, &scene.accounts)),
        );
    }
    let mut missing = None;
    for need in &check.needs {
        match known.get(need.as_str()) {
            None => return Readiness::Waits,
            Some(result) if result.status.is_settled() => {}
            // The first of them is named, whichever was known first: two runs say the same.
            Some(result) => missing = missing.or(Some((need, result.status))),
        }
    }
    match missing {
        Some((need, status)) => never(Seen::skipped(format!(
            "not looked at: it needs {need}, which is {}",
            status.word()
        ))),
        None => Readiness::Ready,
    }
}

/// How the credentials of an account are named on the command line.
pub fn credentials_option(from: From, accounts: &Accounts) -> &'static str {
    let is_managements = accounts.ids.get(&From::Payer) == accounts.ids.get(&From::Management);
    match from {
        From::Workload | From::Machine => "name credentials with `--profile` or `--role-arn`",
        From::Payer if !is_managements => "name credentials with `--payer-profile` or `--payer-role-arn`",
        From::Management | From::Payer => "name credentials with `--management-profile` or `--management-role-arn`",
        From::IdentityCenter => {
            "name credentials with `--identity-center-profile` or `--identity-center-role-arn` (or \
             `--management-profile`, where the management account manages Identity Center)"
        }
    }
}

fn result(check: &Check, looked: Result<Seen, Trouble>, journal: &Journal) -> StepResult {
    let seen = looked.unwrap_or_else(|trouble| {
        if check.from == From::Management && trouble.is("AWSOrganizationsNotInUseException") {
            return Seen::fail(format!("the management account belongs to no organization: {trouble}"))
                .next("correct `management_account_id` in the block `organization` of the deployment file");
        }
        let seen = Seen::unknown(trouble.to_string());
        match (trouble.kind, trouble.advice()) {
            (Kind::Denied, _) => seen.next(denied(check, &trouble)),
            (_, Some(advice)) => seen.next(advice),
            (_, None) => seen,
        }
    });
    let is_open = !seen.status.is_settled() && seen.status != Status::Skipped;
    let elsewhere = || is_open.then(|| format!("the step `{}` of MANUAL_STEPS.md says how it is done", check.step));
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
        next_step: seen.next_step.or_else(elsewhere),
    }
}

/// What must be granted where AWS refused.
fn denied(check: &Check, trouble: &Trouble) -> String {
    format!(
        "the caller needs {}; `tfgen verify --print-policy` prints everything that the checks need",
        actions_of(&check.all_operations(), trouble.operation)
    )
}
