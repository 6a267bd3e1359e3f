//! What the browser shows when it comes back.

/// A page with a title and a sentence.
fn page(title: &str, sentence: &str) -> String {
    let (title, sentence) = (escaped(title), escaped(sentence));
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>body{{font:16px/1.5 \
         system-ui,sans-serif;margin:4rem auto;max-width:32rem;padding:0 1rem}}</style></head>\n\
         <body><h1>{title}</h1><p>{sentence}</p></body></html>\n"
    )
}

/// Text that no browser takes for anything else.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

pub fn signed_in() -> String {
    page("Signed in", "You can close this window and go back to your terminal.")
}

pub fn failed(why: &str) -> String {
    page("Not signed in", why)
}

pub fn foreign() -> String {
    page(
        "Not this login",
        "This answer belongs to another login. Go on with the newest login page; the terminal shows its address.",
    )
}

pub fn nothing() -> String {
    page("Nothing here", "This address is for the end of a login only.")
}
