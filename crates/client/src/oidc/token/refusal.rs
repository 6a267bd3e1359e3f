//! What a provider says when it says no, in words that tell what to do.

use client_config::ProviderType;
use serde::Deserialize;

use crate::http::Answer;
use crate::oidc::client_auth::ClientAuth;
use crate::oidc::provider::Provider;
use crate::oidc::text::printable;
use crate::{Error, Kind};

/// Characters of the provider's own words that are shown.
const LONGEST: usize = 300;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Tokens for a code of the browser.
    Code,
    /// Tokens for a refresh token.
    Refresh,
    /// A device code, or tokens for one.
    Device,
}

/// What the application proved itself with, which may be what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing.
    Nothing,
    /// The secret of the keyring.
    StoredSecret,
    /// The secret of config.json.
    WrittenSecret,
    /// A certificate.
    Certificate,
}

impl Shown {
    pub(super) fn of(provider: &Provider, auth: &ClientAuth) -> Self {
        match (auth, provider.kind) {
            (ClientAuth::Public, _) => Self::Nothing,
            (ClientAuth::Secret(_), ProviderType::Azure) => Self::StoredSecret,
            (ClientAuth::Secret(_), _) => Self::WrittenSecret,
            (ClientAuth::Certificate(_), _) => Self::Certificate,
        }
    }
}

/// An answer of RFC 6749 §5.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    shown: Shown,
    status: u16,
    error: String,
    description: String,
}

/// Errors of Microsoft Entra ID with a way out. Their names stand in the description, and Microsoft may change them: only the advice
/// depends on them, never what is done.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>; AADSTS9002327 is not listed there, and
/// its text says it.
const ENTRA: [(&str, &str); 9] = [
    (
        "AADSTS7000218",
        "the application is registered as a confidential client, and nothing was sent to prove it: in its registration under \
         Authentication set \"Allow public client flows\" to Yes and register `http://localhost` for \"Mobile and desktop \
         applications\"; or set `azure_auth_mode` in config.json to `secret` or `certificate`",
    ),
    (
        "AADSTS7000215",
        "the client secret is wrong: copy the secret's value, not its id, and store it with `credential-process \
         --set-client-secret --profile PROFILE`",
    ),
    (
        "AADSTS7000222",
        "the client secret has expired: make a new one in the application's registration and store it with `credential-process \
         --set-client-secret --profile PROFILE`",
    ),
    (
        "AADSTS700025",
        "the application is registered as a public client and must prove itself with nothing: set `azure_auth_mode` in config.json \
         to `public`",
    ),
    (
        "AADSTS700027",
        "the certificate is not one of the application's, or has expired: upload the one that is used here in the registration under \
         \"Certificates & secrets\"",
    ),
    (
        "AADSTS9002327",
        "the address of the loopback is registered for a single-page application: register `http://localhost` for \"Mobile and \
         desktop applications\" instead",
    ),
    (
        "AADSTS700016",
        "the tenant has no such application: look at `client_id` and at the tenant in `provider_domain` of config.json",
    ),
    (
        "AADSTS50105",
        "you are not assigned to the application: ask whoever keeps it to assign you or one of your groups, under \"Users and \
         groups\" of the enterprise application",
    ),
    (
        "AADSTS90002",
        "there is no such tenant: look at `provider_domain` in config.json",
    ),
];

impl Refusal {
    /// The refusal in an answer, if it is one.
    pub(super) fn of(answer: &Answer, shown: Shown) -> Option<Self> {
        #[derive(Deserialize)]
        struct Raw {
            error: String,
            error_description: Option<String>,
        }
        let raw: Raw = answer.object()?;
        Some(Self {
            shown,
            status: answer.status,
            error: printable(&raw.error, 60),
            description: printable(raw.error_description.as_deref().unwrap_or_default(), LONGEST),
        })
    }

    /// Whether what was used for the tokens is used up. `invalid_token` is no word of RFC 6749, and some providers have it.
    pub(super) fn is_end_of_grant(&self) -> bool {
        !self.is_trouble() && matches!(self.error.as_str(), "invalid_grant" | "invalid_token")
    }

    /// Whether the status says that the words may not be meant.
    fn is_trouble(&self) -> bool {
        self.status == 429 || self.status >= 500
    }

    /// Whether the user has not typed the code in yet.
    pub(super) fn is_pending(&self) -> bool {
        self.error == "authorization_pending"
    }

    /// Whether the questions come too fast.
    pub(super) fn is_too_fast(&self) -> bool {
        self.error == "slow_down"
    }

    /// What kind of failure it is. `authorization_declined`, which Entra says instead of `access_denied`, is one of the rest.
    fn kind(&self, action: Action) -> Kind {
        match self.error.as_str() {
            _ if self.is_trouble() => Kind::Network,
            "temporarily_unavailable" | "server_error" => Kind::Network,
            "invalid_client"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "invalid_scope"
            | "invalid_request" => Kind::Config,
            "interaction_required" | "login_required" | "consent_required" | "account_selection_required" => {
                Kind::Interaction
            }
            _ if action == Action::Refresh => Kind::Interaction,
            _ => Kind::Login,
        }
    }

    /// The refusal as an error.
    pub(super) fn explain(&self, action: Action) -> Error {
        let what = match (action, self.error.as_str()) {
            (Action::Device, "access_denied" | "authorization_declined") => {
                "the login was refused on the page where the code was typed in"
            }
            (Action::Device, "expired_token") => "nobody typed the code in while it was good",
            (Action::Code, "invalid_grant") => "the provider does not take the code of the browser",
            (Action::Refresh, "invalid_grant" | "invalid_token") => "the provider no longer takes the refresh token",
            (Action::Code, _) => "the provider refused the login",
            (Action::Refresh, _) => "the provider refused the refresh",
            (Action::Device, _) => "the provider refused the device code",
        };
        let said = match self.description.as_str() {
            "" => format!("`{}`", self.error),
            description => format!("`{}`: {description}", self.error),
        };
        let kind = self.kind(action);
        Error::new(kind, format!("{what} ({said})")).advise(self.advice(kind, action))
    }

    fn advice(&self, kind: Kind, action: Action) -> &'static str {
        if let Some(name) = entra_code(&self.description)
            && let Some((_, advice)) = ENTRA.iter().find(|(known, _)| *known == name)
        {
            return advice;
        }
        match (self.error.as_str(), kind) {
            (_, Kind::Network) => "the provider is in trouble or has too much to do; try again in a minute",
            ("invalid_client", _) => match self.shown {
                Shown::Nothing => {
                    "look at `client_id` in config.json; an application that has a secret must be made a public (native) one, or its \
                     secret given"
                }
                Shown::StoredSecret => {
                    "the client secret is wrong or has expired: copy the one that is good at the provider, and store it with \
                     `credential-process --set-client-secret --profile PROFILE`; look at `client_id` in config.json as well"
                }
                Shown::WrittenSecret => {
                    "the client secret is wrong or has expired: copy the one that is good at the provider to `client_secret` in \
                     config.json (`--set-client-secret` is for Microsoft Entra ID alone); look at `client_id` there as well"
                }
                Shown::Certificate => {
                    "look at `client_id` in config.json, and whether the provider knows the certificate and it is still good"
                }
            },
            ("unauthorized_client" | "unsupported_grant_type", _) => match action {
                Action::Code => {
                    "the application may not use the authorization code flow; your administrator can allow it"
                }
                Action::Refresh => "the application may not use refresh tokens; your administrator can allow it",
                Action::Device => {
                    "the application may not use device codes; your administrator can allow it, or sign in with \
                     `credential-process login`, on a machine without a browser with `--paste`"
                }
            },
            ("invalid_scope", _) => "the application may not ask for these scopes; your administrator can allow them",
            (_, Kind::Config) => "your administrator has to look at the application at the provider and at config.json",
            _ => "sign in again",
        }
    }
}

/// `AADSTS` and its number in a description.
fn entra_code(description: &str) -> Option<&str> {
    const MARK: &str = "AADSTS";
    let from = &description[description.find(MARK)?..];
    let digits = from[MARK.len()..].bytes().take_while(u8::is_ascii_digit).count();
    from.get(..MARK.len() + digits)
}

/// A failure whose answer has no words that are known: a page of a proxy, or nothing.
pub(super) fn without_words(answer: &Answer) -> Error {
    let status = answer.status;
    let advice = match status {
        429 | 500.. => "the provider is in trouble or has too much to do; try again in a minute",
        407 => "the proxy wants a name and a password; put them into `HTTPS_PROXY`",
        _ => {
            "something between here and there may have answered, such as the page of a proxy; look at the address in config.json"
        }
    };
    Error::new(
        Kind::Network,
        format!("the token endpoint of the provider answered with HTTP status {status} and no reason that is known"),
    )
    .advise(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, error: &str, description: &str) -> Refusal {
        let body = serde_json::json!({"error": error, "error_description": description});
        let answer = Answer {
            status,
            body: body.to_string().into_bytes(),
            date: None,
            error_type: None,
        };
        Refusal::of(&answer, Shown::Nothing).unwrap()
    }

    #[test]
    fn a_secret_that_is_refused_is_told_with_its_place() {
        let advice = |shown, error: &str, description: &str| {
            let mut refusal = refusal(401, error, description);
            refusal.shown = shown;
            refusal.explain(Action::Refresh).advice.unwrap()
        };
        let refused = |shown| advice(shown, "invalid_client", "no");
        let is_secret = |text: &str| text.starts_with("the client secret is wrong or has expired");
        for (shown, place) in [
            (Shown::StoredSecret, "`credential-process --set-client-secret --profile"),
            (Shown::WrittenSecret, "`client_secret` in config.json"),
        ] {
            let text = refused(shown);
            assert!(
                is_secret(&text) && text.contains(place) && !text.contains("public"),
                "{text}"
            );
        }
        assert!(refused(Shown::Certificate).contains("certificate"));
        assert!(refused(Shown::Nothing).contains("public (native)"));
        // What Entra says is told more closely, and other errors are not the secret's.
        let entra = advice(Shown::StoredSecret, "invalid_client", "AADSTS7000222: x");
        assert!(entra.contains("make a new one"), "{entra}");
        assert!(!is_secret(&advice(Shown::WrittenSecret, "invalid_grant", "")));
    }

    #[test]
    fn kinds_follow_the_word_and_the_status() {
        for (status, error, action, kind) in [
            (400, "invalid_grant", Action::Code, Kind::Login),
            (400, "invalid_grant", Action::Refresh, Kind::Interaction),
            (400, "interaction_required", Action::Refresh, Kind::Interaction),
            (401, "invalid_client", Action::Refresh, Kind::Config),
            (400, "invalid_scope", Action::Device, Kind::Config),
            (400, "access_denied", Action::Device, Kind::Login),
            (400, "expired_token", Action::Device, Kind::Login),
            (429, "too_many_requests", Action::Refresh, Kind::Network),
            (503, "invalid_grant", Action::Code, Kind::Network),
            (400, "temporarily_unavailable", Action::Code, Kind::Network),
            (400, "something_new", Action::Code, Kind::Login),
        ] {
            assert_eq!(
                refusal(status, error, "").explain(action).kind,
                kind,
                "{status} {error}"
            );
        }
    }

    #[test]
    fn only_a_clear_word_ends_a_grant() {
        for (status, error, is_end) in [
            (400, "invalid_grant", true),
            (403, "invalid_grant", true),
            (401, "invalid_token", true),
            (503, "invalid_grant", false),
            (429, "invalid_grant", false),
            (401, "invalid_client", false),
            (400, "interaction_required", false),
        ] {
            assert_eq!(refusal(status, error, "").is_end_of_grant(), is_end, "{status} {error}");
        }
    }

    #[test]
    fn the_confidential_client_is_explained() {
        let description = "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or \
                           'client_secret'.\r\nTrace ID: 0 Correlation ID: 1";
        let error = refusal(401, "invalid_client", description).explain(Action::Code);
        assert_eq!(error.kind, Kind::Config);
        assert!(error.advice.as_deref().unwrap().contains("Allow public client flows"));
        assert!(error.message.contains("AADSTS7000218"), "{error}");
        // A code that begins like it is another one.
        let other = refusal(401, "invalid_client", "AADSTS70002180: x").explain(Action::Code);
        assert!(!other.advice.as_deref().unwrap().contains("public client flows"));
    }

    #[test]
    fn the_providers_words_are_cut_and_cleaned() {
        let error = refusal(400, "x\u{1b}[31m", &format!("a\u{7}b\r\n{}", "ü".repeat(5000))).explain(Action::Code);
        assert!(error.message.chars().all(|c| !c.is_control()), "{error}");
        assert!(error.message.chars().count() < 500);
    }

    #[test]
    fn odd_codes_do_not_break_it() {
        for text in ["AADSTS", "AADSTSü1", "xAADSTS50011: y", ""] {
            entra_code(text);
        }
        assert_eq!(entra_code("xAADSTS50011: y"), Some("AADSTS50011"));
    }
}
