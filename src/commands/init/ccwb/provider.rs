//! From the fields of a provider to the block `federation`.

use client::Kind;
use client_config::{Oidc, ProviderType};

use super::map::Mapping;
use crate::commands::init::draft::NoticeKind;
use crate::commands::init::federation::OpenId;
use crate::commands::init::issuer::{is_domain, plain, resolve};
use crate::diagnostic::Diagnostic;

/// Seconds of an hour.
const HOUR: u64 = 3600;

impl Mapping<'_> {
    pub(super) fn provider(&mut self, domain: Option<String>) {
        self.draft.federation.client_id = self.reader.text("client_id").filter(|id| id != "none");
        let domain = domain
            .filter(|domain| domain != "none")
            .map(|domain| bare(&domain).to_owned());
        let url = self.reader.text("oidc_issuer_url");
        self.session();
        let Some(kind) = self.kind(domain.as_deref()) else {
            return;
        };
        // Where nobody says it, the issuer's own document may.
        let is_told =
            kind != ProviderType::Generic || self.reader.text("provider_type").is_some_and(|kind| kind != "auto");
        self.draft.federation.stated = is_told.then(|| OpenId::from(kind));
        self.draft.federation.issuer = match (kind, domain, url) {
            (ProviderType::Generic, _, Some(url)) => Some(url),
            (ProviderType::Generic, Some(domain), None) => Some(format!("https://{domain}")),
            (_, Some(domain), _) => self.issuer(kind, domain),
            (_, None, _) => None,
        };
        self.own_provider();
        self.settled_elsewhere();
    }

    /// Which provider it is. One that neither the field nor the host tells is taken by its own document.
    fn kind(&mut self, domain: Option<&str>) -> Option<ProviderType> {
        let stated = self.reader.text("provider_type").filter(|stated| stated != "auto");
        let Some(stated) = stated else {
            let kind = domain.and_then(ProviderType::of_host);
            return Some(kind.unwrap_or(ProviderType::Generic));
        };
        let found = ProviderType::ALL.into_iter().find(|kind| kind.word() == stated);
        if found.is_none() {
            let words: Vec<&str> = ProviderType::ALL.into_iter().map(ProviderType::word).collect();
            let fault = Diagnostic::error(format!("there is no provider `{}`", stated.escape_debug()));
            let span = self.reader.span("provider_type");
            let fault = fault.at(
                self.reader.source,
                span,
                format!("expected one of {}", words.join(", ")),
            );
            self.reader.faults.push(fault.nearest(&stated, words));
        }
        found
    }

    /// The issuer, made of the fields as the developers' programs make it.
    fn issuer(&mut self, kind: ProviderType, domain: String) -> Option<String> {
        let oidc = Oidc {
            provider: kind,
            okta_server: self.reader.text("okta_auth_server"),
            user_pool: self.reader.text("cognito_user_pool_id"),
            ..plain(domain)
        };
        let (host, path) = oidc.domain.split_once('/').unwrap_or((&oidc.domain, ""));
        // What the programs would ask the network for.
        if kind == ProviderType::Cognito && host.starts_with("cognito-idp.") {
            let pool = Some(path).filter(|path| !path.is_empty()).or(oidc.user_pool.as_deref());
            return pool.map(|pool| format!("https://{host}/{pool}"));
        }
        let tenant = path.split('/').next().unwrap_or(path);
        let reason = if kind == ProviderType::Azure && self.asker.offline && is_domain(tenant) {
            format!("tokens have the tenant's id, not its domain `{tenant}`, and `--offline` was given")
        } else {
            match resolve(&oidc, &self.asker.http) {
                Ok(issuer) => return Some(issuer),
                Err(fault) if fault.kind == Kind::Network => {
                    format!("the tenant's id could not be asked for: {}", fault.message)
                }
                Err(fault) => {
                    let text = fault.to_string();
                    text.strip_prefix("config.json: ").unwrap_or(&text).to_owned()
                }
            }
        };
        let text = format!("it does not tell the issuer: {reason}; `--issuer` names it");
        self.note("provider_domain", NoticeKind::Dropped, text);
        None
    }

    fn session(&mut self) {
        let role = self.reader.text("federated_role_arn");
        // As the installation's own programs decide it.
        let mut pool_field = "identity_pool_id";
        let mut pool = self.reader.text(pool_field);
        // Old files have the id there; that of an administrator's profile is a name.
        match self.reader.text("identity_pool_name") {
            Some(id) if pool.is_none() && role.is_none() && client_config::is_pool(&id) => {
                (pool_field, pool) = ("identity_pool_name", Some(id));
            }
            Some(name) => {
                let text = format!(
                    "{} is not used: the deployment names what it makes",
                    name.escape_debug()
                );
                self.note("identity_pool_name", NoticeKind::Dropped, text);
            }
            None => {}
        }
        let has_pool = match self.reader.text("federation_type").as_deref() {
            Some("cognito") => true,
            Some("direct") => false,
            Some(other) => {
                let fault = Diagnostic::error(format!("there is no federation type `{}`", other.escape_debug()));
                let span = self.reader.span("federation_type");
                let fault = fault.at(self.reader.source, span, "expected direct or cognito");
                self.reader.faults.push(fault);
                false
            }
            None => role.is_none() && pool.is_some(),
        };
        if let Some(pool) = pool.filter(|_| !has_pool) {
            let text = format!("tokens go to AWS STS directly, and the identity pool {pool} is not used");
            self.note(pool_field, NoticeKind::Dropped, text);
        }
        if has_pool {
            self.draft.federation.identity_pool = true;
            let text = "the deployment makes an identity pool of its own; developers get a new config.json. Every session of a \
                        pool has one name: leave `identity_pool` out, and each has its own";
            self.note("federation_type", NoticeKind::Changed, text);
            if let Some(seconds) = self
                .reader
                .whole("max_session_duration")
                .filter(|seconds| *seconds != HOUR)
            {
                let text = format!("sessions of an identity pool last an hour, not {seconds} seconds");
                self.note("max_session_duration", NoticeKind::Dropped, text);
            }
            return;
        }
        if let Some(role) = role {
            let text =
                format!("the deployment makes a role of its own beside {role}; developers get a new config.json");
            self.note("federated_role_arn", NoticeKind::Changed, text);
        }
        let Some(seconds) = self.reader.whole("max_session_duration") else {
            return;
        };
        let hours = seconds.div_ceil(HOUR);
        match u32::try_from(hours) {
            Ok(hours @ 1..=12) => {
                self.draft.federation.max_session_hours = Some(hours);
                if seconds % HOUR != 0 {
                    let text = format!("{seconds} seconds became {hours} hours");
                    self.note("max_session_duration", NoticeKind::Changed, text);
                }
            }
            _ => {
                let text = format!("a session lasts 1 to 12 hours, not {seconds} seconds");
                self.note("max_session_duration", NoticeKind::Dropped, text);
            }
        }
    }

    /// AWS takes one provider for an issuer and account, and the installation has made it.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>
    fn own_provider(&mut self) {
        let federation = &self.draft.federation;
        let Some(issuer) = &federation.issuer else {
            return;
        };
        let is_known = match federation.stated {
            Some(OpenId::Google) => true,
            Some(OpenId::Cognito) => federation.identity_pool,
            _ => false,
        };
        if is_known {
            return;
        }
        let name = issuer.strip_prefix("https://").unwrap_or(issuer);
        let text = format!(
            "the installation has very likely made the account's IAM OIDC provider for this issuer, and AWS takes one; delete it \
             before the first apply, or keep it and set oidc_provider_arn = \"arn:aws:iam::ACCOUNT:oidc-provider/{name}\", with the \
             number of this account (its client ids must contain this one)"
        );
        self.note("federation", NoticeKind::Advice, text);
    }

    /// What the programs or AWS find out themselves.
    fn settled_elsewhere(&mut self) {
        if let Some(thumbprint) = self.reader.text("oidc_thumbprint") {
            let text = format!(
                "AWS trusts the public authorities by itself; where the issuer's certificate is of an authority of your own, set \
                 `federation.thumbprints` to that authority's fingerprint (the installation has {thumbprint}, usually that of the \
                 server)"
            );
            self.note("oidc_thumbprint", NoticeKind::Dropped, text);
        }
        for field in ["oidc_authorization_endpoint", "oidc_token_endpoint", "oidc_jwks_uri"] {
            if let Some(url) = self.reader.text(field) {
                let text =
                    format!("`credential-process` reads it from the issuer's own document; the installation has {url}");
                self.note(field, NoticeKind::Dropped, text);
            }
        }
    }
}

/// A domain without its scheme and the slash at its end.
fn bare(domain: &str) -> &str {
    let domain = domain
        .strip_prefix("https://")
        .or_else(|| domain.strip_prefix("http://"))
        .unwrap_or(domain);
    domain.trim_end_matches('/')
}
