//! A login whose browser is on another machine: the address at which it failed is brought to a real terminal.

use std::process::Command;

use real::oidc::Endpoint;
use rexpect::process::WaitStatus;
use rexpect::session::{Options, PtySession, spawn_with_options};

use crate::process::PATIENCE;
use crate::stage::{Stage, browser, program};

/// Exit codes of the sub-commands.
const INTERACTION: i32 = 4;
const LOGIN: i32 = 5;
const ARGS: [&str; 2] = ["login", "--paste"];

/// The program at a terminal of its own.
struct Terminal<'a> {
    stage: &'a Stage,
    session: PtySession,
    shown: String,
}

impl<'a> Terminal<'a> {
    fn of(stage: &'a Stage) -> Self {
        let mut command = Command::new(program());
        stage.surround(&mut command).env("TERM", "xterm").args(ARGS);
        let patience = u64::try_from(PATIENCE.as_millis()).unwrap();
        let options = Options::new().timeout_ms(Some(patience));
        Self {
            stage,
            session: spawn_with_options(command, options).unwrap(),
            shown: String::new(),
        }
    }

    /// The login page that it shows.
    fn url(&mut self) -> String {
        let before = self.session.exp_string("Address: ").unwrap();
        let line = before.lines().map(str::trim).find(|line| line.starts_with("http"));
        let url = line.unwrap().to_owned();
        self.shown += &before;
        url
    }

    /// Pastes a text; the exit code, and what it says then. A terminal may show what is pasted, and then once.
    fn pasted(mut self, text: &str) -> (i32, String) {
        self.session.send_line(text).unwrap();
        let after = self.session.exp_eof().unwrap().replace("\r\n", "\n");
        let after = after.replacen(text, "", 1);
        self.stage.hear(&ARGS, "", &(self.shown + &after));
        match self.session.process().wait().unwrap() {
            WaitStatus::Exited(_, code) => (code, after.trim().to_owned()),
            other => panic!("{other:?}: {after}"),
        }
    }
}

/// What a refusal says after its name.
fn refusal(said: &str) -> &str {
    said.rsplit_once("credential-process: ").unwrap().1
}

#[test]
fn the_address_of_a_browser_elsewhere_signs_in() {
    let stage = Stage::new();
    let mut terminal = Terminal::of(&stage);
    // Nobody listens where the browser is led: the person copies what its address bar shows.
    let page = browser().sign_in(&terminal.url(), "alice", "hunter2").unwrap();
    assert_eq!(page.text, "", "{page:?}");
    assert!(
        page.url
            .starts_with(&format!("http://localhost:{}/callback?code=", stage.port)),
        "{page:?}"
    );
    let (code, said) = terminal.pasted(&page.url);
    assert_eq!(code, 0, "{said}");
    assert!(said.starts_with("Signed in until "), "{said}");
    let credentials = stage.start(&[]).ended().credentials();
    let given = stage.gate.federated();
    assert_eq!(given[0].access_key_id.as_deref(), credentials["AccessKeyId"].as_str());
    assert_eq!(given.len(), 1);
}

/// A terminal takes 4,095 characters in a line by itself, and providers have longer codes and states of their sessions.
#[test]
fn an_address_that_is_longer_than_a_line_of_the_terminal_signs_in() {
    let stage = Stage::new();
    let mut terminal = Terminal::of(&stage);
    let page = browser().sign_in(&terminal.url(), "alice", "hunter2").unwrap();
    let long = format!("?session_state={}&code=", "0123456789".repeat(800));
    let (code, said) = terminal.pasted(&page.url.replace("?code=", &long));
    assert_eq!(code, 0, "{said}");
    stage.start(&[]).ended().credentials();
}

#[test]
fn what_is_no_answer_to_this_login_is_told_and_nothing_is_redeemed() {
    let stage = Stage::new();
    // Cancelled.
    let mut terminal = Terminal::of(&stage);
    let page = browser().cancel(&terminal.url()).unwrap();
    let (code, said) = terminal.pasted(&page.url);
    assert_eq!(code, LOGIN, "{said}");
    assert!(refusal(&said).contains("access_denied"), "{said}");
    // Of another login, a page of the provider, or nothing.
    let mut other = Terminal::of(&stage);
    let old = browser().sign_in(&other.url(), "alice", "hunter2").unwrap();
    other.pasted("");
    let page = format!("{}/interaction/x", stage.provider.issuer());
    for pasted in [old.url.as_str(), &page, ""] {
        let mut terminal = Terminal::of(&stage);
        terminal.url();
        let (code, said) = terminal.pasted(pasted);
        assert_eq!(code, LOGIN, "{said}");
        let words = "that is not the address at which this login ended: its state is missing or another one";
        assert!(refusal(&said).starts_with(words), "{said}");
    }
    assert_eq!(stage.provider.count(Endpoint::Token).unwrap(), 0);
    assert_eq!(stage.gate.federated(), []);
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let stage = Stage::new();
    let (code, said) = stage.start(&ARGS).ended().refusal();
    assert_eq!(code, INTERACTION);
    assert!(
        said.ends_with("run it in a terminal: credential-process login --paste"),
        "{said}"
    );
}
