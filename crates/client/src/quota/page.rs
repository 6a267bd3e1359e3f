//! The page that is shown in the browser: what a program of an SDK writes to its terminal is seldom seen.

use super::answer::Answer;
use super::{Meter, banner, meter};

/// Per cent from which a bar is orange, and red. Source: the installations that exist.
const ORANGE: f64 = 90.0;
const RED: f64 = 100.0;
/// Looks of the page. It loads nothing from anywhere.
const STYLE: &str = "body{font-family:system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1b1b1b;\
background:#fff}.bar{background:#e4e4e4;border-radius:4px;height:1rem;overflow:hidden;margin:.25rem 0 1rem}\
.bar div{height:100%}.green{background:#2e7d32}.yellow{background:#f9c513}.orange{background:#e8710a}.red{background:#c5221f}\
p.message{white-space:pre-line}";

/// The page about a warning or a block, as HTML. Everything that the service said is escaped.
pub fn html(answer: &Answer) -> String {
    let (title, message) = match answer.allowed {
        true => (
            "Quota warning",
            "You can go on working. Little of your quota is left.".to_owned(),
        ),
        false => (banner::title(answer), banner::message(answer)),
    };
    let mut body = format!("<h1>{title}</h1>\n<p class=\"message\">{}</p>\n", escaped(&message));
    for meter in answer.meters() {
        body.push_str(&bar(&meter));
    }
    let mut further: Vec<String> = Vec::new();
    further.extend(banner::policy(answer));
    further.extend(banner::resets(answer));
    if !answer.allowed {
        further.push(banner::ask(answer));
    }
    for line in further {
        body.push_str(&format!("<p>{}</p>\n", escaped(&line)));
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n{body}</body>\n</html>\n"
    )
}

/// A line and its bar; without a limit there is nothing that a bar could show.
fn bar(meter: &Meter) -> String {
    let line = escaped(&meter.line());
    let Some(percent) = meter.percent() else {
        return format!("<p>{line}</p>\n");
    };
    let color = match percent {
        percent if percent >= RED => "red",
        percent if percent >= ORANGE => "orange",
        percent if percent >= meter::WARN => "yellow",
        _ => "green",
    };
    let width = percent.min(100.0);
    format!("<div>{line}</div>\n<div class=\"bar\"><div class=\"{color}\" style=\"width:{width:.1}%\"></div></div>\n")
}

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn page(value: serde_json::Value) -> String {
        html(&serde_json::from_value(value).unwrap())
    }

    #[test]
    fn bars_have_their_colours_and_widths() {
        for (used, color) in [
            (79.0, "green"),
            (80.0, "yellow"),
            (90.0, "orange"),
            (99.9, "orange"),
            (100.0, "red"),
            (250.0, "red"),
        ] {
            let page = page(json!({"allowed": true, "usage": {"daily_tokens": used, "daily_limit": 100}}));
            let width = f64::min(used, 100.0);
            assert!(
                page.contains(&format!("class=\"{color}\" style=\"width:{width:.1}%\"")),
                "{page}"
            );
        }
        let page = page(json!({"allowed": true, "usage": {"daily_tokens": 5, "daily_limit": 0}}));
        assert!(
            page.contains("Daily: 5 tokens (no limit)") && !page.contains("class=\"bar\""),
            "{page}"
        );
    }

    #[test]
    fn the_block_says_what_the_banner_says() {
        let page = page(json!({
            "allowed": false, "reason": "daily_exceeded", "message": "a & b", "policy": {"type": "group", "identifier": "<x>"},
            "resets_at": "2026-12-01T00:00:00Z", "contact": "o'neil",
        }));
        for part in [
            "<h1>ACCESS BLOCKED - QUOTA EXCEEDED</h1>",
            "a &amp; b",
            "Policy: group:&lt;x&gt;",
            "Resets at: 2026-12-01 00:00 UTC",
            "contact o&#39;neil.",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }

    proptest! {
        #[test]
        fn nothing_of_the_service_becomes_markup(text in "[a-z<>&\"' /=]{0,40}") {
            let hostile = format!("<script>{text}\"'>");
            let odd = page(json!({
                "allowed": false, "reason": hostile, "message": hostile, "contact": hostile,
                "policy": {"type": hostile, "identifier": hostile},
            }));
            let plain = page(json!({
                "allowed": false, "reason": "x", "message": "x", "contact": "x", "policy": {"type": "x", "identifier": "x"},
            }));
            for mark in ['<', '>', '"', '\''] {
                prop_assert_eq!(odd.matches(mark).count(), plain.matches(mark).count());
            }
        }
    }
}
