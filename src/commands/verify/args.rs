//! Arguments of `tfgen verify` and `tfgen verify-phase`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::aws::Endpoint;
use crate::commands::{Streams, Subject};
use crate::outcome::Failure;
use crate::steps::Phase;

/// Arguments of `tfgen verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Deployment file [default: tfgen.hcl in this folder or the nearest folder above]
    pub file: Option<PathBuf>,

    #[command(flatten)]
    pub options: VerifyOptions,
}

/// Arguments of `tfgen verify-phase`.
#[derive(Debug, Args)]
pub struct VerifyPhaseArgs {
    /// 1: foundation; 2: logging; 3: cost allocation tags; 4: attribution; 5: budgets and alarms; onboarding
    #[arg(value_parser = phase, value_name = "PHASE")]
    pub phase: Phase,

    /// Deployment file [default: tfgen.hcl in this folder or the nearest folder above]
    pub file: Option<PathBuf>,

    #[command(flatten)]
    pub options: VerifyOptions,
}

/// What both have.
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// Look at this check or step alone, and at what it needs; may be given several times
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,

    /// Print the checks instead of running them: what is looked at, from which account, by which calls
    #[arg(long, conflicts_with_all = ["print_policy", "wait", "update_checklist"])]
    pub list: bool,

    /// Print the IAM policies that the checks need, by account, or the one of ACCOUNT, instead of running them
    #[arg(long, value_name = "ACCOUNT", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub print_policy: Option<String>,

    /// Look again at what is pending, for DURATION (as `90s`, `20m`, `2h`; one hour without it)
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true, default_missing_value = "1h", value_parser = duration)]
    pub wait: Option<Duration>,

    /// Longest time of one round of looking, and of finding out whose the credentials are
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub timeout: Duration,

    #[command(flatten)]
    pub credentials: CredentialArgs,

    /// Call each allowed model once, with one token of output: the only proof that it answers. It is billed
    #[arg(long)]
    pub call_models: bool,

    /// Folder that `tfgen render` wrote to [default: the deployment file's folder]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// Tick the boxes of MANUAL_STEPS.md in that folder whose steps are done, and untick those that failed
    #[arg(long)]
    pub update_checklist: bool,

    /// Form of the output
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: VerifyFormat,

    /// Whether the user has been told already in whose name AWS is asked.
    #[arg(skip)]
    pub has_told_accounts: bool,
}

impl VerifyOptions {
    /// Reads the deployment that is to be verified.
    ///
    /// # Errors
    /// When it cannot be read, or is a time that was meant for `--wait`.
    pub fn subject(&self, file: Option<&Path>, streams: &mut Streams<'_>) -> Result<Subject, Failure> {
        let is_time = |file: &&Path| !file.exists() && file.to_str().is_some_and(|file| duration(file).is_ok());
        if let Some(time) = file.filter(is_time).filter(|_| self.wait.is_some()) {
            let time = time.display();
            return Err(Failure::Usage(format!(
                "{time} would be the deployment file, and there is no such file; a time belongs to the option: --wait={time}"
            )));
        }
        Subject::load(file, streams)
    }

    /// What a run has that was asked for nothing.
    pub fn new(credentials: CredentialArgs) -> Self {
        Self {
            only: Vec::new(),
            list: false,
            print_policy: None,
            wait: None,
            timeout: Duration::from_mins(2),
            credentials,
            call_models: false,
            root: None,
            update_checklist: false,
            format: VerifyFormat::default(),
            has_told_accounts: false,
        }
    }
}

/// Whose credentials are used, and where AWS is.
#[derive(Debug, Clone, Args)]
pub struct CredentialArgs {
    /// Profile of ~/.aws/config for the dedicated account, or for whichever account of the deployment it is of
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Role to assume with it
    #[arg(long, value_name = "ARN")]
    pub role_arn: Option<String>,

    /// Profile for the management account, which usually pays as well
    #[arg(long, value_name = "NAME")]
    pub management_profile: Option<String>,

    /// Role of the management account to assume
    #[arg(long, value_name = "ARN")]
    pub management_role_arn: Option<String>,

    /// Profile for the account that manages Identity Center, where that is another one
    #[arg(long, value_name = "NAME")]
    pub identity_center_profile: Option<String>,

    /// Role of that account to assume
    #[arg(long, value_name = "ARN")]
    pub identity_center_role_arn: Option<String>,

    /// Profile for the account that pays, where that is not the management account
    #[arg(long, value_name = "NAME")]
    pub payer_profile: Option<String>,

    /// Role of that account to assume
    #[arg(long, value_name = "ARN")]
    pub payer_role_arn: Option<String>,

    /// Address to call instead of AWS's own [default: AWS_ENDPOINT_URL]
    #[arg(long, value_name = "URL", value_parser = url)]
    pub endpoint_url: Option<String>,

    /// Call as fast as AWS answers: for measuring against an emulation
    #[arg(long, hide = true)]
    pub no_rate_limits: bool,
}

impl CredentialArgs {
    /// Where the API of a deployment in `region` is.
    pub fn endpoint(&self, region: &str) -> Endpoint {
        Endpoint {
            region: region.to_owned(),
            url: self.endpoint_url.clone(),
            is_limited: !self.no_rate_limits,
        }
    }
}

/// Forms of a verification.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    /// A table, and what to do about what is not done
    #[default]
    Human,
    /// One versioned document
    Json,
    /// JUnit XML, for CI systems
    Junit,
    /// For issues and pages
    Markdown,
}

fn phase(text: &str) -> Result<Phase, String> {
    let known = Phase::ALL.into_iter().find(|phase| phase.argument() == text);
    known.ok_or_else(|| {
        let all: Vec<&str> = Phase::ALL.into_iter().map(Phase::argument).collect();
        format!("there is no such phase; the phases are {}", all.join(", "))
    })
}

/// An address with its scheme, as the SDK takes it.
fn url(text: &str) -> Result<String, String> {
    let host = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with(['/', ':']) && !host.contains(char::is_whitespace) => {
            Ok(text.to_owned())
        }
        _ => Err("expected an address with its scheme, as `http://localhost:5000`".to_owned()),
    }
}

/// A time with its unit.
pub fn duration(text: &str) -> Result<Duration, String> {
    let said = text.parse::<jiff::SignedDuration>();
    let time = said.map_err(|_| "expected a time with its unit, as `90s`, `20m` or `2h`".to_owned())?;
    match Duration::try_from(time) {
        Ok(time) if !time.is_zero() => Ok(time),
        _ => Err("expected a time above zero".to_owned()),
    }
}
