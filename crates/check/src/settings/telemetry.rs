//! `settings-telemetry-protocol`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-telemetry-protocol",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "Telemetry without a protocol.",
    page: r##"## What it finds

`CLAUDE_CODE_ENABLE_TELEMETRY` with an exporter `otlp`, and no `OTEL_EXPORTER_OTLP_PROTOCOL` or one for the signal.

## Why it matters

The protocol has no default in Claude Code: without it nothing is exported.

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
}
