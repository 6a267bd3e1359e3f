//! A proxy in front of the emulation that makes the faults of a network and of AWS: HTTP/1.1, threads, nothing else.
//!
//! Each answered request closes its connection, so that an SDK opens a new one and no fault is hidden by one that is kept.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// What happens to the requests of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every second request is answered with the service's throttling error.
    ThrottleEverySecond,
    /// Every request is.
    ThrottleAll,
    /// Every third request is answered with 500.
    FailEveryThird,
    /// Every request is.
    FailAll,
    /// The first attempt of each call is answered with the service's throttling error: what a retry gets over, however many
    /// calls are made at the same time.
    ThrottleFirst,
    /// The first attempt of each call is answered with 500.
    FailFirst,
    /// Every request is read and never answered.
    Hang,
    /// The head promises the whole body, of which half comes before the connection ends.
    Truncate,
    /// The connection ends without an answer.
    Reset,
    /// The credentials are refused as expired.
    ExpiredCredentials,
    /// The signature is refused because the caller's clock is wrong; `Date` says the time of AWS, an hour away.
    ClockSkew,
    /// The answer comes, so much later.
    Delay(Duration),
}

/// A request that the proxy has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The name that the request is signed for, such as `sso` or `monitoring`; empty for an unsigned one.
    pub service: String,
    /// What was done to it, if anything.
    pub fault: Option<Fault>,
    /// Its answer, when it was sent.
    pub answer: Option<Answer>,
}

/// An answer that was sent. Times are since the start of the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The id that the service gave the request.
    pub request_id: Option<String>,
    /// When the request had come.
    pub asked: Duration,
    /// When the answer went.
    pub answered: Duration,
}

#[derive(Debug)]
struct State {
    started: Instant,
    /// Faults, with the services that they are for; none for all of them. The first that fits holds.
    faults: Vec<(Option<String>, Fault)>,
    seen: Vec<Seen>,
}

/// A running proxy; it ends with the value.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
}

impl Proxy {
    /// Starts a proxy in front of the server on port `upstream` of the loopback.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(upstream: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(Mutex::new(State {
            started: Instant::now(),
            faults: Vec::new(),
            seen: Vec::new(),
        }));
        let ended = Arc::new(AtomicBool::new(false));
        let proxy = Self {
            port,
            state: Arc::clone(&state),
            ended: Arc::clone(&ended),
        };
        thread::spawn(move || {
            for client in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let Ok(client) = client else { continue };
                let (state, ended) = (Arc::clone(&state), Arc::clone(&ended));
                // A connection that breaks is what the proxy is for.
                thread::spawn(move || serve(client, upstream, &state, &ended));
            }
        });
        Ok(proxy)
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Does `fault` to the requests of every service, besides those that have a fault of their own.
    pub fn all(&self, fault: Fault) {
        lock(&self.state).faults.push((None, fault));
    }

    /// Does `fault` to the requests that are signed for `service`, such as `sso`, `monitoring` or `ce`.
    pub fn service(&self, service: &str, fault: Fault) {
        lock(&self.state).faults.insert(0, (Some(service.to_owned()), fault));
    }

    /// Forwards everything again.
    pub fn clear(&self) {
        lock(&self.state).faults.clear();
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.state).seen.clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request as it came: its head without the empty line, and its body.
struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    fn read(client: &TcpStream) -> anyhow::Result<Self> {
        let mut reader = BufReader::new(client);
        let mut head = String::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                bail!("the client went away");
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        let mut request = Self { head, body: Vec::new() };
        if request.header("transfer-encoding").is_some() {
            bail!("the proxy forwards no chunked request");
        }
        if request
            .header("expect")
            .is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
        {
            (&*client).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        let length = match request.header("content-length") {
            Some(length) => length.parse().context("the length is no number")?,
            None => 0,
        };
        request.body.resize(length, 0);
        reader.read_exact(&mut request.body)?;
        Ok(request)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The service that the signature is for.
    fn service(&self) -> &str {
        self.header("authorization")
            .and_then(|value| value.split_once("Credential="))
            .and_then(|(_, scope)| scope.split(',').next())
            .and_then(|scope| scope.split('/').nth(3))
            .unwrap_or_default()
    }

    /// SDKs number the attempts of a call, from 1.
    fn is_first_attempt(&self) -> bool {
        let number = self.header("amz-sdk-request").and_then(|value| {
            let mut parts = value.split(';');
            parts.find_map(|part| part.trim().strip_prefix("attempt="))
        });
        number.is_none_or(|number| number == "1")
    }

    fn protocol(&self) -> Protocol {
        let kind = self.header("content-type").unwrap_or_default();
        if self.service() == "s3" {
            Protocol::S3
        } else if kind == "application/cbor" || self.header("smithy-protocol").is_some() {
            Protocol::Cbor
        } else if kind.starts_with("application/x-amz-json") {
            Protocol::Json
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            Protocol::Query
        } else {
            Protocol::RestJson
        }
    }

    /// To the emulation, on a connection of its own.
    fn forward(&self, upstream: u16) -> anyhow::Result<Vec<u8>> {
        let mut server = TcpStream::connect(("127.0.0.1", upstream))?;
        let mut head = String::new();
        for line in self.head.lines() {
            let name = line.split(':').next().unwrap_or_default();
            if !["connection", "expect"]
                .iter()
                .any(|other| name.eq_ignore_ascii_case(other))
            {
                head.push_str(line.trim_end());
                head.push_str("\r\n");
            }
        }
        head.push_str("Connection: close\r\n\r\n");
        server.write_all(head.as_bytes())?;
        server.write_all(&self.body)?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

/// How a service writes its errors.
#[derive(Debug, Clone, Copy)]
enum Protocol {
    Json,
    RestJson,
    Query,
    Cbor,
    S3,
}

fn serve(mut client: TcpStream, upstream: u16, state: &Mutex<State>, ended: &AtomicBool) {
    let Ok(request) = Request::read(&client) else { return };
    let asked = lock(state).started.elapsed();
    let (number, fault) = decide(state, request.service(), request.is_first_attempt());
    let protocol = request.protocol();
    let answer = match fault {
        Some(Fault::Hang) => {
            while !ended.load(Ordering::Relaxed) && !is_closed(&client) {
                thread::sleep(Duration::from_millis(20));
            }
            return;
        }
        Some(Fault::Reset) => return,
        Some(Fault::ThrottleEverySecond | Fault::ThrottleFirst | Fault::ThrottleAll) => throttled(protocol),
        Some(Fault::FailEveryThird | Fault::FailFirst | Fault::FailAll) => refusal(
            protocol,
            500,
            "InternalFailure",
            "The request failed because of an internal error.",
            "",
        ),
        Some(Fault::ExpiredCredentials) => expired(protocol),
        Some(Fault::ClockSkew) => skewed(protocol),
        Some(Fault::Truncate | Fault::Delay(_)) | None => {
            if let Some(Fault::Delay(late)) = fault {
                thread::sleep(late);
            }
            let Ok(mut answer) = request.forward(upstream) else {
                return;
            };
            if fault == Some(Fault::Truncate) {
                truncate(&mut answer);
            }
            answer
        }
    };
    let _ = client.write_all(&answer);
    let mut state = lock(state);
    let answered = state.started.elapsed();
    if let Some(seen) = state.seen.get_mut(number) {
        seen.answer = Some(Answer {
            request_id: request_id(&answer),
            asked,
            answered,
        });
    }
    let _ = client.shutdown(Shutdown::Write);
}

/// The id of the request in the head of an answer, under the name of its protocol.
fn request_id(answer: &[u8]) -> Option<String> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(answer.get(..end)?);
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_id = ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"]
            .iter()
            .any(|id| name.eq_ignore_ascii_case(id));
        is_id.then(|| value.trim().to_owned())
    })
}

/// Records a request and says which it is and what becomes of it.
fn decide(state: &Mutex<State>, service: &str, is_first_attempt: bool) -> (usize, Option<Fault>) {
    let mut state = lock(state);
    let fitting = state
        .faults
        .iter()
        .find(|(of, _)| of.as_deref().is_none_or(|of| of == service))
        .map(|(_, fault)| *fault);
    // Counted by service, so that each meets the fault, whatever the others do at the same time.
    let number = 1 + state.seen.iter().filter(|seen| seen.service == service).count();
    let fault = fitting.filter(|fault| match fault {
        Fault::ThrottleEverySecond => number % 2 == 0,
        Fault::FailEveryThird => number % 3 == 0,
        Fault::ThrottleFirst | Fault::FailFirst => is_first_attempt,
        _ => true,
    });
    state.seen.push(Seen {
        service: service.to_owned(),
        fault,
        answer: None,
    });
    (state.seen.len() - 1, fault)
}

/// Whether the client went away: there is nothing that it would still send.
fn is_closed(client: &TcpStream) -> bool {
    let mut next = [0];
    client.set_nonblocking(true).is_err() || client.peek(&mut next).is_ok_and(|length| length == 0)
}

/// Half of the body; all of the head.
fn truncate(answer: &mut Vec<u8>) {
    if let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
        let body = answer.len() - end - 4;
        answer.truncate(end + 4 + body / 2);
    }
}

fn throttled(protocol: Protocol) -> Vec<u8> {
    let (status, code) = match protocol {
        Protocol::Json => (400, "ThrottlingException"),
        Protocol::RestJson => (429, "ThrottlingException"),
        Protocol::Query => (400, "Throttling"),
        Protocol::Cbor => (429, "ThrottlingException"),
        Protocol::S3 => (503, "SlowDown"),
    };
    refusal(protocol, status, code, "Rate exceeded", "")
}

fn expired(protocol: Protocol) -> Vec<u8> {
    let (status, code) = match protocol {
        Protocol::Json => (400, "ExpiredTokenException"),
        Protocol::RestJson | Protocol::Cbor => (403, "ExpiredTokenException"),
        Protocol::Query => (403, "ExpiredToken"),
        Protocol::S3 => (400, "ExpiredToken"),
    };
    let message = "The security token included in the request is expired";
    refusal(protocol, status, code, message, "")
}

fn skewed(protocol: Protocol) -> Vec<u8> {
    // A day that no caller's clock shows.
    let date = "Date: Tue, 06 Jan 2026 10:00:00 GMT\r\n";
    if matches!(protocol, Protocol::S3) {
        let message = "The difference between the request time and the current time is too large.";
        return refusal(protocol, 403, "RequestTimeTooSkewed", message, date);
    }
    let message =
        "Signature expired: 20251224T095500Z is now earlier than 20260106T095500Z (20260106T100000Z - 5 min.)";
    let (status, code) = match protocol {
        Protocol::Json => (400, "InvalidSignatureException"),
        Protocol::Query => (403, "SignatureDoesNotMatch"),
        _ => (403, "InvalidSignatureException"),
    };
    refusal(protocol, status, code, message, date)
}

/// An error as the protocol writes it.
fn refusal(protocol: Protocol, status: u16, code: &str, message: &str, headers: &str) -> Vec<u8> {
    let id = "00000000-fa17-4000-8000-000000000000";
    let (kind, more, body) = match protocol {
        Protocol::Json => {
            let body = serde_json::json!({ "__type": code, "message": message }).to_string();
            ("application/x-amz-json-1.1", String::new(), body.into_bytes())
        }
        Protocol::RestJson => {
            let body = serde_json::json!({ "message": message }).to_string();
            (
                "application/json",
                format!("x-amzn-ErrorType: {code}\r\n"),
                body.into_bytes(),
            )
        }
        Protocol::Query => {
            let sender = if status < 500 { "Sender" } else { "Receiver" };
            let body = format!(
                "<ErrorResponse><Error><Type>{sender}</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>{id}</RequestId></ErrorResponse>"
            );
            ("text/xml", String::new(), body.into_bytes())
        }
        Protocol::S3 => {
            let body =
                format!("<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{id}</RequestId></Error>");
            (
                "application/xml",
                format!("x-amz-request-id: {id}\r\n"),
                body.into_bytes(),
            )
        }
        Protocol::Cbor => (
            "application/cbor",
            format!("smithy-protocol: rpc-v2-cbor\r\nx-amzn-query-error: {code};Sender\r\n"),
            cbor(&[("__type", code), ("message", message)]),
        ),
    };
    let mut answer = format!(
        "HTTP/1.1 {status} Fault\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nx-amzn-RequestId: {id}\r\nConnection: close\r\n{headers}{more}\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    answer
}

/// A map of texts in CBOR (RFC 8949), each shorter than 65,536 bytes and the map shorter than 24 entries.
fn cbor(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut map = vec![0xA0 | u8::try_from(entries.len()).unwrap_or_default()];
    for text in entries.iter().flat_map(|(key, value)| [key, value]) {
        map.push(0x79);
        map.extend(u16::try_from(text.len()).unwrap_or_default().to_be_bytes());
        map.extend(text.bytes());
    }
    map
}
