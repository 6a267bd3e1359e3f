//! Which proxy leads to an address, as the environment says it, else the system's settings.
//!
//! `NO_PROXY` is read as Go's programs read it, which existing installations are: a name stands for its subdomains as well, blanks
//! count for nothing, and an address may have a port or be a network.
//! Source: <https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config>

use std::net::{IpAddr, SocketAddr};

use ureq::Proxy;
use ureq::http::Uri;

use super::system::{self, Settings};

/// Where proxies come from: the later ones where none of the first is set. As curl has it; Go knows no `ALL_PROXY`.
const PROXIES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A proxy, and for what it is none.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxies {
    /// Whose it is: the name of a variable, or [`SETTINGS`]. None where its address is not understood.
    proxy: Option<(&'static str, Option<Proxy>)>,
    exceptions: Vec<Exception>,
}

/// What the system's settings are called in messages.
pub(super) const SETTINGS: &str = "the system's settings";

/// How an address is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Without a proxy.
    Direct,
    /// By the proxy.
    Proxy,
    /// By the proxy of this variable, or of the system's settings, whose address is not understood.
    Odd(&'static str),
}

/// An entry of `NO_PROXY`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Exception {
    /// Everything.
    All,
    /// Addresses with as many leading bits as these.
    Network(IpAddr, u8),
    /// An address, and its port if it has one.
    Address(IpAddr, Option<u16>),
    /// A name, or with a dot before it the names below it alone, and a port.
    Name(String, Option<u16>),
    /// What fits a pattern, in which `*` stands for anything.
    Pattern(String),
    /// Names without a dot.
    Plain,
}

impl Proxies {
    /// Those of this process: of its environment, and where that says nothing of any, of the system's settings.
    pub(super) fn of_process() -> Self {
        Self::of(|name| std::env::var(name).ok(), system::settings)
    }

    fn of(variable: impl Fn(&str) -> Option<String>, settings: impl Fn() -> Option<Settings>) -> Self {
        let is_set = PROXIES.iter().flatten().any(|name| variable(name).is_some());
        let exceptions = EXCEPTIONS
            .iter()
            .find_map(|name| variable(name).filter(|text| !text.is_empty()));
        let exceptions = exceptions.unwrap_or_default();
        let exceptions = exceptions.split(',').filter_map(Exception::of);
        if !is_set && let Some(settings) = settings() {
            return Self::of_settings(&settings, exceptions);
        }
        let mut proxy = None;
        for names in PROXIES {
            let set = names.map(|name| (name, variable(name)));
            if let Some((name, value)) = set.iter().find_map(|(name, value)| {
                let value = value.as_deref()?.trim();
                (!value.is_empty()).then_some((*name, value))
            }) {
                proxy = Some((name, understood(value)));
            }
            // An empty one says that there is none.
            if set.iter().any(|(_, value)| value.is_some()) {
                break;
            }
        }
        Self {
            proxy,
            exceptions: exceptions.collect(),
        }
    }

    fn of_settings(settings: &Settings, more: impl Iterator<Item = Exception>) -> Self {
        let exceptions = settings.exceptions.iter();
        let exceptions = exceptions.filter_map(|entry| Exception::of_system(entry));
        Self {
            proxy: Some((SETTINGS, understood(&settings.proxy))),
            exceptions: exceptions
                .chain(settings.spares_plain_names.then_some(Exception::Plain))
                .chain(more)
                .collect(),
        }
    }

    /// The proxy, where there is one.
    pub(super) fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()?.1.as_ref()
    }

    /// What says which proxy it is, for advice: a variable in backticks, or the system's settings.
    pub(super) fn source(&self) -> String {
        match self.proxy.as_ref().map(|(source, _)| *source) {
            Some(SETTINGS) => SETTINGS.to_owned(),
            Some(variable) => format!("`{variable}`"),
            None => "`HTTPS_PROXY`".to_owned(),
        }
    }

    /// How an address is reached.
    pub(super) fn way(&self, url: &str) -> Way {
        let uri: Option<Uri> = url.parse().ok();
        let is_excepted = uri.as_ref().is_some_and(|uri| {
            let host = uri.host().unwrap_or_default();
            let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
            let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
                Some("http") => 80,
                _ => 443,
            });
            is_this_machine(&host) || self.exceptions.iter().any(|exception| exception.fits(&host, port))
        });
        match &self.proxy {
            _ if is_excepted => Way::Direct,
            None => Way::Direct,
            Some((_, Some(_))) => Way::Proxy,
            Some((source, None)) => Way::Odd(source),
        }
    }
}

/// What is on this machine is behind no proxy.
fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The proxy of an address, if it is one. A port that is none would be left out without a word, and what follows a `#`, `/` or `?`
/// in a password as well: the beginning of it would be a host and a port.
fn understood(value: &str) -> Option<Proxy> {
    let uri: Uri = value.parse().ok()?;
    if value.contains(['#', '?']) || !matches!(uri.path(), "" | "/") {
        return None;
    }
    let authority = uri.authority()?;
    let with_port = authority.as_str().rsplit('@').next()?;
    let port = with_port.rsplit(']').next()?.rsplit_once(':');
    let is_port = port.is_none_or(|(_, port)| port.parse().is_ok_and(|port: u16| port > 0));
    let proxy = Proxy::new(value).ok()?;
    (is_port && !authority.host().is_empty()).then_some(proxy)
}

impl Exception {
    fn of(entry: &str) -> Option<Self> {
        let entry = entry.trim().to_ascii_lowercase();
        let network = || {
            let (address, bits) = entry.split_once('/')?;
            let (address, bits): (IpAddr, u8) = (address.parse().ok()?, bits.parse().ok()?);
            let all = if address.is_ipv4() { 32 } else { 128 };
            (bits <= all).then_some(Self::Network(address, bits))
        };
        if entry.is_empty() {
            return None;
        }
        if entry == "*" {
            return Some(Self::All);
        }
        if let Some(network) = network() {
            return Some(network);
        }
        if let Ok(address) = entry.trim_start_matches('[').trim_end_matches(']').parse() {
            return Some(Self::Address(address, None));
        }
        if let Ok(address) = entry.parse::<SocketAddr>() {
            return Some(Self::Address(address.ip(), Some(address.port())));
        }
        let (name, port) = match entry.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (entry.as_str(), None),
        };
        let name = name
            .strip_prefix('*')
            .filter(|rest| rest.starts_with('.'))
            .unwrap_or(name);
        Some(Self::Name(name.to_owned(), port))
    }

    /// An exception of the system's settings: a pattern, which is all of a name, or a network that may lack its zeros.
    fn of_system(entry: &str) -> Option<Self> {
        let entry = entry.trim().to_ascii_lowercase();
        if let Some((start, bits)) = entry.split_once('/') {
            let given = start.split('.').count();
            let whole = format!("{start}{}/{bits}", ".0".repeat(4_usize.saturating_sub(given)));
            return Self::of(if start.contains(':') { &entry } else { &whole });
        }
        let entry = entry.trim_start_matches('[').trim_end_matches(']').to_owned();
        (!entry.is_empty()).then_some(Self::Pattern(entry))
    }

    /// Whether it is for this host, which is in lower case and without brackets.
    fn fits(&self, host: &str, port: u16) -> bool {
        let address = host.parse().ok();
        let is_port = |wanted: &Option<u16>| wanted.is_none_or(|wanted| wanted == port);
        match self {
            Self::All => true,
            Self::Network(network, bits) => address.is_some_and(|address| same_bits(*network, address, *bits)),
            Self::Address(wanted, at) => address == Some(*wanted) && is_port(at),
            Self::Name(name, at) => {
                let below = |name: &str| host.ends_with(name) && host.len() > name.len();
                let is_name = match name.starts_with('.') {
                    true => below(name),
                    false => host == name || below(&format!(".{name}")),
                };
                is_name && is_port(at)
            }
            Self::Pattern(pattern) => fits_pattern(pattern, host),
            Self::Plain => !host.contains(['.', ':']),
        }
    }
}

/// Whether a text is as a pattern says, in which `*` stands for any number of characters.
fn fits_pattern(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    text.strip_prefix(start).is_some_and(|left| {
        let mut ends = left.char_indices().map(|(at, _)| at).chain([left.len()]);
        ends.any(|at| fits_pattern(rest, &left[at..]))
    })
}

fn same_bits(left: IpAddr, right: IpAddr, bits: u8) -> bool {
    let bits = u32::from(bits);
    match (left, right) {
        (IpAddr::V4(left), IpAddr::V4(right)) => (left.to_bits() ^ right.to_bits()).leading_zeros() >= bits,
        (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits() ^ right.to_bits()).leading_zeros() >= bits,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(set: &[(&str, &str)]) -> Proxies {
        with_system(set, None)
    }

    fn with_system(set: &[(&str, &str)], settings: Option<Settings>) -> Proxies {
        Proxies::of(
            |wanted| {
                let found = set.iter().find(|(name, _)| *name == wanted);
                found.map(|(_, value)| (*value).to_owned())
            },
            || settings.clone(),
        )
    }

    #[test]
    fn the_systems_settings_count_where_no_variable_is_set() {
        let settings = |proxy: &str| {
            Some(Settings {
                proxy: proxy.to_owned(),
                exceptions: ["*.corp.example", "10.*", "169.254/16", "ID.example", "[fd00::1]"]
                    .map(str::to_owned)
                    .into(),
                spares_plain_names: true,
            })
        };
        let system = with_system(&[("NO_PROXY", "other.example")], settings("proxy.example:3128"));
        assert_eq!(system.proxy().unwrap().port(), 3128);
        for url in [
            "https://a.corp.example",
            "https://10.9.8.7",
            "https://169.254.1.2",
            "https://id.example:8443",
            "https://intranet/x",
            "https://other.example",
            "https://[fd00::1]",
        ] {
            assert_eq!(system.way(url), Way::Direct, "{url}");
        }
        for url in [
            "https://corp.example",
            "https://a.id.example",
            "https://169.253.1.2",
            "https://another.example",
        ] {
            assert_eq!(system.way(url), Way::Proxy, "{url}");
        }
        for set in [("HTTPS_PROXY", ""), ("ALL_PROXY", "http://all.example")] {
            let proxies = with_system(&[set], settings("proxy.example:3128"));
            assert_ne!(proxies.proxy().map(Proxy::host), Some("proxy.example"), "{set:?}");
        }
        let odd = with_system(&[], settings("ftp://proxy"));
        assert_eq!(odd.way("https://x.example"), Way::Odd(SETTINGS));
    }

    #[test]
    fn the_variable_of_https_comes_first_and_an_empty_one_is_none() {
        let host = |set: &[(&str, &str)]| proxies(set).proxy().map(|proxy| proxy.host().to_owned());
        let (https, all) = ("http://https.example:1", "http://all.example:2");
        for (set, expected) in [
            (&[("ALL_PROXY", all), ("HTTPS_PROXY", https)][..], Some("https.example")),
            (&[("ALL_PROXY", all), ("https_proxy", https)], Some("https.example")),
            (&[("HTTPS_PROXY", ""), ("https_proxy", https)], Some("https.example")),
            (&[("all_proxy", all)], Some("all.example")),
            (&[("ALL_PROXY", all), ("HTTPS_PROXY", "")], None),
            // For what is asked without TLS, which only this machine is.
            (&[("HTTP_PROXY", all)], None),
            (&[], None),
        ] {
            assert_eq!(host(set).as_deref(), expected, "{set:?}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_known() {
        for value in [
            "proxy.example",
            "proxy.example:3128",
            "http://proxy.example:3128/",
            "http://ada:a%40b@proxy.example:3128",
            "https://[::1]:3128",
            "http://[::1]",
            "socks5://127.0.0.1:1080",
        ] {
            assert!(understood(value).is_some(), "{value}");
        }
        for value in [
            "http://proxy.example:port",
            "http://proxy.example:0",
            "http://proxy.example:70000",
            "http://proxy.example:",
            "http://ada:hunter#2@proxy.example:3128",
            "http://ada:12#x@proxy.example:3128",
            "http://ada:12/x@proxy.example:3128",
            "http://ada:12?x@proxy.example:3128",
            "http://ada#x@proxy.example:3128",
            "ftp://proxy.example",
            "http://",
            "/proxy",
            "a proxy",
        ] {
            assert!(understood(value).is_none(), "{value}");
            let odd = proxies(&[("HTTPS_PROXY", value), ("ALL_PROXY", "http://proxy.example")]);
            assert_eq!(odd.way("https://id.example/"), Way::Odd("HTTPS_PROXY"), "{value}");
        }
    }

    #[test]
    fn exceptions_are_those_of_go() {
        for (exceptions, direct, by_proxy) in [
            ("*", &["https://id.example/", "https://10.0.0.1"][..], &[][..]),
            (
                "corp.example, id.example ",
                &[
                    "https://id.example:8443/x",
                    "https://a.b.corp.example",
                    "https://CORP.example",
                ],
                &["https://badcorp.example", "https://example"],
            ),
            (".corp.example", &["https://a.corp.example"], &["https://corp.example"]),
            ("*.corp.example", &["https://a.corp.example"], &["https://corp.example"]),
            (
                "id.example:8443,other.example:443",
                &["https://id.example:8443", "https://other.example"],
                &["https://id.example", "https://other.example:444"],
            ),
            (
                "10.0.0.0/8,192.0.2.7,[2001:db8::1]:443,2001:db8:1::/48",
                &[
                    "https://10.9.8.7",
                    "https://192.0.2.7:1",
                    "https://[2001:db8::1]",
                    "https://[2001:db8:1::9]",
                ],
                &[
                    "https://11.0.0.1",
                    "https://192.0.2.8",
                    "https://[2001:db8::1]:1",
                    "https://10.example",
                ],
            ),
            ("", &[], &["https://id.example"]),
            (", ,", &[], &["https://id.example"]),
            ("id.example:port", &[], &["https://id.example"]),
        ] {
            for variable in EXCEPTIONS {
                let proxies = proxies(&[("HTTPS_PROXY", "http://proxy.example"), (variable, exceptions)]);
                for url in direct {
                    assert_eq!(proxies.way(url), Way::Direct, "{exceptions}: {url}");
                }
                for url in by_proxy {
                    assert_eq!(proxies.way(url), Way::Proxy, "{exceptions}: {url}");
                }
            }
        }
        // Nobody is led to a proxy that is odd and not needed.
        let odd = proxies(&[("HTTPS_PROXY", "ftp://x"), ("NO_PROXY", "id.example")]);
        assert_eq!(odd.way("https://id.example"), Way::Direct);
        assert_eq!(odd.way("https://other.example"), Way::Odd("HTTPS_PROXY"));
    }

    #[test]
    fn this_machine_is_behind_no_proxy() {
        let proxies = proxies(&[("HTTPS_PROXY", "http://proxy.example")]);
        for url in [
            "http://localhost:1/x",
            "http://127.0.0.1",
            "http://127.9.0.1:5",
            "http://[::1]:8400/",
        ] {
            assert_eq!(proxies.way(url), Way::Direct, "{url}");
        }
        for url in ["http://localhost.evil.example", "http://10.0.0.1", "http://[::2]/"] {
            assert_eq!(proxies.way(url), Way::Proxy, "{url}");
        }
    }
}
