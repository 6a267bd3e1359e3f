//! The formatter against the real `terraform fmt`: byte for byte where it formats, and rejected where it rejects.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is the report of a test")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sha2::{Digest, Sha256};
use terraform::ast::{Body, Span};
use terraform::syntax::TokenKind;

/// The cases of a fixture file stand between lines of this form.
const SEPARATOR: &str = "%%%%\n";

/// What Terraform made of the sources.
#[derive(Debug, Default)]
struct Outcome {
    changed: usize,
    rejected: usize,
}

/// What Terraform writes for each source, or nothing where it rejects it.
fn terraform_fmt(sources: &[String]) -> Vec<Option<String>> {
    let directory = tempfile::tempdir().unwrap();
    let name = |index: usize| format!("case-{index:05}.tf");
    for (index, source) in sources.iter().enumerate() {
        fs::write(directory.path().join(name(index)), source).unwrap();
    }
    let run = terraform(directory.path(), &["fmt", "-no-color", "-list=false", "-recursive"], "");
    let errors = String::from_utf8_lossy(&run.stderr);
    let rejected: BTreeSet<&str> = errors
        .split(" on ")
        .skip(1)
        .filter_map(|rest| rest.split_once(" line ").map(|(name, _)| name))
        .collect();
    assert!(
        run.status.success() || !rejected.is_empty(),
        "terraform fmt failed: {errors}"
    );
    let written = |index| fs::read_to_string(directory.path().join(name(index))).unwrap();
    (0..sources.len())
        .map(|index| (!rejected.contains(name(index).as_str())).then(|| written(index)))
        .collect()
}

fn terraform(directory: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env_remove("TF_CLI_CONFIG_FILE")
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("terraform is on PATH");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Formats all sources with one run of Terraform and with our formatter, and demands the same of both. Where what
/// Terraform writes is damaged (`docs/formatting.md`), ours only has to be valid.
fn compare(sources: &[String]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut different = Vec::new();
    let mut errors = Vec::new();
    for (source, theirs) in sources.iter().zip(terraform_fmt(sources)) {
        match (theirs, terraform::format(source)) {
            (None, Ok(_)) => errors.push(format!("only terraform rejects {source:?}")),
            (None, Err(_)) => outcome.rejected += 1,
            (Some(_), Err(error)) => errors.push(format!("only we reject {source:?}: {error}")),
            (Some(theirs), Ok(ours)) => {
                outcome.changed += usize::from(theirs != *source);
                if ours != theirs && !loses_label(source) {
                    different.push((source, theirs, ours));
                }
            }
        }
    }
    let theirs: Vec<_> = different.iter().map(|(_, theirs, _)| theirs.clone()).collect();
    for ((source, theirs, ours), again) in different.iter().zip(terraform_fmt(&theirs)) {
        if again.is_some() || terraform::format(ours).as_ref() != Ok(ours) {
            errors.push(format!("{source:?}\n  terraform: {theirs:?}\n  ours:      {ours:?}"));
        }
    }
    let shown = errors.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(
        errors.is_empty(),
        "{} of {} differ:\n{shown}",
        errors.len(),
        sources.len()
    );
    outcome
}

/// Whether a block has a label that Terraform drops.
fn loses_label(source: &str) -> bool {
    fn in_body(body: &Body, is_lost: &dyn Fn(&Span) -> bool) -> bool {
        body.blocks()
            .any(|block| block.labels.iter().any(|label| is_lost(&label.span)) || in_body(&block.body, is_lost))
    }
    let (body, errors) = terraform::syntax::parse_file(source);
    errors.is_empty() && in_body(&body, &|span| source[span.clone()].contains(['$', '%']))
}

fn fixtures(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let text = fs::read_to_string(&path).unwrap();
    text.split(SEPARATOR).map(str::to_owned).collect()
}

/// The Terraform files below a directory, in a stable order. Files that are no text are left out.
fn sources_below(root: &Path) -> Vec<String> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut directories = vec![root.to_path_buf()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() {
                if !name.starts_with('.') && name != "target" {
                    directories.push(path);
                }
            } else if [".tf", ".tfvars", ".tftest.hcl"].iter().any(|end| name.ends_with(end)) {
                found.push(path);
            }
        }
    }
    found.sort();
    let texts = found.iter().filter_map(|path| fs::read_to_string(path).ok());
    // Terraform's own time grows with the square of a file's length: a megabyte takes it half an hour.
    texts.filter(|text| text.len() <= 100_000).collect()
}

fn repository() -> Vec<String> {
    sources_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
}

/// SplitMix64: the same mutations on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

/// Another layout of the same tokens: other blanks, and sometimes a comment or line break, which not every place allows.
fn deformat(source: &str, random: &mut Random) -> String {
    let mut text = String::new();
    let mut at = 0;
    let rate = [2, 10, 40][random.below(3)];
    let mut in_text = false;
    for token in terraform::syntax::lex(source) {
        let gap = &source[at..token.span.start];
        if random.below(rate) > 0 {
            text.push_str(gap);
        } else if random.below(60) == 0 {
            text.push_str(random.pick(&["\n", " # x\n", "/* y */"]));
        } else if in_text || token.kind == TokenKind::SequenceClose {
            text.push_str(gap);
        } else {
            text.push_str(random.pick(&[" ", "  ", "\t", "        ", gap]));
        }
        in_text = matches!(
            token.kind,
            TokenKind::QuotedText | TokenKind::HeredocText | TokenKind::HeredocOpen
        );
        text.push_str(&source[token.span.clone()]);
        at = token.span.end;
    }
    text
}

/// Damage: tokens removed, repeated, exchanged, or put in.
fn damage(source: &str, random: &mut Random) -> String {
    const FRAGMENTS: [&str; 42] = [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "${",
        "%{",
        "~}",
        "=",
        "=>",
        "==",
        ".",
        ",",
        ":",
        "?",
        "-",
        "!",
        "*",
        "\n",
        "# c\n",
        "/* c */",
        "for ",
        " in ",
        "\"${x}\"",
        "\"s\"",
        "...",
        "<<EOT\n  a ${b}\nEOT\n",
        "[0]",
        ".*",
        "a=1\n",
        "%{if x}",
        "%{endif}",
        "$",
        "\\",
        "-1",
        "a::b(x)",
        "\r\n",
        "e\u{301}",
        "variable \"x\" {\ntype=\"list\"\n}\n",
        "\u{feff}",
    ];
    let tokens = terraform::syntax::lex(source);
    let mut pieces: Vec<&str> = Vec::new();
    let mut at = 0;
    for token in &tokens {
        pieces.push(&source[at..token.span.start]);
        pieces.push(&source[token.span.clone()]);
        at = token.span.end;
    }
    for _ in 0..=random.below(3).min(pieces.len() / 4) {
        let (one, other) = (random.below(pieces.len()), random.below(pieces.len()));
        match random.below(4) {
            0 => drop(pieces.remove(one)),
            1 => pieces.insert(one, random.pick(&FRAGMENTS)),
            2 => pieces.insert(one, pieces[other]),
            _ => pieces.swap(one, other),
        }
    }
    pieces.concat()
}

/// Sources for mutation: our own, and those of the corpus that are not too long to be read in a failure.
fn material() -> Vec<String> {
    let corpus = real::corpus::terraform_files().unwrap();
    let mut sources = repository();
    sources.extend(fixtures("accepted.txt"));
    sources.extend(sources_below(&corpus).into_iter().filter(|source| source.len() < 4000));
    sources
}

#[test]
fn files_of_this_repository_are_formatted_alike() {
    compare(&repository());
}

#[test]
fn unformatted_fixtures_are_formatted_alike() {
    let sources = fixtures("accepted.txt");
    let outcome = compare(&sources);
    assert_eq!((outcome.changed, outcome.rejected), (sources.len(), 0));
}

#[test]
fn invalid_fixtures_are_rejected_alike() {
    let sources = fixtures("rejected.txt");
    assert_eq!(compare(&sources).rejected, sources.len());
}

#[test]
fn public_files_are_formatted_alike() {
    let sources = sources_below(&real::corpus::terraform_files().unwrap());
    let outcome = compare(&sources);
    assert!(
        sources.len() > 600 && outcome.changed >= 75,
        "{} files, {outcome:?}",
        sources.len()
    );
}

#[test]
fn deformatted_files_are_formatted_alike() {
    let material = material();
    let mut random = Random(1);
    let sources: Vec<_> = (0..900)
        .map(|_| deformat(&material[random.below(material.len())], &mut random))
        .collect();
    let outcome = compare(&sources);
    assert!(outcome.changed > 400, "{outcome:?}");
}

#[test]
fn damaged_files_are_judged_alike() {
    let material = material();
    let mut random = Random(2);
    let sources: Vec<_> = (0..600)
        .map(|_| damage(&material[random.below(material.len())], &mut random))
        .collect();
    let outcome = compare(&sources);
    assert!(outcome.rejected > 200 && outcome.changed > 50, "{outcome:?}");
}

/// Every character beyond ASCII, at the start of a name and inside one. What must be accepted fits in a few files; what
/// must be rejected is tried where a range of valid characters begins or ends.
#[test]
fn identifiers_have_the_same_characters() {
    use terraform::syntax::{is_identifier_continue, is_identifier_start};
    let all = || '\u{80}'..=char::MAX;
    let mut sources = Vec::new();
    for (prefix, is_valid) in [
        ("", is_identifier_start as fn(char) -> bool),
        ("x", is_identifier_continue),
    ] {
        // Terraform's time grows with the square of the arguments and variables of a file: these are functions.
        let valid: Vec<_> = all()
            .filter(|c| is_valid(*c))
            .map(|c| format!("{prefix}{c}(),\n"))
            .collect();
        sources.extend(valid.chunks(4000).map(|names| format!("a = [\n{}]\n", names.concat())));
        let edges = all().zip(all().skip(1)).filter(|(a, b)| is_valid(*a) != is_valid(*b));
        sources.extend(edges.map(|(a, b)| format!("{prefix}{} = 1\n", if is_valid(a) { b } else { a })));
    }
    let outcome = compare(&sources);
    assert!(outcome.rejected > 2000, "{outcome:?}");
}

/// Strings with everything that needs an escape, written by us and read by Terraform.
#[test]
fn written_strings_have_their_value_in_terraform() {
    let fragments = [
        "$",
        "%",
        "{",
        "}",
        "${",
        "%{",
        "$${",
        "%%{",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "\t",
        "\u{0}",
        "\u{7f}",
        "é",
        "\u{2028}",
        "\u{feff}",
        "👩",
        "~}",
        "#",
        "<<EOT",
        "\\n",
        "\\u0041",
        "'",
        " ",
        "${a}",
        "%{ if x }",
    ];
    let mut random = Random(3);
    let strings: Vec<String> = (0..500)
        .map(|_| (0..random.below(7)).map(|_| random.pick(&fragments)).collect())
        .collect();
    let values = hcl::Expression::from_iter(strings.clone());
    let block = hcl::Block::builder("locals").add_attribute(("values", values)).build();
    let file = terraform::write::File {
        header: Vec::new(),
        items: vec![block.into()],
    };
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join("main.tf"),
        terraform::write::to_string(&file).unwrap(),
    )
    .unwrap();
    let run = terraform(
        directory.path(),
        &["console"],
        "join(\" \", [for s in local.values : sha256(s)])\n",
    );
    let hashes: Vec<_> = strings
        .iter()
        .map(|text| hex(&Sha256::digest(text.as_bytes())))
        .collect();
    let expected = format!("\"{}\"\n", hashes.join(" "));
    assert_eq!(
        String::from_utf8_lossy(&run.stdout),
        expected,
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
