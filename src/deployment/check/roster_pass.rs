//! What is checked of each developer, and of all of them together.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::roster::{Entry, Field, Place};
use super::roster_file::RosterFile;
use super::text::{LONGEST_TAG_VALUE, bad_tag_character, developer_id, developer_id_fault, is_email, shown};
use crate::deployment::model::Developer;
use crate::diagnostic::{Diagnostic, Source};

/// One reading of all developers: what is wrong with each, and with all of them together.
pub struct Pass<'a> {
    /// The deployment file.
    pub source: &'a Arc<Source>,
    /// The roster, where there is one.
    pub roster_file: Option<&'a RosterFile>,
    /// Where faults go.
    pub diagnostics: &'a mut Vec<Diagnostic>,
    /// Where each developer stands, by id.
    pub places: HashMap<String, (Arc<Source>, Range<usize>)>,
    /// Values that cannot be tags, with whether they are e-mail addresses.
    pub tag_faults: Vec<(bool, Diagnostic)>,
}

impl Pass<'_> {
    fn place(&self, place: &Place) -> (Arc<Source>, Range<usize>) {
        match (place, self.roster_file) {
            (Place::File(span), _) => (Arc::clone(self.source), span.clone()),
            (Place::Row { start }, Some(file)) => (Arc::clone(&file.source), file.span(*start, usize::MAX)),
            (Place::Cell { start, index }, Some(file)) => (Arc::clone(&file.source), file.span(*start, *index)),
            (Place::Row { .. } | Place::Cell { .. }, None) => (Arc::clone(self.source), 0..0),
        }
    }

    fn error(&self, place: &Place, message: impl Into<String>, expected: impl Into<String>) -> Diagnostic {
        let (source, span) = self.place(place);
        Diagnostic::error(message).at(&source, span, expected)
    }

    fn also(&self, fault: Diagnostic, place: &Place, text: impl Into<String>) -> Diagnostic {
        let (source, span) = self.place(place);
        fault.also(&source, span, text)
    }

    /// The developers without fault.
    pub fn developers(&mut self, entries: Vec<Entry>) -> Vec<Developer> {
        let mut people = Vec::with_capacity(entries.len());
        for entry in entries {
            if let Some(person) = self.person(entry) {
                people.push(person);
            }
        }
        self.unique(&people);
        self.former(&people);
        self.teams(&people);
        for (person, entry) in &people {
            let place = self.place(email_place(entry));
            self.places.insert(person.id.clone(), place);
        }
        people.into_iter().map(|(person, _)| person).collect()
    }

    /// One developer by themselves.
    fn person(&mut self, entry: Entry) -> Option<(Developer, Entry)> {
        let mut sound = !entry.faulty;
        match &entry.email {
            Some(email) => sound &= self.email(email),
            None => {
                if sound {
                    let message = "this developer has no e-mail address";
                    let fault = self.error(&entry.place, message, "expected a value for `email`");
                    self.diagnostics.push(fault);
                }
                sound = false;
            }
        }
        let id = match (&entry.id, &entry.email) {
            (Some(id), _) => {
                sound &= self.id(id, "id of a developer");
                id.text.clone()
            }
            (None, Some(email)) => developer_id(&email.text),
            (None, None) => String::new(),
        };
        if sound
            && entry.id.is_none()
            && let Some(email) = &entry.email
            && let Some(reason) = developer_id_fault(&id)
        {
            let message = format!("no id can be made of \"{}\": {reason}", email.text);
            let fault = self.error(&email.place, message, "expected an id for this developer");
            self.diagnostics.push(fault.help("add a column `id`"));
            sound = false;
        }
        for (value, what) in [
            (&entry.team, "team"),
            (&entry.project, "project"),
            (&entry.cost_center, "cost_center"),
        ] {
            if let Some(value) = value {
                sound &= self.tag_value(value, what);
            }
        }
        if let Some(former) = &entry.formerly {
            sound &= self.id(former, "former id of a developer");
        }
        let text = |field: &Option<Field>| field.as_ref().map(|field| field.text.clone());
        let person = Developer {
            id,
            formerly: text(&entry.formerly),
            email: text(&entry.email).unwrap_or_default(),
            team: text(&entry.team),
            project: text(&entry.project),
            cost_center: text(&entry.cost_center),
        };
        sound.then_some((person, entry))
    }

    fn email(&mut self, email: &Field) -> bool {
        if !is_email(&email.text) {
            let message = format!("\"{}\" is no e-mail address", email.text);
            let fault = self.error(&email.place, message, "expected an address as \"alice@example.com\"");
            self.diagnostics.push(fault);
            return false;
        }
        self.tag_value(email, "email")
    }

    fn id(&mut self, id: &Field, what: &str) -> bool {
        let Some(reason) = developer_id_fault(&id.text) else {
            return true;
        };
        let message = format!("\"{}\" cannot be the {what}: {reason}", id.text);
        let mut fault = self.error(
            &id.place,
            message,
            "expected letters, digits, `.`, `_` and `-`, at most 64",
        );
        if is_email(&id.text) {
            fault = fault.help(format!(
                "the address stands in `email`; the id could be \"{}\"",
                developer_id(&id.text)
            ));
        }
        self.diagnostics.push(fault);
        false
    }

    fn tag_value(&mut self, value: &Field, what: &str) -> bool {
        let text = &value.text;
        let expected;
        let reason = if let Some(c) = text.chars().find(|c| c.is_control()) {
            expected = "expected a text on one line".to_owned();
            format!("`{what}` has the character `{}`", shown(c))
        } else if text.len() > LONGEST_TAG_VALUE {
            expected = format!("expected at most {LONGEST_TAG_VALUE}: it is the value of a tag");
            format!("`{what}` has {} characters", text.len())
        } else if text.trim() != text {
            expected = format!("expected \"{}\"", text.trim());
            format!("`{what}` begins or ends with a space")
        } else if text.is_empty() {
            expected = "expected a text".to_owned();
            format!("`{what}` is empty")
        } else {
            self.tag_alphabet(value, what);
            return true;
        };
        let mut fault = self.error(&value.place, reason, expected);
        if text.is_empty() {
            fault = fault.help("leave the argument out");
        }
        self.diagnostics.push(fault);
        false
    }

    /// Remembers a value that cannot be a tag: whether it will be one is not known yet.
    fn tag_alphabet(&mut self, value: &Field, what: &str) {
        let Some(c) = bad_tag_character(&value.text) else {
            return;
        };
        let c = shown(c);
        let message =
            format!("`{what}` has the character `{c}`, which AWS does not take in the tag of an inference profile");
        let expected = "expected letters, digits, spaces and . _ : / = + @ -";
        let fault = self.error(&value.place, message, expected);
        let is_email = what == "email";
        let fault = match is_email {
            true => fault.help("the address is the value of the user tag; use another address of this person"),
            false => fault,
        };
        self.tag_faults.push((is_email, fault));
    }

    /// Ids and addresses are there once; upper and lower case do not make a difference to file systems and mailboxes.
    fn unique(&mut self, people: &[(Developer, Entry)]) {
        let mut ids: HashMap<String, &Entry> = HashMap::with_capacity(people.len());
        let mut emails: HashMap<String, &Entry> = HashMap::with_capacity(people.len());
        for (person, entry) in people {
            let same_email = emails.insert(person.email.to_lowercase(), entry);
            if let Some(first) = same_email {
                let message = format!("e-mail address \"{}\" is listed twice", person.email);
                let fault = self.error(email_place(entry), message, "expected each address once");
                let fault = self.also(fault, email_place(first), "first listed here");
                self.diagnostics.push(fault);
            }
            let Some(first) = ids.insert(person.id.to_lowercase(), entry) else {
                continue;
            };
            // The same person twice is one mistake.
            if same_email.is_some() && entry.id.is_none() {
                continue;
            }
            let message = format!("developer id \"{}\" is taken", person.id);
            let fault = self.error(id_place(entry), message, "expected an id of their own");
            let fault = self.also(fault, id_place(first), "first used here");
            let fault = match entry.id {
                Some(_) => fault.help("upper and lower case do not make a difference"),
                None => fault.help("the id was made from the address; give one of them another id in a column `id`"),
            };
            self.diagnostics.push(fault);
        }
    }

    fn former(&mut self, people: &[(Developer, Entry)]) {
        let ids: HashMap<String, &Entry> = people
            .iter()
            .map(|(person, entry)| (person.id.to_lowercase(), entry))
            .collect();
        let mut formers: HashMap<String, &Field> = HashMap::new();
        for (person, entry) in people {
            let Some(former) = &entry.formerly else { continue };
            let key = former.text.to_lowercase();
            if former.text == person.id {
                let message = format!("\"{}\" is the developer's id still", former.text);
                let fault = self.error(&former.place, message, "expected the id before the rename, or nothing");
                self.diagnostics.push(fault);
            } else if let Some(owner) = ids.get(&key).filter(|owner| !std::ptr::eq(**owner, entry)) {
                let message = format!("the former id \"{}\" belongs to another developer", former.text);
                let fault = self.error(&former.place, message, "expected an id that nobody has any more");
                let fault = self.also(fault, id_place(owner), "used here");
                self.diagnostics.push(fault);
            } else if let Some(first) = formers.insert(key, former) {
                let message = format!("two developers were formerly \"{}\"", former.text);
                let fault = self.error(&former.place, message, "expected each former id once");
                let fault = self.also(fault, &first.place, "first stated here");
                self.diagnostics.push(fault);
            }
        }
    }

    /// A team is a value of a tag: two spellings would be two teams on the bill.
    fn teams(&mut self, people: &[(Developer, Entry)]) {
        let mut spellings: HashMap<String, Vec<&Field>> = HashMap::new();
        for team in people.iter().filter_map(|(_, entry)| entry.team.as_ref()) {
            let known = spellings.entry(team.text.to_lowercase()).or_default();
            if known.iter().any(|other| other.text == team.text) {
                continue;
            }
            if let Some(first) = known.first() {
                let message = format!("team \"{}\" is written \"{}\" elsewhere", team.text, first.text);
                let fault = self.error(
                    &team.place,
                    message,
                    "expected one spelling: on the bill these are two teams",
                );
                let fault = self.also(fault, &first.place, "first written here");
                self.diagnostics.push(fault);
            }
            known.push(team);
        }
    }
}

fn email_place(entry: &Entry) -> &Place {
    entry.email.as_ref().map_or(&entry.place, |email| &email.place)
}

fn id_place(entry: &Entry) -> &Place {
    entry.id.as_ref().map_or_else(|| email_place(entry), |id| &id.place)
}
