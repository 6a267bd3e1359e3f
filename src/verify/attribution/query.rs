//! Who called which model, asked of the log itself.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use aws_sdk_athena::types::{QueryExecutionContext, QueryExecutionState, QueryExecutionStatus, Row};

use super::analytics::{TABLE, WORKGROUP};
use super::caller::{self, Who};
use super::few;
use crate::aws::operations::analytics::{GET_QUERY_EXECUTION, GET_QUERY_RESULTS, START_QUERY_EXECUTION};
use crate::aws::{Kind, Operation, Trouble};
use crate::deployment::model::{Access, Deployment, POOL_SESSION};
use crate::steps::callers_sql;
use crate::verify::check::{Check, From};
use crate::verify::next::APPLY_WORKLOAD;
use crate::verify::probe::{Probe, Seen};

const ID: &str = "attribution-query";
/// What asking calls.
pub const OPERATIONS: [&Operation; 3] = [&START_QUERY_EXECUTION, &GET_QUERY_EXECUTION, &GET_QUERY_RESULTS];
/// Shortest time between two looks at a query.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Longest time between two looks at a query.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
const FIRST_CALL: &str = "let a developer make a call (`tfgen onboard` configures one); records come within minutes";

/// A row of the query: a caller and a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// `identity.arn`.
    pub arn: String,
    /// What was called: id or ARN of a profile or model.
    pub model_id: String,
    /// Whether any of the calls has a number of input tokens.
    pub has_input: bool,
    /// Whether any of the calls has a number of output tokens.
    pub has_output: bool,
}

/// How a query came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its rows.
    Rows(Vec<Caller>),
    /// It has none, and this is what that means.
    Seen(Seen),
}

/// Asks who called what in the last day, once for all checks: each question is billed by what it reads.
///
/// # Errors
/// When AWS does not take the question or does not answer.
pub async fn callers(probe: &Probe) -> Result<Rc<Outcome>, Trouble> {
    probe
        .once("invocations-by-caller", |probe| async move { ask(&probe).await })
        .await
}

async fn ask(probe: &Probe) -> Result<Outcome, Trouble> {
    let (region, names) = (probe.region().to_owned(), &probe.deployment().names);
    let context = QueryExecutionContext::builder().database(&names.database).build();
    let started = probe
        .call(&START_QUERY_EXECUTION, |account| {
            account
                .athena(&region)
                .start_query_execution()
                .work_group(&names.workgroup)
                .query_execution_context(context)
                .query_string(callers_sql(probe.deployment()))
                .send()
        })
        .await?;
    let Some(id) = started.query_execution_id() else {
        return Err(garbled(&START_QUERY_EXECUTION, "the query has no id"));
    };
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        let answer = probe
            .call(&GET_QUERY_EXECUTION, |account| {
                account
                    .athena(&region)
                    .get_query_execution()
                    .query_execution_id(id)
                    .send()
            })
            .await?;
        let Some(status) = answer.query_execution().and_then(|execution| execution.status()) else {
            return Err(garbled(&GET_QUERY_EXECUTION, "the query has no status"));
        };
        match status.state() {
            Some(QueryExecutionState::Queued | QueryExecutionState::Running) => {}
            Some(QueryExecutionState::Succeeded) => break,
            _ => return Ok(Outcome::Seen(not_succeeded(status, id))),
        }
    }
    let pages = probe
        .pages(
            &GET_QUERY_RESULTS,
            |account, token| {
                account
                    .athena(&region)
                    .get_query_results()
                    .query_execution_id(id)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    let rows: Vec<&Row> = pages
        .iter()
        .filter_map(|page| page.result_set())
        .flat_map(|results| results.rows())
        .collect();
    Ok(Outcome::Rows(read(&rows)?))
}

fn garbled(operation: &Operation, message: &str) -> Trouble {
    Trouble {
        operation: operation.name,
        kind: Kind::Garbled,
        code: None,
        message: message.to_owned(),
    }
}

/// A query that failed because of the caller's rights says nothing of the log. Athena gives the services behind it as text.
fn not_succeeded(status: &QueryExecutionStatus, id: &str) -> Seen {
    let state = status.state().map_or("not given", QueryExecutionState::as_str);
    let reason = status
        .state_change_reason()
        .or_else(|| status.athena_error().and_then(|error| error.error_message()))
        .unwrap_or("AWS gives no reason");
    let observed = format!("query {id} is {state}: {reason}");
    let text = reason.to_lowercase();
    let is_denied = [
        "accessdenied",
        "access denied",
        "not authorized",
        "insufficient permission",
        "insufficient lake formation",
    ]
    .iter()
    .any(|part| text.contains(part));
    match status.state() {
        Some(QueryExecutionState::Failed) if is_denied => Seen::unknown(observed).next(
            "the caller needs what Athena reads and writes with the caller's own rights: `tfgen verify --print-policy` \
             prints it; where Lake Formation is used, grant SELECT on the table",
        ),
        Some(QueryExecutionState::Failed) if status.athena_error().is_some_and(|error| error.retryable()) => {
            Seen::unknown(observed).next("run it again")
        }
        Some(QueryExecutionState::Failed) => Seen::fail(observed).next(
            "run the query of the checklist in Athena's console; if the table is not as rendered, \
             `terraform -chdir=terraform/workload apply`",
        ),
        Some(QueryExecutionState::Cancelled) => Seen::unknown(observed)
            .next("run it again; if it was cancelled for what it scans, raise `scan_limit_gb` of `analytics`"),
        _ => Seen::unknown(observed),
    }
}

/// Reads the rows by the names in the first one. A null has no value.
fn read(rows: &[&Row]) -> Result<Vec<Caller>, Trouble> {
    let Some((header, rows)) = rows.split_first() else {
        return Err(garbled(
            &GET_QUERY_RESULTS,
            "the result has no row with the names of the columns",
        ));
    };
    let column = |name: &str| {
        let place = header
            .data()
            .iter()
            .position(|datum| datum.var_char_value() == Some(name));
        place.ok_or_else(|| garbled(&GET_QUERY_RESULTS, &format!("the result has no column {name}")))
    };
    let [arn, model_id, input, output] = [
        column("arn")?,
        column("modelid")?,
        column("inputtokencount")?,
        column("outputtokencount")?,
    ];
    let value = |row: &Row, at: usize| {
        row.data()
            .get(at)
            .and_then(|datum| datum.var_char_value())
            .map(str::to_owned)
    };
    let is_number = |row: &Row, at: usize| match value(row, at) {
        None => Ok(false),
        Some(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => Ok(true),
        Some(text) => Err(garbled(&GET_QUERY_RESULTS, &format!("`{text}` is no number of tokens"))),
    };
    rows.iter()
        .map(|row| {
            Ok(Caller {
                arn: value(row, arn).unwrap_or_default(),
                model_id: value(row, model_id).unwrap_or_default(),
                has_input: is_number(row, input)?,
                has_output: is_number(row, output)?,
            })
        })
        .collect()
}

pub fn check(deployment: &Deployment) -> Check {
    let role = match deployment.access {
        Access::IdentityCenter(_) => format!("AWSReservedSSO_{}_…", deployment.names.developer),
        Access::Roles(_) | Access::Federation(_) => deployment.names.developer.clone(),
    };
    super::check(ID, ID, From::Workload, "The log names developers and counts tokens")
        .expects(format!(
            "calls of the last day, all by sessions of {role} or of the administrators, with numbers of tokens"
        ))
        .calls(&OPERATIONS)
        .after(TABLE)
        .after(WORKGROUP)
        .looks(|probe| async move {
            let own: BTreeSet<String> = probe.scene().accounts.callers().map(str::to_owned).collect();
            Ok(match callers(&probe).await?.as_ref() {
                Outcome::Rows(rows) => judged(rows, probe.deployment(), &own),
                Outcome::Seen(seen) => seen.clone(),
            })
        })
}

/// What the rows show. `own` are the callers of this run, who may have called a model to verify it.
fn judged(rows: &[Caller], deployment: &Deployment, own: &BTreeSet<String>) -> Seen {
    if rows.is_empty() {
        return Seen::pending("nothing was logged in the last day").next(FIRST_CALL);
    }
    let mut developers = BTreeSet::new();
    let mut admins = BTreeSet::new();
    let mut others = BTreeSet::new();
    for row in rows {
        match caller::who(&row.arn, deployment) {
            Who::Developer(name) => {
                developers.insert(name);
            }
            Who::Admin(name) => {
                admins.insert(name);
            }
            Who::Other(caller::Kind::Role(_)) if own.contains(&row.arn) => {}
            Who::Other(kind) => {
                let arn = if row.arn.is_empty() {
                    "(no arn)"
                } else {
                    row.arn.as_str()
                };
                others.insert(format!("{arn} ({})", kind.words()));
            }
        }
    }
    if !others.is_empty() {
        let others: Vec<String> = others.into_iter().collect();
        return Seen::fail(format!("calls that name no developer: {}", few(&others))).next(
            "find out who calls models so, and let them use the developers' profile (`tfgen onboard`); delete the keys \
             that they use",
        );
    }
    if !rows.iter().any(|row| row.has_input) || !rows.iter().any(|row| row.has_output) {
        return Seen::fail("every number of input or of output tokens is null: the table does not fit the log")
            .next(APPLY_WORKLOAD);
    }
    let counted: BTreeSet<&str> = rows
        .iter()
        .filter(|row| row.has_input && row.has_output)
        .filter_map(|row| match caller::who(&row.arn, deployment) {
            Who::Developer(name) => Some(name),
            Who::Admin(_) | Who::Other(_) => None,
        })
        .collect();
    let uncounted: Vec<&str> = developers.difference(&counted).copied().collect();
    if !uncounted.is_empty() {
        return Seen::manual(format!(
            "{} of {} developers have calls of the last day, and no numbers of tokens with them: {}",
            uncounted.len(),
            developers.len(),
            few(&uncounted)
        ))
        .next(
            "look at `errorcode` of their calls in the log: a call that failed has no numbers; where calls went well without \
             them, the table does not fit the log",
        );
    }
    let shown: Vec<&str> = developers.iter().copied().collect();
    if shown == [POOL_SESSION] {
        return Seen::pass(format!(
            "developers called models in the last day, with numbers of tokens, all under the name {POOL_SESSION}"
        ));
    }
    match (developers.len(), admins.len()) {
        (0, 0) => Seen::pending("only the caller of this verification called a model in the last day").next(FIRST_CALL),
        (0, admins) => Seen::pending(format!(
            "{admins} administrator{} called models in the last day, and no developer",
            if admins == 1 { "" } else { "s" }
        ))
        .next(FIRST_CALL),
        (1, _) => Seen::pass(format!(
            "one developer called models in the last day, with numbers of tokens: {}",
            few(&shown)
        )),
        (number, _) => Seen::pass(format!(
            "{number} developers called models in the last day, with numbers of tokens: {}",
            few(&shown)
        )),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_athena::types::{AthenaError, Datum};

    use super::*;
    use crate::onboard::fixtures;
    use crate::verify::status::Status;

    fn row(values: &[Option<&str>]) -> Row {
        let data = values
            .iter()
            .map(|value| Datum::builder().set_var_char_value(value.map(str::to_owned)).build());
        Row::builder().set_data(Some(data.collect())).build()
    }

    const HEADER: [Option<&str>; 6] = [
        Some("arn"),
        Some("modelid"),
        Some("calls"),
        Some("inputtokencount"),
        Some("cachereadinputtokencount"),
        Some("outputtokencount"),
    ];

    #[test]
    fn a_null_is_no_number() {
        let rows = [
            row(&HEADER),
            row(&[Some("a"), Some("m"), Some("1"), Some("0"), None, None]),
        ];
        let read = read(&rows.iter().collect::<Vec<_>>()).unwrap();
        let expected = Caller {
            arn: "a".to_owned(),
            model_id: "m".to_owned(),
            has_input: true,
            has_output: false,
        };
        assert_eq!(read, [expected]);
    }

    #[test]
    fn a_result_without_its_columns_is_no_answer() {
        assert!(read(&[]).is_err());
        let other = row(&[Some("arn"), Some("modelid")]);
        let message = read(&[&other]).unwrap_err().to_string();
        assert!(message.contains("no column inputtokencount"), "{message}");
    }

    fn status(state: &str, reason: &str, retryable: bool) -> Status {
        let status = QueryExecutionStatus::builder()
            .state(QueryExecutionState::from(state))
            .state_change_reason(reason)
            .athena_error(AthenaError::builder().retryable(retryable).build())
            .build();
        not_succeeded(&status, "id").status
    }

    #[test]
    fn a_query_that_may_not_read_says_nothing_of_the_log() {
        assert_eq!(status("FAILED", "COLUMN_NOT_FOUND: line 1:8", false), Status::Fail);
        for reason in [
            "PERMISSION_DENIED: com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Status Code: 403)",
            "User: arn is not authorized to perform: glue:GetTable",
            "Insufficient Lake Formation permission(s): Required Select on invocation_logs",
        ] {
            assert_eq!(status("FAILED", reason, false), Status::Unknown, "{reason}");
        }
        assert_eq!(status("FAILED", "INTERNAL_ERROR_QUERY_ENGINE", true), Status::Unknown);
        assert_eq!(
            status("CANCELLED", "Query exhausted scan limit", false),
            Status::Unknown
        );
        assert_eq!(status("SOMETHING_NEW", "", false), Status::Unknown);
    }

    fn call(arn: &str, has_input: bool, has_output: bool) -> Caller {
        Caller {
            arn: arn.to_owned(),
            model_id: "m".to_owned(),
            has_input,
            has_output,
        }
    }

    #[test]
    fn rows_must_name_developers_and_count() {
        let deployment = fixtures::identity_center();
        let session = |role: &str| format!("arn:aws:sts::123456789012:assumed-role/{role}/a@x.com");
        let developer = session("AWSReservedSSO_claude-code-developer_0123456789abcdef");
        let admin = session("AWSReservedSSO_claude-code-admin_0123456789abcdef");
        let deploy = session("terraform-deploy");
        let user = "arn:aws:iam::123456789012:user/dave";
        let own = BTreeSet::from([deploy.clone(), user.to_owned()]);
        let judge = |rows: &[Caller]| judged(rows, &deployment, &own).status;
        assert_eq!(judge(&[]), Status::Pending);
        assert_eq!(judge(&[call(&developer, true, true)]), Status::Pass);
        assert_eq!(judge(&[call(&admin, true, true)]), Status::Pending);
        // The call that verified a model is nobody's work; a user's is, whoever runs this.
        assert_eq!(judge(&[call(&deploy, true, true)]), Status::Pending);
        assert_eq!(
            judge(&[call(&developer, true, true), call(&deploy, true, true)]),
            Status::Pass
        );
        assert_eq!(
            judge(&[call(&developer, true, true), call(user, true, true)]),
            Status::Fail
        );
        assert_eq!(
            judge(&[call(&developer, true, true), call(&session("other"), true, true)]),
            Status::Fail
        );
        assert_eq!(
            judge(&[call(&developer, true, true), call("", true, true)]),
            Status::Fail
        );
        // Counts that are all null.
        assert_eq!(judge(&[call(&developer, true, false)]), Status::Fail);
        assert_eq!(judge(&[call(&developer, false, true)]), Status::Fail);
        assert_eq!(
            judge(&[call(&developer, true, true), call(&developer, false, false)]),
            Status::Pass
        );
    }
}
