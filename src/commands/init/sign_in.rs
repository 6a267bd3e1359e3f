//! The wizard's questions about an OpenID provider.

use std::io::Write;

use super::check;
use super::discover::{self, Asker};
use super::draft::{Draft, Scope};
use super::federation::OpenId;
use super::wizard::{Prompt, field, not_empty, optional, split};

/// Asks for what `federation` lacks. Each issuer that is named is looked at, until one is the issuer that was meant.
///
/// # Errors
/// When the person gives up, or the terminal fails.
pub fn ask(draft: &mut Draft, asker: &Asker, prompt: &mut dyn Prompt, err: &mut dyn Write) -> anyhow::Result<()> {
    loop {
        field(
            &mut draft.federation.issuer,
            prompt,
            "Issuer of the tokens (https://…)",
            None,
            &not_empty,
        )?;
        let Err(reason) = discover::look(draft, asker, err)? else {
            break;
        };
        writeln!(err, "{reason}")?;
        draft.federation.forget_issuer();
    }
    field(
        &mut draft.federation.client_id,
        prompt,
        "Id of the application at the provider",
        None,
        &check::client_id,
    )?;
    if draft.federation.email_domains.is_empty() {
        let text = if draft.federation.provider == Some(OpenId::Google) {
            let question = "Domains of the e-mail addresses that may sign in, separated by commas";
            Some(prompt.text(question, None, &check::domains)?)
        } else {
            let question =
                "Domains of the e-mail addresses that may sign in (may be empty: all that the provider signs in)";
            optional(&mut draft.declined, prompt, question, &check::domains)?
        };
        draft.federation.email_domains = text.as_deref().map(split).unwrap_or_default();
    }
    // Google's tokens can carry none, but an identity pool makes one; without profiles there is nothing to bind.
    let may_have_tag = (draft.federation.provider != Some(OpenId::Google) || draft.federation.identity_pool)
        && draft.profiles != Some(Scope::None);
    if may_have_tag && draft.federation.session_tag.is_none() {
        let question =
            "Tag of the token with the e-mail address, which binds developers to their profiles (may be empty)";
        draft.federation.session_tag = optional(&mut draft.declined, prompt, question, &not_empty)?;
    }
    Ok(())
}
