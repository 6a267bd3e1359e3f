//! Servers whose TLS is none, or not to be trusted. Which roots count stands in the environment of the process, so the question is
//! put by a child: this program again, started for one test that does something only for it.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use client::Kind;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

use crate::server::http;

const ADDRESS: &str = "TEST_ADDRESS_OF_CHILD";

/// Asks and prints what came of it.
#[test]
fn child_that_asks() {
    if let Ok(address) = std::env::var(ADDRESS) {
        match http().get(&address, &[]) {
            Ok(answer) => println!("<{}>", answer.status),
            Err(error) => {
                assert_eq!(error.kind, Kind::Network);
                println!("<{error}>");
            }
        }
    }
}

fn keys() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys/tls")
}

/// What a child says that asks the server at this port, and trusts this root.
fn said(port: u16, root: &str) -> String {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::child_that_asks", "--nocapture"])
        .env(ADDRESS, format!("https://localhost:{port}/secret-path"))
        .env("SSL_CERT_FILE", keys().join(root))
        .output()
        .unwrap();
    let text = String::from_utf8(child.stdout).unwrap();
    assert!(child.status.success(), "{text}");
    let (_, said) = text.split_once('<').unwrap();
    let said = said.rsplit_once('>').unwrap().0.to_owned();
    assert!(!said.contains("secret-path"), "{said}");
    said
}

/// A server at a free port that does this with its first connection.
fn server(serve: impl FnOnce(std::net::TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || serve(listener.accept().unwrap().0));
    port
}

/// A server of TLS with this certificate.
fn with(certificate: &str) -> u16 {
    let certificate = CertificateDer::from_pem_file(keys().join(certificate)).unwrap();
    let key = PrivateKeyDer::from_pem_file(keys().join("server.pkcs8.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    server(move |mut stream| {
        let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut tls = rustls::Stream::new(&mut connection, &mut stream);
        // Whoever does not trust it hangs up here.
        if tls.read(&mut [0; 1024]).is_ok() {
            tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .unwrap();
        }
    })
}

/// A server that answers anything with this.
fn with_bytes(bytes: &'static [u8]) -> u16 {
    server(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        stream.write_all(bytes).unwrap();
        // Until the other side has read it.
        let _ = stream.read(&mut [0; 1024]);
    })
}

#[test]
fn each_fault_of_a_certificate_has_its_words() {
    assert_eq!(said(with("good.crt.pem"), "root.crt.pem"), "200");
    let untrusted = said(with("good.crt.pem"), "../client.crt.pem");
    assert!(
        untrusted.contains("of localhost is of an issuer that this machine does not trust")
            && untrusted.contains("proxy opens TLS"),
        "{untrusted}"
    );
    let other = said(with("other.crt.pem"), "root.crt.pem");
    assert!(
        other.starts_with("the certificate is not one of localhost") && other.contains("other.example"),
        "{other}"
    );
    let expired = said(with("expired.crt.pem"), "root.crt.pem");
    assert!(
        expired.contains("has expired: it ended at 2021-01-01T00:00:00Z, and the clock of this machine says 2"),
        "{expired}"
    );
    let early = said(with("early.crt.pem"), "root.crt.pem");
    assert!(
        early.contains("not valid yet: it begins at 2100-01-01T00:00:00Z") && early.contains("set the clock"),
        "{early}"
    );
}

#[test]
fn a_port_without_tls_is_no_fault_of_a_certificate() {
    let plain = said(
        with_bytes(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        "root.crt.pem",
    );
    assert!(
        plain.contains("localhost speaks no TLS at this port") && !plain.contains("certificate"),
        "{plain}"
    );
    // A fatal alert: handshake_failure (RFC 8446 §6).
    let refused = said(with_bytes(&[21, 3, 3, 0, 2, 2, 40]), "root.crt.pem");
    assert!(
        refused.contains("localhost refused the secure connection (TLS alert `HandshakeFailure`)"),
        "{refused}"
    );
}
