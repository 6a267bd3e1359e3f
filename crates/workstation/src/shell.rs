//! Environment variables as commands of a shell.

use indexmap::IndexMap;

/// A family of shells with one quoting rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shell {
    /// bash, zsh and other POSIX shells.
    Posix,
    /// fish.
    Fish,
    /// PowerShell on every system.
    PowerShell,
}

impl Shell {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Posix, Self::Fish, Self::PowerShell];

    /// Name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Posix => "bash, zsh",
            Self::Fish => "fish",
            Self::PowerShell => "PowerShell",
        }
    }

    /// The value as one word of the shell that stands for exactly these characters.
    pub fn quote(self, value: &str) -> String {
        match self {
            // Nothing is special between single quotes, a single quote itself excepted.
            Self::Posix => format!("'{}'", value.replace('\'', r"'\''")),
            // fish takes a backslash before a quote or another backslash as an escape, and nothing else.
            Self::Fish => format!("'{}'", value.replace('\\', r"\\").replace('\'', r"\'")),
            // PowerShell takes the typographic single quotes for quotes as well; each is doubled. A line break is
            // written as an escape, so that a file converted to CRLF does not change the value.
            Self::PowerShell => value
                .split('\n')
                .map(|line| {
                    let mut quoted = String::with_capacity(line.len() + 2);
                    quoted.push('\'');
                    for c in line.chars() {
                        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
                            quoted.push(c);
                        }
                        quoted.push(c);
                    }
                    quoted.push('\'');
                    quoted
                })
                .collect::<Vec<_>>()
                .join(" + \"`n\" + "),
        }
    }

    /// The command that sets and exports one variable.
    pub fn assignment(self, name: &str, value: &str) -> String {
        let value = self.quote(value);
        match self {
            Self::Posix => format!("export {name}={value}"),
            Self::Fish => format!("set -gx {name} {value}"),
            Self::PowerShell => format!("$env:{name} = {value}"),
        }
    }

    /// One command per variable, each on its own line.
    pub fn assignments(self, env: &IndexMap<String, String>) -> String {
        env.iter()
            .map(|(name, value)| self.assignment(name, value) + "\n")
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_quotes_what_it_treats_specially() {
        let value = "it's $HOME \\ `x` \"y\"";
        insta::assert_snapshot!(Shell::Posix.assignment("A", value), @r#"export A='it'\''s $HOME \ `x` "y"'"#);
        insta::assert_snapshot!(Shell::Fish.assignment("A", value), @r#"set -gx A 'it\'s $HOME \\ `x` "y"'"#);
        insta::assert_snapshot!(Shell::PowerShell.assignment("A", value), @r#"$env:A = 'it''s $HOME \ `x` "y"'"#);
    }

    #[test]
    fn a_line_break_survives() {
        let value = "Id: a\nVersion: 1";
        assert_eq!(Shell::Posix.quote(value), "'Id: a\nVersion: 1'");
        assert_eq!(Shell::Fish.quote(value), "'Id: a\nVersion: 1'");
        assert_eq!(Shell::PowerShell.quote(value), "'Id: a' + \"`n\" + 'Version: 1'");
    }

    #[test]
    fn typographic_quotes_do_not_end_a_powershell_string() {
        assert_eq!(Shell::PowerShell.quote("a\u{2019}b"), "'a\u{2019}\u{2019}b'");
    }
}
