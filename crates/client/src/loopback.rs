//! Requests that browsers of this machine send to it. Anything on the machine can connect, and say nothing.

use std::collections::VecDeque;
use std::io::Read;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// Longest head of a request that is read. Codes of Entra ID have some two kilobytes.
const LONGEST: usize = 32 * 1024;
/// Longest time for a request to come once its connection is there.
const SLOWEST: Duration = Duration::from_secs(5);
/// Connections that are read at the same time. With one more the oldest is closed: a browser sends its request at once, so what has
/// been silent for the longest time is not the one that is waited for.
const TOGETHER: usize = 32;
/// Between two looks for new connections.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

/// A request that has come.
pub(crate) struct Request {
    /// Its head, with the empty line at its end.
    pub(crate) head: Vec<u8>,
    /// Where it is answered.
    pub(crate) stream: TcpStream,
}

/// What came of a connection.
struct Come {
    number: u64,
    /// Nothing, where it was no request, or came too slowly.
    request: Option<Request>,
}

/// Connections that are read beside each other, so that a slow one holds nobody up.
pub(crate) struct Requests {
    /// The oldest is the first.
    streams: VecDeque<(u64, TcpStream)>,
    last: u64,
    sender: Sender<Come>,
    receiver: Receiver<Come>,
}

impl Requests {
    /// None yet.
    pub(crate) fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self {
            streams: VecDeque::new(),
            last: 0,
            sender,
            receiver,
        }
    }

    /// Begins to read what connects to a listener, which does not block. Not without an end: what has come is looked at in between.
    pub(crate) fn accept(&mut self, listener: &TcpListener) {
        for _ in 0..TOGETHER {
            let Ok((stream, from)) = listener.accept() else { break };
            if from.ip().is_loopback() {
                self.begin(stream);
            }
        }
    }

    /// The next request that has come, if there is one by now.
    pub(crate) fn next(&mut self) -> Option<Request> {
        while let Ok(Come { number, request }) = self.receiver.try_recv() {
            self.streams.retain(|(known, _)| *known != number);
            if request.is_some() {
                return request;
            }
        }
        None
    }

    /// Reads a connection. Where there are too many, the oldest is closed.
    fn begin(&mut self, stream: TcpStream) {
        let Ok(handle) = stream.try_clone() else { return };
        if self.streams.len() >= TOGETHER
            && let Some((_, oldest)) = self.streams.pop_front()
        {
            // Whoever reads it finds its end.
            let _ = oldest.shutdown(Shutdown::Both);
        }
        self.last += 1;
        let (number, sender) = (self.last, self.sender.clone());
        let reading = move || {
            // Nobody waits any more where the login is over.
            let _ = sender.send(Come {
                number,
                request: read(stream),
            });
        };
        if thread::Builder::new().spawn(reading).is_ok() {
            self.streams.push_back((number, handle));
        }
    }
}

/// The head of a request. Nothing where it is too long, or comes too slowly.
fn read(mut stream: TcpStream) -> Option<Request> {
    let end = Instant::now() + SLOWEST;
    stream.set_nonblocking(false).ok()?;
    stream.set_write_timeout(Some(SLOWEST)).ok()?;
    let mut head = Vec::new();
    let mut part = [0; 4096];
    loop {
        let left = end.checked_duration_since(Instant::now())?;
        stream.set_read_timeout(Some(left.max(Duration::from_millis(1)))).ok()?;
        let length = stream.read(&mut part).ok()?;
        head.extend_from_slice(part.get(..length)?);
        if head.windows(4).any(|window| window == b"\r\n\r\n") {
            return Some(Request { head, stream });
        }
        if length == 0 || head.len() > LONGEST {
            return None;
        }
    }
}
