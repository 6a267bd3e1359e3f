//! What has to be done at each OpenID provider.
//!
//! Sources: <https://developer.okta.com/docs/guides/implement-grant-type/authcodepkce/main/>,
//! <https://learn.microsoft.com/entra/identity-platform/quickstart-register-app>,
//! <https://auth0.com/docs/get-started/auth0-overview/create-applications/native-apps>,
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html>,
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>,
//! <https://developer.okta.com/docs/api/openapi/okta-management/management/tag/AuthorizationServerClaims>,
//! <https://learn.microsoft.com/entra/identity-platform/custom-claims-provider-reference>,
//! <https://developers.google.com/identity/protocols/oauth2/native-app>

use super::step::{Account, Owner, Phase, Step};
use crate::deployment::model::{Deployment, Federation, OpenIdProvider, ProfileScope};

/// Where `credential-process` waits for the browser.
pub const REDIRECT: &str = "http://localhost:8400/callback";

/// The application that developers sign in to.
pub fn application(federation: &Federation) -> Step {
    let provider = federation.provider;
    let (console, actions): (&str, &[&str]) = match provider {
        OpenIdProvider::Okta => (
            "Okta admin console › Applications › Create App Integration",
            &[
                "Choose OIDC and Native Application, the grant types Authorization Code and Refresh Token (and Device \
                 Authorization for machines without a browser), and no client authentication, which requires PKCE.",
                "Rotate the refresh token after every use.",
                "Assign the application to the developers' group alone. On a custom authorization server an access \
                 policy must let the application have the scopes openid, profile, email and offline_access.",
            ],
        ),
        OpenIdProvider::Entra => (
            "Entra admin center › App registrations › New registration",
            &[
                "Choose accounts in this organizational directory only, and the platform \"Mobile and desktop \
                 applications\" for the redirect URI: under \"Web\" or \"Single-page application\" PKCE without a secret \
                 fails.",
                "Under Authentication, allow public client flows if developers sign in on machines without a browser.",
                "Under Token configuration, add the optional claim `email` to the ID token; under API permissions grant \
                 openid, profile, email and offline_access of Microsoft Graph.",
                "Under Enterprise applications › the application › Properties, require assignment, and assign the \
                 developers' group.",
            ],
        ),
        OpenIdProvider::Auth0 => (
            "Auth0 dashboard › Applications › Create Application",
            &[
                "Choose Native, and the grant types Authorization Code and Refresh Token (and Device Code for machines \
                 without a browser).",
                "Turn on refresh token rotation.",
                "On the connections of the application, switch sign-ups off: whoever can make an account can sign in.",
            ],
        ),
        OpenIdProvider::Cognito => (
            "Amazon Cognito › User pools › the pool › App clients › Create app client",
            &[
                "Choose a public client without a secret, the grant Authorization code and the scopes openid and email; \
                 PKCE is the program's.",
                "The pool needs a domain for its login page.",
                "Switch self-registration off: whoever can make an account can sign in.",
            ],
        ),
        OpenIdProvider::Google => (
            "Google Cloud console › Google Auth Platform › Clients › Create client",
            &[
                "Choose Desktop app; such a client takes every port of the loopback, so no redirect URI is entered.",
                "Under Audience, choose Internal, so that only the Workspace organization signs in.",
                "The client has a secret, which an installed program cannot keep: it goes into `config.json` as \
                 `client_secret`.",
            ],
        ),
        OpenIdProvider::Oidc => (
            "The provider's console for clients or applications",
            &[
                "Register a native (public) client without a secret, with the authorization code flow and PKCE (S256), \
                 and the scopes openid, profile, email and offline_access.",
                "Rotate refresh tokens, and let only the developers use the client.",
            ],
        ),
    };
    let mut step = Step::new(
        "attribution-application",
        Phase::Attribution,
        format!("Register `credential-process` at {}", provider.name()),
        Account::IdentityProvider(provider.name()),
        Owner::Human,
    );
    for action in actions {
        step = step.action(*action);
    }
    if provider != OpenIdProvider::Google {
        step = step.action(format!("The redirect URI is `{REDIRECT}`, letter for letter."));
    }
    step.action(format!(
        "Its id is `client_id` of the deployment file, now `{}`; the issuer of its tokens must be `{}`.",
        federation.client_id, federation.issuer
    ))
    .console(console)
    .no_command("the provider is no AWS account; this step can only be attested")
    .note_if(
        provider == OpenIdProvider::Entra,
        "Microsoft Entra ID does not verify the claim `email`, and leaves it out where a user has no address: an administrator \
         sets it, for a guest the guest's own organization. Assign members whose addresses your own administrators set.",
    )
    .note(
        "Without a refresh token developers sign in whenever the token has expired, with one only when the provider ends \
         the session.",
    )
}

/// The claim in which the token carries tags.
pub fn tags(deployment: &Deployment, federation: &Federation) -> Option<Step> {
    federation.tags().next()?;
    let scope = match deployment.profiles {
        ProfileScope::Team => "the team as in the roster",
        ProfileScope::Developer | ProfileScope::None => "the e-mail address as in the roster",
    };
    let mut step = Step::new(
        "attribution-token-tags",
        Phase::Attribution,
        format!("Have {} put tags into the token", federation.provider.name()),
        Account::IdentityProvider(federation.provider.name()),
        Owner::Human,
    );
    if let Some(tag) = &federation.session_tag {
        step = step.action(format!("The tag `{tag}` holds {scope}, letter for letter."));
    }
    if let Some(group) = &federation.group {
        step = step.action(format!(
            "The tag `{}` holds one group, for developers one of: {}.",
            group.tag,
            group.groups.join(", ")
        ));
    }
    let (console, how) = place(federation.provider);
    let step = step
        .action(how)
        .console(console)
        .paste("json", claim(federation))
        .no_command("the provider is no AWS account; `credential-process --show-tags` shows what a token carries")
        .note("AWS takes the tags from the ID token alone, as one object or as one claim for each tag, as above.")
        .note("Users must not be able to change the attributes that the tags are made of.")
        .note("A token without these tags is refused: assign them before the role is applied.");
    Some(step)
}

fn place(provider: OpenIdProvider) -> (&'static str, &'static str) {
    match provider {
        OpenIdProvider::Okta => (
            "Okta admin console › Security › API › the authorization server › Claims › Add Claim",
            "Add a claim to the ID token, always, for each tag: its name is `https://aws.amazon.com/tags/principal_tags/` and \
             the key, its value an expression such as `user.email`. The organization's own server may not offer such claims.",
        ),
        OpenIdProvider::Entra => (
            "Entra admin center › Enterprise applications › Custom authentication extensions; Attributes & Claims",
            "Register a custom claims provider (event TokenIssuanceStart) that answers one claim for each tag, and map it in \
             the application's claims. Entra makes no such claim by itself.",
        ),
        OpenIdProvider::Auth0 => (
            "Auth0 dashboard › Actions › Triggers › post-login",
            "Add an Action that sets the claim: `api.idToken.setCustomClaim(\"https://aws.amazon.com/tags\", …)` with the \
             object below.",
        ),
        OpenIdProvider::Cognito => (
            "Amazon Cognito › User pools › the pool › Extensions › Add Lambda trigger › Pre token generation",
            "Add a trigger that adds the claims to the ID token: one text for each tag, the second form below, with event version \
             1, which every plan has; the object of the first form takes version 2 and the plan Essentials or Plus.",
        ),
        OpenIdProvider::Google | OpenIdProvider::Oidc => (
            "The provider's console for claims, mappers or scopes",
            "Add a claim to the ID token, in either form.",
        ),
    }
}

/// The claim as it must stand in the token, in both forms that AWS takes.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>
fn claim(federation: &Federation) -> String {
    let example = |key: &str| match &federation.group {
        Some(group) if group.tag == key => group.groups.first().cloned().unwrap_or_default(),
        _ => "VALUE".to_owned(),
    };
    let nested: serde_json::Map<String, serde_json::Value> = federation
        .tags()
        .map(|key| (key.to_owned(), serde_json::json!([example(key)])))
        .collect();
    let flat: serde_json::Map<String, serde_json::Value> = federation
        .tags()
        .map(|key| {
            let name = format!("https://aws.amazon.com/tags/principal_tags/{key}");
            (name, serde_json::json!(example(key)))
        })
        .collect();
    let nested = serde_json::json!({"https://aws.amazon.com/tags": {"principal_tags": nested}});
    format!("{nested:#}\n{:#}", serde_json::Value::Object(flat))
}
