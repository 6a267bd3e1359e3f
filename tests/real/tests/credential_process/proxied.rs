//! Behind a company's proxy that wants a name and a password.

use real::web_proxy::{PASSWORD, WebProxy};

use crate::gate;
use crate::stage::Stage;

/// Exit code of the sub-commands.
const NETWORK: i32 = 9;
const STS: &str = "sts.us-east-1.amazonaws.com";

#[test]
fn aws_is_asked_through_the_proxy_and_this_machine_is_not() {
    let stage = Stage::new();
    let proxy = WebProxy::start(&[(STS, stage.gate.port())]).unwrap();
    stage.hide(PASSWORD);
    // AWS STS by its own name, which leads to the gate behind the proxy.
    stage.unset("AWS_ENDPOINT_URL_STS");
    stage.set("SSL_CERT_FILE", proxy.authority());
    stage.set("HTTPS_PROXY", proxy.address(PASSWORD));
    stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
    assert_eq!(stage.gate.federated().len(), 1);
    let log = proxy.log().unwrap();
    assert!(log.contains(&format!("CONNECT {STS}:443")), "{log}");
    assert!(!log.contains(gate::host(stage.provider.issuer())), "{log}");

    let fails = |said: &str| {
        std::fs::remove_file(stage.session()).unwrap_or_default();
        for (args, code) in [(&["login"][..], NETWORK), (&[], 1)] {
            let ended = stage.start(args).signed_in_if_asked(&stage.provider, "alice");
            assert_eq!(ended.refusal(), (code, said.to_owned()));
        }
    };
    let wrong = "a-wrong-password-of-alice";
    stage.hide(wrong);
    stage.set("HTTPS_PROXY", proxy.address(wrong));
    fails(&format!(
        "the proxy refused the connection to {STS} (HTTP status 401)\n  look at `HTTPS_PROXY`, and at the name and password that the proxy wants"
    ));
    stage.set("HTTPS_PROXY", proxy.anonymous());
    fails(&format!(
        "the proxy refused the connection to {STS} (HTTP status 407)\n  look at `HTTPS_PROXY`, and at the name and password that the proxy wants"
    ));
    stage.set("HTTPS_PROXY", "http://proxy.company.invalid:3128");
    fails(
        "the name of the proxy, proxy.company.invalid, cannot be resolved\n  look at the network, the VPN and `HTTPS_PROXY`",
    );
    // Nobody trusts the authority behind the proxy.
    stage.set("HTTPS_PROXY", proxy.address(PASSWORD));
    stage.unset("SSL_CERT_FILE");
    fails(&format!(
        "the certificate of {STS} is of an issuer that this machine does not trust\n  where the company's proxy opens TLS, its root \
         certificate must be in the system's store (on Linux `SSL_CERT_FILE` can name another one): ask whoever keeps the network, \
         and trust no certificate that somebody else sends you"
    ));
}
