//! `developers.csv`.

use std::ops::Range;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::roster::{Entry, Field, Place};
use crate::diagnostic::{Diagnostic, Source};

/// Columns that a roster may have.
pub const COLUMNS: [&str; 6] = ["email", "id", "team", "project", "cost_center", "formerly"];

/// A roster file and what separates its fields.
#[derive(Debug)]
pub struct RosterFile {
    /// The file.
    pub source: Arc<Source>,
    delimiter: u8,
}

impl RosterFile {
    /// A roster whose fields are separated by commas, or by the semicolons or tabs that spreadsheets write.
    pub fn new(source: Arc<Source>) -> Self {
        let header = source.text.lines().next().unwrap_or("");
        let delimiter = [b';', b'\t']
            .into_iter()
            .find(|candidate| !header.contains(',') && header.as_bytes().contains(candidate))
            .unwrap_or(b',');
        Self { source, delimiter }
    }

    fn reader(&self, from: usize) -> csv::Reader<&[u8]> {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(self.source.text.as_bytes().get(from..).unwrap_or_default())
    }

    /// Bytes of a field, without the white space around it; those of the line when it has no such field.
    pub fn span(&self, record: usize, field: usize) -> Range<usize> {
        let text = &self.source.text;
        let bytes = text.as_bytes();
        let mut at = record;
        // The reader's position may be that of the line break before.
        while bytes.get(at).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            at += 1;
        }
        let line_end = text[at..].find(['\r', '\n']).map_or(text.len(), |len| at + len);
        let line = at..line_end;
        for index in 0.. {
            let end = self.field_end(at);
            if index == field {
                let raw = &text[at..end];
                let start = at + (raw.len() - raw.trim_start().len());
                return start..start + raw.trim().len();
            }
            if bytes.get(end) != Some(&self.delimiter) {
                break;
            }
            at = end + 1;
        }
        line
    }

    fn field_end(&self, start: usize) -> usize {
        let bytes = self.source.text.as_bytes();
        let mut quoted = false;
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => quoted = !quoted,
                b'\r' | b'\n' if !quoted => break,
                byte if *byte == self.delimiter && !quoted => break,
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// The rows; `None`, with errors, when there is no header to read them by.
    pub fn entries(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Entry>> {
        let mut rows = Rows::new(self);
        let Some((_, header)) = rows.next() else {
            let fault = Diagnostic::error(format!("`{}` is empty", self.source.name)).at(
                &self.source,
                0..0,
                "expected a header line, as `email,team,cost_center`",
            );
            diagnostics.push(fault);
            return None;
        };
        let columns = self.columns(&header, diagnostics)?;
        let mut entries = Vec::new();
        while let Some((start, mut record)) = rows.next() {
            if let Some(index) = self.unclosed(start, &record) {
                let fault = Diagnostic::error("this field runs over the end of its line");
                diagnostics.push(
                    fault
                        .at(&self.source, self.span(start, index), "expected a closing `\"`")
                        .help("everything up to the next `\"` was taken for this field"),
                );
                // The quote is taken to end with its line, so that the rows behind it are rows.
                rows.restart(self.line_end(start));
                record.truncate(index);
                let mut entry = self.entry(&record, start, &columns, diagnostics);
                entry.faulty = true;
                entries.push(entry);
                continue;
            }
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            if record.len() < columns.len() {
                let fault = Diagnostic::error(format!(
                    "this row has {} of the header's {} fields",
                    record.len(),
                    columns.len()
                ));
                let expected = "expected a field for every column; what is not known stays empty";
                diagnostics.push(fault.at(&self.source, self.span(start, usize::MAX), expected));
            }
            entries.push(self.entry(&record, start, &columns, diagnostics));
        }
        Some(entries)
    }

    /// The field whose quote is not closed on its line.
    fn unclosed(&self, start: usize, record: &StringRecord) -> Option<usize> {
        let broken = |field: &str| field.trim_end().contains(['\n', '\r']);
        record.iter().position(broken).or_else(|| {
            // At the end of the file there is nothing that it could run over into.
            let open = |text: &str| !text.matches('"').count().is_multiple_of(2);
            let line = self.source.text.get(start..self.line_end(start))?;
            let field = |index: &usize| self.source.text.get(self.span(start, *index)).is_some_and(open);
            open(line).then(|| (0..record.len()).find(field))?
        })
    }

    /// Where the line ends on which a row starts.
    fn line_end(&self, start: usize) -> usize {
        let rest = self.source.text.get(start..).unwrap_or("");
        rest.find(['\r', '\n'])
            .map_or(self.source.text.len(), |len| start + len)
    }

    fn columns(&self, header: &StringRecord, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Option<&'static str>>> {
        let before = diagnostics.len();
        if header.iter().any(|name| name.contains('@')) {
            let fault = Diagnostic::error(format!("`{}` has no header line", self.source.name)).at(
                &self.source,
                self.span(0, 0),
                "expected the names of the columns, as `email,team,cost_center`",
            );
            diagnostics.push(fault);
            return None;
        }
        let mut columns: Vec<Option<&'static str>> = Vec::new();
        for (index, name) in header.iter().enumerate() {
            let span = self.span(0, index);
            let name = name.trim();
            match COLUMNS.iter().find(|column| **column == name) {
                Some(column) if columns.contains(&Some(column)) => {
                    let fault = Diagnostic::error(format!("column `{name}` stands twice in `{}`", self.source.name));
                    diagnostics.push(fault.at(&self.source, span, "expected each column once"));
                    columns.push(None);
                }
                Some(column) => columns.push(Some(column)),
                None => {
                    diagnostics.push(
                        Diagnostic::error(format!("unknown column `{name}`"))
                            .at(&self.source, span, format!("expected one of {}", COLUMNS.join(", ")))
                            .nearest(name, COLUMNS),
                    );
                    columns.push(None);
                }
            }
        }
        if !columns.contains(&Some("email")) && diagnostics.len() == before {
            let fault = Diagnostic::error(format!("`{}` has no column `email`", self.source.name));
            diagnostics.push(fault.at(
                &self.source,
                self.span(0, COLUMNS.len()),
                "expected `email` in the header line",
            ));
        }
        Some(columns)
    }

    fn entry(
        &self,
        record: &StringRecord,
        start: usize,
        columns: &[Option<&str>],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Entry {
        let mut entry = Entry::at(Place::Row { start });
        // Whose column is missing or has another name is no fault of the row.
        entry.faulty = !columns.contains(&Some("email"));
        for (index, value) in record.iter().enumerate() {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let Some(column) = columns.get(index) else {
                let fault = Diagnostic::error(format!("this row has more fields than the header's {}", columns.len()));
                diagnostics.push(
                    fault
                        .at(&self.source, self.span(start, index), "expected no further field")
                        .help("a field that contains the separator stands in double quotes"),
                );
                break;
            };
            let field = Field {
                text: value.to_owned(),
                place: Place::Cell { start, index },
            };
            match *column {
                Some("email") => entry.email = Some(field),
                Some("id") => entry.id = Some(field),
                Some("team") => entry.team = Some(field),
                Some("project") => entry.project = Some(field),
                Some("cost_center") => entry.cost_center = Some(field),
                Some(_) => entry.formerly = Some(field),
                None => {}
            }
        }
        entry
    }
}

/// The rows of a roster, each with the byte at which it starts.
struct Rows<'a> {
    file: &'a RosterFile,
    reader: csv::Reader<&'a [u8]>,
    /// Byte at which the reader began.
    base: usize,
}

impl<'a> Rows<'a> {
    fn new(file: &'a RosterFile) -> Self {
        Self {
            file,
            reader: file.reader(0),
            base: 0,
        }
    }

    fn next(&mut self) -> Option<(usize, StringRecord)> {
        let mut record = StringRecord::new();
        // The text is UTF-8 and rows may differ in length: reading cannot fail.
        if !self.reader.read_record(&mut record).unwrap_or(false) {
            return None;
        }
        let byte = record.position().map_or(0, |position| position.byte());
        let mut start = self.base + usize::try_from(byte).unwrap_or(0);
        // The reader's position may be that of the line break before.
        let bytes = self.file.source.text.as_bytes();
        while bytes.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        Some((start, record))
    }

    /// Goes on from another byte.
    fn restart(&mut self, at: usize) {
        self.base = at;
        self.reader = self.file.reader(at);
    }
}
