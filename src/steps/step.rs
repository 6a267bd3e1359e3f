//! A step of the checklist as a value.

use std::collections::BTreeSet;
use std::fmt;

/// What the renderer knows beside the deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Every rendered root, in the order in which they are applied.
    pub roots: Vec<RootState>,
    /// Application inference profiles that are kept for the past alone.
    pub retired_profiles: Vec<RetiredProfile>,
    /// Keys of the cost allocation tags that profiles in use carry.
    pub tag_keys: BTreeSet<String>,
}

impl Context {
    /// Keys that the billing root keeps active though no profile in use carries them.
    pub fn earlier_tag_keys(&self) -> impl Iterator<Item = &str> {
        self.roots
            .iter()
            .filter(|state| state.root == Root::Billing)
            .flat_map(|state| &state.tag_keys)
            .filter(|key| !self.tag_keys.contains(*key))
            .map(String::as_str)
    }
}

/// An application inference profile that the deployment no longer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredProfile {
    /// Its key, as `bob/us.opus-4-6`.
    pub key: String,
    /// Why it is kept only for the past.
    pub reason: Retirement,
}

/// Why nobody is given a profile any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retirement {
    /// Its developer is no longer in the roster.
    DeveloperLeft,
    /// No developer of the roster is in its team.
    TeamGone,
    /// The deployment uses the profiles of another geography.
    Geography,
    /// Its model is no longer allowed.
    Model,
    /// Profiles stand for something else now: teams instead of developers, or nothing at all.
    Scope,
}

impl Retirement {
    /// All reasons in the order in which they are named.
    pub const ALL: [Self; 5] = [
        Self::DeveloperLeft,
        Self::TeamGone,
        Self::Geography,
        Self::Model,
        Self::Scope,
    ];

    /// What the profiles are: completes "2 …".
    pub fn words(self) -> &'static str {
        match self {
            Self::DeveloperLeft => "of people who left",
            Self::TeamGone => "of teams that nobody is in",
            Self::Geography => "of another geography",
            Self::Model => "of models that are no longer allowed",
            Self::Scope => "from before `profiles` was changed",
        }
    }
}

/// A rendered root with what earlier renders left in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootState {
    /// The root.
    pub root: Root,
    /// Account whose credentials apply it.
    pub account_id: String,
    /// Modules that earlier renders emitted and this one does not, whose resources the next apply forgets without
    /// destroying them: names of the module library, as `logging`.
    pub forgotten: Vec<String>,
    /// Likewise, but the next apply destroys the resources.
    pub destroyed: Vec<String>,
    /// Accounts that earlier renders applied the root in.
    pub former_accounts: Vec<String>,
    /// Modules that were forgotten and are asked for again: the next apply imports their objects.
    pub adopted: Vec<String>,
    /// Keys that the root has activated as cost allocation tags, earlier ones included.
    pub tag_keys: BTreeSet<String>,
}

/// Part of a rollout that is verified together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// 1: account, region, model access, SCP, guardrail.
    Foundation,
    /// 2: model invocation logging.
    Logging,
    /// 3: cost allocation tags.
    CostTags,
    /// 4: who is seen in the log.
    Attribution,
    /// 5: budgets and alarms.
    Budgets,
    /// The developers' machines.
    Onboarding,
}

impl Phase {
    /// All phases in their order.
    pub const ALL: [Self; 6] = [
        Self::Foundation,
        Self::Logging,
        Self::CostTags,
        Self::Attribution,
        Self::Budgets,
        Self::Onboarding,
    ];

    /// Heading in the checklist.
    pub fn title(self) -> &'static str {
        match self {
            Self::Foundation => "Phase 1: Foundation",
            Self::Logging => "Phase 2: Logging",
            Self::CostTags => "Phase 3: Cost allocation tags",
            Self::Attribution => "Phase 4: Attribution",
            Self::Budgets => "Phase 5: Budgets and alarms",
            Self::Onboarding => "Developer onboarding",
        }
    }

    /// The argument of `tfgen verify-phase`.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Foundation => "1",
            Self::Logging => "2",
            Self::CostTags => "3",
            Self::Attribution => "4",
            Self::Budgets => "5",
            Self::Onboarding => "onboarding",
        }
    }

    /// The command that proves the steps of the phase.
    pub fn verify_line(self) -> String {
        format!("tfgen verify-phase {}", self.argument())
    }
}

/// A rendered Terraform root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// `terraform/workload`
    Workload,
    /// `terraform/identity`
    Identity,
    /// `terraform/organization`
    Organization,
    /// `terraform/billing`
    Billing,
}

impl Root {
    /// All roots in the order in which they are applied.
    pub const ALL: [Self; 4] = [Self::Workload, Self::Identity, Self::Organization, Self::Billing];

    /// The root of a folder below `terraform/`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|root| root.name() == name)
    }

    /// Name of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Workload => "workload",
            Self::Identity => "identity",
            Self::Organization => "organization",
            Self::Billing => "billing",
        }
    }

    /// Its folder in the rendered tree.
    pub fn folder(self) -> String {
        format!("terraform/{}", self.name())
    }
}

/// Whose credentials a step needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// The dedicated account.
    Workload(String),
    /// The organization's management account; its number may not be known.
    Management(Option<String>),
    /// The account that manages Identity Center.
    IdentityCenter(String),
    /// The account that pays.
    Payer(String),
    /// The account that owns a resource which the deployment only uses.
    Of(&'static str),
    /// The identity provider, no AWS account.
    IdentityProvider(&'static str),
    /// A developer's machine.
    Developer,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workload(id) => write!(f, "dedicated account {id}"),
            Self::Management(Some(id)) => write!(f, "management account {id}"),
            Self::Management(None) => f.write_str("the organization's management account"),
            Self::IdentityCenter(id) => write!(f, "Identity Center's account {id}"),
            Self::Payer(id) => write!(f, "payer account {id}"),
            Self::Of(what) => write!(f, "the account of {what}"),
            Self::IdentityProvider(name) => write!(f, "{name}, no AWS account"),
            Self::Developer => f.write_str("a developer's own credentials"),
        }
    }
}

/// Who does a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A rendered root; what remains is to apply it at the right time and to look.
    Terraform(Root),
    /// No root, but an API exists.
    Api,
    /// A person: no API exists, or a decision is needed.
    Human,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Terraform(root) => write!(f, "Terraform ({})", root.folder()),
            Self::Api => f.write_str("you, by console or API"),
            Self::Human => f.write_str("you"),
        }
    }
}

/// Text to paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Language of the fence, as `bash`.
    pub language: &'static str,
    /// The text without a final newline.
    pub text: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Stable id: kebab case, the phase first.
    pub id: String,
    /// Its phase.
    pub phase: Phase,
    /// What is to be done.
    pub title: String,
    /// With whose credentials.
    pub account: Account,
    /// By whom.
    pub owner: Owner,
    /// What to do, in order.
    pub actions: Vec<String>,
    /// Where in a console.
    pub console: Option<String>,
    /// Why there is no command for it, where there is none.
    pub no_command: Option<&'static str>,
    /// What to run or paste.
    pub snippets: Vec<Snippet>,
    /// What to know.
    pub notes: Vec<String>,
}

impl Step {
    /// A step without a body.
    pub fn new(id: impl Into<String>, phase: Phase, title: impl Into<String>, account: Account, owner: Owner) -> Self {
        Self {
            id: id.into(),
            phase,
            title: title.into(),
            account,
            owner,
            actions: Vec::new(),
            console: None,
            no_command: None,
            snippets: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The same step with one more thing to do.
    pub fn action(mut self, text: impl Into<String>) -> Self {
        self.actions.push(text.into());
        self
    }

    /// The same step with its place in a console.
    pub fn console(mut self, path: impl Into<String>) -> Self {
        self.console = Some(path.into());
        self
    }

    /// The same step without a place in a console.
    pub fn no_console(self, reason: &str) -> Self {
        self.console(format!("none, {reason}"))
    }

    /// The same step without a command.
    pub fn no_command(mut self, reason: &'static str) -> Self {
        self.no_command = Some(reason);
        self
    }

    /// The same step with commands to run, one a line.
    pub fn run(self, lines: &[impl AsRef<str>]) -> Self {
        let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
        self.paste("bash", lines.join("\n"))
    }

    /// The same step with text to paste.
    pub fn paste(mut self, language: &'static str, text: impl Into<String>) -> Self {
        self.snippets.push(Snippet {
            language,
            text: text.into(),
        });
        self
    }

    /// The same step with something to know.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// The same step with something to know, where it applies.
    pub fn note_if(self, applies: bool, text: impl Into<String>) -> Self {
        if applies { self.note(text) } else { self }
    }
}

/// A value as one word of a POSIX shell; plain words stay as they are.
pub fn word(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        workstation::shell::Shell::Posix.quote(value)
    }
}
