//! `settings-telemetry-protocol`

use super::known_region::is_placeholder;
use super::{Member, Settings};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-telemetry-protocol",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "Telemetry without a protocol, or with one that does not exist.",
    page: r##"## What it finds

`CLAUDE_CODE_ENABLE_TELEMETRY` with an exporter `otlp`, and no `OTEL_EXPORTER_OTLP_PROTOCOL` or one for the signal. As an
error: a protocol other than `grpc`, `http/json` and `http/protobuf`, and an exporter that is nearly one of `otlp`,
`prometheus`, `console` and `none`.

## Why it matters

The protocol has no default in Claude Code: without it, and with one that it does not know, nothing is exported.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "https://otel.example.com"
  }
}
```

```json .claude/settings.json
{
  "env": {
    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http"
                                   ^^^^^^
  }
}
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "https://otel.example.com"
  }
}
```

## How to fix it

Set `OTEL_EXPORTER_OTLP_PROTOCOL` to `grpc`, `http/protobuf` or `http/json`.

## Source

[Monitoring of Claude Code](https://code.claude.com/docs/en/monitoring-usage)
"##,
};

const PROTOCOL_VARIABLES: [&str; 4] = [
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
    "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
];

const PROTOCOLS: [&str; 3] = ["grpc", "http/json", "http/protobuf"];

const EXPORTER_VARIABLES: [&str; 3] = ["OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER", "OTEL_TRACES_EXPORTER"];

const EXPORTERS: [&str; 4] = ["otlp", "prometheus", "console", "none"];

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    const NAME: &str = "CLAUDE_CODE_ENABLE_TELEMETRY";
    let by_otlp = settings.env.iter().any(|variable| {
        variable.name.starts_with("OTEL_")
            && variable.name.ends_with("_EXPORTER")
            && variable
                .value
                .as_deref()
                .is_some_and(|value| value.split(',').any(|name| name.trim() == "otlp"))
    });
    let protocol = settings
        .env
        .iter()
        .any(|variable| variable.name.starts_with("OTEL_EXPORTER_OTLP_") && variable.name.ends_with("PROTOCOL"));
    if let Some(variable) = settings
        .variable(NAME)
        .filter(|_| settings.is_on(NAME) && by_otlp && !protocol)
    {
        let message = "`OTEL_EXPORTER_OTLP_PROTOCOL` has no default: nothing is exported without it";
        found.push(settings.finding(&RULE, &variable.name_span, message));
    }
    for variable in &settings.env {
        let value = variable.value.as_deref().unwrap_or_default();
        let name = variable.name.as_str();
        if PROTOCOL_VARIABLES.contains(&name) {
            protocol_value(settings, variable, value.trim(), found);
        } else if EXPORTER_VARIABLES.contains(&name) {
            for exporter in value.split(',').map(str::trim) {
                exporter_name(settings, variable, exporter, found);
            }
        }
    }
}

fn protocol_value(settings: &Settings, variable: &Member, value: &str, found: &mut Vec<Finding>) {
    if value.is_empty() || is_placeholder(value) || PROTOCOLS.contains(&value) {
        return;
    }
    let message = format!("`{value}` is no protocol of OTLP: nothing is exported with it");
    let finding = settings
        .finding(&RULE, &variable.value_span, message)
        .severity(Severity::Error)
        .help("it takes `grpc`, `http/json` and `http/protobuf`");
    let near = PROTOCOLS
        .into_iter()
        .find(|known| strsim::damerau_levenshtein(known, &value.to_ascii_lowercase()) <= 2);
    found.push(match near {
        Some(near) => finding
            .help(format!("did you mean `{near}`?"))
            .write_instead(format!("\"{near}\"")),
        None => finding,
    });
}

fn exporter_name(settings: &Settings, variable: &Member, name: &str, found: &mut Vec<Finding>) {
    let near = EXPORTERS
        .into_iter()
        .find(|known| strsim::damerau_levenshtein(known, &name.to_ascii_lowercase()) <= 1);
    if let Some(near) = near.filter(|near| *near != name) {
        let message = format!("`{name}` is no exporter of telemetry: nothing is exported by it");
        found.push(
            settings
                .finding(&RULE, &variable.value_span, message)
                .severity(Severity::Error)
                .help(format!("did you mean `{near}`?")),
        );
    }
}
