//! Whose tokens become sessions of the developer role.

use policy::{Caller, Request};

use super::Theme;
use super::case::{Case, Source, Stack, request, with, without};
use super::people::{self, FOREIGN_ACCOUNT, POOL};
use crate::deployment::model::{Deployment, Federation, OpenIdProvider, POOL_PRINCIPAL, ProfileScope};
use crate::guardrails::arns::Arns;
use crate::guardrails::documents::DEVELOPER_TRUST;
use crate::guardrails::trust::{pool_key, request_tag};

/// What AWS calls the exchange of a token for a session.
const EXCHANGE: &str = "sts:AssumeRoleWithWebIdentity";

/// An identity pool that is not the deployment's.
const OTHER_POOL: &str = "us-east-1:fedcba98-7654-3210-fedc-ba9876543210";

/// Domain that is none of the deployment's.
const FOREIGN_DOMAIN: &str = "elsewhere.example";

pub fn cases(d: &Deployment, federation: &Federation, cases: &mut Vec<Case>) {
    let role = Role {
        d,
        federation,
        arn: Arns::new(d).role(&d.names.developer),
    };
    role.own(cases);
    role.wrong_tokens(cases);
    role.other_issuers(cases);
    role.without_token(cases);
}

/// A value that none of those is, and that ends like `wanted`: a deployment may well have what a proof would invent.
fn unlike<'a>(those: impl Iterator<Item = &'a str>, wanted: &str) -> String {
    let those: Vec<&str> = those.collect();
    let mut value = wanted.to_owned();
    while those.contains(&value.as_str()) {
        value.insert(0, 'x');
    }
    value
}

/// What a token says, as far as a trust policy can ask; `None` where it lacks it.
#[derive(Clone)]
struct Token {
    audience: String,
    /// Of a pool's token: how somebody signed in.
    amr: Vec<String>,
    email: Option<String>,
    session_tag: Option<String>,
    group: Option<String>,
}

struct Role<'a> {
    d: &'a Deployment,
    federation: &'a Federation,
    arn: String,
}

impl Role<'_> {
    fn provider(&self) -> Caller {
        Caller::federated(&self.federation.trusted(&self.d.partition, &self.d.account_id))
    }

    /// Whose tokens the role takes: those of an identity pool, or of the provider itself.
    fn has_pool(&self) -> bool {
        self.federation.identity_pool.is_some()
    }

    /// The audiences of the tokens that it takes.
    fn audiences(&self) -> Vec<&str> {
        match self.has_pool() {
            true => vec![POOL],
            false => self.federation.client_ids().collect(),
        }
    }

    /// A token of somebody who may sign in.
    fn right(&self) -> Token {
        let domain = self.federation.email_domains.first();
        let address = format!("alice@{}", domain.map_or("example.com", String::as_str));
        let is_address = self.d.profiles == ProfileScope::Developer;
        Token {
            audience: self
                .audiences()
                .first()
                .map_or_else(String::new, |first| (*first).to_owned()),
            amr: ["authenticated", self.federation.provider_name()]
                .map(str::to_owned)
                .to_vec(),
            email: Some(address.clone()),
            session_tag: Some(if is_address { address } else { "engineering".to_owned() }),
            group: self
                .federation
                .group
                .as_ref()
                .and_then(|group| group.groups.first().cloned()),
        }
    }

    fn request(&self, caller: &Caller, action: &str, token: &Token) -> Request {
        // The client chooses the session name; nothing is proven of it.
        let mut asked = with(
            request(caller, action, &self.arn, &self.d.region),
            "sts:RoleSessionName",
            "chosen",
        );
        let mut state = |key: &str, value: Option<&str>| match value {
            Some(value) => asked.context.set(key, [value]),
            None => asked.context.set_absent(key),
        };
        state(&self.federation.key("aud"), Some(&token.audience));
        state(&self.federation.key("email"), token.email.as_deref());
        state(&pool_key("aud"), Some(&token.audience));
        if let Some(tag) = &self.federation.session_tag {
            state(&request_tag(tag), token.session_tag.as_deref());
        }
        if let Some(group) = &self.federation.group {
            state(&request_tag(&group.tag), token.group.as_deref());
        }
        match token.amr.is_empty() {
            true => asked.context.set_absent(&pool_key("amr")),
            false => asked.context.set(&pool_key("amr"), token.amr.clone()),
        }
        asked
    }

    /// The trust policy alone decides: whoever has a token is no principal of any account yet.
    fn stack(&self) -> Stack {
        Stack::default().with_resource(DEVELOPER_TRUST)
    }

    /// The exchange, and the tags that come with it: AWS asks for both.
    fn actions(&self) -> Vec<&'static str> {
        let tags = self.federation.tags().next().map(|_| "sts:TagSession");
        std::iter::once(EXCHANGE).chain(tags).collect()
    }

    fn deny(&self, label: &str, caller: &Caller, token: &Token, reason: &str, cases: &mut Vec<Case>) {
        for action in self.actions() {
            let request = self.request(caller, action, token);
            cases.push(Case::deny(Theme::Trust, label, &self.stack(), request, reason));
        }
    }

    fn own(&self, cases: &mut Vec<Case>) {
        let (provider, right) = (self.provider(), self.right());
        let mut allow = |token: &Token, reason: &str| {
            for action in self.actions() {
                let request = self.request(&provider, action, token);
                cases.push(Case::allow(Theme::Trust, "a token", &self.stack(), request, reason));
            }
        };
        for audience in self.audiences() {
            let token = Token {
                audience: audience.to_owned(),
                ..right.clone()
            };
            let reason = match self.has_pool() {
                true => "somebody who signed in at the identity pool",
                false => "a token for the application",
            };
            allow(&token, reason);
        }
        for domain in &self.federation.email_domains {
            let address = Some(format!("bob@{domain}"));
            let token = Token {
                session_tag: match self.d.profiles {
                    ProfileScope::Developer => address.clone(),
                    _ => right.session_tag.clone(),
                },
                email: address,
                ..right.clone()
            };
            allow(&token, "an address of the domain");
        }
        for group in self.federation.group.iter().flat_map(|group| &group.groups) {
            let token = Token {
                group: Some(group.clone()),
                ..right.clone()
            };
            allow(&token, "a member of the group");
        }
        let mut others = vec!["sts:SetSourceIdentity", "sts:AssumeRole"];
        if self.federation.tags().next().is_none() {
            others.push("sts:TagSession");
        }
        for action in others {
            let request = self.request(&provider, action, &right);
            let reason = "a token is exchanged, and nothing else";
            cases.push(Case::deny(Theme::Trust, "a token", &self.stack(), request, reason));
        }
    }

    fn wrong_tokens(&self, cases: &mut Vec<Case>) {
        let (provider, right) = (self.provider(), self.right());
        let mut deny = |token: Token, reason: &str| self.deny("a token", &provider, &token, reason, cases);
        let (audience, reason) = match self.has_pool() {
            true => (OTHER_POOL.to_owned(), "another identity pool, of whatever account"),
            false => (
                unlike(self.federation.client_ids(), "another-application"),
                "meant for another application of the same issuer",
            ),
        };
        deny(
            Token {
                audience,
                ..right.clone()
            },
            reason,
        );
        if self.has_pool() {
            for (amr, reason) in [
                (vec!["unauthenticated".to_owned()], "a guest of the pool"),
                (Vec::new(), "nobody knows who"),
            ] {
                deny(Token { amr, ..right.clone() }, reason);
            }
        }
        let with_address = |address: Option<&str>| {
            let address = address.map(str::to_owned);
            Token {
                session_tag: match self.d.profiles {
                    ProfileScope::Developer => address.clone(),
                    _ => right.session_tag.clone(),
                },
                email: address,
                ..right.clone()
            }
        };
        let domains = &self.federation.email_domains;
        for domain in domains {
            for (other, reason) in [
                (FOREIGN_DOMAIN.to_owned(), "an address of another domain"),
                (
                    format!("{domain}.{FOREIGN_DOMAIN}"),
                    "a domain that begins with this one",
                ),
                (format!("not{domain}"), "a domain that ends with this one"),
            ] {
                let other = unlike(domains.iter().map(String::as_str), &other);
                deny(with_address(Some(&format!("alice@{other}"))), reason);
            }
            deny(with_address(None), "no address");
        }
        if self.federation.session_tag.is_some() {
            let token = Token {
                session_tag: None,
                ..right.clone()
            };
            deny(token, "without the tag nobody could tell whose profiles are their own");
        }
        if let Some(group) = &self.federation.group {
            let other = unlike(group.groups.iter().map(String::as_str), "everyone-else");
            for group in [None, Some(other)] {
                let token = Token { group, ..right.clone() };
                deny(token, "no member of the group");
            }
        }
    }

    /// Others whose tokens AWS believes in this account, even if they said the same.
    fn other_issuers(&self, cases: &mut Vec<Case>) {
        let right = self.right();
        let arns = Arns::new(self.d);
        let name = self.federation.provider_name();
        let at = |account: &str, name: &str| arns.at("iam", "", account, &format!("oidc-provider/{name}"));
        let second = at(&self.d.account_id, &unlike(std::iter::once(name), "elsewhere.example"));
        let itself = self.federation.principal(&self.d.partition, &self.d.account_id);
        let below = at(&self.d.account_id, &format!("{}/other", name.trim_end_matches('/')));
        let foreign = at(FOREIGN_ACCOUNT, name);
        let saml = arns.at("iam", "", &self.d.account_id, "saml-provider/people");
        for (provider, reason) in [
            (second, "a second provider of the account"),
            (below, "another issuer of the same host"),
            (foreign, "another account's provider"),
            (saml, "a SAML provider"),
            match self.has_pool() {
                true => (itself, "the provider itself, without the identity pool"),
                false => (POOL_PRINCIPAL.to_owned(), "anybody's identity pool"),
            },
            ("graph.facebook.com".to_owned(), "a provider that AWS knows itself"),
        ] {
            self.deny("another issuer", &Caller::federated(&provider), &right, reason, cases);
        }
        if self.federation.provider != OpenIdProvider::Google {
            let google = Caller::federated("accounts.google.com");
            self.deny(
                "another issuer",
                &google,
                &right,
                "everybody with a Google account",
                cases,
            );
        }
    }

    /// Whoever has credentials of AWS instead of a token.
    fn without_token(&self, cases: &mut Vec<Case>) {
        let arns = Arns::new(self.d);
        let mut deny = |label: &str, caller: &Caller| {
            let member = self.d.organization.is_some() && caller.account() == Some(&self.d.account_id);
            let stack = Stack::identity(&[Source::Administrator])
                .with_scp(member)
                .with_resource(DEVELOPER_TRUST);
            for action in ["sts:AssumeRole", EXCHANGE] {
                let asked = request(caller, action, &self.arn, &self.d.region);
                let mut asked = with(asked, "sts:RoleSessionName", "chosen");
                for key in [
                    self.federation.key("aud"),
                    self.federation.key("email"),
                    pool_key("aud"),
                    pool_key("amr"),
                ] {
                    asked = without(asked, &key);
                }
                for tag in self.federation.tags() {
                    asked = without(asked, &request_tag(tag));
                }
                let reason = "the role is for tokens alone";
                cases.push(Case::deny(Theme::Trust, label, &stack, asked, reason));
            }
        };
        for account in [self.d.account_id.as_str(), FOREIGN_ACCOUNT] {
            deny(
                "an IAM user",
                &Caller::user(&arns.at("iam", "", account, "user/somebody-else")),
            );
        }
        deny("anyone else", &people::someone_else(self.d));
        deny("root user", &Caller::root(&self.d.account_id));
        deny("Lambda", &Caller::service("lambda.amazonaws.com"));
    }
}
