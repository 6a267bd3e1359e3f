//! Addresses that a token may be sent to.

use ureq::http::Uri;

use super::text::printable;

/// Characters that an address may have: browsers take some two thousand.
const LONGEST: usize = 2048;

/// Whether an address keeps what is sent there to itself: https, or the loopback, which has no way to listen on.
///
/// # Errors
/// In words that follow the address.
pub(crate) fn check(url: &str) -> Result<(), &'static str> {
    if url.len() > LONGEST {
        return Err("is longer than 2048 characters");
    }
    let printable = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'`');
    if !url.bytes().all(printable) {
        return Err("has characters that no address has");
    }
    // The parser below drops fragments silently.
    if url.contains('#') {
        return Err("has a fragment (`#`)");
    }
    let uri: Uri = url.parse().map_err(|_| "is no address")?;
    let authority = uri.authority().ok_or("names no host")?;
    // `https://login.example@evil.example` leads to the second of the two.
    if authority.as_str().contains('@') {
        return Err("has a user name in it");
    }
    if authority.host().is_empty() {
        return Err("names no host");
    }
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]") => Ok(()),
        _ => Err("must begin with https://"),
    }
}

/// An address for a message: without a name and password in it, and without its query, either of which may be a secret.
pub(crate) fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = match authority.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => authority.to_owned(),
    };
    let path = match path.split_once('?') {
        Some((path, _)) => format!("{path}?…"),
        None => path.to_owned(),
    };
    let start = if scheme.is_empty() { "" } else { "://" };
    printable(&format!("{scheme}{start}{host}{path}"), 200)
}

/// Whether an address may be shown to a person to open. Browsers keep fragments to themselves, and the access portals of IAM
/// Identity Center have one: `https://d-1234567890.awsapps.com/start/#/device`.
///
/// # Errors
/// Likewise.
pub(crate) fn check_page(url: &str) -> Result<(), &'static str> {
    let (page, fragment) = url.split_once('#').unwrap_or((url, ""));
    // What is behind the fragment's sign has the same characters as the rest.
    check(page)?;
    match fragment.is_empty() {
        true => Ok(()),
        false => check(&format!("https://fragment/{fragment}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_give_tokens_away_is_refused() {
        for url in [
            "https://id.example",
            "https://id.example:8443/oauth2/token?p=policy",
            "http://127.0.0.1:9000/token",
            "http://localhost/token",
            "http://[::1]:9000/token",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for url in [
            "http://id.example/token",
            "http://localhost.evil.example/token",
            "http://127.0.0.1.evil.example/token",
            "http://localhost@evil.example/",
            "https://id.example@evil.example/",
            "https://id.example/#x",
            "https://id.example/a b",
            "https://id.example/\u{202e}",
            "https://",
            "https:///x",
            "ftp://id.example",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "/token",
            "",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
        assert!(check(&format!("https://id.example/{}", "a".repeat(LONGEST))).is_err());
    }

    #[test]
    fn what_may_be_a_secret_is_not_shown() {
        for (url, expected) in [
            ("https://id.example/a", "https://id.example/a"),
            (
                "https://ada:hunter2@id.example/a?key=hunter3#x",
                "https://…@id.example/a?…",
            ),
            ("https://id.example?key=hunter3", "https://id.example?…"),
            ("https://a@b@c/@d", "https://…@c/@d"),
            ("id.example\u{1b}[2Jx", "id.example x"),
            ("", ""),
        ] {
            assert_eq!(shown(url), expected);
        }
    }

    #[test]
    fn pages_may_have_a_fragment() {
        let portal = "https://d-1234567890.awsapps.com/start/#/device?user_code=ABCD-EFGH";
        assert_eq!(check_page(portal), Ok(()));
        assert_eq!(check_page("https://id.example"), Ok(()));
        for url in [
            "https://id.example/#a b",
            "https://id.example/#a#b",
            "javascript:alert(1)#x",
            "http://id.example/#x",
            "#x",
        ] {
            assert!(check_page(url).is_err(), "{url}");
        }
    }
}
