//! The ticks of a checklist: what people change in it, and nothing else of it.

use std::collections::{BTreeMap, BTreeSet};

/// A line that carries a checkbox and a step's id, taken apart.
struct Tick<'a> {
    /// Everything up to and with the opening bracket.
    before: &'a str,
    /// Whether the box is ticked.
    ticked: bool,
    /// Everything from the closing bracket on.
    after: &'a str,
    /// The step's id.
    id: &'a str,
}

/// What stands before a step's id in its line.
const MARK: &str = "<!-- step: ";

impl<'a> Tick<'a> {
    /// Takes a line apart; `None` when it has no checkbox or no id. Other list markers than ours are accepted, since
    /// editors change them.
    fn parse(line: &'a str) -> Option<Self> {
        let open = line.find('[')?;
        let marker = line.get(..open)?.trim();
        let numbered = marker
            .strip_suffix(['.', ')'])
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
        if !matches!(marker, "-" | "*" | "+") && !numbered {
            return None;
        }
        let (before, rest) = line.split_at_checked(open + 1)?;
        let ticked = match rest.get(..2)? {
            " ]" => false,
            "x]" | "X]" => true,
            _ => return None,
        };
        let after = rest.get(1..)?;
        let id = after.split_once(MARK)?.1.split_once(" -->")?.0;
        Some(Self {
            before,
            ticked,
            after,
            id,
        })
    }

    fn with(&self, ticked: bool) -> String {
        let box_ = if ticked { 'x' } else { ' ' };
        format!("{}{box_}{}", self.before, self.after)
    }
}

/// The marks of a step in its line: the empty box and the id.
pub fn empty_box(id: &str) -> String {
    format!("[ ] {MARK}{id} -->")
}

/// `new` with every step ticked that is ticked in `old`. A tick of a step that `new` does not have is lost.
pub fn carry_ticks(old: &str, new: &str) -> String {
    let ticked: BTreeSet<&str> = old
        .lines()
        .filter_map(Tick::parse)
        .filter(|tick| tick.ticked)
        .map(|tick| tick.id)
        .collect();
    edit(new, |tick| tick.ticked || ticked.contains(tick.id))
}

/// The text with the boxes of these steps set, and all others as they are.
pub fn set_ticks(text: &str, boxes: &BTreeMap<&str, bool>) -> String {
    edit(text, |tick| boxes.get(tick.id).copied().unwrap_or(tick.ticked))
}

/// Whether the text has a box of any of these steps.
pub fn has_any<'a>(text: &str, steps: impl IntoIterator<Item = &'a str>) -> bool {
    let known: BTreeSet<&str> = text.lines().filter_map(Tick::parse).map(|tick| tick.id).collect();
    steps.into_iter().any(|step| known.contains(step))
}

/// The text with no step ticked: what is hashed, so that a tick is no edit.
pub fn without_ticks(text: &str) -> String {
    edit(text, |_| false)
}

/// The text with the box of each step set; everything else, line endings included, stays as it is.
fn edit(text: &str, ticked: impl Fn(&Tick<'_>) -> bool) -> String {
    text.split_inclusive('\n')
        .map(|line| match Tick::parse(line) {
            Some(tick) => match ticked(&tick) {
                is_ticked if is_ticked == tick.ticked => line.to_owned(),
                is_ticked => tick.with(is_ticked),
            },
            None => line.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "# List\n\n- [ ] <!-- step: a-one --> **One**\n- [ ] <!-- step: b-two --> **Two**\n- [x] no id\n";

    #[test]
    fn ticks_are_carried_by_id() {
        let old = "- [X] <!-- step: b-two --> **An older title**\n- [x] <!-- step: gone --> **Gone**\n";
        let carried = carry_ticks(old, NEW);
        assert_eq!(carried, NEW.replace("[ ] <!-- step: b-two", "[x] <!-- step: b-two"));
        assert_eq!(without_ticks(&carried), NEW);
    }

    #[test]
    fn boxes_are_set_by_id_and_others_stay() {
        let text = NEW.replace("[ ] <!-- step: b-two", "[x] <!-- step: b-two");
        let set = set_ticks(&text, &BTreeMap::from([("a-one", true), ("gone", true)]));
        assert_eq!(set, text.replace("[ ] <!-- step: a-one", "[x] <!-- step: a-one"));
        assert_eq!(
            set_ticks(&set, &BTreeMap::from([("a-one", false), ("b-two", false)])),
            NEW
        );
    }

    #[test]
    fn nothing_but_the_box_changes() {
        let text = "1. [x] <!-- step: a --> A\r\n* [X] <!-- step: b --> [B] x\r\n  - [x] <!-- step: c --> C";
        let expected = "1. [ ] <!-- step: a --> A\r\n* [ ] <!-- step: b --> [B] x\r\n  - [ ] <!-- step: c --> C";
        assert_eq!(without_ticks(text), expected);
        assert_eq!(carry_ticks(text, expected), text.replace("[X]", "[x]"));
    }

    #[test]
    fn lines_that_only_look_like_steps_are_left_alone() {
        for text in [
            "text [x] <!-- step: a --> A\n",
            "- [x] <!-- step: a without end\n",
            "- [y] <!-- step: a --> A\n",
            "- [x\n",
            "- [é] <!-- step: a -->\n",
            "",
        ] {
            assert_eq!(without_ticks(text), text);
        }
    }

    #[test]
    fn carrying_twice_changes_nothing_more() {
        let once = carry_ticks("- [x] <!-- step: a-one -->\n", NEW);
        assert_eq!(carry_ticks(&once, &once), once);
    }
}
