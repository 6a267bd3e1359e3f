//! Where the services of AWS are.

use crate::oidc::address;
use crate::paths::Environment;
use crate::{Error, Kind};

/// Beginnings of regions, and the domain of their partition. All others are in `amazonaws.com`, GovCloud (US) as well.
///
/// Source: `partitions.json` of the AWS SDKs.
const DOMAINS: [(&str, &str); 6] = [
    ("cn-", "amazonaws.com.cn"),
    ("eusc-", "amazonaws.eu"),
    ("us-iso-", "c2s.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
];
/// Characters of the longest name of a host's part (RFC 1035 §2.3.4).
const LONGEST: usize = 63;

/// Services that are asked without a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// AWS STS.
    Sts,
    /// Identity pools of Amazon Cognito.
    CognitoIdentity,
    /// Logins of IAM Identity Center.
    SsoOidc,
    /// Credentials of IAM Identity Center.
    Sso,
}

impl Service {
    /// The beginning of its host.
    fn host(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::CognitoIdentity => "cognito-identity",
            Self::SsoOidc => "oidc",
            Self::Sso => "portal.sso",
        }
    }

    /// The variable that says it is elsewhere.
    ///
    /// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html>
    fn variable(self) -> &'static str {
        match self {
            Self::Sts => "AWS_ENDPOINT_URL_STS",
            Self::CognitoIdentity => "AWS_ENDPOINT_URL_COGNITO_IDENTITY",
            Self::SsoOidc => "AWS_ENDPOINT_URL_SSO_OIDC",
            Self::Sso => "AWS_ENDPOINT_URL_SSO",
        }
    }
}

/// Where a service is in a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
    region: String,
}

impl Endpoint {
    /// The service's own address in the region, or what `AWS_ENDPOINT_URL_…` and `AWS_ENDPOINT_URL` say, in this order, unless
    /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is `true`.
    ///
    /// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
    ///
    /// # Errors
    /// When the region cannot be part of a host's name, or a variable holds an address that would give tokens away.
    pub fn of(service: Service, region: &str, environment: &Environment) -> Result<Self, Error> {
        let part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if region.is_empty() || region.len() > LONGEST || !region.chars().all(part) {
            let shown = region.escape_debug();
            return Err(Error::new(Kind::Config, format!("`{shown}` is no region of AWS"))
                .advise("correct the region in config.json, such as us-east-1"));
        }
        let ignored = environment
            .text("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let given = [service.variable(), "AWS_ENDPOINT_URL"]
            .into_iter()
            .filter(|_| !ignored)
            .find_map(|name| environment.text(name).map(|url| (name, url)));
        let url = match given {
            Some((name, url)) => {
                address::check(url).map_err(|why| {
                    Error::new(Kind::Config, format!("the address in {name} {why}"))
                        .advise("correct the variable or remove it; http:// is taken for this machine alone")
                })?;
                url.trim_end_matches('/').to_owned()
            }
            None => {
                let fitting = DOMAINS.iter().find(|(start, _)| region.starts_with(start));
                let domain = fitting.map_or("amazonaws.com", |(_, domain)| *domain);
                format!("https://{}.{region}.{domain}", service.host())
            }
        };
        Ok(Self {
            url,
            region: region.to_owned(),
        })
    }

    /// The address of a path there, which begins with a slash.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(service: Service, region: &str, variables: &[(&str, &str)]) -> Result<String, Error> {
        let environment = variables.iter().copied().collect();
        Endpoint::of(service, region, &environment).map(|endpoint| endpoint.at("/"))
    }

    #[test]
    fn each_partition_has_its_domain() {
        for (service, region, url) in [
            (Service::Sts, "us-east-1", "https://sts.us-east-1.amazonaws.com/"),
            (
                Service::Sts,
                "us-gov-west-1",
                "https://sts.us-gov-west-1.amazonaws.com/",
            ),
            (Service::Sts, "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn/"),
            (
                Service::Sts,
                "eusc-de-east-1",
                "https://sts.eusc-de-east-1.amazonaws.eu/",
            ),
            (Service::Sts, "us-iso-east-1", "https://sts.us-iso-east-1.c2s.ic.gov/"),
            (
                Service::Sts,
                "us-isob-east-1",
                "https://sts.us-isob-east-1.sc2s.sgov.gov/",
            ),
            (
                Service::CognitoIdentity,
                "eu-west-1",
                "https://cognito-identity.eu-west-1.amazonaws.com/",
            ),
            (Service::SsoOidc, "eu-west-1", "https://oidc.eu-west-1.amazonaws.com/"),
            (Service::Sso, "eu-west-1", "https://portal.sso.eu-west-1.amazonaws.com/"),
        ] {
            assert_eq!(at(service, region, &[]).unwrap(), url);
        }
    }

    #[test]
    fn variables_move_a_service() {
        let all = [
            ("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1/"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:2"),
        ];
        assert_eq!(at(Service::Sts, "us-east-1", &all).unwrap(), "http://127.0.0.1:1/");
        assert_eq!(at(Service::Sso, "us-east-1", &all).unwrap(), "http://127.0.0.1:2/");
        let ignored = [all[0], all[1], ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE")];
        let own = "https://sts.us-east-1.amazonaws.com/";
        assert_eq!(at(Service::Sts, "us-east-1", &ignored).unwrap(), own);
        assert_eq!(at(Service::Sts, "us-east-1", &[("AWS_ENDPOINT_URL", "")]).unwrap(), own);
    }

    #[test]
    fn tokens_go_nowhere_else() {
        for region in ["", "us-east-1.evil.example/", "US-EAST-1", "a b", "ü", &"a".repeat(64)] {
            assert_eq!(
                at(Service::Sts, region, &[]).unwrap_err().kind,
                Kind::Config,
                "{region}"
            );
        }
        let clear = at(Service::Sts, "us-east-1", &[("AWS_ENDPOINT_URL", "http://sts.example")]);
        let error = clear.unwrap_err();
        assert!(
            error.message.contains("AWS_ENDPOINT_URL must begin with https"),
            "{error}"
        );
    }
}
