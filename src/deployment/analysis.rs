//! What the block `check` says: defaults of `tfgen check`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use findings::{Family, Severity};

use super::read::raw::{FailOn, RuleFamily};
use super::read::{self, Spanned, raw};
use crate::diagnostic::{Diagnostic, Source};

/// Defaults of `tfgen check`; what the block leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    /// From which severity on a finding is a failure; `Some(None)` means never.
    pub fail_on: Option<Option<Severity>>,
    /// Whether what is undetermined is no failure.
    pub allow_undetermined: bool,
    /// Ids of the only rules to run.
    pub rules: Vec<String>,
    /// The only families to run.
    pub families: Vec<Family>,
    /// Ids of rules not to run.
    pub ignore: Vec<String>,
    /// The provider schema to use.
    pub provider_schema: Option<PathBuf>,
    /// Files of values for variables.
    pub var_files: Vec<PathBuf>,
}

/// The `check` block of the deployment file at `path`. The rest of the file may be faulty, as long as its syntax is not:
/// it is not what the check is about.
///
/// # Errors
/// When the file cannot be read, is no HCL, or has a faulty `check` block: all that is wrong with it.
pub fn load(path: &Path) -> Result<Analysis, Vec<Diagnostic>> {
    let text = read::read_text(path)
        .map_err(|fault| vec![Diagnostic::error(format!("`{}` {}", path.display(), fault.what()))])?;
    let source = Source::new(path.display().to_string(), text);
    let mut diagnostics = Vec::new();
    let file = read::block(&source, "check", &mut diagnostics).unwrap_or_default();
    let analysis = check(&source, path.parent().unwrap_or(Path::new("")), &file, &mut diagnostics);
    match diagnostics.is_empty() {
        true => Ok(analysis),
        false => Err(diagnostics),
    }
}

/// The `check` block of a file that stands in `directory`; its faults go to `diagnostics`.
pub fn check(source: &Arc<Source>, directory: &Path, file: &raw::File, diagnostics: &mut Vec<Diagnostic>) -> Analysis {
    let Some(block) = &file.check else {
        return Analysis::default();
    };
    let mut ids = |list: &Option<Spanned<Vec<Spanned<String>>>>| -> Vec<String> {
        let ids = list.as_ref().map_or(&[][..], |list| &list.value);
        for id in ids.iter().filter(|id| !is_rule(&id.value)) {
            let fault = Diagnostic::error(format!("there is no rule `{}`", id.value))
                .at(source, id.span.clone(), "expected the id of a rule")
                .nearest(&id.value, ::check::rules().iter().map(|rule| rule.id))
                .help("`tfgen rules` lists all rules");
            diagnostics.push(fault);
        }
        ids.iter().map(|id| id.value.clone()).collect()
    };
    let (rules, ignore) = (ids(&block.rules), ids(&block.ignore));
    let families = block.families.as_ref().map_or(&[][..], |list| &list.value);
    let var_files = block.var_files.as_ref().map_or(&[][..], |list| &list.value);
    Analysis {
        fail_on: block.fail_on.as_ref().map(|fail_on| match fail_on.value {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        }),
        allow_undetermined: block.allow_undetermined.as_ref().is_some_and(|allow| allow.value),
        rules,
        families: families.iter().map(|name| family(name.value)).collect(),
        ignore,
        provider_schema: block.provider_schema.as_ref().map(|name| directory.join(&name.value)),
        var_files: var_files.iter().map(|name| directory.join(&name.value)).collect(),
    }
}

fn is_rule(id: &str) -> bool {
    ::check::rules().iter().any(|rule| rule.id == id)
}

fn family(name: RuleFamily) -> Family {
    match name {
        RuleFamily::Language => Family::Language,
        RuleFamily::Apply => Family::Apply,
        RuleFamily::Policy => Family::Policy,
        RuleFamily::Bedrock => Family::Bedrock,
        RuleFamily::Security => Family::Security,
        RuleFamily::Check => Family::Check,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::diagnostic::{Style, render};

    fn loaded(text: &str) -> Result<Analysis, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tfgen.hcl");
        fs::write(&path, text).unwrap();
        load(&path).map_err(|faults| {
            let folder = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
            render(&faults, Style::Plain).replace(&folder, "")
        })
    }

    #[test]
    fn a_whole_block() {
        let text = "name = \"x\"\ncheck {\n  fail_on = \"error\"\n  allow_undetermined = true\n  rules = [\"syntax-error\"]\n  \
                    families = [\"policy\", \"check\"]\n  ignore = [\"suppression-unused\"]\n  provider_schema = \"schema.json\"\n  \
                    var_files = [\"a.tfvars\", \"b.tfvars\"]\n}\n";
        let found = loaded(text).unwrap();
        assert_eq!(found.fail_on, Some(Some(Severity::Error)));
        assert!(found.allow_undetermined);
        assert_eq!(found.rules, ["syntax-error"]);
        assert_eq!(found.families, [Family::Policy, Family::Check]);
        assert_eq!(found.ignore, ["suppression-unused"]);
        assert!(found.provider_schema.unwrap().ends_with("schema.json"));
        assert_eq!(found.var_files.len(), 2);
    }

    #[test]
    fn other_parts_of_the_file_may_be_faulty() {
        let found = loaded("nmae = 5\nbudgets {\n  monthly = 1\n}\ncheck {\n  fail_on = \"never\"\n}\n").unwrap();
        assert_eq!(found.fail_on, Some(None));
        assert_eq!(loaded("nmae = 5\n").unwrap(), Analysis::default());
    }

    #[test]
    fn a_faulty_block_is_shown() {
        let text =
            "nmae = 5\ncheck {\n  fail_on = \"fatal\"\n  ignored = []\n  ignore = [\"sintax-error\"]\n}\ncheck {\n}\n";
        insta::assert_snapshot!(loaded(text).unwrap_err());
        assert!(loaded("check {\n").is_err());
    }
}
