//! HTTPS as this program uses it: few short questions, no redirects, answers of limited size, the proxies of the environment and the
//! system.

mod proxies;
mod system;
mod tls;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, Kind};
use proxies::{Proxies, SETTINGS, Way};

/// Largest answer: documents of keys have some ten kilobytes.
const LARGEST: u64 = 1024 * 1024;
/// What stays as it is in a form: the characters that RFC 3986 does not reserve.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Asks servers.
#[derive(Debug, Clone)]
pub struct Http {
    agent: Agent,
    /// Without a proxy: what is on this machine is not behind one.
    direct: Agent,
    timeout: Duration,
    proxies: Proxies,
}

/// What a server answered, whatever its status.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status of HTTP.
    pub status: u16,
    /// Its body, which may hold secrets.
    pub body: Vec<u8>,
    /// The time at the server, as its `Date` says.
    pub date: Option<String>,
    /// How AWS names an error, where the body may not (`x-amzn-errortype`).
    pub error_type: Option<String>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.body.zeroize();
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// The body, if it is a JSON object that is understood. A list is none: serde would take it for the fields in their order.
    pub(crate) fn object<T: DeserializeOwned>(&self) -> Option<T> {
        let is_object = self.body.trim_ascii_start().first() == Some(&b'{');
        is_object.then(|| serde_json::from_slice(&self.body).ok()).flatten()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none: `who` answered, in words.
    pub fn json<T: DeserializeOwned>(&self, who: &str) -> Result<T, Error> {
        self.object().ok_or_else(|| {
            let start: String = String::from_utf8_lossy(&self.body)
                .trim_start()
                .chars()
                .take(15)
                .collect();
            let what = match start.to_ascii_lowercase() {
                start if start.starts_with("<!doctype") || start.starts_with("<html") => "a page",
                start if start.is_empty() => "nothing",
                _ => "no JSON that is known",
            };
            Error::new(
                Kind::Network,
                format!("{who} answered {what} instead of JSON (HTTP status {})", self.status),
            )
            .advise("something between here and there may have answered, such as the page of a proxy")
        })
    }
}

impl Http {
    /// Asks with this much time for each answer, as `credential-process`.
    pub fn new(timeout: Duration) -> Self {
        Self::named(concat!("credential-process/", env!("CARGO_PKG_VERSION")), timeout)
    }

    /// Asks with this much time for each answer. Servers are told by `name`, as `program/1.0`, who asks (`User-Agent`).
    pub fn named(name: &str, timeout: Duration) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = || {
            Agent::config_builder()
                .tls_config(tls.clone())
                .timeout_global(Some(timeout))
                .max_redirects(0)
                .http_status_as_error(false)
                .user_agent(name)
        };
        let proxies = Proxies::of_process();
        Self {
            agent: config().proxy(proxies.proxy().cloned()).build().into(),
            direct: config().proxy(None).build().into(),
            timeout,
            proxies,
        }
    }

    /// Who asks for an address.
    fn agent(&self, url: &str) -> Result<&Agent, Error> {
        match self.proxies.way(url) {
            Way::Direct => Ok(&self.direct),
            Way::Proxy => Ok(&self.agent),
            // Its value may have a password in it.
            Way::Odd(SETTINGS) => Err(Error::new(
                Kind::Network,
                format!("the proxy of {SETTINGS} has an address that is not understood"),
            )
            .advise("set it there to a host and a port, or set the variable `HTTPS_PROXY`, which comes first")),
            Way::Odd(variable) => Err(Error::new(
                Kind::Network,
                format!("the proxy of the variable `{variable}` has an address that is not understood"),
            )
            .advise(
                "write it as http://proxy.example:3128, with `%` and two digits for what is special in a password",
            )),
        }
    }

    /// Asks for what is at an address.
    ///
    /// # Errors
    /// When no answer came, or one that is too large.
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, Error> {
        let mut request = self.agent(url)?.get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answered(url, request.call())
    }

    /// Sends nothing to an address but the question itself.
    ///
    /// # Errors
    /// Likewise.
    pub fn post(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, Error> {
        let mut request = self.agent(url)?.post(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answered(url, request.send_empty())
    }

    /// Sends a form, with this header `Authorization` if there is one.
    ///
    /// # Errors
    /// Likewise.
    pub fn form(&self, url: &str, fields: &[(&str, &str)], authorization: Option<&str>) -> Result<Answer, Error> {
        let mut request = self
            .agent(url)?
            .post(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        self.answered(url, request.send(Zeroizing::new(encode(fields)).as_bytes()))
    }

    /// Sends a form of AWS's query protocol. Nothing is said about the answer's type: AWS STS answers in JSON where JSON is
    /// asked for, with other names and times than its documentation has.
    ///
    /// # Errors
    /// Likewise.
    pub fn query(&self, url: &str, fields: &[(&str, &str)]) -> Result<Answer, Error> {
        let request = self
            .agent(url)?
            .post(url)
            .header("Content-Type", "application/x-www-form-urlencoded");
        self.answered(url, request.send(Zeroizing::new(encode(fields)).as_bytes()))
    }

    /// Sends JSON, as AWS's JSON protocol wants it where `target` names the operation.
    ///
    /// # Errors
    /// Likewise.
    pub fn json(&self, url: &str, target: Option<&str>, body: &serde_json::Value) -> Result<Answer, Error> {
        let kind = match target {
            Some(_) => "application/x-amz-json-1.1",
            None => "application/json",
        };
        let mut request = self.agent(url)?.post(url).header("Content-Type", kind);
        if let Some(target) = target {
            request = request.header("X-Amz-Target", target);
        }
        self.answered(url, request.send(Zeroizing::new(body.to_string()).as_bytes()))
    }

    fn answered(
        &self,
        url: &str,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Answer, Error> {
        let mut answer = answer.map_err(|error| self.failed(url, &error))?;
        let header = |name: &str| {
            let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
            value.map(str::to_owned)
        };
        let (date, error_type) = (header("date"), header("x-amzn-errortype"));
        let status = answer.status().as_u16();
        let body = answer
            .body_mut()
            .with_config()
            .limit(LARGEST)
            .read_to_vec()
            .map_err(|error| self.failed(url, &error))?;
        if (300..400).contains(&status) {
            return Err(Error::new(
                Kind::Network,
                format!("{} answered with a redirect (HTTP status {status})", host(url)),
            )
            .advise("a token is never sent on to another address; look at the address in config.json"));
        }
        Ok(Answer {
            status,
            body,
            date,
            error_type,
        })
    }

    /// Why no answer came, in words that name the host and nothing else of the address.
    fn failed(&self, url: &str, error: &ureq::Error) -> Error {
        let host = host(url);
        if let Some(fault) = tls::fault(error) {
            return tls::explain(&host, fault);
        }
        let source = self.proxies.source();
        let network = || format!("look at the network and the proxy ({source}, `NO_PROXY`)");
        let (message, advice) = match error {
            ureq::Error::HostNotFound => self.unresolved(url, &host),
            ureq::Error::Io(error) if is_unresolved(error) => self.unresolved(url, &host),
            ureq::Error::Timeout(_) => (
                format!("{host} did not answer within {} s", self.timeout.as_secs()),
                format!("try again; {}", network()),
            ),
            ureq::Error::BodyExceedsLimit(_) => (
                format!("the answer of {host} is larger than {} KiB", LARGEST / 1024),
                "something between here and there may have answered".to_owned(),
            ),
            ureq::Error::ConnectProxyFailed(why) => (
                match status(why) {
                    Some(status) => format!("the proxy refused the connection to {host} (HTTP status {status})"),
                    None => format!("the proxy refused the connection to {host}: {why}"),
                },
                format!("look at {source}, and at the name and password that the proxy wants"),
            ),
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused && self.proxy(url).is_some() => {
                let proxy = self
                    .proxy(url)
                    .map(|proxy| format!("{}:{}", proxy.host(), proxy.port()));
                let proxy = proxy.unwrap_or_default();
                (
                    format!("there is no connection to {host}: the proxy {proxy} refuses it ({error})"),
                    format!("look whether the proxy runs there, and at {source}"),
                )
            }
            ureq::Error::Io(error) => (format!("there is no connection to {host}: {error}"), network()),
            other => (format!("there is no connection to {host}: {other}"), network()),
        };
        Error::new(Kind::Network, message).advise(advice)
    }

    /// The proxy that leads to an address.
    fn proxy(&self, url: &str) -> Option<&ureq::Proxy> {
        self.proxies.proxy().filter(|_| self.proxies.way(url) == Way::Proxy)
    }

    /// A name is unknown: the proxy's where there is one that looks up all others itself, which those of SOCKS may leave to us.
    fn unresolved(&self, url: &str, host: &str) -> (String, String) {
        let source = self.proxies.source();
        match self.proxy(url) {
            Some(proxy) if proxy.resolve_target() => (
                format!(
                    "the name {host}, or that of its proxy, {}, cannot be resolved",
                    proxy.host()
                ),
                format!(
                    "look at {source}; with `socks5h://` instead of `socks5://` the proxy resolves all names but its own"
                ),
            ),
            Some(proxy) => (
                format!("the name of the proxy, {}, cannot be resolved", proxy.host()),
                format!("look at the network, the VPN and {source}"),
            ),
            None => (
                format!("the name {host} cannot be resolved"),
                "look at the network, the VPN and the name in config.json".to_owned(),
            ),
        }
    }
}

/// The status in the words that ureq has for a proxy's refusal.
fn status(why: &str) -> Option<&str> {
    let mut numbers = why.split(|c: char| !c.is_ascii_digit());
    numbers.find(|number| number.len() == 3)
}

/// Whether a name could not be looked up, for which the standard library has no kind of its own: elsewhere it says so in words,
/// and on Windows Winsock in numbers (`WSAHOST_NOT_FOUND` and the three after it).
/// Source: <https://learn.microsoft.com/en-us/windows/win32/winsock/windows-sockets-error-codes-2>
fn is_unresolved(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(code) => cfg!(windows) && (11001..=11004).contains(&code),
        None => error.to_string().starts_with("failed to lookup address information"),
    }
}

/// Fields as a form or a query carries them.
pub fn encode(fields: &[(&str, &str)]) -> String {
    // With room for all, no part of it is left elsewhere in memory.
    let longest: usize = fields
        .iter()
        .map(|(name, value)| (name.len() + value.len()) * 3 + 2)
        .sum();
    let mut text = String::with_capacity(longest);
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        text.extend(utf8_percent_encode(name, FORM));
        text.push('=');
        text.extend(utf8_percent_encode(value, FORM));
    }
    text
}

/// A text as a form carries it.
pub(crate) fn encoded(text: &str) -> Zeroizing<String> {
    // With room for all, as above.
    let mut encoded = Zeroizing::new(String::with_capacity(text.len() * 3));
    encoded.extend(utf8_percent_encode(text, FORM));
    encoded
}

/// The host of an address: queries and paths may hold what nobody should read.
fn host(url: &str) -> String {
    let uri: Option<Uri> = url.parse().ok();
    uri.and_then(|uri| uri.host().map(str::to_owned))
        .unwrap_or_else(|| "an invalid address".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_encoded() {
        assert_eq!(
            encode(&[("a b", "c&d=e"), ("ü", "~-._")]),
            "a%20b=c%26d%3De&%C3%BC=~-._"
        );
    }

    #[test]
    fn a_list_is_not_taken_for_the_fields_of_an_object() {
        #[derive(serde::Deserialize)]
        struct Refused {
            error: String,
        }
        let read = |body: &str| {
            let answer = Answer {
                status: 400,
                body: body.as_bytes().to_vec(),
                date: None,
                error_type: None,
            };
            answer.object().map(|refused: Refused| refused.error)
        };
        assert_eq!(
            read(" {\"error\": \"invalid_grant\"}").as_deref(),
            Some("invalid_grant")
        );
        assert_eq!(read("[\"invalid_grant\"]"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_name_that_cannot_be_looked_up_is_no_broken_connection() {
        use std::net::ToSocketAddrs;
        let unknown = "name.company.invalid:443".to_socket_addrs().unwrap_err();
        assert!(is_unresolved(&unknown), "{unknown:?}");
        assert!(!is_unresolved(&io::ErrorKind::ConnectionRefused.into()));
        assert_eq!(status("proxy server responded 407/407"), Some("407"));
        assert_eq!(status("nothing"), None);
    }

    #[test]
    fn only_the_host_is_named() {
        assert_eq!(host("https://id.example:8443/x?code=secret"), "id.example");
        assert_eq!(host("::"), "an invalid address");
    }
}
