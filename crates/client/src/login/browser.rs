//! Opening the browser of this machine.

use std::path::Path;
use std::process::{Command, Stdio};

/// What decides which browser is opened, as a value: the environment is read by whoever calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `BROWSER`: a program that is given the address, or a list of them with `:` between (`;` on Windows); `%s` stands for the
    /// address.
    pub browser: Option<String>,
    /// Whether there is a screen (`DISPLAY`, `WAYLAND_DISPLAY`).
    pub has_screen: bool,
    /// Whether this is a shell from another machine (`SSH_CONNECTION`, `SSH_TTY`, `SSH_CLIENT`).
    pub is_remote: bool,
    /// Whether this is Linux inside of Windows.
    pub is_wsl: bool,
    /// Folder of Windows (`SystemRoot`).
    pub windows: Option<String>,
}

impl Surroundings {
    /// Those of a set of variables.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        Self {
            browser: given("BROWSER"),
            has_screen: ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| given(name).is_some()),
            is_remote: ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"]
                .iter()
                .any(|name| given(name).is_some()),
            is_wsl: given("WSL_DISTRO_NAME").is_some(),
            windows: given("SYSTEMROOT"),
        }
    }

    /// Whether a browser that is opened here would be seen by whoever started this.
    pub fn can_open(&self) -> bool {
        if self.browser.is_some() {
            return true;
        }
        let needs_screen = cfg!(all(unix, not(target_os = "macos")));
        !self.is_remote && (!needs_screen || self.has_screen || self.is_wsl)
    }

    /// The commands that open an address, the best first.
    fn commands(&self, url: &str) -> Vec<Vec<String>> {
        let words = |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
        if let Some(browser) = &self.browser {
            let separator = if cfg!(windows) { ';' } else { ':' };
            let each = browser.split(separator).filter(|program| !program.trim().is_empty());
            return each.map(|program| named(program.trim(), url)).collect();
        }
        if cfg!(windows) {
            // Not `start`: a shell would take the `&` of the address for its own.
            let folder = self.windows.as_deref().unwrap_or("C:\\Windows");
            // By its whole path: another program of this name may lie in a folder that comes first.
            let program = format!("{folder}\\System32\\rundll32.exe");
            return vec![words(&[&program, "url.dll,FileProtocolHandler", url])];
        }
        if cfg!(target_os = "macos") {
            return vec![words(&["/usr/bin/open", url])];
        }
        let mut all = vec![words(&["xdg-open", url])];
        if self.is_wsl {
            all.insert(0, words(&["wslview", url]));
            all.insert(1, words(&["rundll32.exe", "url.dll,FileProtocolHandler", url]));
        }
        all
    }

    /// Opens an address; whether a program for it could be started.
    pub fn open(&self, url: &str) -> bool {
        self.can_open() && self.commands(url).iter().any(|words| started(words))
    }
}

/// The words of one entry of `BROWSER`. An entry that is the path of a program may have spaces in it.
fn named(entry: &str, url: &str) -> Vec<String> {
    if Path::new(entry).is_file() {
        return vec![entry.to_owned(), url.to_owned()];
    }
    let mut words: Vec<String> = entry.split_whitespace().map(str::to_owned).collect();
    match words.iter_mut().find(|word| word.contains("%s")) {
        Some(word) => *word = word.replace("%s", url),
        None => words.push(url.to_owned()),
    }
    words
}

/// What a browser, which may run for days, has no business with.
const SECRETS: [&str; 5] = [
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "CCWB_CLIENT_SECRET",
    "CLAUDE_CODE_MONITORING_TOKEN",
];

/// Starts a program that nobody waits for. It gets nothing of ours: what it writes would spoil the answer on standard output.
fn started(words: &[String]) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    let mut command = Command::new(program);
    for secret in SECRETS {
        command.env_remove(secret);
    }
    let child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match child {
        Ok(mut child) => {
            // Waited for aside, so that no dead process is left behind.
            std::thread::spawn(move || child.wait());
            true
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(variables: &[(&str, &str)]) -> Surroundings {
        Surroundings::of(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_named_browser_comes_before_everything() {
        let url = "https://id.example/?a=1&b=2";
        let separator = if cfg!(windows) { ";" } else { ":" };
        let both = ["firefox -P work %s", "lynx"].join(separator);
        let remote = surroundings(&[("SSH_TTY", "/dev/pts/1"), ("BROWSER", both.as_str())]);
        assert!(remote.can_open());
        let expected = [vec!["firefox", "-P", "work", url], vec!["lynx", url]];
        assert_eq!(remote.commands(url), expected);
        assert!(!surroundings(&[("BROWSER", "")]).has_screen);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nothing_is_opened_where_nobody_would_see_it() {
        assert!(!surroundings(&[]).can_open());
        assert!(surroundings(&[("DISPLAY", ":0")]).can_open());
        assert!(!surroundings(&[("DISPLAY", ":0"), ("SSH_CONNECTION", "x")]).can_open());
        assert!(surroundings(&[("WSL_DISTRO_NAME", "Debian")]).can_open());
        let first = surroundings(&[("WSL_DISTRO_NAME", "Debian")]).commands("u");
        assert_eq!(first.first().unwrap(), &["wslview", "u"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_is_not_there_is_not_taken_for_a_browser() {
        let url = "https://id.example/";
        assert!(!surroundings(&[("BROWSER", "/nowhere/browser")]).open(url));
        assert!(surroundings(&[("BROWSER", "/nowhere/browser:true")]).open(url));
    }
}
