//! Why there is no secure connection, in words that tell the cases apart: each is mended by somebody else.

use std::fmt::Display;

use jiff::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use crate::error::{Error, Kind};
use crate::oidc::text::printable;

/// Characters of rustls's own words that are shown: some of its errors list every name of a certificate.
const LONGEST: usize = 300;

/// The error of TLS behind one of a connection, if there is one.
pub(super) fn fault(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Rustls(error) => Some(error),
        // rustls hands its errors over in those of a connection.
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

/// What happened with this host, and what to do.
pub(super) fn explain(host: &str, error: &rustls::Error) -> Error {
    let shown = |words: &dyn Display| printable(&words.to_string(), LONGEST);
    let (message, advice) = match error {
        rustls::Error::InvalidCertificate(error) => certificate(host, error),
        // What is no record of TLS: HTTP in the clear, before all.
        rustls::Error::InvalidMessage(_) => (
            format!("{host} speaks no TLS at this port: what it answered is something else"),
            "look at the address, above all at its port; where it is right, something between here and there answered, such as a \
             proxy or the login page of a network",
        ),
        rustls::Error::AlertReceived(alert) => (
            format!("{host} refused the secure connection (TLS alert `{alert:?}`)"),
            "it may want another version of TLS, or a certificate of this machine; where a proxy opens TLS, its keepers can say why",
        ),
        rustls::Error::PeerIncompatible(_) | rustls::Error::NoApplicationProtocol => (
            format!("{host} and this program have no TLS in common: {}", shown(error)),
            "whoever keeps the server, or the proxy that opens TLS, has to allow TLS 1.2 or 1.3",
        ),
        _ => (
            format!("there is no secure connection to {host}: {}", shown(error)),
            "look at the network, and whether a proxy opens TLS on the way",
        ),
    };
    Error::new(Kind::Network, message).advise(advice)
}

/// The end or the beginning of a certificate, and the time here.
fn times(error: &CertificateError) -> String {
    let (word, bound, now) = match error {
        CertificateError::ExpiredContext { time, not_after } => ("it ended at", not_after, time),
        CertificateError::NotValidYetContext { time, not_before } => ("it begins at", not_before, time),
        _ => return String::new(),
    };
    let told = |time: &UnixTime| {
        let second = i64::try_from(time.as_secs()).ok();
        second.and_then(|second| Timestamp::from_second(second).ok())
    };
    match (told(bound), told(now)) {
        (Some(bound), Some(now)) => format!(": {word} {bound}, and the clock of this machine says {now}"),
        _ => String::new(),
    }
}

fn certificate(host: &str, error: &CertificateError) -> (String, &'static str) {
    use CertificateError as E;
    match error {
        E::UnknownIssuer => (
            format!("the certificate of {host} is of an issuer that this machine does not trust"),
            "where the company's proxy opens TLS, its root certificate must be in the system's store (on Linux `SSL_CERT_FILE` can \
             name another one): ask whoever keeps the network, and trust no certificate that somebody else sends you",
        ),
        E::Expired | E::ExpiredContext { .. } => (
            format!("the certificate of {host} has expired{}", times(error)),
            "look at the clock of this machine first; if it is right, whoever keeps the server has to renew its certificate",
        ),
        E::NotValidYet | E::NotValidYetContext { .. } => (
            format!("the certificate of {host} is not valid yet{}", times(error)),
            "set the clock of this machine right",
        ),
        E::NotValidForName | E::NotValidForNameContext { .. } => (
            format!(
                "the certificate is not one of {host}: {}",
                printable(&error.to_string(), LONGEST)
            ),
            "look at the address; where it is right, something between here and there answered in its place, such as the login page \
             of a network",
        ),
        E::Revoked => (
            format!("the certificate of {host} was revoked"),
            "do not go on before whoever keeps the server has looked",
        ),
        _ => (
            format!(
                "the certificate of {host} was not accepted: {}",
                printable(&error.to_string(), LONGEST)
            ),
            "look whether a proxy opens TLS on the way; else whoever keeps the server has to look at its certificate",
        ),
    }
}
