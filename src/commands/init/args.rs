//! Arguments of `tfgen init`.

use std::path::PathBuf;

use crate::commands::UsageError;

use super::draft::{Access, Draft, IdentitySource, Scope};
use super::federation::OpenId;

// Headings of the help.
const DEPLOYMENT: &str = "Deployment";
const PEOPLE: &str = "Models and developers";
const ACCESS: &str = "Access";
const ORGANIZATION: &str = "Organization and state";
const LOGS: &str = "Logs and budget";

/// Arguments of `tfgen init`.
#[derive(Debug, Clone, clap::Args)]
pub struct InitArgs {
    /// File to write
    #[arg(value_name = "FILE", default_value = "tfgen.hcl")]
    pub file: PathBuf,

    /// Replace the file if it exists
    #[arg(long)]
    pub force: bool,

    /// Ask nothing, even at a terminal
    #[arg(long)]
    pub no_input: bool,

    /// Start from the variables of the Terraform module that the manual checklist belongs to
    #[arg(long, value_name = "FILE")]
    pub from_tfvars: Option<PathBuf>,

    /// Start from a profile of `ccwb`, or from the config.json of its package
    #[arg(long, value_name = "FILE", conflicts_with = "from_tfvars")]
    pub from_ccwb: Option<PathBuf>,

    /// Which profile of that file, where it has several
    #[arg(long, value_name = "NAME", requires = "from_ccwb")]
    pub ccwb_profile: Option<String>,

    /// Ask no issuer about itself
    #[arg(long)]
    pub offline: bool,

    /// Name of the deployment [default: claude-code]
    #[arg(long, value_name = "NAME", help_heading = DEPLOYMENT)]
    pub name: Option<String>,

    /// The dedicated AWS account
    #[arg(long, value_name = "ACCOUNT", help_heading = DEPLOYMENT)]
    pub account_id: Option<String>,

    /// Region from which models are called
    #[arg(long, value_name = "REGION", help_heading = DEPLOYMENT)]
    pub region: Option<String>,

    /// Where requests may be served: us, eu, au, jp or global
    #[arg(long, value_name = "GEOGRAPHY", help_heading = PEOPLE)]
    pub geography: Option<String>,

    /// Models that developers may call, by key
    #[arg(long, value_name = "MODEL,…", value_delimiter = ',', help_heading = PEOPLE)]
    pub allow: Vec<String>,

    /// The model that Claude Code starts with [default: the first of --allow]
    #[arg(long, value_name = "MODEL", help_heading = PEOPLE)]
    pub default_model: Option<String>,

    /// CSV file of developers, relative to the deployment file
    #[arg(long, value_name = "FILE", help_heading = PEOPLE)]
    pub developers: Option<String>,

    /// Completes imported user names to e-mail addresses
    #[arg(long, value_name = "DOMAIN", help_heading = PEOPLE)]
    pub email_domain: Option<String>,

    /// What an application inference profile stands for [default: by the number of developers]
    #[arg(long, value_enum, value_name = "SCOPE", help_heading = PEOPLE)]
    pub profiles: Option<Scope>,

    /// How developers get credentials
    #[arg(long, value_enum, value_name = "ACCESS", help_heading = ACCESS)]
    pub access: Option<Access>,

    /// Identity Center: management account or delegated administrator
    #[arg(long, value_name = "ACCOUNT", help_heading = ACCESS)]
    pub identity_account_id: Option<String>,

    /// Identity Center: where its people come from
    #[arg(long, value_enum, value_name = "SOURCE", help_heading = ACCESS)]
    pub identity_source: Option<IdentitySource>,

    /// Identity Center: ARN of the instance
    #[arg(long, value_name = "ARN", help_heading = ACCESS)]
    pub identity_instance_arn: Option<String>,

    /// Identity Center: access portal
    #[arg(long, value_name = "URL", help_heading = ACCESS)]
    pub start_url: Option<String>,

    /// Identity Center: its region
    #[arg(long, value_name = "REGION", help_heading = ACCESS)]
    pub identity_region: Option<String>,

    /// Identity Center: display name of the group of developers [default: Claude Code Developers]
    #[arg(long, value_name = "NAME", help_heading = ACCESS)]
    pub group: Option<String>,

    /// Identity Center: display name of the group of administrators [default: no admin permission set]
    #[arg(long, value_name = "NAME", help_heading = ACCESS)]
    pub admin_group: Option<String>,

    /// Identity Center: display name of the group of analysts [default: no analyst permission set]
    #[arg(long, value_name = "NAME", help_heading = ACCESS)]
    pub analyst_group: Option<String>,

    /// Identity Center and federation: tag with the developer's e-mail address, which binds developers to their profiles
    #[arg(long, value_name = "KEY", help_heading = ACCESS)]
    pub session_tag: Option<String>,

    /// Federation: issuer of the tokens; it is asked about itself, and the rest follows [implies: --access federation]
    #[arg(long, value_name = "URL", help_heading = ACCESS)]
    pub issuer: Option<String>,

    /// Federation: whose tokens [default: as the issuer tells]
    #[arg(long, value_enum, value_name = "PROVIDER", help_heading = ACCESS)]
    pub provider: Option<OpenId>,

    /// Federation: id of the application at the provider
    #[arg(long, value_name = "ID", help_heading = ACCESS)]
    pub client_id: Option<String>,

    /// Federation: domains of the e-mail addresses that may sign in [default: all that the provider signs in]
    #[arg(long, value_name = "DOMAIN,…", value_delimiter = ',', help_heading = ACCESS)]
    pub sign_in_domain: Vec<String>,

    /// Federation: how long a session may last at most [default: 8]
    #[arg(long, value_name = "HOURS", help_heading = ACCESS)]
    pub max_session_hours: Option<u32>,

    /// Federation: an identity pool of Amazon Cognito between token and role, which makes `--session-tag` of the claim `email`
    #[arg(long, help_heading = ACCESS)]
    pub identity_pool: bool,

    /// Federation: the account's IAM OIDC provider for the issuer, where somebody else manages it
    #[arg(long, value_name = "ARN", help_heading = ACCESS)]
    pub oidc_provider_arn: Option<String>,

    /// Roles: who may assume the developer role
    #[arg(long, value_name = "ARN,…", value_delimiter = ',', help_heading = ACCESS)]
    pub trusted: Vec<String>,

    /// Roles: who may assume the admin role
    #[arg(long, value_name = "ARN,…", value_delimiter = ',', help_heading = ACCESS)]
    pub admins: Vec<String>,

    /// Roles: who may assume the analyst role
    #[arg(long, value_name = "ARN,…", value_delimiter = ',', help_heading = ACCESS)]
    pub analysts: Vec<String>,

    /// Management account of the organization: attaches a service control policy
    #[arg(long, value_name = "ACCOUNT", help_heading = ORGANIZATION)]
    pub management_account_id: Option<String>,

    /// What the policy is attached to: accounts, units, roots [default: the dedicated account]
    #[arg(long, value_name = "TARGET,…", value_delimiter = ',', help_heading = ORGANIZATION)]
    pub attach_scp_to: Vec<String>,

    /// Roles that run Terraform, which the service control policy must not stop
    #[arg(long, value_name = "ARN,…", value_delimiter = ',', help_heading = ORGANIZATION)]
    pub deploy_principal: Vec<String>,

    /// Emergency roles, which it must not stop either
    #[arg(long, value_name = "ARN,…", value_delimiter = ',', help_heading = ORGANIZATION)]
    pub break_glass: Vec<String>,

    /// Account that pays, in which tags are activated [default: --management-account-id, else the dedicated account]
    #[arg(long, value_name = "ACCOUNT", help_heading = ORGANIZATION)]
    pub payer_account_id: Option<String>,

    /// S3 bucket of Terraform's state
    #[arg(long, value_name = "BUCKET", help_heading = ORGANIZATION)]
    pub state_bucket: Option<String>,

    /// Region of that bucket [default: the deployment's]
    #[arg(long, value_name = "REGION", help_heading = ORGANIZATION)]
    pub state_region: Option<String>,

    /// No model invocation logging, and nothing that needs it
    #[arg(long, conflicts_with_all = ["budget", "prompts"], help_heading = LOGS)]
    pub no_logging: bool,

    /// Store prompts and code in the log, in clear
    #[arg(long, help_heading = LOGS)]
    pub prompts: bool,

    /// Days for which CloudWatch keeps log events [default: 30]
    #[arg(long, value_name = "DAYS", conflicts_with = "no_logging", help_heading = LOGS)]
    pub retention_days: Option<u32>,

    /// Days after which log objects in S3 are deleted [default: 365]
    #[arg(long, value_name = "DAYS", conflicts_with = "no_logging", help_heading = LOGS)]
    pub expiration_days: Option<u32>,

    /// Monthly budget in USD
    #[arg(long, value_name = "USD", help_heading = LOGS)]
    pub budget: Option<f64>,

    /// E-mail addresses to notify about the budget
    #[arg(long, value_name = "EMAIL,…", value_delimiter = ',', help_heading = LOGS)]
    pub budget_email: Vec<String>,
}

impl InitArgs {
    /// Refuses flags that would have no effect, as far as the other flags tell.
    ///
    /// # Errors
    /// With every such flag and the reason.
    pub(super) fn fits(&self) -> Result<(), UsageError> {
        let center = [
            ("--identity-account-id", self.identity_account_id.is_some()),
            ("--identity-source", self.identity_source.is_some()),
            ("--identity-instance-arn", self.identity_instance_arn.is_some()),
            ("--start-url", self.start_url.is_some()),
            ("--identity-region", self.identity_region.is_some()),
            ("--group", self.group.is_some()),
            ("--admin-group", self.admin_group.is_some()),
            ("--analyst-group", self.analyst_group.is_some()),
        ];
        let federation = [
            ("--issuer", self.issuer.is_some()),
            ("--provider", self.provider.is_some()),
            ("--client-id", self.client_id.is_some()),
            ("--sign-in-domain", !self.sign_in_domain.is_empty()),
            ("--max-session-hours", self.max_session_hours.is_some()),
            ("--identity-pool", self.identity_pool),
            ("--oidc-provider-arn", self.oidc_provider_arn.is_some()),
        ];
        let tag = [("--session-tag", self.session_tag.is_some())];
        let roles = [
            ("--trusted", !self.trusted.is_empty()),
            ("--admins", !self.admins.is_empty()),
            ("--analysts", !self.analysts.is_empty()),
        ];
        let mut idle: Vec<(&str, String)> = Vec::new();
        let given = |flags: &[(&'static str, bool)]| -> Vec<&'static str> {
            flags
                .iter()
                .filter(|(_, given)| *given)
                .map(|(flag, _)| *flag)
                .collect()
        };
        let center = (&center[..], "--access identity-center");
        let federation = (&federation[..], "--access federation");
        let tag = (&tag[..], "--access identity-center or federation");
        let roles = (&roles[..], "--access roles");
        let (stated, others) = match self.access() {
            Some(Access::IdentityCenter) => ("through Identity Center", vec![federation, roles]),
            Some(Access::Federation) => ("with the tokens of an OpenID provider", vec![center, roles]),
            Some(Access::Roles) => ("through roles", vec![center, federation, tag]),
            None => ("", Vec::new()),
        };
        for (flags, owner) in others {
            let reason = format!("it belongs to {owner}, and access is {stated}");
            idle.extend(given(flags).into_iter().map(|flag| (flag, reason.clone())));
        }
        if self.email_domain.is_some() && self.from_tfvars.is_none() {
            idle.push((
                "--email-domain",
                "it completes imported user names; there is no --from-tfvars".to_owned(),
            ));
        }
        if idle.is_empty() {
            return Ok(());
        }
        let lines = idle.iter().map(|(flag, reason)| format!("\n  {flag}: {reason}"));
        Err(UsageError(format!(
            "these flags have no effect:{}",
            lines.collect::<String>()
        )))
    }

    /// The access mode that the flags say: only one of them has an issuer.
    fn access(&self) -> Option<Access> {
        self.access.or(self.issuer.as_ref().map(|_| Access::Federation))
    }

    /// Puts what the flags say over what `draft` has.
    pub(super) fn apply(&self, draft: &mut Draft) {
        fn over<T: Clone>(target: &mut Option<T>, value: &Option<T>) {
            if value.is_some() {
                target.clone_from(value);
            }
        }
        fn over_list(target: &mut Vec<String>, values: &[String]) {
            if !values.is_empty() {
                values.clone_into(target);
            }
        }
        over(&mut draft.name, &self.name);
        over(&mut draft.account_id, &self.account_id);
        over(&mut draft.region, &self.region);
        over(&mut draft.geography, &self.geography);
        over_list(&mut draft.allow, &self.allow);
        if !self.allow.is_empty()
            && draft
                .default_model
                .as_ref()
                .is_some_and(|key| !self.allow.contains(key))
        {
            // The import's default is none of the models that the flag allows instead.
            draft.default_model = None;
        }
        over(&mut draft.default_model, &self.default_model);
        if self.developers.is_some() {
            draft.developers_file.clone_from(&self.developers);
            draft.developers.clear();
        }
        over(&mut draft.email_domain, &self.email_domain);
        over(&mut draft.profiles, &self.profiles);
        over(&mut draft.access, &self.access());
        over(&mut draft.identity.account_id, &self.identity_account_id);
        over(&mut draft.identity.source, &self.identity_source);
        over(&mut draft.identity.instance_arn, &self.identity_instance_arn);
        over(&mut draft.identity.start_url, &self.start_url);
        over(&mut draft.identity.region, &self.identity_region);
        over(&mut draft.identity.group, &self.group);
        over(&mut draft.identity.admin_group, &self.admin_group);
        over(&mut draft.identity.analyst_group, &self.analyst_group);
        over(&mut draft.identity.session_tag, &self.session_tag);
        over(&mut draft.federation.issuer, &self.issuer);
        if self.issuer.is_some() {
            // The provider of an import is that of its own issuer.
            draft.federation.stated = None;
        }
        over(&mut draft.federation.stated, &self.provider);
        over(&mut draft.federation.client_id, &self.client_id);
        over_list(&mut draft.federation.email_domains, &self.sign_in_domain);
        over(&mut draft.federation.session_tag, &self.session_tag);
        over(&mut draft.federation.max_session_hours, &self.max_session_hours);
        draft.federation.identity_pool |= self.identity_pool;
        over(&mut draft.federation.oidc_provider_arn, &self.oidc_provider_arn);
        over_list(&mut draft.trusted, &self.trusted);
        over_list(&mut draft.admins, &self.admins);
        over_list(&mut draft.analysts, &self.analysts);
        over(&mut draft.management_account_id, &self.management_account_id);
        over(&mut draft.payer_account_id, &self.payer_account_id);
        over_list(&mut draft.attach_scp_to, &self.attach_scp_to);
        over_list(&mut draft.deploy_principals, &self.deploy_principal);
        over_list(&mut draft.break_glass, &self.break_glass);
        over(&mut draft.state_bucket, &self.state_bucket);
        over(&mut draft.state_region, &self.state_region);
        if self.no_logging {
            draft.forgo_logging();
        }
        if self.prompts {
            draft.prompts = Some(true);
        }
        over(&mut draft.retention_days, &self.retention_days);
        over(&mut draft.expiration_days, &self.expiration_days);
        over(&mut draft.monthly_usd, &self.budget);
        over_list(&mut draft.emails, &self.budget_email);
    }
}
