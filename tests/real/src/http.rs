//! One HTTP/1.0 request to a server on the loopback.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, bail};

/// Longest time to wait for any part of an answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// Status and body of the answer of `127.0.0.1:port`.
///
/// # Errors
/// When the server cannot be reached, or answers with something that is not HTTP.
pub fn request(port: u16, method: &str, path: &str, body: &[u8]) -> anyhow::Result<(u16, Vec<u8>)> {
    let mut stream =
        TcpStream::connect(("127.0.0.1", port)).with_context(|| format!("nothing listens on port {port}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let head = format!(
        "{method} {path} HTTP/1.0\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .with_context(|| format!("{method} {path} was not answered"))?;
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
        bail!("{method} {path} was answered without a head");
    };
    let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .with_context(|| format!("{method} {path} was answered without a status: {head}"))?;
    Ok((status, answer.split_off(end + 4)))
}
