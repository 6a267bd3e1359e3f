//! Arguments of `tfgen init`.

use std::path::PathBuf;

use super::draft::{Access, Draft, IdentitySource, Scope};

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

    /// Name of the deployment [default: claude-code]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// The dedicated AWS account
    #[arg(long, value_name = "ACCOUNT")]
    pub account_id: Option<String>,

    /// Region from which models are called
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,

    /// Where requests may be served: us, eu, au, jp or global
    #[arg(long, value_name = "GEOGRAPHY")]
    pub geography: Option<String>,

    /// Models that developers may call, by key
    #[arg(long, value_name = "MODEL", value_delimiter = ',')]
    pub allow: Vec<String>,

    /// The model that Claude Code starts with [default: the first of --allow]
    #[arg(long, value_name = "MODEL")]
    pub default_model: Option<String>,

    /// CSV file of developers, relative to the deployment file
    #[arg(long, value_name = "FILE")]
    pub developers: Option<String>,

    /// Completes imported user names to e-mail addresses
    #[arg(long, value_name = "DOMAIN")]
    pub email_domain: Option<String>,

    /// What an application inference profile stands for [default: by the number of developers]
    #[arg(long, value_enum, value_name = "SCOPE")]
    pub profiles: Option<Scope>,

    /// How developers get credentials
    #[arg(long, value_enum, value_name = "ACCESS")]
    pub access: Option<Access>,

    /// Identity Center: management account or delegated administrator
    #[arg(long, value_name = "ACCOUNT")]
    pub identity_account_id: Option<String>,

    /// Identity Center: where its people come from
    #[arg(long, value_enum, value_name = "SOURCE")]
    pub identity_source: Option<IdentitySource>,

    /// Identity Center: ARN of the instance
    #[arg(long, value_name = "ARN")]
    pub identity_instance_arn: Option<String>,

    /// Identity Center: access portal
    #[arg(long, value_name = "URL")]
    pub start_url: Option<String>,

    /// Identity Center: its region
    #[arg(long, value_name = "REGION")]
    pub identity_region: Option<String>,

    /// Identity Center: display name of the group of developers [default: Claude Code Developers]
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,

    /// Roles: who may assume the developer role
    #[arg(long, value_name = "ARN", value_delimiter = ',')]
    pub trusted: Vec<String>,

    /// Roles: who may assume the admin role
    #[arg(long, value_name = "ARN", value_delimiter = ',')]
    pub admins: Vec<String>,

    /// Management account of the organization: attaches a service control policy
    #[arg(long, value_name = "ACCOUNT")]
    pub management_account_id: Option<String>,

    /// Roles that run Terraform, which the service control policy must not stop
    #[arg(long, value_name = "ARN", value_delimiter = ',')]
    pub deploy_principal: Vec<String>,

    /// Emergency roles, which it must not stop either
    #[arg(long, value_name = "ARN", value_delimiter = ',')]
    pub break_glass: Vec<String>,

    /// S3 bucket of Terraform's state
    #[arg(long, value_name = "BUCKET")]
    pub state_bucket: Option<String>,

    /// Region of that bucket [default: the deployment's]
    #[arg(long, value_name = "REGION", requires = "state_bucket")]
    pub state_region: Option<String>,

    /// No model invocation logging, and nothing that needs it
    #[arg(long, conflicts_with_all = ["budget", "prompts"])]
    pub no_logging: bool,

    /// Store prompts and code in the log, in clear
    #[arg(long)]
    pub prompts: bool,

    /// Monthly budget in USD
    #[arg(long, value_name = "USD")]
    pub budget: Option<f64>,

    /// E-mail addresses to notify about the budget
    #[arg(long, value_name = "EMAIL", value_delimiter = ',')]
    pub budget_email: Vec<String>,
}

impl InitArgs {
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
        over(&mut draft.default_model, &self.default_model);
        if self.developers.is_some() {
            draft.developers_file.clone_from(&self.developers);
            draft.developers.clear();
        }
        over(&mut draft.email_domain, &self.email_domain);
        over(&mut draft.profiles, &self.profiles);
        over(&mut draft.access, &self.access);
        over(&mut draft.identity.account_id, &self.identity_account_id);
        over(&mut draft.identity.source, &self.identity_source);
        over(&mut draft.identity.instance_arn, &self.identity_instance_arn);
        over(&mut draft.identity.start_url, &self.start_url);
        over(&mut draft.identity.region, &self.identity_region);
        over(&mut draft.identity.group, &self.group);
        over_list(&mut draft.trusted, &self.trusted);
        over_list(&mut draft.admins, &self.admins);
        over(&mut draft.management_account_id, &self.management_account_id);
        over_list(&mut draft.deploy_principals, &self.deploy_principal);
        over_list(&mut draft.break_glass, &self.break_glass);
        over(&mut draft.state_bucket, &self.state_bucket);
        over(&mut draft.state_region, &self.state_region);
        draft.no_logging |= self.no_logging;
        if self.prompts {
            draft.prompts = Some(true);
        }
        over(&mut draft.monthly_usd, &self.budget);
        over_list(&mut draft.emails, &self.budget_email);
    }
}
