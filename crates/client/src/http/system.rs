//! The proxy of the system's settings, for what the environment says nothing of. Linux has none but the environment.
//!
//! A script that chooses proxies (`PAC`) is not run.

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

/// The settings of this system, where they name a proxy for HTTPS.
pub(super) fn settings() -> Option<Settings> {
    #[cfg(windows)]
    return windows_registry::CURRENT_USER
        .open(r"Software\Microsoft\Windows\CurrentVersion\Internet Settings")
        .ok()
        .filter(|key| key.get_u32("ProxyEnable").is_ok_and(|enabled| enabled == 1))
        .and_then(|key| {
            of_registry(
                &key.get_string("ProxyServer").ok()?,
                &key.get_string("ProxyOverride").unwrap_or_default(),
            )
        });
    #[cfg(target_os = "macos")]
    return std::process::Command::new("/usr/sbin/scutil")
        .arg("--proxy")
        .output()
        .ok()
        .and_then(|output| of_scutil(&String::from_utf8_lossy(&output.stdout)));
    #[cfg(not(any(windows, target_os = "macos")))]
    None
}

/// The values `ProxyServer`, a proxy for everything or one each for some protocols, and `ProxyOverride`.
///
/// Source: <https://learn.microsoft.com/en-us/windows/win32/wininet/enabling-internet-functionality#the-proxy-server>
#[cfg(any(windows, test))]
fn of_registry(server: &str, exceptions: &str) -> Option<Settings> {
    let parts = || server.split([';', ' ']).filter(|part| !part.is_empty());
    let proxy = match parts().any(|part| part.contains('=')) {
        true => parts().find_map(|part| part.strip_prefix("https="))?,
        false => parts().next()?,
    };
    let all = || {
        exceptions
            .split([';', ' '])
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
    };
    Some(Settings {
        proxy: proxy.to_owned(),
        exceptions: all().filter(|entry| *entry != "<local>").map(str::to_owned).collect(),
        spares_plain_names: all().any(|entry| entry == "<local>"),
    })
}

/// What `scutil --proxy` prints: a dictionary, a line for each value, and a list of exceptions in it.
///
/// Source: `SCDynamicStoreCopyProxies`, <https://developer.apple.com/documentation/systemconfiguration/network_proxies>
#[cfg(any(target_os = "macos", test))]
fn of_scutil(text: &str) -> Option<Settings> {
    let lines = || text.lines().filter_map(|line| line.trim().split_once(" : "));
    let value = |name: &str| lines().find(|(key, _)| *key == name).map(|(_, value)| value);
    if value("HTTPSEnable") != Some("1") {
        return None;
    }
    let (host, port) = (value("HTTPSProxy")?, value("HTTPSPort"));
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    Some(Settings {
        proxy: port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")),
        exceptions: lines()
            .filter(|(key, _)| key.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|(_, value)| value.to_owned())
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
            of_registry("http=a:1;https=b:2;socks=c:3", "*.corp.example; 10.*;<local>"),
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
            of_scutil("HTTPSEnable : 1\nHTTPSProxy : ::1\nHTTPSPort : 1\n"),
            found("[::1]:1", &[], false)
        );
        assert_eq!(of_scutil(""), None);
    }
}
