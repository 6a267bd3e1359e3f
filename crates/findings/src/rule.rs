//! What a rule is, apart from how it looks for what it finds.

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably not what was meant, or harmful under circumstances that are not visible here.
    Warning,
    /// Terraform or AWS will refuse it, or it does certainly not do what it is for.
    Error,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// Its name in output and options.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Circumstances that are not visible here may make it wrong.
    Low,
    /// Right in all but unusual circumstances.
    Medium,
    /// Certain.
    High,
}

impl Confidence {
    /// Its name in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// What `terraform validate` decides by the language and the provider's schema.
    Language,
    /// What the provider refuses at plan, or AWS at apply.
    Apply,
    /// IAM policy documents.
    Policy,
    /// Claude Code on Amazon Bedrock.
    Bedrock,
    /// What is open that should not be.
    Security,
    /// The check itself: its suppressions and its input.
    Check,
}

impl Family {
    /// All of them, in the order in which rules are listed.
    pub const ALL: [Self; 6] = [
        Self::Language,
        Self::Apply,
        Self::Policy,
        Self::Bedrock,
        Self::Security,
        Self::Check,
    ];

    /// Its name in output and options.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Apply => "apply",
            Self::Policy => "policy",
            Self::Bedrock => "bedrock",
            Self::Security => "security",
            Self::Check => "check",
        }
    }

    /// What its rules are about, in one line.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Language => "What `terraform validate` decides by the language and the provider's schema.",
            Self::Apply => "What the provider refuses at plan, or AWS at apply.",
            Self::Policy => "IAM policy documents, wherever they stand.",
            Self::Bedrock => "Claude Code on Amazon Bedrock.",
            Self::Security => "What is open that should not be.",
            Self::Check => "The check itself: its suppressions and its input.",
        }
    }
}

/// A rule: what its findings have in common.
#[derive(Debug)]
pub struct Rule {
    /// Its id, in kebab case, unique.
    pub id: &'static str,
    /// What it is about.
    pub family: Family,
    /// How bad its findings are.
    pub severity: Severity,
    /// How sure its findings are.
    pub confidence: Confidence,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Its page, in Markdown: see `docs/rules`. It has the headings `## What it finds`, `## Why it matters`, `## Bad`,
    /// `## Good`, `## How to fix it` and `## Source`; the examples are tests.
    pub page: &'static str,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}
