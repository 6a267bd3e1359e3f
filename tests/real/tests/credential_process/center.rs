//! IAM Identity Center: a login by a code that somebody confirms, shared with the real AWS CLI. The layer in front of the emulation
//! has the logins, and checks every question and answer against AWS's own model of them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::aws_cli::{identity, python_of};
use crate::process::Ended;
use crate::stage::{Stage, moto};

/// Exit codes of the sub-commands.
const INTERACTION: i32 = 4;
const LOGIN: i32 = 5;
const FEDERATION: i32 = 6;
const ACCOUNT: &str = "123456789012";
/// A session of the AWS CLI, which has a file of its own.
const SESSION: &str = "corp";
const ROLE: &str = "AWSReservedSSO_Developer_0123456789abcdef";

/// A home at an instance of Identity Center.
pub struct Center {
    pub stage: Stage,
    pub portal: String,
}

impl Center {
    /// With these fields in the profile beside its own.
    pub fn new(more: &Value) -> Self {
        // Nobody else's: others' codes and logins are in the same emulation.
        let stage = Stage::new();
        let portal = format!("https://d-{}.awsapps.com/start", stage.port);
        let center = Self { stage, portal };
        for service in ["SSO", "SSO_OIDC", "STS"] {
            center
                .stage
                .set(&format!("AWS_ENDPOINT_URL_{service}"), moto().endpoint());
        }
        // One is enough for all.
        let script = format!(
            "iam = client('iam')\ntry:\n  iam.create_role(RoleName='{ROLE}', Path='/aws-reserved/sso.amazonaws.com/', \
             AssumeRolePolicyDocument='{{}}')\nexcept iam.exceptions.EntityAlreadyExistsException:\n  pass\n"
        );
        moto().boto3(&script).unwrap();
        center.configure(more);
        center.configure_cli();
        center
    }

    /// What the AWS CLI knows of the portal: a profile with its address, and one with a session that leads to it.
    fn configure_cli(&self) {
        let portal = &self.portal;
        let role = format!("sso_account_id = {ACCOUNT}\nsso_role_name = Developer\nregion = us-east-1\n");
        let instance = format!("sso_start_url = {portal}\nsso_region = us-east-1\n");
        let text = format!(
            "[profile own]\n{instance}{role}\n[profile by-session]\nsso_session = {SESSION}\n{role}\n[sso-session \
             {SESSION}]\n{instance}sso_registration_scopes = sso:account:access\n"
        );
        let folder = self.stage.home().join(".aws");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config"), text).unwrap();
    }

    pub fn configure(&self, more: &Value) {
        let mut profile = json!({
            "provider_type": null, "client_id": null, "oidc_issuer_url": null, "federated_role_arn": null,
            "auth_type": "idc", "idc_start_url": self.portal, "idc_region": "us-east-1", "idc_account_id": ACCOUNT,
            "idc_permission_set_name": "Developer",
        });
        for (name, value) in more.as_object().unwrap() {
            profile[name] = value.clone();
        }
        self.stage.configure(&profile);
    }

    /// A login, whose code somebody takes this way.
    pub fn login(&self, said: &str) -> Ended {
        let started = self.stage.start(&["login"]);
        let url = self.stage.opened_url();
        let (page, code) = url.split_once("/#/device?user_code=").unwrap();
        assert_eq!(page, self.portal);
        let shown = started.shown(|line| Some(line.trim().strip_prefix("code: ")?.to_owned()));
        assert_eq!(shown.as_deref(), Some(code));
        moto().knobs(&json!({ "sign_ins": { code: said } })).unwrap();
        let ended = started.ended();
        self.hide_login();
        ended
    }

    /// The file of a login, as the AWS CLI names it: after the portal, or after a session.
    fn file(&self, name: &str) -> PathBuf {
        let digest = Command::new("sh")
            .args(["-c", "printf %s \"$0\" | sha1sum", name])
            .output()
            .unwrap();
        let digest = String::from_utf8(digest.stdout).unwrap();
        let digest = digest.split(' ').next().unwrap();
        self.stage.home().join(format!(".aws/sso/cache/{digest}.json"))
    }

    fn kept(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.file(name)).unwrap()).unwrap()
    }

    /// What is in the login may be shown nowhere.
    fn hide_login(&self) {
        for name in [&self.portal, SESSION] {
            if self.file(name).exists() {
                let kept = self.kept(name);
                for secret in ["accessToken", "refreshToken", "clientSecret"] {
                    self.stage.hide(kept[secret].as_str().unwrap());
                }
            }
        }
    }

    /// As if the logins were about to end, the session's last, and the credentials were over.
    fn end_soon(&self) {
        for (name, minutes) in [(self.portal.as_str(), 4), (SESSION, 5)] {
            let mut kept = self.kept(name);
            let soon = Timestamp::now() + SignedDuration::from_mins(minutes);
            kept["expiresAt"] = json!(soon.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
            fs::write(self.file(name), kept.to_string()).unwrap();
        }
        fs::remove_file(self.stage.session()).unwrap_or_default();
    }

    /// Ends a login at the portal, as its page does.
    fn end(&self, token: &Value) {
        let script = format!("client('sso').logout(accessToken={token})");
        moto().boto3(&script).unwrap();
    }

    /// Who the AWS CLI is by its own profile, in which this program has no part.
    fn aws(&self, profile: &str) -> Ended {
        let words = ["sts", "get-caller-identity", "--profile", profile];
        self.stage.set("AWS_EC2_METADATA_DISABLED", "true");
        let ended = self
            .stage
            .spawn(Command::new(python_of("onboard").join("aws")).args(words), &words)
            .ended();
        self.hide_login();
        ended
    }
}

fn arn(user: &str) -> String {
    format!("arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{user}")
}

#[test]
fn a_confirmed_code_brings_credentials_and_the_aws_cli_reads_the_login() {
    let center = Center::new(&json!({}));
    let stage = &center.stage;
    let ended = center.login("alice");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{}", ended.stderr);
    let credentials = stage.start(&[]).ended().credentials();
    assert_eq!(stage.start(&[]).ended().credentials(), credentials);
    for secret in ["SecretAccessKey", "SessionToken"] {
        stage.hide(credentials[secret].as_str().unwrap());
    }
    // The file is for its owner alone, and the AWS CLI takes it for its own.
    for name in [&center.portal, SESSION] {
        assert_eq!(crate::stage::mode(&center.file(name)) & 0o777, 0o600);
    }
    assert_ne!(center.file(SESSION), center.file(&center.portal));
    assert_eq!(identity(&center.aws("own"))["Arn"], arn("alice").as_str());
    assert_eq!(identity(&center.aws("by-session"))["Arn"], arn("alice").as_str());
    // Only the program has asked for a code, and nothing of what it asked was refused but for the time.
    let asked = moto().recorded().unwrap();
    assert!(asked.iter().all(|call| call.status != Some(500)), "{asked:?}");
}

/// `aws sso login` of a session leaves its login under the session's name alone.
#[test]
fn a_login_of_the_aws_clis_session_is_ours() {
    let center = Center::new(&json!({}));
    assert_eq!(center.login("alice").code, Some(0));
    fs::remove_file(center.file(&center.portal)).unwrap();
    fs::remove_file(center.stage.session()).unwrap();
    center.stage.start(&[]).ended().credentials();
    let token = center.kept(SESSION)["accessToken"].clone();
    let use_it =
        format!("client('sso').get_role_credentials(accessToken={token}, accountId='{ACCOUNT}', roleName='Developer')");
    moto().boto3(&use_it).unwrap();
    let ended = center.stage.start(&["logout"]).ended();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(!center.file(SESSION).exists());
    // A copy of it is good for nothing.
    let refused = moto().boto3(&use_it).unwrap_err().to_string();
    assert!(refused.contains("UnauthorizedException"), "{refused}");
    let ended = center.aws("by-session");
    assert_ne!(ended.code, Some(0), "{}", ended.stdout);
}

#[test]
fn each_renews_the_login_of_the_other() {
    let center = Center::new(&json!({}));
    let stage = &center.stage;
    assert_eq!(center.login("alice").code, Some(0));
    let ours = center.kept(SESSION);
    assert_eq!(center.kept(&center.portal)["accessToken"], ours["accessToken"]);
    center.end_soon();
    // The AWS CLI renews what this program has left under the session's name, and writes that file anew.
    assert_eq!(identity(&center.aws("by-session"))["Arn"], arn("alice").as_str());
    let theirs = center.kept(SESSION);
    assert_ne!(theirs["accessToken"], ours["accessToken"]);
    assert_ne!(theirs["refreshToken"], ours["refreshToken"]);
    // The one before is over: what works from here on works with theirs.
    center.end(&ours["accessToken"]);
    stage.start(&[]).ended().credentials();
    assert_eq!(center.kept(SESSION), theirs);
    // And the other way round.
    center.end_soon();
    stage.start(&[]).ended().credentials();
    let again = center.kept(SESSION);
    assert_ne!(again["accessToken"], theirs["accessToken"]);
    center.hide_login();
    center.end(&theirs["accessToken"]);
    assert_eq!(identity(&center.aws("by-session"))["Arn"], arn("alice").as_str());
    assert_eq!(center.kept(SESSION), again);
}

#[test]
fn what_the_portal_refuses_is_told() {
    let center = Center::new(&json!({}));
    let stage = &center.stage;
    for (said, words) in [
        (
            "denied",
            "IAM Identity Center refused sso-oidc:CreateToken: access_denied: The request was denied.\n  the request was denied in \
             the browser; sign in again with `credential-process --login`",
        ),
        (
            "expired",
            "IAM Identity Center refused sso-oidc:CreateToken: expired_token: The code is no longer good.\n  the code was not \
             confirmed in time; sign in again with `credential-process --login`",
        ),
    ] {
        assert_eq!(center.login(said).refusal(), (LOGIN, words.to_owned()));
    }
    assert!(!stage.home().join(".aws/sso/cache").exists());
    assert_eq!(center.login("alice").code, Some(0));
    // The login was ended at the portal, before its time.
    center.end(&center.kept(SESSION)["accessToken"]);
    fs::remove_file(stage.session()).unwrap();
    let (code, said) = stage.start(&["--refresh-if-needed"]).ended().refusal();
    assert_eq!(
        (code, said.as_str()),
        (
            1,
            "somebody has to sign in\n  run `credential-process login --profile ClaudeCode`"
        )
    );
    assert_eq!(center.login("alice").code, Some(0));
    // The permission set is somebody else's.
    center.configure(&json!({ "idc_permission_set_name": "Administrator" }));
    let (code, said) = stage.start(&["login"]).ended().refusal();
    assert_eq!(code, FEDERATION, "{said}");
    let advice = format!(
        "have the permission set Administrator in the account {ACCOUNT} assigned to you, or correct `idc_account_id` and \
         `idc_permission_set_name` in config.json"
    );
    assert!(said.starts_with("AWS refused sso:GetRoleCredentials"), "{said}");
    assert!(
        said.ends_with(&format!(": The role Administrator was not found\n  {advice}")),
        "{said}"
    );
    // Nobody reads what an SDK's call says, so nobody is led to a code there.
    fs::remove_dir_all(stage.home().join(".aws")).unwrap();
    let (code, said) = stage.start(&[]).ended().refusal();
    assert_eq!(code, 1);
    assert!(said.starts_with("somebody has to sign in\n"), "{said}");
    assert_eq!(stage.start(&["status"]).ended().code, Some(INTERACTION));
}
