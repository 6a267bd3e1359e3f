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
    /// Body.
    pub body: String,
}

#[derive(Default)]
struct State {
    answers: VecDeque<Vec<u8>>,
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
        let length = body.len();
        let whole =
            format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}");
        self.state.lock().unwrap().answers.push_back(whole.into_bytes());
    }

    /// Adds an answer that never comes: the connection is closed.
    pub fn hang_up(&self) {
        self.state.lock().unwrap().answers.push_back(Vec::new());
    }

    /// What was asked since the last call.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.state.lock().unwrap().requests)
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if header.trim().is_empty() {
            break;
        }
        let header = header.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut state = state.lock().unwrap();
    state.requests.push(Request {
        line: line.trim_end_matches(" HTTP/1.1\r\n").to_owned(),
        body: String::from_utf8(body).unwrap(),
    });
    // A question that no test expected gets an answer that no test takes for a good one.
    let answer = state
        .answers
        .pop_front()
        .unwrap_or_else(|| b"HTTP/1.1 418 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec());
    stream.write_all(&answer).unwrap();
}

/// Time enough for the slowest machine.
pub fn http() -> Http {
    Http::new(Duration::from_secs(30))
}
