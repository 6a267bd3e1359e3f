//! A provider, and people who sign in there with a browser.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use client::http::Http;
use client::login::callback::Callback;
use client::login::{Login, Person, SignedIn};
use client::oidc::Claims;
use client::oidc::client_auth::ClientAuth;
use client::oidc::jwks::KeyStore;
use client::oidc::jwt::Expected;
use client::oidc::pkce::Attempt;
use client::oidc::provider::Provider;
use client::oidc::token::{Client, Tokens};
use client::{Error, Secret};
use client_config::{Access, Config, ProviderType};
use jiff::Timestamp;
use real::oidc::{self, Browser, CLIENT_ID};
use serde_json::json;

/// A provider with all that the client needs to sign in there.
pub struct World {
    pub server: oidc::Provider,
    pub provider: Provider,
    pub http: Http,
    pub port: u16,
    pub keys: tempfile::TempDir,
}

pub fn browser() -> Arc<Browser> {
    static BROWSER: OnceLock<Arc<Browser>> = OnceLock::new();
    Arc::clone(BROWSER.get_or_init(|| Arc::new(Browser::install().unwrap())))
}

impl World {
    pub fn new() -> Self {
        let port = free_port();
        let server = oidc::Provider::start(port).unwrap();
        let http = Http::new(Duration::from_secs(10));
        let profile = json!({
            "provider_type": "generic", "client_id": CLIENT_ID, "oidc_issuer_url": server.issuer(), "oidc_prompt": "consent",
            "federated_role_arn": "arn:aws:iam::123456789012:role/developer",
        });
        let file = json!({"profiles": {"p": profile}}).to_string();
        let Access::Oidc(oidc) = Config::parse(&file).unwrap().profile("p").unwrap().access else {
            unreachable!("the profile is one of OpenID")
        };
        let provider = Provider::resolve(&oidc, &http).unwrap();
        Self {
            server,
            provider,
            http,
            port,
            keys: tempfile::tempdir().unwrap(),
        }
    }

    pub fn client(&self) -> Client<'_> {
        Client::new(&self.http, &self.provider, &ClientAuth::Public)
    }

    /// Where the provider leads back to.
    pub fn redirect_uri(&self) -> String {
        format!("http://localhost:{}/callback", self.port)
    }

    /// What an id_token says once its signature is verified with the provider's keys.
    pub fn verified(&self, tokens: &Tokens, nonce: Option<&Secret>) -> Result<Claims, Error> {
        let expected = Expected {
            issuers: self.provider.issuers(),
            client_id: CLIENT_ID,
            nonce,
            subject: None,
            now: Timestamp::now(),
            server_time: tokens.server_time,
        };
        let keys = KeyStore::new(&self.http, &self.provider, self.keys.path());
        Ok(keys.verify(&tokens.id_token, &expected)?.claims)
    }

    /// A login by the client's own parts, up to the tokens.
    pub fn sign_in(&self, login: &str) -> (Tokens, Attempt) {
        let attempt = Attempt::new().unwrap();
        let callback = Callback::bind(self.port, ProviderType::Generic).unwrap();
        let url = self.provider.authorization_url(&attempt, &self.redirect_uri());
        let page = aside(url, login);
        let code = callback.wait(&attempt, Duration::from_mins(2)).unwrap();
        page.join().unwrap().unwrap();
        let tokens = self
            .client()
            .redeem(&code, &self.redirect_uri(), &attempt.verifier, Timestamp::now());
        (tokens.unwrap(), attempt)
    }

    /// A whole login, with everything that the client verifies.
    pub fn login(&self, person: &mut dyn Person) -> Result<SignedIn, Error> {
        let keys = KeyStore::new(&self.http, &self.provider, self.keys.path());
        let login = Login {
            http: &self.http,
            provider: &self.provider,
            auth: &ClientAuth::Public,
            keys: &keys,
            patience: client::login::PATIENCE,
            port: self.port,
        };
        login.in_browser(person)
    }
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Signs in while the test listens for where the browser is led.
pub fn aside(url: String, login: &str) -> JoinHandle<anyhow::Result<oidc::Page>> {
    let (browser, login) = (browser(), login.to_owned());
    thread::spawn(move || browser.sign_in(&url, &login, "hunter2"))
}

/// A person with a browser, who signs in as soon as it opens.
#[derive(Default)]
pub struct Alice {
    pub told: String,
    pub page: Option<JoinHandle<anyhow::Result<oidc::Page>>>,
}

impl Person for Alice {
    fn tell(&mut self, text: &str) {
        self.told += text;
    }

    fn open(&mut self, url: &str) -> bool {
        self.page = Some(aside(url.to_owned(), "alice"));
        true
    }

    fn debug(&mut self, _: &str) {}

    fn show(&mut self, _: String) {}

    fn ask(&mut self, _: &str) -> Option<Secret> {
        None
    }
}
