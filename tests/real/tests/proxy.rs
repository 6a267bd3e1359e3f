//! The faults of the proxy, as boto3 understands them: each service's error comes in its own protocol.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::time::Duration;

use real::http;
use real::moto::Moto;
use real::proxy::{Fault, Proxy};
use serde_json::{Value, json};

/// One call of one service of each protocol: the code of its error, or what botocore raises instead, or `ok`.
const CALLS: &str = r#"
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

config = Config(retries={"total_max_attempts": 1}, read_timeout=1, s3={"addressing_style": "path"})
session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
def client_of(service):
    return session.client(service, endpoint_url=endpoint, config=config)
calls = {
    "account": lambda: client_of("account").get_account_information(),
    "ce": lambda: client_of("ce").list_cost_allocation_tags(),
    "iam": lambda: client_of("iam").list_users(),
    "s3": lambda: client_of("s3").list_buckets(),
    "monitoring": lambda: client_of("cloudwatch").get_metric_statistics(
        Namespace="a", MetricName="b", StartTime=0, EndTime=1, Period=60, Statistics=["Sum"]),
}
result = {}
for name, call in calls.items():
    for _ in range(times):
        try:
            call()
            result.setdefault(name, []).append("ok")
        except ClientError as error:
            result.setdefault(name, []).append(error.response["Error"]["Code"])
        except Exception as error:
            result.setdefault(name, []).append(type(error).__name__)
"#;

/// What each service's calls came to, `times` of each.
fn told(moto: &Moto, proxy: &Proxy, times: u8) -> Value {
    let script = format!("endpoint, times = {:?}, {times}\n{CALLS}", proxy.endpoint());
    moto.boto3(&script).unwrap()
}

fn everywhere(outcomes: &[&str]) -> Value {
    let services = ["account", "ce", "iam", "monitoring", "s3"];
    services
        .iter()
        .map(|service| ((*service).to_owned(), json!(outcomes)))
        .collect()
}

#[test]
fn each_fault_reaches_each_service_in_its_protocol() {
    let moto = Moto::start().unwrap();
    let proxy = Proxy::start(moto.port()).unwrap();
    assert_eq!(told(&moto, &proxy, 1), everywhere(&["ok"]));

    let codes = |fault| {
        proxy.clear();
        proxy.all(fault);
        told(&moto, &proxy, 1)
    };
    assert_eq!(
        codes(Fault::ThrottleAll),
        json!({
            "account": ["ThrottlingException"], "ce": ["ThrottlingException"], "iam": ["Throttling"],
            "s3": ["SlowDown"], "monitoring": ["ThrottlingException"],
        })
    );
    assert_eq!(
        codes(Fault::ExpiredCredentials),
        json!({
            "account": ["ExpiredTokenException"], "ce": ["ExpiredTokenException"], "iam": ["ExpiredToken"],
            "s3": ["ExpiredToken"], "monitoring": ["ExpiredTokenException"],
        })
    );
    assert_eq!(
        codes(Fault::ClockSkew),
        json!({
            "account": ["InvalidSignatureException"], "ce": ["InvalidSignatureException"], "iam": ["SignatureDoesNotMatch"],
            "s3": ["RequestTimeTooSkewed"], "monitoring": ["InvalidSignatureException"],
        })
    );
    assert_eq!(codes(Fault::FailAll), everywhere(&["InternalFailure"]));
    assert_eq!(codes(Fault::Reset), everywhere(&["ConnectionClosedError"]));
    assert_eq!(codes(Fault::Hang), everywhere(&["ReadTimeoutError"]));

    // boto3 takes half of an answer for a whole one, so this is looked at without it.
    proxy.clear();
    let (_, whole) = http::request(proxy.port(), "GET", "/tfgen-world", b"").unwrap();
    proxy.all(Fault::Truncate);
    let (status, half) = http::request(proxy.port(), "GET", "/tfgen-world", b"").unwrap();
    assert_eq!((status, half.as_slice()), (200, &whole[..whole.len() / 2]));
}

#[test]
fn a_fault_may_be_of_some_requests_of_one_service() {
    let moto = Moto::start().unwrap();
    let proxy = Proxy::start(moto.port()).unwrap();
    proxy.all(Fault::FailEveryThird);
    proxy.service("ce", Fault::ThrottleEverySecond);
    let outcomes = told(&moto, &proxy, 4);
    assert_eq!(
        outcomes["ce"],
        json!(["ok", "ThrottlingException", "ok", "ThrottlingException"])
    );
    assert_eq!(outcomes["s3"], json!(["ok", "ok", "InternalFailure", "ok"]));
    let faults: Vec<Option<Fault>> = proxy
        .seen()
        .into_iter()
        .filter(|seen| seen.service == "s3")
        .map(|seen| seen.fault)
        .collect();
    assert_eq!(faults, [None, None, Some(Fault::FailEveryThird), None]);

    proxy.clear();
    proxy.all(Fault::Delay(Duration::from_millis(100)));
    assert_eq!(told(&moto, &proxy, 1), everywhere(&["ok"]));
    let last = proxy.seen().pop().and_then(|seen| seen.fault);
    assert_eq!(last, Some(Fault::Delay(Duration::from_millis(100))));
}
