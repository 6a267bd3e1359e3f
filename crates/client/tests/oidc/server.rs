//! A server of a few answers.
//!
//! It shows our side alone: what is sent, and what is made of an answer. That a provider takes what is sent is shown with a real
//! one in tests/real.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::http::Http;

/// What was asked of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Method and path.
    pub line: String,
    /// Headers with their names in small letters, a line each.
    pub headers: String,
    /// Body.
    pub body: String,
}

/// An answer, and what happens before it is given.
type Prepared = (Vec<u8>, Option<Box<dyn FnOnce() + Send>>);

#[derive(Default)]
struct State {
    answers: VecDeque<Prepared>,
    requests: Vec<Request>,
}

/// A server on the loopback. It lives as long as the test's process.
pub struct Server {
    /// Address without a slash at its end.
    pub base: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Starts; answers come in the order in which they are added, one for each connection.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), &shared);
            }
        });
        Self { base, state }
    }

    /// Adds an answer of JSON.
    pub fn answer(&self, status: u16, body: &serde_json::Value) {
        self.answer_with(status, "", &body.to_string());
    }

    /// Adds an answer with further headers, each of which ends with CRLF.
    pub fn answer_with(&self, status: u16, headers: &str, body: &str) {
        let whole = whole(status, headers, body);
        self.state.lock().unwrap().answers.push_back((whole, None));
    }

    /// Adds an answer of JSON before which something happens.
    #[allow(dead_code, reason = "not every test crate needs it")]
    pub fn answer_after(&self, status: u16, body: &serde_json::Value, before: impl FnOnce() + Send + 'static) {
        let whole = whole(status, "", &body.to_string());
        self.state
            .lock()
            .unwrap()
            .answers
            .push_back((whole, Some(Box::new(before))));
    }

    /// Adds an answer that never comes: the connection is closed.
    pub fn hang_up(&self) {
        self.state.lock().unwrap().answers.push_back((Vec::new(), None));
    }

    /// What was asked since the last call.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.state.lock().unwrap().requests)
    }
}

fn whole(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut length = 0;
    let mut headers = String::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if header.trim().is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').unwrap();
        let name = name.to_ascii_lowercase();
        if name == "content-length" {
            length = value.trim().parse().unwrap();
        }
        headers.push_str(&format!("{name}: {}\n", value.trim()));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut state = state.lock().unwrap();
    state.requests.push(Request {
        line: line.trim_end_matches(" HTTP/1.1\r\n").to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    });
    // A question that no test expected gets an answer that no test takes for a good one.
    let (answer, before) = state.answers.pop_front().unwrap_or_else(|| (whole(418, "", ""), None));
    if let Some(before) = before {
        before();
    }
    stream.write_all(&answer).unwrap();
}

/// Time enough for the slowest machine.
pub fn http() -> Http {
    Http::new(Duration::from_secs(30))
}
