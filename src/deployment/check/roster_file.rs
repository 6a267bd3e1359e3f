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

    /// The rows; `None`, with errors, when the header cannot be used.
    pub fn entries(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Entry>> {
        let mut reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(self.source.text.as_bytes());
        let mut record = StringRecord::new();
        let mut next = |record: &mut StringRecord| {
            // The text is UTF-8 and lines may differ in length: reading cannot fail.
            reader.read_record(record).unwrap_or(false)
        };
        if !next(&mut record) {
            let fault = Diagnostic::error(format!("`{}` is empty", self.source.name)).at(
                &self.source,
                0..0,
                "expected a header line, as `email,team,cost_center`",
            );
            diagnostics.push(fault);
            return None;
        }
        let columns = self.columns(&record, diagnostics)?;
        let mut entries = Vec::new();
        while next(&mut record) {
            let start = record
                .position()
                .map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            entries.push(self.entry(&record, start, &columns, diagnostics));
        }
        Some(entries)
    }

    fn columns(&self, header: &StringRecord, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<&'static str>> {
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
        let mut columns: Vec<&'static str> = Vec::new();
        for (index, name) in header.iter().enumerate() {
            let span = self.span(0, index);
            let name = name.trim();
            match COLUMNS.iter().find(|column| **column == name) {
                Some(column) if columns.contains(column) => diagnostics.push(
                    Diagnostic::error(format!("column `{name}` stands twice in `{}`", self.source.name)).at(
                        &self.source,
                        span,
                        "expected each column once",
                    ),
                ),
                Some(column) => columns.push(column),
                None => diagnostics.push(
                    Diagnostic::error(format!("unknown column `{name}`"))
                        .at(&self.source, span, format!("expected one of {}", COLUMNS.join(", ")))
                        .nearest(name, COLUMNS),
                ),
            }
        }
        if !columns.contains(&"email") && diagnostics.len() == before {
            let fault = Diagnostic::error(format!("`{}` has no column `email`", self.source.name));
            diagnostics.push(fault.at(
                &self.source,
                self.span(0, COLUMNS.len()),
                "expected `email` in the header line",
            ));
        }
        (diagnostics.len() == before).then_some(columns)
    }

    fn entry(&self, record: &StringRecord, start: usize, columns: &[&str], diagnostics: &mut Vec<Diagnostic>) -> Entry {
        let mut entry = Entry::at(Place::Row { start });
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
            if value.contains(['\n', '\r']) {
                let fault = Diagnostic::error("this field runs over the end of its line");
                diagnostics.push(
                    fault
                        .at(&self.source, self.span(start, index), "expected a closing `\"`")
                        .help("everything up to the next `\"` was taken for this field"),
                );
                entry.faulty = true;
                break;
            }
            let field = Field {
                text: value.to_owned(),
                place: Place::Cell { start, index },
            };
            match *column {
                "email" => entry.email = Some(field),
                "id" => entry.id = Some(field),
                "team" => entry.team = Some(field),
                "project" => entry.project = Some(field),
                "cost_center" => entry.cost_center = Some(field),
                _ => entry.formerly = Some(field),
            }
        }
        entry
    }
}
