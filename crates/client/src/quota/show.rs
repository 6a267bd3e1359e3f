//! The page about the quota, shown once in the browser of this machine.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use crate::loopback::{PAUSE, Request, Requests};

use crate::paths::Environment;

/// Port of the page, and where it is. Source: the installations that exist.
const PORT: u16 = 8401;
const PATH: &str = "/quota-status";
/// Longest time for the browser to come.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest time for a browser to take the page, which others wait for as well.
const WRITING: Duration = Duration::from_millis(500);

/// Whether somebody may be shown a page who did not ask for one: `CCWB_NO_BROWSER_NOTIFICATION` says no.
pub fn is_wanted(environment: &Environment) -> bool {
    let off = environment.text("CCWB_NO_BROWSER_NOTIFICATION");
    !off.is_some_and(|off| ["1", "true", "yes"].iter().any(|word| off.eq_ignore_ascii_case(word)))
}

/// Serves the page on the loopback until a browser has it, and no longer than five seconds. `open` is given its address; whether
/// the page was fetched.
pub fn serve(html: &str, open: &mut dyn FnMut(&str) -> bool) -> bool {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let Ok(listener) = bind(PORT).or_else(|_| bind(0)) else {
        return false;
    };
    let Ok(address) = listener.local_addr() else {
        return false;
    };
    if listener.set_nonblocking(true).is_err() || !open(&format!("http://{address}{PATH}")) {
        return false;
    }
    let mut requests = Requests::new();
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        requests.accept(&listener);
        while let Some(request) = requests.next() {
            if answer(request, html, address.port()) {
                return true;
            }
        }
        thread::sleep(PAUSE);
    }
    false
}

/// Answers one request; whether it was the one for the page.
fn answer(request: Request, html: &str, port: u16) -> bool {
    let Request { head, mut stream } = request;
    if stream.set_write_timeout(Some(WRITING)).is_err() {
        return false;
    }
    let request = String::from_utf8_lossy(&head);
    let mut lines = request.lines();
    let is_page = lines
        .next()
        .is_some_and(|line| line.starts_with(&format!("GET {PATH} ")));
    // A page of the web that has this address by another name does not get to read it.
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let is_here = lines.any(|line| {
        line.split_once(':').is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case("host") && hosts.iter().any(|host| host == value.trim())
        })
    });
    let (status, body) = match is_page && is_here {
        true => ("200 OK", html),
        false => ("404 Not Found", ""),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let sent = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body.as_bytes()))
        .and_then(|()| stream.flush());
    sent.is_ok() && is_page && is_here
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpStream;

    use super::*;

    /// What a client gets that sends this.
    fn fetched(address: &str, request: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_page_is_served_once_and_to_its_own_address_alone() {
        let mut client = None;
        let served = serve("<p>used</p>", &mut |url| {
            let rest = url.strip_prefix("http://").unwrap().to_owned();
            let address = rest.strip_suffix(PATH).unwrap().to_owned();
            client = Some(thread::spawn(move || {
                let icon = fetched(
                    &address,
                    &format!("GET /favicon.ico HTTP/1.1\r\nHost: {address}\r\n\r\n"),
                );
                let rebound = fetched(&address, &format!("GET {PATH} HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
                let page = fetched(&address, &format!("GET {PATH} HTTP/1.1\r\nHost: {address}\r\n\r\n"));
                (icon, rebound, page)
            }));
            true
        });
        let (icon, rebound, page) = client.unwrap().join().unwrap();
        assert!(served);
        assert!(icon.starts_with("HTTP/1.1 404"), "{icon}");
        assert!(
            rebound.starts_with("HTTP/1.1 404") && !rebound.contains("used"),
            "{rebound}"
        );
        assert!(
            page.starts_with("HTTP/1.1 200") && page.ends_with("<p>used</p>"),
            "{page}"
        );
    }

    /// Each would have been waited for, one after the other, until the five seconds were over.
    #[test]
    fn connections_that_say_nothing_do_not_keep_the_page_from_the_browser() {
        let mut client = None;
        let served = serve("<p>used</p>", &mut |url| {
            let rest = url.strip_prefix("http://").unwrap().to_owned();
            let address = rest.strip_suffix(PATH).unwrap().to_owned();
            let silent: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(&address).unwrap()).collect();
            client = Some(thread::spawn(move || {
                let page = fetched(&address, &format!("GET {PATH} HTTP/1.1\r\nHost: {address}\r\n\r\n"));
                drop(silent);
                page
            }));
            true
        });
        assert!(served);
        let page = client.unwrap().join().unwrap();
        assert!(page.ends_with("<p>used</p>"), "{page}");
    }

    #[test]
    fn nobody_waits_where_no_browser_can_be_opened() {
        assert!(!serve("", &mut |_| false));
    }

    #[test]
    fn the_page_can_be_switched_off() {
        let wanted = |value: &str| is_wanted(&[("CCWB_NO_BROWSER_NOTIFICATION", value)].into_iter().collect());
        assert!(!wanted("1") && !wanted("TRUE") && wanted("0") && wanted(""));
    }
}
