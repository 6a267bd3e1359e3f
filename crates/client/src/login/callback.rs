//! The loopback to which the provider leads the browser back.
//!
//! Anything on this machine can call it, and browsers ask for more than they are sent to: what does not bear the state of the
//! login is answered and ends nothing. The port is held from before the browser opens until the login is over.

use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use client_config::ProviderType;
use percent_encoding::percent_decode_str;

use super::page;
use crate::loopback::{PAUSE, Request, Requests};
use crate::oidc::pkce::Attempt;
use crate::oidc::text::printable;
use crate::{Error, Kind, Secret};

/// Where the provider leads back to.
const PATH: &str = "/callback";

/// The listening loopback, on both families where the machine has both.
#[derive(Debug)]
pub struct Callback {
    listeners: Vec<TcpListener>,
    port: u16,
}

/// Address of the loopback as the provider knows it: by name, as it is registered there.
pub fn redirect_uri(port: u16) -> String {
    format!("http://localhost:{port}{PATH}")
}

/// Providers that take any port of the loopback for one that is registered.
///
/// Sources: <https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions>,
/// <https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_loopback>
fn takes_any_port(provider: ProviderType) -> bool {
    matches!(provider, ProviderType::Azure | ProviderType::Google)
}

impl Callback {
    /// Takes the port, or another one where it is taken and the provider allows it.
    ///
    /// # Errors
    /// When the port cannot be had: why, and what to do about it.
    pub fn bind(port: u16, provider: ProviderType) -> Result<Self, Error> {
        match Self::on(port) {
            Ok(callback) => Ok(callback),
            Err(error) if error.kind() == ErrorKind::AddrInUse && takes_any_port(provider) => {
                Self::on(0).map_err(|error| refused(0, &error))
            }
            Err(error) => Err(refused(port, &error)),
        }
    }

    fn on(port: u16) -> std::io::Result<Self> {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = first.local_addr()?.port();
        let mut listeners = vec![first];
        // "localhost" may mean the other family first; a machine without it is none the worse.
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
            Ok(second) => listeners.push(second),
            Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
            Err(_) => {}
        }
        for listener in &listeners {
            listener.set_nonblocking(true)?;
        }
        Ok(Self { listeners, port })
    }

    /// The port that was taken.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address as the provider is told it.
    pub fn redirect_uri(&self) -> String {
        redirect_uri(self.port)
    }

    /// Waits for the answer to an attempt, whatever else comes.
    ///
    /// # Errors
    /// When none comes in time, or the provider says that the login failed.
    pub fn wait(self, attempt: &Attempt, patience: Duration) -> Result<Secret, Error> {
        let end = Instant::now() + patience;
        let mut requests = Requests::new();
        let mut foreign = 0_usize;
        while Instant::now() < end {
            for listener in &self.listeners {
                requests.accept(listener);
            }
            while let Some(Request { head, stream }) = requests.next() {
                let Some(target) = target(&head) else { continue };
                let said = judged(&target, attempt);
                answer(stream, &said);
                match said {
                    Said::Code(code) => return Ok(code),
                    Said::Refused(error) => return Err(error),
                    Said::Foreign => foreign += 1,
                    Said::Other => {}
                }
            }
            thread::sleep(PAUSE);
        }
        Err(too_late(patience, self.port, foreign))
    }
}

fn refused(port: u16, error: &std::io::Error) -> Error {
    let message = format!("port {port} of this machine cannot be listened on: {error}");
    match error.kind() {
        ErrorKind::AddrInUse => Error::new(Kind::Login, message).advise(
            "another program holds it; end that one, set `REDIRECT_PORT` to a port that the provider knows as well, or sign in \
             without a port: credential-process login --paste",
        ),
        _ => Error::new(Kind::Login, message).advise(
            "the system may reserve it (on Windows: netsh interface ipv4 show excludedportrange protocol=tcp); set \
             `REDIRECT_PORT` to a port that the provider knows as well",
        ),
    }
}

fn too_late(patience: Duration, port: u16, foreign: usize) -> Error {
    let minutes = patience.as_secs().div_ceil(60);
    let hint = match foreign {
        0 => format!(
            "look whether the browser opened on this machine, whether the login page says what is missing, and whether a proxy or \
             VPN keeps the browser from localhost:{port}; on a machine without a browser: credential-process login --paste"
        ),
        _ => {
            "answers came that belong to another login: close old tabs of the login page, and sign in again".to_owned()
        }
    };
    Error::new(Kind::Interaction, format!("nobody signed in within {minutes} minutes")).advise(hint)
}

/// Answers with a page. A browser that has gone is nobody's fault.
fn answer(mut stream: TcpStream, said: &Said) {
    let (status, body) = match said {
        Said::Code(_) => ("200 OK", page::signed_in()),
        Said::Refused(error) => ("400 Bad Request", page::failed(&error.message)),
        Said::Foreign => ("400 Bad Request", page::foreign()),
        Said::Other => ("404 Not Found", page::nothing()),
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
             Connection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.flush();
}

/// What a request asks for, where it is a `GET` of HTTP/1.
pub fn target(head: &[u8]) -> Option<String> {
    let line = head.split(|byte| *byte == b'\r' || *byte == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    (method == "GET" && version.starts_with("HTTP/1.") && words.next().is_none()).then(|| target.to_owned())
}

/// What a request says.
#[derive(Debug)]
pub enum Said {
    /// The code of this login.
    Code(Secret),
    /// That this login failed.
    Refused(Error),
    /// An answer to another login, or a forged one.
    Foreign,
    /// Something that has nothing to do with logins.
    Other,
}

/// What the target of a request says to an attempt.
pub fn judged(target: &str, attempt: &Attempt) -> Said {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != PATH {
        return Said::Other;
    }
    let fields = fields(query);
    let all = |name: &'static str| {
        fields
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value)
    };
    let one = |name| {
        let mut all = all(name);
        // Twice the same field says nothing for certain.
        all.next().filter(|_| all.next().is_none())
    };
    if !one("state").is_some_and(|state| attempt.is_mine(state.expose())) {
        return Said::Foreign;
    }
    // A second provider that somebody was led to would learn the code of the first (RFC 9207 §1).
    if all("iss").count() > 1 || !attempt.is_of(one("iss").map(Secret::expose)) {
        return Said::Refused(of_another(one("iss").map(Secret::expose)));
    }
    match (one("error"), one("code")) {
        (Some(error), _) => Said::Refused(refusal(error.expose(), one("error_description").map(Secret::expose))),
        (None, Some(code)) if !code.is_empty() => Said::Code(code.clone()),
        (None, _) if all("code").count() > 1 => Said::Refused(
            Error::new(Kind::Login, "the provider's answer has several codes")
                .advise("sign in again, and tell your administrator if it stays"),
        ),
        (None, _) => Said::Refused(
            Error::new(Kind::Login, "the provider's answer has neither a code nor an error").advise(
                "look at the application's settings at the provider: it must allow the authorization code flow",
            ),
        ),
    }
}

/// The answer is not the provider's that was asked, or it does not say so although the provider says that it does.
fn of_another(issuer: Option<&str>) -> Error {
    let message = match issuer.map(|issuer| printable(issuer, 200)) {
        Some(issuer) => format!("the answer to the login is of the issuer `{issuer}`, which was not asked"),
        None => "the answer to the login does not name its issuer once, and the provider says that its answers do"
            .to_owned(),
    };
    Error::new(Kind::Login, message).advise("sign in again, and tell your administrator if it stays")
}

/// The fields of a query, decoded. What is no UTF-8 is still a field: left out, it would hide that one is there twice.
fn fields(query: &str) -> Vec<(String, Secret)> {
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), Secret::new(decoded(value)))
        })
        .collect()
}

/// Why the provider did not let somebody in, in its own words, without what would confuse a terminal.
fn refusal(error: &str, description: Option<&str>) -> Error {
    let plain = |text: &str| printable(text, 300);
    let message = match description.map(plain).filter(|text| !text.is_empty()) {
        Some(description) => format!("the provider refused the login: {}: {description}", plain(error)),
        None => format!("the provider refused the login: {}", plain(error)),
    };
    let advice = match error {
        "access_denied" => {
            "ask whoever keeps the application at the provider whether you are assigned to it, and do not cancel the login page"
        }
        "login_required" | "interaction_required" | "consent_required" => {
            "sign in again, and give the consent that is asked for"
        }
        _ => "whoever keeps the application at the provider can look its error up there",
    };
    Error::new(Kind::Login, message).advise(advice)
}

#[cfg(test)]
mod tests;
