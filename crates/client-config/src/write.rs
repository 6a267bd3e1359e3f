//! A profile as fields of the file, for whoever hands the programs out.

use serde_json::{Map, Value, json};

use crate::profile::{Access, AzureClient, FailMode, Federation, Oidc, Profile, Quota, Storage};

/// The text of a file with these profiles, in the form that has them under `profiles`.
pub fn to_text(profiles: &[Profile]) -> String {
    let entries: Map<String, Value> = profiles
        .iter()
        .map(|profile| (profile.name.clone(), Value::Object(profile.fields())))
        .collect();
    let mut text = format!("{:#}", json!({ "profiles": entries }));
    text.push('\n');
    text
}

impl Profile {
    /// The fields that mean this profile; read again they give the same. What has its default is left out, unless it says
    /// which kind of profile it is.
    pub fn fields(&self) -> Map<String, Value> {
        let mut fields = Fields::default();
        fields.put("aws_region", json!(self.region));
        match &self.access {
            Access::Ambient => fields.put("auth_type", json!("none")),
            Access::IdentityCenter(center) => {
                fields.put("auth_type", json!("idc"));
                fields.put("idc_start_url", json!(center.start_url));
                fields.put("idc_region", json!(center.region));
                fields.put("idc_account_id", json!(center.account_id));
                fields.put("idc_permission_set_name", json!(center.permission_set));
            }
            Access::Oidc(oidc) => fields.oidc(oidc),
        }
        let storage = match self.storage {
            Storage::Session => "session",
            Storage::Keyring => "keyring",
        };
        fields.put("credential_storage", json!(storage));
        if let Some(quota) = &self.quota {
            fields.quota(quota);
        }
        fields.0
    }
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    fn given(&mut self, name: &str, value: &Option<String>) {
        if let Some(value) = value {
            self.put(name, json!(value));
        }
    }

    fn oidc(&mut self, oidc: &Oidc) {
        self.put("auth_type", json!("oidc"));
        self.put("provider_type", json!(oidc.provider.word()));
        self.put("provider_domain", json!(oidc.domain));
        self.put("client_id", json!(oidc.client_id));
        self.given("client_secret", &oidc.client_secret);
        self.given("okta_auth_server_id", &oidc.okta_server);
        self.given("cognito_user_pool_id", &oidc.user_pool);
        self.given("oidc_prompt", &oidc.prompt);
        self.given("oidc_issuer_url", &oidc.endpoints.issuer);
        self.given("oidc_authorization_endpoint", &oidc.endpoints.authorization);
        self.given("oidc_token_endpoint", &oidc.endpoints.token);
        self.given("oidc_jwks_uri", &oidc.endpoints.jwks);
        match &oidc.azure {
            AzureClient::Public => {}
            AzureClient::Secret => self.put("azure_auth_mode", json!("secret")),
            AzureClient::Certificate { certificate, key } => {
                self.put("azure_auth_mode", json!("certificate"));
                self.put("client_certificate_path", json!(certificate));
                self.put("client_certificate_key_path", json!(key));
            }
        }
        if oidc.redirect_port != 8400 {
            self.put("redirect_port", json!(oidc.redirect_port));
        }
        match &oidc.federation {
            Federation::Direct { role_arn, duration } => {
                self.put("federation_type", json!("direct"));
                self.put("federated_role_arn", json!(role_arn));
                self.put("max_session_duration", json!(duration));
            }
            Federation::Cognito { identity_pool } => {
                self.put("federation_type", json!("cognito"));
                self.put("identity_pool_id", json!(identity_pool));
            }
        }
    }

    fn quota(&mut self, quota: &Quota) {
        let mode = match quota.fail_mode {
            FailMode::Open => "open",
            FailMode::Closed => "closed",
        };
        self.put("quota_api_endpoint", json!(quota.endpoint));
        self.put("quota_fail_mode", json!(mode));
        self.put("quota_check_interval", json!(quota.interval));
        self.put("quota_check_timeout", json!(quota.timeout));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Endpoints, IdentityCenter, ProviderType};

    fn oidc() -> Oidc {
        Oidc {
            provider: ProviderType::Okta,
            domain: "acme.okta.com/oauth2/default".to_owned(),
            client_id: "0oa1".to_owned(),
            client_secret: None,
            okta_server: None,
            user_pool: None,
            prompt: None,
            endpoints: Endpoints::default(),
            azure: AzureClient::Public,
            redirect_port: 8400,
            federation: Federation::Direct {
                role_arn: "arn:aws:iam::123456789012:role/developer".to_owned(),
                duration: 28_800,
            },
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = |value: &str| Some(value.to_owned());
        let all = [
            Access::Ambient,
            Access::IdentityCenter(IdentityCenter {
                start_url: "https://d-1.awsapps.com/start".to_owned(),
                region: "eu-west-1".to_owned(),
                account_id: "123456789012".to_owned(),
                permission_set: "developer".to_owned(),
            }),
            Access::Oidc(Box::new(oidc())),
            Access::Oidc(Box::new(Oidc {
                provider: ProviderType::Generic,
                client_secret: text("known to everybody"),
                okta_server: text("server"),
                user_pool: text("us-east-1_Ab"),
                prompt: text(""),
                endpoints: Endpoints {
                    issuer: text("https://id.example.com/"),
                    authorization: text("https://id.example.com/a"),
                    token: text("https://id.example.com/t"),
                    jwks: text("https://id.example.com/k"),
                },
                redirect_port: 9000,
                federation: Federation::Cognito {
                    identity_pool: "us-east-1:0000".to_owned(),
                },
                ..oidc()
            })),
            Access::Oidc(Box::new(Oidc {
                provider: ProviderType::Azure,
                azure: AzureClient::Secret,
                ..oidc()
            })),
            Access::Oidc(Box::new(Oidc {
                provider: ProviderType::Azure,
                azure: AzureClient::Certificate {
                    certificate: "a.pem".into(),
                    key: "b.pem".into(),
                },
                ..oidc()
            })),
        ];
        let quotas = [
            None,
            Some(Quota {
                endpoint: "https://quota.example.com".to_owned(),
                fail_mode: FailMode::Closed,
                interval: 0,
                timeout: 3,
            }),
        ];
        for access in &all {
            for (quota, storage) in quotas.iter().zip([Storage::Session, Storage::Keyring]) {
                let profile = Profile {
                    name: "claude-code".to_owned(),
                    region: "eu-central-1".to_owned(),
                    access: access.clone(),
                    storage,
                    quota: quota.clone(),
                };
                let config = Config::parse(&to_text(std::slice::from_ref(&profile))).unwrap();
                assert_eq!(config.unknown(), []);
                assert_eq!(config.profile("claude-code").unwrap(), profile);
            }
        }
    }
}
