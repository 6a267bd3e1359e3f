//! Files that are no deployment files at all.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{load, today};
use crate::deployment::load as load_file;
use crate::diagnostic::{Style, render};

fn example() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme.hcl")).unwrap()
}

/// Whatever it is, it is read or refused, and what is said of it can be printed.
fn survives(text: &str) {
    match load(text) {
        Ok(loaded) => drop(render(&loaded.warnings, Style::Coloured)),
        Err(failure) => {
            assert!(!failure.diagnostics.is_empty());
            let printed = failure.to_string();
            assert!(!printed.contains("fault of tfgen"), "{printed}\n{text}");
            drop(render(&failure.diagnostics, Style::Coloured));
        }
    }
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let say = |path: &Path| {
        load_file(path, today())
            .unwrap_err()
            .to_string()
            .replace(&folder.path().display().to_string(), "")
    };
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let large = write("large.hcl", b"");
    fs::File::options()
        .write(true)
        .open(&large)
        .unwrap()
        .set_len(100 * 1024 * 1024)
        .unwrap();
    let said = [
        say(&folder.path().join("none.hcl")),
        say(folder.path()),
        say(&write("latin.hcl", b"name = \"x\"\n# caf\xe9\n")),
        say(&write("utf16.hcl", b"\xff\xfen\0")),
        say(&large),
    ]
    .join("\n");
    insta::assert_snapshot!(said, @r#"
    error: `/none.hcl` does not exist
     |
     = help: `tfgen init` writes a deployment file

    1 error

    error: `` is a directory
     |
     = help: name the file in it, as `/tfgen.hcl`

    1 error

    error: `/latin.hcl` is not UTF-8: the byte 0xe9 is no text there
     --> /latin.hcl:2:6
      |
    2 | # caf�
      |      ^ expected text in UTF-8
      |
      = help: save the file as UTF-8

    1 error

    error: `/utf16.hcl` is encoded in UTF-16
     --> /utf16.hcl:1:1
      |
    1 | n
      | ^ expected text in UTF-8
      |
      = help: save the file as UTF-8

    1 error

    error: `/large.hcl` is larger than 16 MiB

    1 error
    "#);
}

#[test]
fn a_byte_order_mark_does_not_shift_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bom.hcl");
    fs::write(&path, "\u{feff}nmae = \"x\"\n").unwrap();
    let failure = load_file(&path, today()).unwrap_err();
    let places: Vec<_> = failure
        .diagnostics
        .iter()
        .filter_map(|fault| fault.position())
        .collect();
    assert_eq!((places[0].1, places[0].2), (1, 1));
}

#[test]
fn deep_and_repetitive_files_are_refused_in_time() {
    survives(&format!("name = {}1{}", "[".repeat(100_000), "]".repeat(100_000)));
    survives(&"a {\n".repeat(10_000));
    survives(&"name = \"x\"\n".repeat(2_000));
    survives(&format!("name = \"{}\"", "x".repeat(1_000_000)));
    survives(&"x\u{0}\u{7f}\u{202e}".repeat(1_000));
    survives(&format!("name = 1{}", " + 1".repeat(10_000)));
    survives("name = 1 % 0\nregion = 18446744073709551615 + 1\naccount_id = -9223372036854775808 - 1\n");
}

#[test]
fn a_file_that_ends_anywhere_is_survived() {
    let text = example();
    for end in 0..=text.len() {
        if let Some(part) = text.get(..end).filter(|_| end % 7 == 0) {
            survives(part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_mutated_file_is_survived(edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, "[ -~\\n\"{}\\[\\]=é€]{0,6}"), 1..4)) {
        let mut text = example();
        for (at, len, inserted) in edits {
            let chars: Vec<(usize, char)> = text.char_indices().collect();
            let start = at.index(chars.len());
            let from = chars[start].0;
            let to = chars.get(start + len).map_or(text.len(), |(at, _)| *at);
            text.replace_range(from..to, &inserted);
            if text.is_empty() {
                text.push('\n');
            }
        }
        survives(&text);
    }

    #[test]
    fn any_value_at_any_argument_is_survived(
        line in any::<prop::sample::Index>(),
        value in prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("\"\"".to_owned()),
            Just("[]".to_owned()),
            Just("[null, {}]".to_owned()),
            Just("{ a = 1, \"a\" = [2] }".to_owned()),
            Just("<<EOT\n${x}\nEOT".to_owned()),
            Just("1e400".to_owned()),
            any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(|number| format!("{number}")),
            any::<u64>().prop_map(|number| format!("[{number}]")),
            "[ -~]{0,20}".prop_map(|text| format!("{text:?}")),
            "\\PC{0,10}".prop_map(|text| format!("{text:?}")),
        ],
    ) {
        let text = example();
        let lines: Vec<&str> = text.lines().collect();
        let arguments: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].contains('=') && !lines[*line].starts_with('#')).collect();
        let chosen = arguments[line.index(arguments.len())];
        let changed: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(number, line)| match line.split_once('=') {
                Some((name, _)) if number == chosen => format!("{name}= {value}"),
                _ => (*line).to_owned(),
            })
            .collect();
        survives(&changed.join("\n"));
    }
}
