//! The proxy of the system's settings, for what the environment says nothing of. Linux has none but the environment.
//!
//! A script that chooses proxies (`PAC`) is not run.

use std::sync::OnceLock;

/// What the settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// Address of the proxy.
    pub(super) proxy: String,
    /// For what it is none, as the system writes it.
    pub(super) exceptions: Vec<String>,
    /// Whether it is none for names without a dot.
    pub(super) spares_plain_names: bool,
}

/// The settings of this system, where they name a proxy for HTTPS. They are read once.
pub(super) fn settings() -> Option<Settings> {
    static READ: OnceLock<Option<Settings>> = OnceLock::new();
    READ.get_or_init(read).clone()
}

#[cfg(windows)]
fn read() -> Option<Settings> {
    let key = winreg::RegKey::predef(winreg::enums::HKEY_CURRENT_USER)
        .open_subkey(r"Software\Microsoft\Windows\CurrentVersion\Internet Settings")
        .ok()?;
    if key.get_value::<u32, _>("ProxyEnable").ok()? != 1 {
        return None;
    }
    let exceptions: String = key.get_value("ProxyOverride").unwrap_or_default();
    of_registry(&key.get_value::<String, _>("ProxyServer").ok()?, &exceptions)
}

#[cfg(target_os = "macos")]
fn read() -> Option<Settings> {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    /// It answers in milliseconds, or something is wrong with it.
    const LONGEST: Duration = Duration::from_secs(2);
    let mut child = Command::new("/usr/sbin/scutil")
        .arg("--proxy")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let end = Instant::now() + LONGEST;
    while child.try_wait().ok()?.is_none() {
        if Instant::now() > end {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    // What it prints fits into the pipe: some hundred characters.
    let output = child.wait_with_output().ok()?;
    of_scutil(&String::from_utf8_lossy(&output.stdout))
}

#[cfg(not(any(windows, target_os = "macos")))]
fn read() -> Option<Settings> {
    None
}

/// The values `ProxyServer`, a proxy for everything or one each for some protocols, and `ProxyOverride`.
///
/// Source: <https://learn.microsoft.com/en-us/windows/win32/wininet/enabling-internet-functionality#the-proxy-server>
#[cfg(any(windows, test))]
fn of_registry(server: &str, exceptions: &str) -> Option<Settings> {
    let entries = |text: &'_ str| -> Vec<String> {
        let parts = text.split(|c: char| c == ';' || c.is_whitespace());
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_ascii_lowercase)
            .collect()
    };
    let servers = entries(server);
    let proxy = match servers.iter().any(|part| part.contains('=')) {
        true => servers.iter().find_map(|part| part.strip_prefix("https="))?,
        false => servers.first()?,
    };
    let (plain, exceptions): (Vec<String>, Vec<String>) =
        entries(exceptions).into_iter().partition(|entry| entry == "<local>");
    Some(Settings {
        proxy: proxy.to_owned(),
        exceptions,
        spares_plain_names: !plain.is_empty(),
    })
}

/// What `scutil --proxy` prints: a dictionary, a line for each value, and a list of exceptions in it.
///
/// Source: `SCDynamicStoreCopyProxies`, <https://developer.apple.com/documentation/systemconfiguration/network_proxies>
#[cfg(any(target_os = "macos", test))]
fn of_scutil(text: &str) -> Option<Settings> {
    // Values by the dictionaries and lists that they are in: those of single interfaces are not for everything.
    let mut inside: Vec<&str> = Vec::new();
    let mut values: Vec<(Vec<&str>, &str, &str)> = Vec::new();
    for line in text.lines().map(str::trim) {
        let (key, value) = line.split_once(" : ").unwrap_or(("", line));
        match value {
            _ if line == "}" => drop(inside.pop()),
            _ if line.ends_with('{') => inside.push(key),
            value => values.push((inside.clone(), key, value)),
        }
    }
    let value = |name: &str| {
        let found = values.iter().find(|(inside, key, _)| inside == &[""] && *key == name);
        found.map(|(_, _, value)| *value)
    };
    if value("HTTPSEnable") != Some("1") {
        return None;
    }
    let (host, port) = (value("HTTPSProxy")?, value("HTTPSPort"));
    let host = match host.contains(':') {
        true => format!("[{host}]"),
        false => host.to_owned(),
    };
    let is_exception = |inside: &[&str]| inside == ["", "ExceptionsList"];
    Some(Settings {
        proxy: port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")),
        exceptions: values
            .iter()
            .filter(|(inside, _, _)| is_exception(inside))
            .map(|(_, _, value)| (*value).to_owned())
            .collect(),
        spares_plain_names: value("ExcludeSimpleHostnames") == Some("1"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(proxy: &str, exceptions: &[&str], spares_plain_names: bool) -> Option<Settings> {
        Some(Settings {
            proxy: proxy.to_owned(),
            exceptions: exceptions.iter().map(|entry| (*entry).to_owned()).collect(),
            spares_plain_names,
        })
    }

    #[test]
    fn windows_has_one_proxy_or_one_each_protocol() {
        assert_eq!(
            of_registry("proxy.example:3128", ""),
            found("proxy.example:3128", &[], false)
        );
        assert_eq!(
            of_registry("http=a:1;HTTPS=b:2\tsocks=c:3", "*.corp.example;\r\n10.*;<local>"),
            found("b:2", &["*.corp.example", "10.*"], true)
        );
        assert_eq!(of_registry("http=a:1", ""), None);
        assert_eq!(of_registry("", "<local>"), None);
    }

    #[test]
    fn macos_prints_a_dictionary() {
        let printed = "<dictionary> {\n  ExceptionsList : <array> {\n    0 : *.local\n    1 : 169.254/16\n  }\n  \
                       ExcludeSimpleHostnames : 1\n  FTPPassive : 1\n  HTTPEnable : 1\n  HTTPPort : 8080\n  HTTPProxy : other.example\n  \
                       HTTPSEnable : 1\n  HTTPSPort : 3128\n  HTTPSProxy : proxy.example\n}\n";
        assert_eq!(
            of_scutil(printed),
            found("proxy.example:3128", &["*.local", "169.254/16"], true)
        );
        assert_eq!(of_scutil(&printed.replace("HTTPSEnable : 1", "HTTPSEnable : 0")), None);
        assert_eq!(
            of_scutil("<dictionary> {\n  HTTPSEnable : 1\n  HTTPSProxy : ::1\n  HTTPSPort : 1\n}\n"),
            found("[::1]:1", &[], false)
        );
        // A proxy of one interface, such as a VPN's, is not for everything, and neither are its exceptions.
        let scoped = "  __SCOPED__ : <dictionary> {\n    utun4 : <dictionary> {\n      ExceptionsList : <array> {\n        0 : x\n      \
                      }\n      HTTPSEnable : 1\n      HTTPSPort : 8080\n      HTTPSProxy : 10.1.2.3\n    }\n  }\n";
        assert_eq!(
            of_scutil(&format!("<dictionary> {{\n  FTPPassive : 1\n{scoped}}}\n")),
            None
        );
        let both = printed.replacen("<dictionary> {\n", &format!("<dictionary> {{\n{scoped}"), 1);
        assert_eq!(of_scutil(&both), of_scutil(printed));
        assert_eq!(of_scutil(""), None);
    }
}
