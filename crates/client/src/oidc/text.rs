//! What others wrote, made fit for a terminal.

/// The text on one line, without what moves the cursor or turns the writing round, and at most this many characters of it.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let shown = |c: char| match c {
        // Marks without a width and marks of direction: they would make a message read as another.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    let clean: String = text.chars().map(shown).collect();
    let words: Vec<&str> = clean.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let cut: String = line.chars().take(longest).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\t d\u{202e}e", 100), "a [2Jb c d e");
        assert_eq!(printable("äöü", 2), "äö…");
        assert_eq!(printable("äöü", 3), "äöü");
        assert_eq!(printable("", 3), "");
    }
}
