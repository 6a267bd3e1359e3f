//! A step of the checklist as a value.

use std::fmt;

/// What the renderer knows beside the deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Every rendered root, in the order in which they are applied.
    pub roots: Vec<RootState>,
    /// Keys of application inference profiles that earlier renders emitted and this one does not, as `bob/us.opus-4-6`.
    pub retired_profiles: Vec<String>,
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
