//! What can be said of a single value, at the prompt and for flags alike. `render` checks everything again, and more.

use catalog::Catalog;

use super::draft::{Access, Draft};
use crate::deployment::text as forms;

/// Longest name: the permission set `NAME-developer` may have 32 characters.
const LONGEST_NAME: usize = 22;

/// A name of lower-case letters, digits and single hyphens.
pub fn name(text: &str) -> Result<(), String> {
    let words_fit = text.split('-').all(|word| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if text.len() > LONGEST_NAME {
        Err(format!(
            "`{text}` has {} characters; at most {LONGEST_NAME} fit",
            text.len()
        ))
    } else if words_fit && text.starts_with(|first: char| first.is_ascii_lowercase()) {
        Ok(())
    } else {
        Err(format!(
            "`{text}` is no name: expected lower-case letters, digits and single hyphens, a letter first"
        ))
    }
}

/// Twelve digits.
pub fn account_id(text: &str) -> Result<(), String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(format!("`{text}` is no AWS account: expected twelve digits"))
    }
}

/// A known commercial region.
pub fn region(catalog: &Catalog, text: &str) -> Result<(), String> {
    if catalog.region(text).is_some() {
        return Ok(());
    }
    let hint = catalog
        .nearest_region(text)
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default();
    Err(format!("`{text}` is no commercial region of AWS{hint}"))
}

/// An address that the deployment file may hold.
pub fn email(text: &str) -> Result<(), String> {
    if forms::is_email(text) {
        Ok(())
    } else {
        Err(format!("`{text}` is no e-mail address"))
    }
}

/// A developer's address: it becomes a tag where there are profiles.
pub fn developer_email(text: &str) -> Result<(), String> {
    email(text)?;
    tag(text)?;
    match forms::developer_id_fault(&forms::developer_id(text)) {
        Some(reason) => Err(format!("no id can be made of `{text}`: {reason}")),
        None => Ok(()),
    }
}

/// A team, project or cost centre, or nothing.
pub fn tag(text: &str) -> Result<(), String> {
    if let Some(c) = forms::bad_tag_character(text) {
        let c = forms::shown(c);
        return Err(format!(
            "`{text}` has the character `{c}`, which AWS does not take in a tag"
        ));
    }
    if text.len() > forms::LONGEST_TAG_VALUE {
        return Err(format!(
            "it has {} characters; at most {} fit",
            text.len(),
            forms::LONGEST_TAG_VALUE
        ));
    }
    Ok(())
}

/// A list of addresses, separated by commas, each once.
pub fn emails(text: &str) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for address in text.split(',').map(str::trim) {
        email(address)?;
        if seen.contains(&address) {
            return Err(format!("`{address}` is listed twice"));
        }
        seen.push(address);
    }
    Ok(())
}

/// A domain with a dot inside.
pub fn domain(text: &str) -> Result<(), String> {
    let labels_fit = text
        .split('.')
        .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    if labels_fit && text.contains('.') {
        Ok(())
    } else {
        Err(format!("`{text}` is no domain"))
    }
}

/// Domains, separated by commas.
pub fn domains(text: &str) -> Result<(), String> {
    text.split(',').map(str::trim).try_for_each(domain)
}

/// Id of an application at an OpenID provider.
pub fn client_id(text: &str) -> Result<(), String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err("expected the id of an application, without spaces".to_owned())
    }
}

/// ARN of an Identity Center instance.
pub fn instance_arn(text: &str) -> Result<(), String> {
    match text.strip_prefix("arn:aws:sso:::instance/ssoins-") {
        Some(id) if id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(()),
        _ => Err(format!(
            "`{text}` is no instance: expected arn:aws:sso:::instance/ssoins- and 16 characters"
        )),
    }
}

/// An access portal.
pub fn start_url(text: &str) -> Result<(), String> {
    if text.starts_with("https://") && text.len() > 12 && !text.contains(char::is_whitespace) {
        Ok(())
    } else {
        Err(format!("`{text}` is no access portal: expected https://…"))
    }
}

/// ARN of an IAM user or role.
pub fn principal(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", "aws", "iam", "", account, resource]
            if (*account == "*" || account_id(account).is_ok())
                && (resource.starts_with("user/") || resource.starts_with("role/"))
                && resource.len() > 5 =>
        {
            Ok(())
        }
        _ => Err(format!(
            "`{text}` is no IAM user or role: expected arn:aws:iam::ACCOUNT:user/… or …:role/…"
        )),
    }
}

/// An amount above zero.
pub fn usd(written: &str) -> Result<(), String> {
    match written.parse::<f64>() {
        Ok(amount) if forms::is_usd(amount) => Ok(()),
        _ => Err(format!(
            "`{written}` is no amount: expected dollars above 0, with at most two digits of cents"
        )),
    }
}

/// The model's profile in `geography` leads somewhere known from `region`.
pub fn model(catalog: &Catalog, key: &str, geography: &str, region: &str) -> Result<(), String> {
    let Some(model) = catalog.model(key) else {
        let hint = catalog
            .nearest(key)
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        return Err(format!("`{key}` is no known model{hint}"));
    };
    let Some(profile) = model.profile(geography) else {
        let has: Vec<_> = model.profiles().map(|(geography, _)| geography).collect();
        return Err(format!(
            "`{key}` has no profile in `{geography}`; it has {}",
            listed(&has)
        ));
    };
    if profile.sources.is_empty() {
        return Err(format!(
            "where `{}` leads is not published; state it in a `model` block, or choose another model or geography",
            profile.id
        ));
    }
    match profile.destinations(region) {
        Some(_) => Ok(()),
        None => Err(format!("`{}` cannot be called from {region}", profile.id)),
    }
}

fn listed(words: &[&str]) -> String {
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}

/// Everything that is wrong with the values that a draft has.
pub fn faults(draft: &Draft, catalog: &Catalog) -> Vec<String> {
    let mut results = Vec::new();
    let mut check = |field: &str, value: Option<&String>, rule: &dyn Fn(&str) -> Result<(), String>| {
        if let Some(Err(fault)) = value.map(|value| rule(value)) {
            results.push(format!("{field}: {fault}"));
        }
    };
    let in_catalog = |text: &str| region(catalog, text);
    check("--name", draft.name.as_ref(), &name);
    check("--account-id", draft.account_id.as_ref(), &account_id);
    check("--region", draft.region.as_ref(), &in_catalog);
    check(
        "--management-account-id",
        draft.management_account_id.as_ref(),
        &account_id,
    );
    check("--payer-account-id", draft.payer_account_id.as_ref(), &account_id);
    check("--state-region", draft.state_region.as_ref(), &in_catalog);
    for address in &draft.emails {
        check("--budget-email", Some(address), &email);
    }
    for address in draft.developers.iter().filter_map(|developer| developer.email.as_ref()) {
        check("--email-domain", Some(address), &email);
    }
    for (flag, arns) in [
        ("--deploy-principal", &draft.deploy_principals),
        ("--break-glass", &draft.break_glass),
    ] {
        for arn in arns {
            check(flag, Some(arn), &principal);
        }
    }
    match draft.access {
        Some(Access::IdentityCenter) => {
            check("--identity-account-id", draft.identity.account_id.as_ref(), &account_id);
            check(
                "--identity-instance-arn",
                draft.identity.instance_arn.as_ref(),
                &instance_arn,
            );
            check("--start-url", draft.identity.start_url.as_ref(), &start_url);
            check("--identity-region", draft.identity.region.as_ref(), &in_catalog);
        }
        // The form of the issuer and of the id depend on the provider: the block's own checks know it.
        Some(Access::Federation) => {
            for name in &draft.federation.email_domains {
                check("--sign-in-domain", Some(name), &domain);
            }
        }
        Some(Access::Roles) => {
            for (flag, arns) in [
                ("--trusted", &draft.trusted),
                ("--admins", &draft.admins),
                ("--analysts", &draft.analysts),
            ] {
                for arn in arns {
                    check(flag, Some(arn), &principal);
                }
            }
        }
        None => {}
    }
    if let (Some(geography), Some(region)) = (&draft.geography, &draft.region) {
        let known = ["us", "eu", "au", "jp", "global"];
        if !known.contains(&geography.as_str()) {
            results.push(format!("--geography: `{geography}` is none of {}", known.join(", ")));
        } else if catalog.region(region).is_some() {
            results.extend(draft.allow.iter().filter_map(|key| {
                let fault = model(catalog, key, geography, region).err()?;
                Some(format!("--allow: {fault}"))
            }));
        }
    }
    if !draft.attach_scp_to.is_empty() && draft.management_account_id.is_none() {
        results.push(
            "--attach-scp-to: the policy comes from the management account; add --management-account-id".to_owned(),
        );
    }
    if !draft.emails.is_empty() && draft.monthly_usd.is_none() && draft.imported_from.is_none() {
        results.push("--budget-email: there is no budget to tell of; add --budget".to_owned());
    }
    if !draft.break_glass.is_empty() && draft.deploy_principals.is_empty() {
        results.push(
            "--break-glass: without roles that run Terraform there is no block for it; add --deploy-principal"
                .to_owned(),
        );
    }
    if draft.state_region.is_some() && draft.state_bucket.is_none() {
        results.push("--state-region: there is no bucket; add --state-bucket".to_owned());
    }
    if draft.monthly_usd.is_some_and(|usd| !(usd > 0.0 && usd.is_finite())) {
        results.push("--budget: the monthly limit must be above 0".to_owned());
    }
    if let Some(default) = draft.default_model.as_ref().filter(|key| !draft.allow.contains(key)) {
        results.push(format!(
            "--default-model: `{default}` is not among the models of --allow"
        ));
    }
    results
}
