//! What others wrote, made fit for a terminal.

/// The text on one line, without what moves the cursor or turns the writing round, and at most this many characters of it.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let shown = |c: char| match c {
        // Marks without a width and marks of direction: they would make a message read as another.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    let clean: String = without_sequences(text).chars().map(shown).collect();
    let words: Vec<&str> = clean.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let cut: String = line.chars().take(longest).collect();
    format!("{}…", cut.trim_end())
}

/// The text without whole control sequences of terminals (ECMA-48 §5.4): what is left of a colour reads like a word.
fn without_sequences(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let begins = match c {
            '\u{1b}' => rest.next_if_eq(&'[').is_some(),
            '\u{9b}' => true,
            _ => false,
        };
        clean.push(if begins { ' ' } else { c });
        if begins {
            while rest.next_if(|c| matches!(c, '\u{20}'..='\u{3f}')).is_some() {}
            rest.next_if(|c| matches!(c, '\u{40}'..='\u{7e}'));
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\t d\u{202e}e", 100), "a b c d e");
        assert_eq!(
            printable("\u{1b}[1;31mred\u{1b}[0m \u{9b}Kx \u{1b}[ä \u{1b}[", 100),
            "red x ä"
        );
        assert_eq!(printable("a\u{1b}]0;title\u{7}[1]", 100), "a ]0;title [1]");
        assert_eq!(printable("äöü", 2), "äö…");
        assert_eq!(printable("äöü", 3), "äöü");
        assert_eq!(printable("", 3), "");
    }
}
