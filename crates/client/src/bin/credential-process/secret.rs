//! The application's secret at Microsoft Entra ID, which a person puts into the keyring once.

use std::io::IsTerminal as _;

use client::store::keyring::{Entry, Keyring, Patience};
use client::{Error, Kind, Secret};

use crate::args::Args;
use crate::named;
use crate::terminal::{Terminal, aside};

/// Where it comes from where nobody is asked. Source: the installations that exist.
const VARIABLE: &str = "CCWB_CLIENT_SECRET";

/// Keeps the secret of a profile, or takes it away where nothing is typed.
pub fn set(args: &Args, terminal: &mut Terminal) -> Result<(), Error> {
    let (files, _) = named(args, terminal)?;
    let name = &files.name;
    let secret = match terminal.environment().text(VARIABLE) {
        Some(given) => Secret::new(given.trim()),
        None => asked(name)?,
    };
    let keyring = Keyring::open(Patience::with_person(aside))?;
    if secret.is_empty() {
        let text = match keyring.remove(name, Entry::ClientSecret)? {
            true => format!("The client secret of profile {name} is removed from the keyring."),
            false => format!("The keyring has no client secret of profile {name}."),
        };
        terminal.note(&text);
        return Ok(());
    }
    keyring.set(name, Entry::ClientSecret, &secret)?;
    terminal.note(&format!("The client secret of profile {name} is in the keyring."));
    Ok(())
}

/// Asks without showing what is typed.
fn asked(profile: &str) -> Result<Secret, Error> {
    let nobody = || {
        Error::new(Kind::Interaction, "there is nobody to ask for the client secret").advise(format!(
            "run it in a terminal, or put the secret into the variable {VARIABLE}"
        ))
    };
    if !std::io::stdin().is_terminal() {
        return Err(nobody());
    }
    let typed = rpassword::prompt_password(format!("Client secret of profile {profile} (empty removes it): "))
        .map(zeroize::Zeroizing::new)
        .map_err(|_| nobody())?;
    Ok(Secret::new(typed.trim()))
}
