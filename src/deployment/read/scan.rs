//! Brackets, strings and comments of a text that does not parse.

/// Whether `offset` stands in a list.
pub fn in_list(text: &str, offset: usize) -> bool {
    let before = text.get(..offset).unwrap_or("");
    open_brackets(before).last().is_some_and(|(_, bracket)| *bracket == '[')
}

/// Where the innermost bracket starts that is open at the end.
pub fn unclosed_bracket(text: &str) -> Option<usize> {
    open_brackets(text).last().map(|(at, _)| *at)
}

/// The brackets that are open at the end, the outermost first.
pub fn open_brackets(text: &str) -> Vec<(usize, char)> {
    let mut open = Vec::new();
    scan(text, |token| match token {
        Token::Open(at, bracket) => open.push((at, bracket)),
        Token::Close(_) => drop(open.pop()),
        Token::UnclosedString(_) => {}
    });
    open
}

/// Where the first quoted string starts that is not closed on its line.
pub fn unclosed_string(text: &str) -> Option<usize> {
    let mut found = None;
    scan(text, |token| {
        if let Token::UnclosedString(at) = token {
            found = found.or(Some(at));
        }
    });
    found
}

/// A comment or text of several lines that runs to the end of the file.
#[derive(Debug)]
pub enum Unclosed {
    /// A comment from this byte on.
    Comment(usize),
    /// A heredoc.
    Heredoc {
        /// Byte of its `<<`.
        at: usize,
        /// The word that would end it.
        name: String,
    },
}

/// What runs to the end of the file without an end of its own.
pub fn unclosed_text(text: &str) -> Option<Unclosed> {
    scan(text, |_| {})
}

/// What [`scan`] finds.
pub enum Token {
    /// A bracket opens.
    Open(usize, char),
    /// A bracket closes.
    Close(usize),
    /// A quoted string is not closed on its line.
    UnclosedString(usize),
}

/// Walks over brackets and strings. Only used to word a fault that the parser found, so it may be simple: the end of
/// a heredoc is a line that holds its name alone, and interpolations are skipped with their string.
pub fn scan(text: &str, mut each: impl FnMut(Token)) -> Option<Unclosed> {
    let mut heredoc: Option<(usize, String)> = None;
    let mut comment = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let offset = start;
        start += line.len();
        if let Some((_, name)) = &heredoc {
            if line.trim() == name {
                heredoc = None;
            }
            continue;
        }
        let mut string = None;
        let mut chars = line.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            match (c, string, comment.is_some()) {
                ('*', _, true) if next == Some('/') => {
                    comment = None;
                    chars.next();
                }
                (_, _, true) => {}
                ('\\', Some(_), _) => drop(chars.next()),
                ('"', Some(_), _) => string = None,
                (_, Some(_), _) => {}
                ('"', None, _) => string = Some(offset + at),
                ('#', None, _) => break,
                ('/', None, _) if next == Some('/') => break,
                ('/', None, _) if next == Some('*') => {
                    comment = Some(offset + at);
                    chars.next();
                }
                ('{' | '[' | '(', None, _) => each(Token::Open(offset + at, c)),
                ('}' | ']' | ')', None, _) => each(Token::Close(offset + at)),
                ('<', None, _) if next == Some('<') => {
                    let name = line[at + 2..].trim().trim_start_matches('-').to_owned();
                    heredoc = Some((offset + at, name));
                    break;
                }
                _ => {}
            }
        }
        if let Some(at) = string {
            each(Token::UnclosedString(at));
        }
    }
    match (comment, heredoc) {
        (Some(at), _) => Some(Unclosed::Comment(at)),
        (None, Some((at, name))) => Some(Unclosed::Heredoc { at, name }),
        (None, None) => None,
    }
}
