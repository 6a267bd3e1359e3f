//! Lines: indentation and alignment.

use unicode_segmentation::UnicodeSegmentation;

use super::Piece;
use super::spacing::space_between;
use crate::syntax::TokenKind;

/// A line with the cells that are aligned with those of its neighbours.
#[derive(Debug, Default)]
pub(super) struct Line<'s> {
    /// Everything up to the `=`, or the whole line without its comment.
    lead: Vec<Piece<'s>>,
    /// From the `=` on, where what follows it is complete on this line.
    assign: Vec<Piece<'s>>,
    /// A comment at the end, up to and with the newline.
    comment: Vec<Piece<'s>>,
}

/// Splits a file into lines. A template that goes over several lines counts as one line, except where a line breaks
/// inside an interpolation.
pub(super) fn split(pieces: Vec<Piece<'_>>) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut current = Vec::new();
    for piece in pieces {
        let ends = piece.ends_line();
        current.push(piece);
        if ends {
            lines.push(cells(std::mem::take(&mut current)));
        }
    }
    // The blanks at the end of the file stay, so its end is a line of its own.
    let end = current.pop();
    if !current.is_empty() {
        lines.push(cells(current));
    }
    lines.push(Line {
        lead: end.into_iter().collect(),
        ..Line::default()
    });
    lines
}

fn cells(mut lead: Vec<Piece<'_>>) -> Line<'_> {
    let mut comment = Vec::new();
    if lead.len() > 1 && lead.last().is_some_and(|piece| piece.kind == TokenKind::Comment) {
        comment.extend(lead.pop());
    }
    let equals = lead
        .iter()
        .skip(1)
        .position(|piece| piece.kind == TokenKind::Assign)
        .map(|index| index + 1);
    let assign = match equals {
        Some(at) if lead.iter().skip(at).map(Piece::nesting).sum::<isize>() == 0 => lead.split_off(at),
        _ => Vec::new(),
    };
    Line { lead, assign, comment }
}

/// Sets the indentation: two blanks for each line above that opened more brackets than it closed, as long as these are
/// not closed.
pub(super) fn indent(lines: &mut [Line<'_>]) {
    // For each level the brackets that its line left open.
    let mut open: Vec<isize> = Vec::new();
    for line in lines {
        // The brackets after a `=` are balanced, or they would not be in a cell of their own. Those in a heredoc count
        // where they close, but not on the line where the heredoc starts.
        let counted = line
            .lead
            .iter()
            .take_while(|piece| piece.kind != TokenKind::HeredocOpen);
        let nesting: isize = counted.map(Piece::nesting).sum();
        let Some(first) = line.lead.first_mut() else { continue };
        match first.kind {
            TokenKind::Newline => {
                first.blanks = 0;
                continue;
            }
            TokenKind::End => continue,
            _ => {}
        }
        let mut closed = -nesting;
        while closed > 0
            && let Some(last) = open.last_mut()
        {
            let here = closed.min(*last);
            *last -= here;
            closed -= here;
            if *last == 0 {
                open.pop();
            }
        }
        first.blanks = 2 * open.len();
        if nesting > 0 {
            open.push(nesting);
        }
    }
}

/// Sets the blanks between the tokens of each cell.
pub(super) fn space(lines: &mut [Line<'_>]) {
    for line in lines {
        for cell in [&mut line.lead, &mut line.assign] {
            for index in 1..cell.len() {
                let before = index.checked_sub(2).and_then(|i| cell.get(i)).map(|piece| piece.kind);
                let (Some(subject), Some(after)) = (cell.get(index - 1), cell.get(index)) else {
                    continue;
                };
                let blanks = usize::from(space_between(before, subject, after, cell.get(index + 1)));
                if let Some(after) = cell.get_mut(index) {
                    after.blanks = blanks;
                }
            }
        }
    }
}

/// Aligns the `=` and the comments of neighbouring lines.
pub(super) fn align(lines: &mut [Line<'_>]) {
    for run in lines.chunk_by_mut(|a, b| a.assign.is_empty() == b.assign.is_empty()) {
        let widest = run.iter().map(|line| width(&line.lead)).max().unwrap_or(0);
        for line in run {
            let blanks = widest - width(&line.lead) + 1;
            if let Some(first) = line.assign.first_mut() {
                first.blanks = blanks;
            }
        }
    }
    for run in lines.chunk_by_mut(|a, b| a.comment.is_empty() == b.comment.is_empty()) {
        let end = |line: &Line<'_>| width(&line.lead) + width(&line.assign);
        let widest = run.iter().map(end).max().unwrap_or(0);
        for line in run {
            let blanks = widest - end(line) + 1;
            if let Some(first) = line.comment.first_mut() {
                first.blanks = blanks;
            }
        }
    }
}

/// The width of a cell in characters as people see them.
fn width(cell: &[Piece<'_>]) -> usize {
    cell.iter()
        .map(|piece| piece.blanks + piece.text.graphemes(true).count())
        .sum()
}

/// The text of all lines.
pub(super) fn join(lines: &[Line<'_>], capacity: usize) -> String {
    let mut text = String::with_capacity(capacity);
    for piece in lines
        .iter()
        .flat_map(|line| line.lead.iter().chain(&line.assign).chain(&line.comment))
    {
        text.extend(std::iter::repeat_n(' ', piece.blanks));
        text.push_str(&piece.text);
    }
    text
}
