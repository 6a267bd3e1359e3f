use std::io::{BufRead as _, BufReader};

use proptest::prelude::*;

use super::*;

/// A callback on a free port, waiting.
struct Waiting {
    port: u16,
    state: String,
    ended: thread::JoinHandle<Result<Secret, Error>>,
}

fn waiting(patience: Duration) -> Waiting {
    let attempt = Attempt::new().unwrap();
    let callback = Callback::on(0).unwrap();
    let (port, state) = (callback.port(), attempt.state.expose().to_owned());
    Waiting {
        port,
        state,
        ended: thread::spawn(move || callback.wait(&attempt, patience)),
    }
}

impl Waiting {
    /// The status and the body of an answer to a target.
    fn get(&self, target: &str) -> (String, String) {
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    }

    fn send(&self, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let status = lines.next().unwrap_or_default();
        let body: Vec<String> = lines.skip_while(|line| !line.is_empty()).collect();
        (status, body.join("\n"))
    }

    fn code(self) -> Result<String, Error> {
        self.ended.join().unwrap().map(|code| code.expose().to_owned())
    }
}

#[test]
fn what_does_not_belong_to_the_login_does_not_end_it() {
    let login = waiting(PATIENT);
    assert!(login.get("/favicon.ico").0.contains("404"));
    assert!(login.get("/").0.contains("404"));
    assert!(login.get("/callback").0.contains("400"));
    assert!(login.get("/callback?code=stolen&state=forged").0.contains("400"));
    assert!(
        login
            .get("/callback?error=access_denied&state=forged")
            .0
            .contains("400")
    );
    assert!(
        login
            .get(&format!("/callback/x?code=c&state={}", login.state))
            .0
            .contains("404")
    );
    assert!(
        login
            .get(&format!("/callback?code=c&state={0}&state={0}", login.state))
            .0
            .contains("400")
    );
    // No answer is owed to what is no request.
    assert_eq!(login.send("POST /callback HTTP/1.1\r\n\r\n").0, "");
    assert_eq!(login.send("\x16\x03\x01 hello\r\n\r\n").0, "");
    drop(TcpStream::connect((Ipv4Addr::LOCALHOST, login.port)).unwrap());
    let (status, body) = login.get(&format!("/callback?code=a%2Bb+c&state={}", login.state));
    assert!(status.contains("200"), "{status}");
    assert!(body.contains("Signed in"), "{body}");
    assert_eq!(login.code().unwrap(), "a+b c");
}

/// Longer than any test takes.
const PATIENT: Duration = Duration::from_secs(120);

#[test]
fn scanners_that_say_nothing_hold_nobody_up() {
    let login = waiting(PATIENT);
    let silent: Vec<TcpStream> = (0..100)
        .map(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, login.port)).unwrap())
        .collect();
    let (status, _) = login.get(&format!("/callback?code=c&state={}", login.state));
    assert!(status.contains("200"), "{status}");
    assert_eq!(login.code().unwrap(), "c");
    drop(silent);
}

#[test]
fn a_refusal_of_the_provider_is_told_and_escaped() {
    let login = waiting(PATIENT);
    let target = format!(
        "/callback?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E%1B[2J%E2%80%AEx&state={}",
        login.state
    );
    let (status, body) = login.get(&target);
    assert!(status.contains("400"), "{status}");
    assert!(body.contains("&lt;script&gt;") && !body.contains("<script>"), "{body}");
    let error = login.code().unwrap_err();
    assert_eq!(error.kind, Kind::Login);
    assert!(
        error.message.contains("access_denied: <script>alert(1)</script> x"),
        "{error:?}"
    );
    assert!(!error.message.contains(['\u{1b}', '\u{202e}']), "{error:?}");
    assert!(error.advice.unwrap().contains("assigned"));
}

#[test]
fn nobody_is_waited_for_longer_than_said() {
    let login = waiting(Duration::from_millis(50));
    let error = login.code().unwrap_err();
    assert_eq!(error.kind, Kind::Interaction);
    assert!(error.to_string().contains("login --paste"), "{error}");
    let login = waiting(Duration::from_secs(2));
    login.get("/callback?code=c&state=of-yesterday");
    let error = login.code().unwrap_err();
    assert!(error.to_string().contains("close old tabs"), "{error}");
}

#[test]
fn a_port_that_is_taken_is_named_or_replaced() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Callback::bind(port, ProviderType::Okta).unwrap_err();
    assert!(error.message.contains(&format!("port {port} ")), "{error}");
    assert!(error.advice.unwrap().contains("REDIRECT_PORT"));
    let other = Callback::bind(port, ProviderType::Azure).unwrap();
    assert_ne!(other.port(), port);
    assert_eq!(
        other.redirect_uri(),
        format!("http://localhost:{}/callback", other.port())
    );
}

#[test]
fn the_port_is_held_on_both_families() {
    let callback = Callback::on(0).unwrap();
    let again = TcpListener::bind((Ipv4Addr::LOCALHOST, callback.port()));
    assert_eq!(again.unwrap_err().kind(), ErrorKind::AddrInUse);
    if callback.listeners.len() == 2 {
        let again = TcpListener::bind((Ipv6Addr::LOCALHOST, callback.port()));
        assert_eq!(again.unwrap_err().kind(), ErrorKind::AddrInUse);
    }
}

proptest! {
    #[test]
    fn no_request_breaks_it(head in proptest::collection::vec(any::<u8>(), 0..300), target_text in ".{0,200}") {
        let attempt = Attempt::new().unwrap();
        if let Some(target) = target(&head) {
            let said = judged(&target, &attempt);
            prop_assert!(!matches!(said, Said::Code(_)));
        }
        let said = judged(&format!("/callback?{target_text}"), &attempt);
        prop_assert!(matches!(said, Said::Foreign));
    }

    #[test]
    fn a_code_comes_through_as_it_was_sent(code in "[ -~äé]{1,80}") {
        let attempt = Attempt::new().unwrap();
        let query = crate::http::encode(&[("code", &code), ("state", attempt.state.expose())]);
        match judged(&format!("/callback?{query}"), &attempt) {
            Said::Code(found) => prop_assert_eq!(found.expose(), code),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}

/// RFC 9207 §2.4.
#[test]
fn an_answer_of_another_issuer_is_refused() {
    let with = |is_named| Attempt {
        issuers: vec!["https://id.example".to_owned()],
        is_named,
        ..Attempt::new().unwrap()
    };
    for (is_named, iss, is_taken) in [
        (true, "&iss=https%3A%2F%2Fid.example", true),
        (false, "&iss=https%3A%2F%2Fid.example", true),
        (false, "", true),
        (true, "", false),
        (true, "&iss=", false),
        (true, "&iss=https%3A%2F%2Fid.example%2F", false),
        (false, "&iss=https%3A%2F%2Fevil.example", false),
        (
            true,
            "&iss=https%3A%2F%2Fid.example&iss=https%3A%2F%2Fid.example",
            false,
        ),
    ] {
        let attempt = with(is_named);
        for answer in ["code=x", "error=access_denied"] {
            let state = attempt.state.expose();
            let said = judged(&format!("/callback?{answer}&state={state}{iss}"), &attempt);
            let is_of_another = match &said {
                Said::Refused(error) => error.message.contains("issuer"),
                _ => false,
            };
            assert_eq!(is_of_another, !is_taken, "{is_named} {iss}: {said:?}");
        }
        // A forged one ends nothing.
        let forged = judged(&format!("/callback?code=x&state=x{iss}"), &attempt);
        assert!(matches!(forged, Said::Foreign));
    }
}

#[test]
fn two_codes_are_none() {
    let attempt = Attempt::new().unwrap();
    let said = judged(
        &format!("/callback?code=a&code=b&state={}", attempt.state.expose()),
        &attempt,
    );
    assert!(matches!(said, Said::Refused(error) if error.message.contains("several codes")));
}
