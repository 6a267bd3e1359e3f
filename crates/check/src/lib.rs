//! Rules over Terraform, policies, settings of Claude Code and AWS configuration.
//!
//! `RULES.md` beside this crate says what a rule's page looks like; its examples are the rule's tests.

mod apply;
mod bedrock;
mod comments;
mod documents;
mod engine;
mod error;
mod inputs;
mod kind;
mod language;
mod look;
mod native;
pub mod policy;
mod security;
mod settings;
mod sink;

use std::path::PathBuf;
use std::sync::LazyLock;

use findings::Rule;

pub use engine::{run, run_memory};
pub use error::Error;

/// What a run is to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Output of `terraform providers schema -json` that is used instead of the embedded schema.
    pub provider_schema: Option<PathBuf>,
    /// Files of variables, as `-var-file` of Terraform takes them, the later ones win.
    pub var_files: Vec<PathBuf>,
    /// Ids of the rules to run; all where it is empty.
    pub only: Vec<String>,
    /// Ids of rules not to run.
    pub ignore: Vec<String>,
}

impl Options {
    /// Whether the findings of a rule are wanted.
    pub fn wants(&self, rule: &Rule) -> bool {
        let named = |ids: &[String]| ids.iter().any(|id| id == rule.id);
        (self.only.is_empty() || named(&self.only)) && !named(&self.ignore)
    }
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A folder or a file.
    Path(PathBuf),
    /// A text that is in no file, or not yet.
    Text {
        /// The name that it is shown by; its ending decides what it is.
        name: String,
        /// The text.
        text: String,
    },
}

/// All rules, by family and id.
pub fn rules() -> &'static [&'static Rule] {
    static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
        let mut rules: Vec<&'static Rule> = language::rules::ALL.to_vec();
        rules.extend(apply::ALL);
        rules.extend(policy::RULES);
        rules.extend(bedrock::terraform::ALL.iter().map(|(rule, _)| rule));
        rules.extend(bedrock::policies::ALL.iter().map(|(rule, _)| rule));
        rules.extend(security::ALL.iter().map(|(rule, _)| rule));
        rules.extend(settings::rules());
        rules.extend(findings::suppress::rules::ALL);
        rules.sort_by_key(|rule| (rule.family, rule.id));
        rules
    });
    &RULES
}
