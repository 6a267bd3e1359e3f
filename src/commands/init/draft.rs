//! What is known of a deployment before its file is written: from flags, an import and the wizard's questions.

use std::collections::BTreeSet;

use super::federation::Federation;

/// A deployment in the making; what is not known yet is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// Name of the deployment.
    pub name: Option<String>,
    /// The dedicated account.
    pub account_id: Option<String>,
    /// The region from which models are called.
    pub region: Option<String>,
    /// Geography of the profiles.
    pub geography: Option<String>,
    /// Keys of the allowed models.
    pub allow: Vec<String>,
    /// Key of the model that Claude Code starts with.
    pub default_model: Option<String>,
    /// Roster file, relative to the deployment file.
    pub developers_file: Option<String>,
    /// Developers that stand in the deployment file itself.
    pub developers: Vec<Developer>,
    /// Completes developers of whom only a user name is known.
    pub email_domain: Option<String>,
    /// What an application inference profile stands for.
    pub profiles: Option<Scope>,
    /// How developers get credentials.
    pub access: Option<Access>,
    /// IAM Identity Center.
    pub identity: Identity,
    /// An OpenID provider.
    pub federation: Federation,
    /// Who may assume the developer role.
    pub trusted: Vec<String>,
    /// Who may assume the admin role.
    pub admins: Vec<String>,
    /// Who may assume the analyst role.
    pub analysts: Vec<String>,
    /// Management account of the organization; present: the SCP is emitted.
    pub management_account_id: Option<String>,
    /// What the SCP is attached to; empty: the deployment's account.
    pub attach_scp_to: Vec<String>,
    /// Roles that run Terraform, which the SCP must not stop.
    pub deploy_principals: Vec<String>,
    /// Emergency roles, likewise.
    pub break_glass: Vec<String>,
    /// Bucket of Terraform's state.
    pub state_bucket: Option<String>,
    /// Region of that bucket.
    pub state_region: Option<String>,
    /// Logging is not wanted, nor what is made of the logs.
    pub no_logging: bool,
    /// Whether prompts and answers are stored.
    pub prompts: Option<bool>,
    /// Days in CloudWatch.
    pub retention_days: Option<u32>,
    /// Days in S3.
    pub expiration_days: Option<u32>,
    /// Monthly limit of the account.
    pub monthly_usd: Option<f64>,
    /// Who is told about the budget.
    pub emails: Vec<String>,
    /// Budgets of teams.
    pub team_budgets: Vec<TeamBudget>,
    /// Account that pays, where `management_account_id` does not say it.
    pub payer_account_id: Option<String>,
    /// There are application inference profiles, so their tags can be activated.
    pub cost_tags: bool,
    /// Topics that the guardrail denies.
    pub blocked_topics: Vec<String>,
    /// Where an import came from.
    pub imported_from: Option<String>,
    /// What an import changed or left behind, and why.
    pub notices: Vec<Notice>,
    /// Optional parts that the wizard's user does not want, so that nobody is asked twice.
    pub declined: BTreeSet<&'static str>,
}

/// A developer of the deployment file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Developer {
    /// Stable id, the block's label.
    pub id: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// Project.
    pub project: Option<String>,
    /// Cost centre.
    pub cost_center: Option<String>,
}

impl Developer {
    /// The id of somebody of whom only a user name or an address is known: what stands before the `@`, in lower case,
    /// with a hyphen for what ids cannot have.
    pub fn id_of(user: &str) -> String {
        let local = user.split('@').next().unwrap_or(user).to_lowercase();
        let words = local.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')));
        let id = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
        id.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned()
    }
}

/// Budget of a team.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamBudget {
    /// Team.
    pub team: String,
    /// Monthly limit.
    pub monthly_usd: f64,
    /// Cost centre by whose tag it is counted.
    pub cost_center: Option<String>,
}

/// IAM Identity Center.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Account from which permission sets are managed.
    pub account_id: Option<String>,
    /// Where its people come from.
    pub source: Option<IdentitySource>,
    /// ARN of the instance.
    pub instance_arn: Option<String>,
    /// Access portal.
    pub start_url: Option<String>,
    /// Region of the instance.
    pub region: Option<String>,
    /// Display name of the group of developers.
    pub group: Option<String>,
    /// Display name of the group of administrators.
    pub admin_group: Option<String>,
    /// Display name of the group of analysts.
    pub analyst_group: Option<String>,
    /// Principal tag that holds the developer's e-mail address.
    pub session_tag: Option<String>,
}

/// What an application inference profile stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    /// One per developer and model
    Developer,
    /// One per team and model
    Team,
    /// None
    None,
}

impl Scope {
    /// As it is written in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Team => "team",
            Self::None => "none",
        }
    }
}

/// How developers get credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Access {
    /// Permission sets of IAM Identity Center
    IdentityCenter,
    /// Tokens of an OpenID provider, as Okta, Microsoft Entra ID or any other
    Federation,
    /// Roles in the account that IAM users and roles assume
    Roles,
}

/// Where Identity Center's people come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum IdentitySource {
    /// Microsoft Entra ID
    Entra,
    /// Okta
    Okta,
    /// Google Workspace
    Google,
    /// Identity Center's own directory
    Directory,
    /// Another provider with SAML and SCIM
    Other,
}

impl IdentitySource {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Entra, Self::Okta, Self::Google, Self::Directory, Self::Other];

    /// As it is written in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Okta => "okta",
            Self::Google => "google",
            Self::Directory => "directory",
            Self::Other => "other",
        }
    }
}

/// What happened to a variable of an import that was not simply taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The variable.
    pub variable: String,
    /// Whether something of it is in the file.
    pub kind: NoticeKind,
    /// What was done, and why.
    pub text: String,
}

/// Whether something of a variable is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Taken over in another form.
    Changed,
    /// Not carried over.
    Dropped,
    /// Taken over as it is, though something else may be meant.
    Advice,
}

/// A value without which no file can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// The flag with a value as it might be given.
    pub flag: &'static str,
    /// What it is.
    pub what: &'static str,
}

impl Draft {
    /// Completes what follows from other values: the usual name, and e-mail addresses from user names.
    pub fn complete(&mut self) {
        self.name.get_or_insert_with(|| "claude-code".to_owned());
        if let Some(domain) = &self.email_domain {
            for developer in self.developers.iter_mut().filter(|developer| developer.email.is_none()) {
                developer.email = Some(format!("{}@{domain}", developer.id));
            }
        }
    }

    /// Whether it is known which account pays: an account that shares Identity Center with another one is in an
    /// organization.
    pub fn payer_is_known(&self) -> bool {
        let alone = self.access != Some(Access::IdentityCenter) || self.identity.account_id == self.account_id;
        alone || self.management_account_id.is_some() || self.payer_account_id.is_some()
    }

    /// Gives up the log and what needs it.
    pub fn forgo_logging(&mut self) {
        self.no_logging = true;
        let reason = "--no-logging: the alarms of a budget are fed from the log";
        self.drop_budgets_of_teams(reason);
        if self.monthly_usd.take().is_some() {
            self.notices.push(Notice {
                variable: "monthly_budget_amount".to_owned(),
                kind: NoticeKind::Dropped,
                text: reason.to_owned(),
            });
        }
    }

    /// Gives up the budgets of teams, and says why.
    pub fn drop_budgets_of_teams(&mut self, reason: &str) {
        if !self.team_budgets.is_empty() {
            self.team_budgets.clear();
            self.notices.push(Notice {
                variable: "team_budgets".to_owned(),
                kind: NoticeKind::Dropped,
                text: reason.to_owned(),
            });
        }
    }

    /// Everything that is still missing, in the order of the file.
    pub fn missing(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        let mut need = |absent: bool, flag: &'static str, what: &'static str| {
            if absent {
                missing.push(Missing { flag, what });
            }
        };
        need(
            self.account_id.is_none(),
            "--account-id 123456789012",
            "the dedicated AWS account",
        );
        need(
            self.region.is_none(),
            "--region us-east-1",
            "the region from which models are called",
        );
        need(
            self.geography.is_none(),
            "--geography us",
            "where requests may be served: us, eu, au, jp or global",
        );
        need(
            self.allow.is_empty(),
            "--allow opus-4-6,sonnet-4-6,haiku-4-5",
            "the models, see `tfgen models`",
        );
        let nobody = self.developers_file.is_none() && self.developers.is_empty();
        need(nobody, "--developers developers.csv", "the list of developers");
        let nameless = self.developers.iter().any(|developer| developer.email.is_none());
        need(
            nameless,
            "--email-domain example.com",
            "completes the imported user names to e-mail addresses",
        );
        need(
            self.access.is_none(),
            "--access identity-center",
            "how developers get credentials, or --access federation, or --access roles",
        );
        match self.access {
            Some(Access::IdentityCenter) => {
                let identity = &self.identity;
                need(
                    identity.account_id.is_none(),
                    "--identity-account-id 999999999999",
                    "the management account or Identity Center's delegated administrator",
                );
                need(
                    identity.source.is_none(),
                    "--identity-source entra",
                    "where its people come from: entra, okta, google, directory or other",
                );
                need(
                    identity.instance_arn.is_none(),
                    "--identity-instance-arn arn:aws:sso:::instance/ssoins-1234567890abcdef",
                    "the instance; `aws sso-admin list-instances` prints it",
                );
                need(
                    identity.start_url.is_none(),
                    "--start-url https://d-1234567890.awsapps.com/start",
                    "the access portal",
                );
                need(
                    identity.region.is_none(),
                    "--identity-region us-east-1",
                    "the region of the instance",
                );
            }
            Some(Access::Federation) => {
                for one in self.federation.missing() {
                    need(true, one.flag, one.what);
                }
            }
            Some(Access::Roles) => need(
                self.trusted.is_empty(),
                "--trusted arn:aws:iam::123456789012:user/alice",
                "who may assume the developer role",
            ),
            None => {}
        }
        need(
            self.management_account_id.is_some() && self.deploy_principals.is_empty(),
            "--deploy-principal 'arn:aws:iam::*:role/terraform-*'",
            "the roles that run Terraform, which the service control policy must not stop",
        );
        need(
            self.monthly_usd.is_some() && self.emails.is_empty(),
            "--budget-email platform@example.com",
            "who is told about the budget",
        );
        missing
    }
}
