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
