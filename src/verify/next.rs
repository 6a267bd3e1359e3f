//! What to do next: prose, in which commands stand between backticks, as this user would type them.

use std::path::{Path, PathBuf};

use crate::deployment::FILE_NAME;
use crate::steps::word;

/// Applies the root of the dedicated account.
pub const APPLY_WORKLOAD: &str = "`terraform -chdir=terraform/workload apply`";
/// Applies the root of Identity Center's account.
pub const APPLY_IDENTITY: &str = "`terraform -chdir=terraform/identity apply`";
/// Applies the root of the management account.
pub const APPLY_ORGANIZATION: &str = "`terraform -chdir=terraform/organization apply`";
/// Applies the root of the payer account.
pub const APPLY_BILLING: &str = "`terraform -chdir=terraform/billing apply`";
/// Submits the use-case form.
pub const SUBMIT_FORM: &str =
    "`tfgen fix foundation-use-case --form use-case.json` (the form is in that step of MANUAL_STEPS.md)";

/// Programs whose commands are recognized between backticks.
const PROGRAMS: [&str; 4] = ["aws ", "claude ", "terraform ", "tfgen "];
/// Subcommands that take a deployment file.
const WITH_FILE: [&str; 7] = ["attest", "fix", "onboard", "prove", "render", "verify", "verify-phase"];
/// Those of them that look at the rendered tree as well.
const WITH_ROOT: [&str; 5] = ["attest", "fix", "onboard", "verify", "verify-phase"];

/// How a person says that a step is done: completes "attest it: …".
pub fn attest(step: &str) -> String {
    format!("`tfgen attest {step} --by NAME --note TEXT`")
}

/// Where the user said that the deployment and its rendered tree are. By default both are found from the current folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    file: Option<PathBuf>,
    root: Option<PathBuf>,
    /// Folder of the rendered tree.
    tree: PathBuf,
}

impl Places {
    /// From the arguments of a command, and the folder that the deployment file stands in.
    pub fn new(file: Option<&Path>, root: Option<&Path>, folder: &Path) -> Self {
        let is_named = |file: &&Path| file.strip_prefix(".").unwrap_or(file) != Path::new(FILE_NAME);
        let here = std::env::current_dir().unwrap_or_default();
        let tree = root.unwrap_or(folder);
        Self {
            file: file.filter(is_named).map(Path::to_path_buf),
            root: root.map(Path::to_path_buf),
            tree: match tree == here {
                true => PathBuf::from("."),
                false => tree.to_path_buf(),
            },
        }
    }

    /// The text with its commands as the user would type them.
    pub fn text(&self, text: &str) -> String {
        let mut placed = String::new();
        for part in parts(text) {
            match part {
                Part::Prose(prose) => placed.push_str(prose),
                Part::Command(command) => {
                    placed.push('`');
                    placed.push_str(&self.command(command));
                    placed.push('`');
                }
            }
        }
        placed
    }

    /// A command as the user would type it.
    pub fn command(&self, command: &str) -> String {
        let each: Vec<String> = command.split(" && ").map(|command| self.one(command)).collect();
        each.join(" && ")
    }

    fn one(&self, command: &str) -> String {
        if let Some(rest) = command.strip_prefix("terraform -chdir=") {
            let (folder, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            let folder = match self.tree == Path::new(".") {
                true => PathBuf::from(folder),
                false => self.tree.join(folder),
            };
            return format!("terraform -chdir={} {rest}", word(&folder.display().to_string()));
        }
        let Some(rest) = command.strip_prefix("tfgen ") else {
            return command.to_owned();
        };
        let subcommand = rest.split(' ').next().unwrap_or_default();
        let mut placed = command.to_owned();
        // Positional arguments come before the options.
        let options = placed.find(" --").unwrap_or(placed.len());
        let shown = |path: &Path| word(&path.display().to_string());
        if let Some(file) = self.file.as_deref().filter(|_| WITH_FILE.contains(&subcommand)) {
            placed.insert_str(options, &format!(" {}", shown(file)));
        }
        if let Some(root) = &self.root {
            if WITH_ROOT.contains(&subcommand) {
                placed.push_str(&format!(" --root {}", shown(root)));
            } else if subcommand == "render" {
                placed.push_str(&format!(" --out {}", shown(root)));
            }
        }
        placed
    }
}

/// The commands of a text, in their order.
pub fn commands(text: &str) -> Vec<&str> {
    parts(text)
        .into_iter()
        .filter_map(|part| match part {
            Part::Command(command) => Some(command),
            Part::Prose(_) => None,
        })
        .collect()
}

/// The command that a text consists of, if it is nothing else.
pub fn sole_command(text: &str) -> Option<&str> {
    match parts(text).as_slice() {
        [Part::Command(command)] => Some(command),
        _ => None,
    }
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words; what is not a command keeps its backticks.
    Prose(&'a str),
    /// A command, without its backticks.
    Command(&'a str),
}

/// The pieces of a text in their order.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut prose, mut at) = (0, 0);
    while let Some(open) = text[at..].find('`').map(|found| at + found) {
        let Some(close) = text[open + 1..].find('`').map(|found| open + 1 + found) else {
            break;
        };
        let quoted = &text[open + 1..close];
        // What closes one pair may open the next, where somebody left one open.
        at = close;
        if PROGRAMS.iter().any(|program| quoted.starts_with(program)) {
            at = close + 1;
            if prose < open {
                parts.push(Part::Prose(&text[prose..open]));
            }
            parts.push(Part::Command(quoted));
            prose = at;
        }
    }
    if prose < text.len() {
        parts.push(Part::Prose(&text[prose..]));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(file: Option<&str>, root: Option<&str>, text: &str) -> String {
        let folder = file.and_then(|file| Path::new(file).parent()).unwrap_or(Path::new("."));
        Places::new(file.map(Path::new), root.map(Path::new), folder).text(text)
    }

    #[test]
    fn commands_carry_what_the_user_named() {
        let text = "set `region`, then `terraform -chdir=terraform/workload apply`, or attest it: \
                    `tfgen attest foundation-scp --by NAME --note TEXT`";
        assert_eq!(placed(None, None, text), text);
        assert_eq!(placed(Some("./tfgen.hcl"), None, text), text);
        assert_eq!(
            placed(Some("examples/my acme.hcl"), Some("out"), text),
            "set `region`, then `terraform -chdir=out/terraform/workload apply`, or attest it: \
             `tfgen attest foundation-scp 'examples/my acme.hcl' --by NAME --note TEXT --root out`"
        );
        assert_eq!(
            placed(
                Some("a/b.hcl"),
                None,
                "`tfgen render && terraform -chdir=terraform/identity apply`"
            ),
            "`tfgen render a/b.hcl && terraform -chdir=a/terraform/identity apply`"
        );
        assert_eq!(
            placed(Some("a/b.hcl"), Some("c"), "`tfgen render`"),
            "`tfgen render a/b.hcl --out c`"
        );
        // No deployment is needed there.
        assert_eq!(
            placed(Some("a/b.hcl"), Some("c"), "`tfgen check ~/.aws`"),
            "`tfgen check ~/.aws`"
        );
    }

    #[test]
    fn what_is_no_command_is_prose() {
        let text = "`state` and an open ` and `aws sts get-caller-identity`";
        assert_eq!(commands(text), ["aws sts get-caller-identity"]);
        assert_eq!(sole_command(text), None);
        assert_eq!(
            sole_command("`aws sts get-caller-identity`"),
            Some("aws sts get-caller-identity")
        );
        assert_eq!(parts(""), []);
        assert_eq!(parts("`"), [Part::Prose("`")]);
    }
}
