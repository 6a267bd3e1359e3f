//! Claims of a token that nobody issued, for tests of what is told about it.

use crate::oidc::Claims;

/// Those of an issuer.
pub(super) fn claims(issuer: &str) -> Claims {
    Claims {
        issuer: issuer.to_owned(),
        subject: "sub-1".to_owned(),
        audience: vec!["client".to_owned()],
        authorized_party: None,
        expires: "2026-11-26T08:30:00Z".parse().unwrap(),
        issued: "2026-11-26T08:00:00Z".parse().unwrap(),
        not_before: None,
        nonce: None,
        email: Some("a@b.c".to_owned()),
        preferred_username: None,
        name: None,
        groups: Vec::new(),
        tags: Default::default(),
        raw: Default::default(),
    }
}
