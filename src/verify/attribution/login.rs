//! The developers' profile on this machine, and who signs in with it.

use std::io::ErrorKind;
use std::path::PathBuf;

use aws_config::profile::ProfileSet;
use workstation::aws_config::{Header, Section};

use super::caller::{self, Who};
use super::check;
use crate::aws::operations::sts::GET_CALLER_IDENTITY;
use crate::aws::{ConnectError, Kind, Trouble, profiles};
use crate::deployment::model::{Access, Deployment};
use crate::onboard::{self, Identity};
use crate::steps::word;
use crate::verify::check::{Check, From};
use crate::verify::next;
use crate::verify::probe::{Machine, Probe, Seen};

const STEP: &str = "attribution-login";
const PROFILE: &str = "attribution-cli-profile";
/// What to do where a profile is somebody else's.
const OTHER_PROFILE: &str = "put the section that `tfgen onboard DEVELOPER --format aws-config` prints into ~/.aws/config in place of \
                             the profile that is there, and sign in again";
/// Keys of a profile that are taken in place of a login at Identity Center.
const INSTEAD_OF_CENTER: [&str; 6] = [
    "aws_access_key_id",
    "credential_process",
    "credential_source",
    "role_arn",
    "source_profile",
    "web_identity_token_file",
];
/// Keys of a profile that are taken in place of a role that it assumes.
const INSTEAD_OF_ROLE: [&str; 2] = ["credential_process", "web_identity_token_file"];

/// Keys of a profile that are taken in place of the program that it starts.
const INSTEAD_OF_PROCESS: [&str; 5] = [
    "aws_access_key_id",
    "role_arn",
    "source_profile",
    "sso_session",
    "web_identity_token_file",
];

pub fn checks(deployment: &Deployment) -> [Check; 2] {
    [profile(deployment), login(deployment)]
}

fn profile(deployment: &Deployment) -> Check {
    let name = &deployment.names.cli_profile;
    let role = &deployment.names.developer;
    let expected = match &deployment.access {
        Access::IdentityCenter(center) => format!(
            "profile {name} of this machine's ~/.aws/config signs in at {} in {} for {role} in account {}",
            center.start_url, center.region, deployment.account_id
        ),
        Access::Federation(_) => format!(
            "profile {name} of this machine's ~/.aws/config starts credential-process, which gives sessions of {role} in \
             account {}",
            deployment.account_id
        ),
        Access::Roles(_) => format!(
            "profile {name} of this machine's ~/.aws/config assumes {role} in account {} under a developer's name",
            deployment.account_id
        ),
    };
    check(
        PROFILE,
        STEP,
        From::Machine,
        format!("This machine has the profile `{name}`"),
    )
    .expects(expected)
    .looks(|probe| async move {
        let machine = &probe.scene().machine;
        if let Some(fault) = unreadable(machine) {
            return Ok(Seen::unknown(fault).next("make it readable text in UTF-8, then `tfgen check ~/.aws`"));
        }
        Ok(match profiles(&machine.environment, machine.home.as_deref()).await {
            Ok(found) => compared(&found, probe.deployment()),
            Err(error) => Seen::unknown(format!(
                "the configuration of the AWS CLI: {:#}",
                anyhow::Error::from(error)
            ))
            .next("`tfgen check ~/.aws`"),
        })
    })
}

/// What keeps the configuration of the AWS CLI from being read; to the SDK such a file is an empty one.
fn unreadable(machine: &Machine) -> Option<String> {
    let path = match machine
        .environment
        .get("AWS_CONFIG_FILE")
        .filter(|path| !path.is_empty())
    {
        Some(path) => PathBuf::from(path),
        None => machine.home.as_ref()?.join(".aws").join("config"),
    };
    match std::fs::read_to_string(&path) {
        Ok(_) => None,
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(format!("{} cannot be read: {error}", path.display())),
    }
}

/// The sections that a developer may have; there are several where they state the developer's name.
fn wanted(deployment: &Deployment) -> Vec<Vec<Section>> {
    let mut identities: Vec<Identity> = onboard::identities(deployment).into_values().collect();
    if let Access::IdentityCenter(_) = deployment.access {
        identities = vec![Identity::Center];
    }
    let sections = |identity: &Identity| onboard::sections(deployment, identity, "default").ok();
    identities.iter().filter_map(sections).collect()
}

fn compared(found: &ProfileSet, deployment: &Deployment) -> Seen {
    let name = &deployment.names.cli_profile;
    let onboard = format!(
        "`tfgen onboard DEVELOPER --format aws-config` prints the section; see also `{}`",
        crate::steps::Phase::Onboarding.verify_line()
    );
    if found.get_profile(name).is_none() {
        return Seen::manual(format!("this machine has no profile `{name}`")).next(format!(
            "{onboard}; of other machines attest it: {}",
            next::attest(STEP)
        ));
    }
    let wanted = wanted(deployment);
    let nearest = wanted
        .iter()
        .map(|sections| differences(found, sections, name))
        .min_by_key(Vec::len);
    match nearest {
        None => Seen::unknown("nobody of the roster may assume the role, so nothing is known of the profile"),
        Some(differences) if differences.is_empty() => {
            Seen::pass(format!("profile `{name}` means what tfgen onboard writes"))
        }
        Some(differences) => Seen::fail(differences.join("; ")).next(onboard),
    }
}

/// Where sections of this machine differ from those that were written for a developer: in what they mean, not in their form.
/// A session may have another name, and the portal may stand in the profile itself, as the AWS CLI wrote it before sessions.
fn differences(found: &ProfileSet, sections: &[Section], profile: &str) -> Vec<String> {
    let own = found.get_profile(profile);
    let session = own.and_then(|own| own.get("sso_session"));
    let is_bare = session.is_none() && own.is_some_and(|own| own.get("sso_start_url").is_some());
    let mut differences = Vec::new();
    for section in sections {
        let header = match (section.header(), session) {
            (Header::SsoSession(_), Some(name)) => Header::SsoSession(name.to_owned()),
            (Header::SsoSession(_), None) if is_bare => Header::Profile(profile.to_owned()),
            (header, _) => header.clone(),
        };
        for (key, value) in section.settings() {
            let other = match &header {
                Header::Profile(name) => found.get_profile(name).and_then(|profile| profile.get(key)),
                Header::SsoSession(name) => found.sso_session(name).and_then(|session| session.get(key)),
            };
            let has = |key: &str| own.is_some_and(|own| own.get(key).is_some());
            let is_a_matter_of_form = match key.as_str() {
                // Where the keys of the user come from is a matter of the machine.
                "source_profile" => other.is_some() || has("credential_source"),
                // A shorter session signs in as well; AWS refuses one that is longer than the role allows.
                "duration_seconds" => other.is_none_or(|found| is_at_most(found, value)),
                "sso_session" => session.is_some() || is_bare,
                // The AWS CLI asks for the same scope by itself, and Claude Code has the region from its settings.
                "sso_registration_scopes" | "region" => other.is_none(),
                _ => false,
            };
            match other {
                _ if is_a_matter_of_form => {}
                None => differences.push(format!("[{header}] has no {key} (expected {value})")),
                Some(other) if is_same(key, other, value) => {}
                Some(other) => differences.push(format!("{key} of [{header}] is {other} instead of {value}")),
            }
        }
    }
    let wants = |key: &str| {
        let mut settings = sections.iter().flat_map(|section| section.settings());
        settings.any(|(wanted, _)| wanted == key)
    };
    let instead: &[&str] = match session.is_some() || is_bare {
        true => &INSTEAD_OF_CENTER,
        false if wants("credential_process") => &INSTEAD_OF_PROCESS,
        false => &INSTEAD_OF_ROLE,
    };
    let taken = instead
        .iter()
        .filter(|key| own.is_some_and(|own| own.get(key).is_some()))
        .map(|key| format!("[profile {profile}] has {key}, which is taken in place of the login"));
    differences.extend(taken);
    differences
}

/// Whether a number of seconds is not above another one.
fn is_at_most(found: &str, most: &str) -> bool {
    match (found.parse::<u32>(), most.parse::<u32>()) {
        (Ok(found), Ok(most)) => found <= most,
        _ => false,
    }
}

fn is_same(key: &str, found: &str, wanted: &str) -> bool {
    match key {
        // The access portal has the same address with and without these ends.
        "sso_start_url" => {
            let bare = |url: &str| url.trim_end_matches(['/', '#']).to_lowercase();
            bare(found) == bare(wanted)
        }
        "sso_registration_scopes" => found.split(',').any(|scope| scope.trim() == wanted),
        // Where the program lies is a matter of the machine; which profile it is asked for is not.
        "credential_process" => {
            let profile = |line: &str| line.rsplit_once("--profile").map(|(_, name)| name.trim().to_owned());
            found.contains("credential-process") && profile(found) == profile(wanted)
        }
        _ => found == wanted,
    }
}

fn login(deployment: &Deployment) -> Check {
    let name = deployment.names.cli_profile.clone();
    let role = match deployment.access {
        Access::IdentityCenter(_) => format!("AWSReservedSSO_{}_…", deployment.names.developer),
        Access::Roles(_) | Access::Federation(_) => deployment.names.developer.clone(),
    };
    check(
        STEP,
        STEP,
        From::Machine,
        format!("The profile `{name}` signs in as a developer"),
    )
    .expects(format!(
        "arn:{}:sts::{}:assumed-role/{role}/<name>",
        deployment.partition, deployment.account_id
    ))
    .calls(&[&GET_CALLER_IDENTITY])
    .after(PROFILE)
    .looks(move |probe| {
        let name = name.clone();
        async move { look(&probe, &name).await }
    })
}

async fn look(probe: &Probe, profile: &str) -> Result<Seen, Trouble> {
    let account = match probe.caller_of(profile).await {
        Ok(account) => account,
        Err(ConnectError::Trouble(trouble)) if matches!(trouble.kind, Kind::NoCredentials | Kind::Expired) => {
            return Ok(signed_out(probe.deployment(), profile, &trouble));
        }
        Err(ConnectError::Trouble(trouble)) => return Err(trouble),
        Err(error @ (ConnectError::Environment(_) | ConnectError::NoProfile { .. })) => {
            return Ok(Seen::unknown(error.to_string()));
        }
    };
    Ok(judged(&account.caller, probe.deployment()))
}

fn signed_out(deployment: &Deployment, profile: &str, trouble: &Trouble) -> Seen {
    let seen = Seen::unknown(trouble.to_string());
    match deployment.access {
        Access::IdentityCenter(_) => seen.next(format!("`aws sso login --profile {}`", word(profile))),
        Access::Roles(_) => seen.next("look at the keys of the profile's source_profile"),
        Access::Federation(_) => seen.next(format!("`credential-process --profile {}`", word(profile))),
    }
}

fn judged(caller: &str, deployment: &Deployment) -> Seen {
    match caller::who(caller, deployment) {
        Who::Developer(_) => Seen::pass(caller),
        Who::Admin(_) => Seen::fail(format!("{caller} (the administrators' role)")).next(OTHER_PROFILE),
        Who::Other(kind) => Seen::fail(format!("{caller} ({})", kind.words())).next(OTHER_PROFILE),
    }
}

#[cfg(test)]
mod tests {
    use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
    use aws_types::os_shim_internal::{Env, Fs};

    use super::*;
    use crate::onboard::fixtures;
    use crate::verify::status::Status;

    /// The text as the SDK reads it.
    fn read(text: &str) -> ProfileSet {
        let files = EnvConfigFiles::builder()
            .with_contents(EnvConfigFileKind::Config, text)
            .build();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime
            .block_on(aws_config::profile::load(
                &Fs::from_slice(&[]),
                &Env::from_slice(&[]),
                &files,
                None,
            ))
            .unwrap()
    }

    fn written(deployment: &Deployment, at: usize) -> String {
        workstation::aws_config::to_text(&wanted(deployment)[at])
    }

    #[test]
    fn what_onboard_writes_passes() {
        for deployment in [fixtures::identity_center(), fixtures::roles()] {
            for at in 0..wanted(&deployment).len() {
                let seen = compared(&read(&written(&deployment, at)), &deployment);
                assert_eq!(seen.status, Status::Pass, "{}", seen.observed);
            }
        }
    }

    #[test]
    fn other_values_are_named() {
        let deployment = fixtures::identity_center();
        let text = written(&deployment, 0);
        let after = |from: &str, to: &str| {
            assert!(text.contains(from), "{text}");
            compared(&read(&text.replace(from, to)), &deployment)
        };
        let seen = after(
            "sso_role_name = claude-code-developer",
            "sso_role_name = AdministratorAccess",
        );
        assert_eq!(
            (seen.status, seen.observed.as_str()),
            (
                Status::Fail,
                "sso_role_name of [profile claude-code] is AdministratorAccess instead of claude-code-developer"
            )
        );
        let seen = after("sso_region = eu-west-1\n", "");
        assert_eq!(
            seen.observed,
            "[sso-session claude-code] has no sso_region (expected eu-west-1)"
        );
        // The same address, more scopes.
        let seen = after("awsapps.com/start", "awsapps.com/start/#/");
        assert_eq!(seen.status, Status::Pass, "{}", seen.observed);
        let seen = after("sso:account:access", "codewhisperer:completions, sso:account:access");
        assert_eq!(seen.status, Status::Pass, "{}", seen.observed);
    }

    #[test]
    fn another_form_of_the_same_passes() {
        let deployment = fixtures::identity_center();
        let text = written(&deployment, 0);
        let renamed = text
            .replace("[sso-session claude-code]", "[sso-session corp]")
            .replace("sso_session = claude-code", "sso_session = corp");
        assert_ne!(text, renamed);
        let seen = compared(&read(&renamed), &deployment);
        assert_eq!(seen.status, Status::Pass, "{}", seen.observed);
        let value = |key: &str| text.lines().find(|line| line.starts_with(key)).unwrap();
        let of_old = format!(
            "[profile claude-code]\n{}\n{}\n{}\n{}\n{}\n",
            value("sso_start_url"),
            value("sso_region"),
            value("sso_account_id"),
            value("sso_role_name"),
            value("region")
        );
        let seen = compared(&read(&of_old), &deployment);
        assert_eq!(seen.status, Status::Pass, "{}", seen.observed);
        let elsewhere = of_old.replace(value("sso_start_url"), "sso_start_url = https://d-1.awsapps.com/start");
        let seen = compared(&read(&elsewhere), &deployment);
        assert_eq!(seen.status, Status::Fail);
        assert!(
            seen.observed
                .starts_with("sso_start_url of [profile claude-code] is https://d-1.awsapps.com/start"),
            "{}",
            seen.observed
        );
        // What is taken in place of the login.
        for more in [
            "role_arn = arn:aws:iam::123456789012:role/other\nsource_profile = default",
            "credential_process = /bin/credentials",
            "aws_access_key_id = x\naws_secret_access_key = y",
            "web_identity_token_file = /t",
        ] {
            let key = more.split(' ').next().unwrap();
            let seen = compared(&read(&format!("{of_old}{more}\n")), &deployment);
            assert_eq!(seen.status, Status::Fail, "{more}");
            assert!(
                seen.observed.contains(&format!("has {key}, which is taken")),
                "{}",
                seen.observed
            );
        }
        // What the AWS CLI and the settings of Claude Code say as well.
        let shorter = text
            .replace(value("region ="), "")
            .replace(value("sso_registration_scopes"), "");
        let seen = compared(&read(&shorter), &deployment);
        assert_eq!(seen.status, Status::Pass, "{}", seen.observed);
        // A session that does not exist signs in nowhere.
        let dangling = text.replace("sso_session = claude-code", "sso_session = corp");
        let seen = compared(&read(&dangling), &deployment);
        assert_eq!(seen.status, Status::Fail);
        assert!(
            seen.observed.contains("[sso-session corp] has no sso_start_url"),
            "{}",
            seen.observed
        );
    }

    #[test]
    fn a_session_name_of_nobody_is_named() {
        let deployment = fixtures::roles();
        let text = written(&deployment, 0);
        let line = text.lines().find(|line| line.starts_with("role_session_name")).unwrap();
        let seen = compared(&read(&text.replace(line, "role_session_name = mallory")), &deployment);
        assert_eq!(seen.status, Status::Fail);
        assert!(seen.observed.contains("is mallory instead of"), "{}", seen.observed);
    }

    #[test]
    fn a_session_may_be_shorter_and_its_keys_from_elsewhere() {
        let deployment = fixtures::roles();
        let text = written(&deployment, 0);
        let line = |key: &str| text.lines().find(|line| line.starts_with(key)).unwrap();
        let seen = |from: &str, to: &str| compared(&read(&text.replace(line(from), to)), &deployment);
        for (from, to, status) in [
            ("duration_seconds", "", Status::Pass),
            ("duration_seconds", "duration_seconds = 3600", Status::Pass),
            ("duration_seconds", "duration_seconds = 99999", Status::Fail),
            ("source_profile", "credential_source = Environment", Status::Pass),
            (
                "source_profile",
                "source_profile = work\ncredential_process = /x",
                Status::Fail,
            ),
            (
                "role_arn",
                "role_arn = arn:aws:iam::123456789012:role/other",
                Status::Fail,
            ),
        ] {
            let seen = seen(from, to);
            assert_eq!(seen.status, status, "{to}: {}", seen.observed);
        }
    }

    #[test]
    fn other_machines_are_a_persons_word() {
        let deployment = fixtures::identity_center();
        assert_eq!(
            compared(&read("[profile other]\nregion = us-east-1\n"), &deployment).status,
            Status::Manual
        );
    }

    #[test]
    fn callers_are_developers_or_not() {
        let deployment = fixtures::identity_center();
        let session =
            |set: &str| format!("arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_{set}_0123456789abcdef/a");
        assert_eq!(
            judged(&session("claude-code-developer"), &deployment).status,
            Status::Pass
        );
        assert_eq!(judged(&session("claude-code-admin"), &deployment).status, Status::Fail);
        assert_eq!(
            judged("arn:aws:iam::123456789012:user/dave", &deployment).status,
            Status::Fail
        );
    }
}
