//! `tfgen check` on what no editor writes: files without end, without sense, or that are no files.
//!
//! Every run ends with a status of docs/check.md, and within the memory of [`watched::MOST_MIB`].
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

#[path = "../support/mod.rs"]
mod support;
mod values;
mod watched;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use nix::sys::stat::Mode;
use support::tfgen;
use watched::{check, check_input, check_one, write};

const DEEP: usize = 100_000;

/// Names of every kind of file that is read.
const NAMES: [&str; 9] = [
    "main.tf",
    "main.tf.json",
    "main_override.tf",
    "terraform.tfvars",
    "terraform.tfvars.json",
    "main.tftest.hcl",
    "developer-policy.json",
    ".claude/settings.json",
    ".aws/config",
];

#[test]
fn a_file_of_100_mb_is_refused_unread() {
    for name in NAMES {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "main.tf", "");
        write(folder.path(), name, "");
        let file = fs::OpenOptions::new()
            .write(true)
            .open(folder.path().join(name))
            .unwrap();
        file.set_len(100 << 20).unwrap();
        let checked = check(folder.path(), &[]);
        assert_eq!(checked.status, 10, "{name}");
        assert_eq!(checked.places(), [format!("{name}:1:1 syntax-error")]);
        let wanted = format!("{name} cannot be read: it has 104857600 bytes, and at most 16777216 are read");
        assert_eq!(checked.message(0), wanted);
    }
}

#[test]
fn standard_input_has_the_same_limit() {
    let folder = tempfile::tempdir().unwrap();
    let checked = check_input(folder.path(), &["-"], &vec![b'#'; (16 << 20) + 1]);
    assert_eq!(checked.status, 2);
    assert!(
        checked.stderr.contains("more than 16777216 bytes"),
        "{}",
        checked.stderr
    );
    let checked = check_input(folder.path(), &["-"], b"a {\n  b = \"\xff\"\n}\n");
    assert_eq!(checked.status, 2);
    assert!(checked.stderr.contains("not UTF-8 in line 2"), "{}", checked.stderr);
}

#[test]
fn the_largest_file_is_checked() {
    let line = |number: usize| format!("  a{number:06} = \"{}\"\n", "x".repeat(100));
    let lines = (16 << 20) / line(0).len() - 1;
    let text = format!(
        "locals {{\n{}  b = nothing.here\n}}\n",
        (0..lines).map(line).collect::<String>()
    );
    assert!(
        (16 << 20) - 300 < text.len() && text.len() <= 16 << 20,
        "{}",
        text.len()
    );
    let checked = check_one("main.tf", text);
    assert_eq!(
        checked.places(),
        [format!("main.tf:{}:7 undeclared-reference", lines + 2)]
    );
}

/// `open` so many times, something, and `close` as often.
fn nested(open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(DEEP), close.repeat(DEEP))
}

#[test]
fn expressions_without_end() {
    let cases = [
        nested("(", "1", ")"),
        nested("[", "1", "]"),
        nested("{a=", "1", "}"),
        nested("\"${", "1", "}\""),
        nested("!", "true", ""),
        nested("-", "1", ""),
        nested("f(", "1", ")"),
        nested("true ? 1 : ", "1", ""),
        nested("true ? ", "1", " : 1"),
        nested("1 + ", "1", ""),
        nested("1 == ", "1", ""),
        nested("[for a in ", "[]", " : a]"),
        nested("[for a in [] : ", "a", "]"),
        nested("\"%{ if true }${", "1", "}%{ endif }\""),
        format!("\"{}\"", nested("%{ if true }", "x", "%{ endif }")),
        format!("\"{}\"", nested("%{ for a in [] }", "x", "%{ endfor }")),
        format!("a{}", nested(".b", "", "")),
        format!("a{}", nested("[0]", "", "")),
        format!("a{}", nested("[*]", "", "")),
        format!("a{}", nested("[", "0", "]")),
        format!("a{}", nested("(", "", "")),
        nested("[", "", ""),
        nested("(", "", ""),
        nested("{", "", ""),
        nested("\"${", "", ""),
        nested("<<A\n", "", ""),
        nested("", "", "]"),
        nested("", "", "}"),
        nested("", "", "}\""),
    ];
    for case in cases {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "main.tf", format!("locals {{\n  a = {case}\n}}\n"));
        write(folder.path(), "terraform.tfvars", format!("a = {case}\n"));
        write(
            folder.path(),
            "main.tftest.hcl",
            format!("variables {{\n  a = {case}\n}}\n"),
        );
        let checked = check(folder.path(), &[]);
        let places = checked.places();
        let beginning: String = case.chars().take(30).collect();
        assert_eq!(checked.status, 10, "{beginning}");
        for name in ["main.tf:", "terraform.tfvars:", "main.tftest.hcl:"] {
            let is_named = places.iter().any(|place| place.starts_with(name));
            assert!(is_named, "{name} {beginning}: {places:?}");
        }
    }
}

#[test]
fn blocks_without_end() {
    for text in [
        nested("a {\n", "", "}\n"),
        nested("a \"b\" {\n", "", ""),
        nested("locals {\n", "", ""),
        nested("", "", "}\n"),
        format!(
            "resource \"aws_sqs_queue\" \"a\" {{\n{}}}\n",
            nested("dynamic \"b\" {\n for_each = []\n content {\n", "", "}\n}\n")
        ),
        nested("/*", "", ""),
        nested("a ", "", ""),
        nested("\"a\" ", "", ""),
    ] {
        let checked = check_one("main.tf", &text);
        assert_eq!(checked.status, 10, "{:?}", text.get(..30));
    }
}

#[test]
fn json_without_end() {
    for value in [
        nested("[", "1", "]"),
        nested("{\"a\":", "1", "}"),
        nested("[{\"a\":", "1", "}]"),
        nested("[", "", ""),
        nested("{\"a\":", "", ""),
        format!("\"{}\"", nested("${", "1", "}")),
        format!("\"{}\"", nested("${[", "1", "]}")),
    ] {
        for (name, before, behind) in [
            ("main.tf.json", "{\"locals\": {\"a\": ", "}}"),
            ("main.tf.json", "{\"resource\": {\"aws_sqs_queue\": {\"a\": ", "}}}"),
            ("terraform.tfvars.json", "{\"a\": ", "}"),
            ("main.tftest.json", "{\"variables\": {\"a\": ", "}}"),
            (
                "a-policy.json",
                "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": ",
                "}]}",
            ),
            (
                "a-policy.json",
                "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": ",
                "}]}",
            ),
            ("a-policy.json", "{\"Statement\": ", "}"),
            (".claude/settings.json", "{\"env\": ", "}"),
            (".claude/settings.json", "", ""),
        ] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), "main.tf", "variable \"a\" {}\n");
            write(folder.path(), name, format!("{before}{value}{behind}"));
            let checked = check(folder.path(), &[]);
            let beginning: String = value.chars().take(12).collect();
            assert!(
                [0, 10].contains(&checked.status),
                "{name} {before}{beginning}: {}",
                checked.stderr
            );
            // What is no policy is somebody else's, and a text that is long is a text.
            let is_ours = !name.starts_with("a-") && !value.starts_with('"');
            assert!(checked.status == 10 || !is_ours, "{name} {before}{beginning}");
        }
    }
}

#[test]
fn bytes_that_are_no_text() {
    let checked = check_one("main.tf", b"locals {\n  a = \"\xc3\xa4\xf0\x9f\x98\x80 \xff\"\n}\n");
    assert_eq!(
        (checked.status, checked.places()),
        (10, vec!["main.tf:2:11 syntax-error".to_owned()])
    );
    assert!(
        checked
            .message(0)
            .contains("at line 2, column 11: it is not UTF-8: the byte 0xff"),
        "{}",
        checked.message(0)
    );
    for name in NAMES {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "main.tf", "");
        // An overlong form, a surrogate, a character that is cut off.
        for bytes in [&b"\n\xc0\x80"[..], b"\n\xed\xa0\x80", b"\n\xe2\x82"] {
            write(folder.path(), name, bytes);
            let checked = check(folder.path(), &[]);
            assert_eq!(checked.places(), [format!("{name}:2:1 syntax-error")]);
        }
    }
    let utf16: Vec<u8> = "\u{feff}locals {}\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let checked = check_one("main.tf", utf16);
    assert!(checked.message(0).contains("UTF-16"), "{}", checked.message(0));
}

#[test]
fn nul_is_no_character_of_any_file() {
    for (name, text, status) in [
        ("main.tf", "locals {\n  a\0 = 1\n}\n", 10),
        ("main.tf", "\0\0\0\0", 10),
        ("main.tf.json", "{\"locals\": {\"a\0\": 1}}", 10),
        ("terraform.tfvars", "a = \0\n", 10),
        ("main.tftest.hcl", "\0", 10),
        (".claude/settings.json", "{\"env\"\0: {}}", 10),
        ("a-policy.json", "{\"Statement\": [{\"Effect\"\0: \"Allow\"}]}", 0),
    ] {
        let checked = check_one(name, text);
        // A file that is no JSON is no policy.
        if name != "terraform.tfvars" && name != "main.tftest.hcl" {
            assert_eq!(checked.status, status, "{name}: {:?}", checked.places());
        }
    }
}

#[test]
fn a_mark_of_the_byte_order_is_no_fault() {
    for (name, text) in [
        ("main.tf", "locals {}\n"),
        ("terraform.tfvars", ""),
        ("main.tftest.hcl", ""),
        (".aws/config", "[profile a]\nregion = us-east-1\n"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "main.tf", "");
        write(folder.path(), name, format!("\u{feff}{text}"));
        let checked = check(folder.path(), &[]);
        assert_eq!((checked.status, checked.places()), (0, vec![]), "{name}");
    }
}

#[test]
fn empty_files_comments_and_windows_lines_are_no_fault() {
    for (name, text) in [
        ("main.tf", ""),
        ("main.tf", "\n\n\n"),
        ("main.tf", "# nothing\n// at all\n/* here */"),
        (
            "main.tf",
            "locals {\r\n  a = 1\r\n}\r\n\r\noutput \"a\" {\r\n  value = <<-EOT\r\n    x\r\n  EOT\r\n}\r\n",
        ),
        ("main.tf.json", "{}"),
        ("terraform.tfvars", "# nothing\n"),
        (".aws/config", "# nothing\r\n"),
        ("a-policy.json", ""),
    ] {
        let checked = check_one(name, text);
        assert_eq!((checked.status, checked.places()), (0, vec![]), "{name} {text:?}");
    }
    // Terraform and Claude Code want an object.
    for name in ["main.tf.json", ".claude/settings.json"] {
        assert_eq!(check_one(name, "").places(), [format!("{name}:1:1 {}", rule_of(name))]);
    }
}

fn rule_of(name: &str) -> &'static str {
    match name.ends_with("settings.json") {
        true => "settings-json",
        false => "syntax-error",
    }
}

#[test]
fn a_line_of_10_mb() {
    let long = "x".repeat(10 << 20);
    let text = format!("locals {{\n  a = \"{long}\" + nothing.here\n}}\n");
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "main.tf", &text);
    let checked = check(folder.path(), &[]);
    let column = 2 + "a = \"\" + ".len() + long.len() + 1;
    assert!(
        checked
            .places()
            .contains(&format!("main.tf:2:{column} undeclared-reference")),
        "{:?}",
        checked.places()
    );
    // An excerpt shows the part of the line that it is about.
    for form in ["human", "sarif"] {
        let output = tfgen()
            .current_dir(folder.path())
            .args(["check", "--format", form])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(10), "{form}");
        assert!(output.stdout.len() < 100_000, "{form}: {} bytes", output.stdout.len());
    }
    let policy = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Sid\": \"{long}\", \"Effect\": \"Alow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}}]}}"
    );
    assert_eq!(check_one("a-policy.json", policy).status, 10);
}

#[test]
fn links_in_circles() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a/main.tf", "locals {}\n");
    symlink("..", folder.path().join("a/up")).unwrap();
    symlink(".", folder.path().join("a/here")).unwrap();
    symlink("two", folder.path().join("one")).unwrap();
    symlink("one", folder.path().join("two")).unwrap();
    let checked = check(folder.path(), &[]);
    assert_eq!((checked.status, checked.places()), (0, vec![]));
    assert_eq!(checked.report["summary"]["files"], 1);
    assert_eq!(check(folder.path(), &["one"]).status, 1);
    for name in NAMES {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "other.tf", "");
        fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        symlink(Path::new(name).file_name().unwrap(), folder.path().join(name)).unwrap();
        let checked = check(folder.path(), &[]);
        assert_eq!(checked.places(), [format!("{name}:1:1 syntax-error")]);
    }
}

#[test]
fn modules_that_call_themselves() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "self/main.tf", "module \"me\" {\n  source = \"./\"\n}\n");
    write(folder.path(), "x/main.tf", "module \"y\" {\n  source = \"../y\"\n}\n");
    write(folder.path(), "y/main.tf", "module \"x\" {\n  source = \"../x\"\n}\n");
    write(
        folder.path(),
        "z/main.tf",
        "module \"me\" {\n  source = \"../link\"\n}\n",
    );
    symlink("z", folder.path().join("link")).unwrap();
    let checked = check(folder.path(), &[]);
    assert_eq!(
        checked.places(),
        [
            "self/main.tf:2:12 module-source",
            "y/main.tf:2:12 module-source",
            "z/main.tf:2:12 module-source"
        ]
    );
    // However deep modules lie in each other, they are read.
    let folder = tempfile::tempdir().unwrap();
    for number in 0..2_000 {
        let text = format!("module \"next\" {{\n  source = \"../m{}\"\n}}\n", number + 1);
        write(folder.path(), &format!("m{number}/main.tf"), text);
    }
    write(folder.path(), "m2000/main.tf", "locals {\n  a = nothing.here\n}\n");
    let checked = check(folder.path(), &["m0"]);
    assert_eq!(checked.places(), ["m2000/main.tf:2:7 undeclared-reference"]);
}

#[test]
fn what_is_no_regular_file_is_not_read() {
    for name in NAMES {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "other.tf", "");
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let wanted = [format!("{name}:1:1 syntax-error")];

        nix::unistd::mkfifo(&path, Mode::S_IRWXU).unwrap();
        let checked = check(folder.path(), &[]);
        assert_eq!(checked.places(), wanted);
        assert!(
            checked.message(0).ends_with("it is not a regular file"),
            "{}",
            checked.message(0)
        );
        fs::remove_file(&path).unwrap();

        symlink("/dev/zero", &path).unwrap();
        assert_eq!(check(folder.path(), &[]).places(), wanted);
        fs::remove_file(&path).unwrap();

        symlink("nowhere", &path).unwrap();
        let checked = check(folder.path(), &[]);
        assert_eq!(checked.places(), wanted);
        assert!(
            checked.message(0).ends_with("No such file or directory"),
            "{}",
            checked.message(0)
        );
        fs::remove_file(&path).unwrap();

        // Terraform passes over folders, whatever their names.
        fs::create_dir(&path).unwrap();
        let checked = check(folder.path(), &[]);
        assert_eq!((checked.status, checked.places()), (0, vec![]), "{name}");
    }
    // Named on the command line, the same.
    let folder = tempfile::tempdir().unwrap();
    nix::unistd::mkfifo(&folder.path().join("main.tf"), Mode::S_IRWXU).unwrap();
    nix::unistd::mkfifo(&folder.path().join("tfgen.hcl"), Mode::S_IRWXU).unwrap();
    assert!([1, 2, 10].contains(&check(folder.path(), &["main.tf"]).status));
    fs::remove_file(folder.path().join("tfgen.hcl")).unwrap();
    assert_eq!(
        check(folder.path(), &["main.tf"]).places(),
        ["main.tf:1:1 syntax-error"]
    );
    assert_eq!(
        check(folder.path(), &["/dev/zero"]).places(),
        ["/dev/zero:1:1 syntax-error"]
    );
    // What `terraform init` leaves behind may be anything as well.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "main.tf", "");
    fs::create_dir_all(folder.path().join(".terraform/modules")).unwrap();
    nix::unistd::mkfifo(&folder.path().join(".terraform/modules/modules.json"), Mode::S_IRWXU).unwrap();
    assert_eq!(check(folder.path(), &[]).status, 0);
}
