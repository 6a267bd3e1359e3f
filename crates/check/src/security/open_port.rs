//! `security-open-port`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::ast::{Attribute, Expression, Span};
use terraform::module::{FileId, View};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-open-port",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A port for administrators that the whole internet may reach.",
    page: r##"## What it finds

SSH (22), RDP (3389) or every port opened to `0.0.0.0/0` or `::/0`: in an `aws_security_group`, an
`aws_security_group_rule` or an `aws_vpc_security_group_ingress_rule`.

## Why it matters

These ports are tried from everywhere within minutes, with lists of passwords and with whatever was found last week.
Session Manager and EC2 Instance Connect reach a machine without an open port.

## Bad

```hcl main.tf
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = "sg-0123456789abcdef0"

  cidr_ipv4   = "0.0.0.0/0" # <- here
  ip_protocol = "tcp"
  from_port   = 22
  to_port     = 22
}
```

## Good

```hcl main.tf
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = "sg-0123456789abcdef0"

  cidr_ipv4   = "10.20.0.0/16"
  ip_protocol = "tcp"
  from_port   = 22
  to_port     = 22
}
```

## How to fix it

Name the network that people come from, or use Session Manager and open nothing.

## Source

[Security group rules for different use cases](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html)
"##,
};

/// Ports at which people administer machines.
const PORTS: [i64; 2] = [22, 3389];

/// Arguments that hold networks, in each of the three resource types.
const NETWORKS: [&str; 4] = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for group in look.resources("aws_security_group") {
        for (file, ingress) in group.view.blocks_of("ingress") {
            judge(look, &View::single(file, &ingress.body), "protocol", found);
        }
    }
    for rule in look.resources("aws_security_group_rule") {
        let direction = rule.view.attribute("type").and_then(|(_, kind)| look.text(&kind.value));
        if direction.as_deref() == Some("ingress") {
            judge(look, &rule.view, "protocol", found);
        }
    }
    for rule in look.resources("aws_vpc_security_group_ingress_rule") {
        judge(look, &rule.view, "ip_protocol", found);
    }
}

fn judge(look: &Look<'_, '_>, rule: &View<'_>, protocol: &str, found: &mut Vec<Finding>) {
    let number = |attribute: Option<(FileId, &Attribute)>| match look.value(&attribute?.1.value) {
        Value::Number(number) => number.text()?.parse::<i64>().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let protocol = rule
        .attribute(protocol)
        .map(|(_, protocol)| look.value(&protocol.value));
    let what = match &protocol {
        Some(Value::String(name)) if name == "-1" || name == "all" => "every port".to_owned(),
        Some(Value::Number(number)) if number.text().as_deref() == Some("-1") => "every port".to_owned(),
        Some(Value::String(name)) if name == "tcp" || name == "6" => {
            let ports = (number(rule.attribute("from_port")), number(rule.attribute("to_port")));
            let (Some(from), Some(to)) = ports else { return };
            match PORTS.iter().find(|port| (from..=to).contains(port)) {
                Some(_) if to - from >= 60_000 => "every port".to_owned(),
                Some(port) => format!("port {port}"),
                None => return,
            }
        }
        _ => return,
    };
    for name in NETWORKS {
        if let Some((file, networks)) = rule.attribute(name)
            && let Some(span) = everywhere(look, &networks.value)
        {
            let message = format!("{what} is open to the whole internet");
            found.push(look.finding(&RULE, file, &span, message));
        }
    }
}

/// Where an expression names every address there is.
fn everywhere(look: &Look<'_, '_>, networks: &Expression) -> Option<Span> {
    let is_all = |text: &str| matches!(text, "0.0.0.0/0" | "::/0");
    let all = match look.text(networks) {
        Some(text) => is_all(&text),
        None => look.list(networks)?.iter().any(|text| is_all(text)),
    };
    all.then(|| networks.span.clone())
}
