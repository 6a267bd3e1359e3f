//! The answer to a login that a person brings from another machine.

use super::callback::{Said, judged};
use crate::oidc::pkce::Attempt;
use crate::oidc::text::printable;
use crate::{Error, Kind, Secret};

/// The code in a pasted address: the whole of it, or what follows its question mark.
///
/// # Errors
/// When it is no answer to this attempt, or says that the login failed.
pub fn code(pasted: &Secret, attempt: &Attempt) -> Result<Secret, Error> {
    let text = pasted.expose().trim().trim_matches(['"', '\'', '<', '>']);
    let (address, query) = match text.split_once('?') {
        Some((address, query)) if !address.contains('=') => (address, query),
        // The question mark is one of a value.
        _ => ("", text),
    };
    // What follows the question mark may be brought alone, or with the path before it.
    if let Some((_, rest)) = address.split_once("://") {
        let host = rest.split('/').next().unwrap_or_default();
        if !is_loopback(host) {
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            return Err(Error::new(
                Kind::Login,
                format!(
                    "the login ends at localhost, and that address is of {}",
                    printable(host, 100)
                ),
            )
            .advise("copy the address that the browser shows after you signed in; nobody else may have it"));
        }
    }
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let target = Secret::new(format!("/callback?{query}"));
    match judged(target.expose(), attempt) {
        Said::Code(code) => Ok(code),
        Said::Refused(error) => Err(error),
        Said::Foreign | Said::Other => Err(Error::new(
            Kind::Login,
            "that is not the address at which this login ended: its state is missing or another one",
        )
        .advise(
            "copy the whole address that the browser shows after you signed in, with `code=` and `state=`, and take the newest login \
             page",
        )),
    }
}

/// Whether the host and port of an address are of this machine. A name before an `@` is none of the host's.
fn is_loopback(host: &str) -> bool {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let host = match host.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        _ => host,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_address_or_its_query_brings_the_code() {
        let attempt = Attempt::new().unwrap();
        let state = attempt.state.expose();
        for text in [
            format!("http://localhost:8400/callback?code=a%2Fb&state={state}&session_state=x"),
            format!("  \"http://localhost:8400/callback?state={state}&code=a/b#\"\n"),
            format!("code=a%2Fb&state={state}"),
            format!("/callback?code=a%2Fb&state={state}"),
            format!("http://[::1]:8400/callback?code=a%2Fb&state={state}"),
        ] {
            assert_eq!(code(&Secret::new(text), &attempt).unwrap().expose(), "a/b");
        }
    }

    #[test]
    fn anything_else_is_told_what_to_copy() {
        let attempt = Attempt::new().unwrap();
        let other = Attempt::new().unwrap();
        for text in [
            "a/b".to_owned(),
            String::new(),
            "http://localhost:8400/callback?code=x".to_owned(),
            format!("http://localhost:8400/callback?code=x&state={}", other.state.expose()),
            format!(
                "http://localhost:8400/callback?code=x&state={0}&state={0}",
                attempt.state.expose()
            ),
        ] {
            let error = code(&Secret::new(text.clone()), &attempt).unwrap_err();
            assert!(error.to_string().contains("copy the whole address"), "{text}: {error}");
        }
        for host in [
            "https://evil.example",
            "http://localhost:8400@evil.example",
            "http://localhost@evil.example:8400",
        ] {
            let elsewhere = format!("{host}/callback?code=x&state={}", attempt.state.expose());
            let error = code(&Secret::new(elsewhere), &attempt).unwrap_err();
            assert!(error.message.contains("is of evil.example"), "{error}");
        }
        let refused = format!("?error=access_denied&state={}", attempt.state.expose());
        let error = code(&Secret::new(refused), &attempt).unwrap_err();
        assert!(error.message.contains("access_denied"), "{error}");
    }
}
