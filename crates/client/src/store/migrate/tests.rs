use proptest::prelude::*;

use super::super::tests::{credentials, home, time};
use super::*;

const NOW: &str = "2026-11-26T07:00:00Z";
const OURS: &str = "[acme]\naws_access_key_id     = ASIAEXAMPLE\naws_secret_access_key = secret\naws_session_token = token\nx-expiration = 2026-11-26T08:00:00+00:00\n";

/// What becomes of a file.
fn migrated(before: &[u8]) -> (Migration, Vec<u8>) {
    let home = home();
    let file = &home.paths.aws_credentials;
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, before).unwrap();
    let migration = migrate(&home.paths, time(NOW)).unwrap();
    (migration, fs::read(file).unwrap())
}

#[test]
fn without_a_file_there_is_nothing_to_do() {
    let home = home();
    assert_eq!(migrate(&home.paths, time(NOW)), Ok(Migration::Nothing));
    assert!(!home.paths.aws_credentials.exists());
}

#[test]
fn an_old_section_is_taken_and_everything_else_stays() {
    let before = b"# mine\r\n\r\n[default]\r\naws_access_key_id=AKIA\r\n\n";
    let after = b"\n# about b\n[acme-b]\nx-expiration = 1\n[ other ] # x\nlast = \xe4";
    let (migration, left) = migrated(&[before, OURS.as_bytes(), after].concat());
    assert_eq!(migration, Migration::Removed(Some(credentials())));
    assert_eq!(left, [&before[..], after].concat());
}

#[test]
fn what_is_not_good_any_more_only_goes() {
    for (text, why) in [
        (OURS.replace("08:00", "07:00"), "ended"),
        (OURS.replace("2026-11-26T08:00:00+00:00", "soon"), "no time"),
        (OURS.replace("aws_session_token = token\n", ""), "not whole"),
        (OURS.replace("= token", "="), "empty"),
        ("[acme]\nX-Expiration=".to_owned(), "nothing else"),
    ] {
        assert_eq!(
            migrated(text.as_bytes()),
            (Migration::Removed(None), Vec::new()),
            "{why}"
        );
    }
}

#[test]
fn a_section_of_somebodys_own_stays() {
    for text in [
        "[acme]\naws_access_key_id = AKIA\naws_secret_access_key = mine\n",
        "[acme]\n# x-expiration = 2026-11-26T08:00:00Z\nregion = eu-west-1\n",
        "[acme]\n",
    ] {
        let (migration, after) = migrated(text.as_bytes());
        assert_eq!(migration, Migration::Foreign);
        assert_eq!(after, text.as_bytes());
    }
    let twice = format!("{OURS}[acme]\nregion = eu-west-1\n");
    assert_eq!(
        migrated(twice.as_bytes()),
        (Migration::Foreign, b"[acme]\nregion = eu-west-1\n".to_vec())
    );
}

#[test]
fn other_names_are_other_sections() {
    for text in [
        "",
        "[acme-b]\nx-expiration = 1\n",
        "[ACME]\nx-expiration = 1\n",
        "x-expiration = 1\n",
        "[profile acme]\nx-expiration=1",
    ] {
        let (migration, after) = migrated(text.as_bytes());
        assert_eq!((migration, after.as_slice()), (Migration::Nothing, text.as_bytes()));
    }
}

#[test]
fn marks_and_breaks_of_windows_are_understood() {
    let text = format!("\u{feff}{}", OURS.replace('\n', "\r\n"));
    let (migration, after) = migrated(text.as_bytes());
    assert_eq!(migration, Migration::Removed(Some(credentials())));
    assert_eq!(after, b"\xef\xbb\xbf");
    let (_, after) = migrated(OURS.replace("[acme]", "  [ acme ]  ; c").as_bytes());
    assert_eq!(after, b"");
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = home();
    let real = home.folder.path().join("real");
    fs::write(&real, OURS).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    fs::create_dir_all(home.paths.aws_credentials.parent().unwrap()).unwrap();
    symlink(&real, &home.paths.aws_credentials).unwrap();
    migrate(&home.paths, time(NOW)).unwrap();
    assert!(home.paths.aws_credentials.is_symlink());
    assert_eq!(fs::read(&real).unwrap(), b"");
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
}

proptest! {
    /// Whatever stands around it, an old section goes and every other byte stays.
    #[test]
    fn every_other_byte_stays(
        before in line_bytes(),
        after in proptest::option::of(line_bytes()),
        windows in any::<bool>(),
    ) {
        let ours = if windows { OURS.replace('\n', "\r\n") } else { OURS.to_owned() };
        let mut file = before.clone();
        if !file.is_empty() && !file.ends_with(b"\n") {
            file.push(b'\n');
        }
        let mut expected = file.clone();
        file.extend_from_slice(ours.as_bytes());
        if let Some(after) = after {
            for bytes in [&mut file, &mut expected] {
                bytes.extend_from_slice(b"[other]");
                bytes.extend_from_slice(&after);
            }
        }
        let found = sections(&file, "acme");
        prop_assert_eq!(found.len(), 1);
        prop_assert!(found[0].setting(&file, "x-expiration").is_some());
        prop_assert_eq!(without(&file, found[0].lines.iter()), expected);
    }

    /// No bytes at all make it fail, and what it takes are whole lines.
    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for section in sections(&bytes, "a") {
            for line in &section.lines {
                prop_assert!(line.start == 0 || bytes[line.start - 1] == b'\n' || line.start == 3);
                prop_assert!(line.end == bytes.len() || bytes[line.end - 1] == b'\n');
            }
            prop_assert!(section.setting(&bytes, "x").is_none_or(|value| value.len() < bytes.len()));
        }
    }
}

/// Bytes like those of such files, without a section of our name.
fn line_bytes() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just(b"[default]".to_vec()),
        Just(b"[acme2] # acme".to_vec()),
        Just(b" [acm e]".to_vec()),
        Just(b"x-expiration = 1".to_vec()),
        Just(b"# [acme]".to_vec()),
        Just(b"  ; [acme]".to_vec()),
        Just(b"\t".to_vec()),
        proptest::collection::vec(any::<u8>().prop_filter("no header", |byte| *byte != b'['), 0..20),
    ];
    let end = prop_oneof![Just(&b"\n"[..]), Just(&b"\r\n"[..]), Just(&b"\n\n"[..])];
    let lines = proptest::collection::vec((line, end), 0..8);
    (lines, any::<bool>()).prop_map(|(lines, last)| {
        let mut bytes: Vec<u8> = lines
            .into_iter()
            .flat_map(|(line, end)| [line, end.to_vec()].concat())
            .collect();
        if last {
            bytes.extend_from_slice(b"no = break");
        }
        bytes
    })
}

#[test]
fn keys_of_somebodys_own_are_seen_and_left_alone() {
    let home = home();
    assert_eq!(has_foreign(&home.paths), Ok(false));
    let file = &home.paths.aws_credentials;
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let own = "[acme]\naws_access_key_id = AKIA\n";
    for (text, expected) in [
        (OURS.to_owned(), false),
        (
            "[acme]\nregion = eu-west-1\n[other]\naws_access_key_id = AKIA\n".to_owned(),
            false,
        ),
        (own.to_owned(), true),
        (format!("{OURS}{own}"), true),
    ] {
        fs::write(file, &text).unwrap();
        assert_eq!(has_foreign(&home.paths), Ok(expected), "{text}");
        assert_eq!(fs::read_to_string(file).unwrap(), text);
    }
}
