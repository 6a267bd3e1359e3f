mod script;

use std::fs;
use std::path::PathBuf;

use super::*;
use script::{Answer, Script};

fn catalog() -> Catalog {
    Catalog::embedded().unwrap()
}

/// [`super::init`] on a fixed day, without colour.
fn init(args: &InitArgs, prompt: Option<&mut dyn Prompt>, err: &mut dyn Write) -> anyhow::Result<()> {
    let catalog = catalog();
    let setting = Setting {
        catalog: &catalog,
        today: jiff::civil::date(2026, 11, 20),
        style: Style::Plain,
    };
    super::init(args, &setting, prompt, err)
}

fn args(folder: &Path, words: &[&str]) -> InitArgs {
    use clap::{Args as _, FromArgMatches as _};
    let file = folder.join("tfgen.hcl");
    let command = InitArgs::augment_args(clap::Command::new("init"));
    let words = ["init", file.to_str().unwrap()]
        .into_iter()
        .chain(words.iter().copied());
    InitArgs::from_arg_matches(&command.try_get_matches_from(words).unwrap()).unwrap()
}

fn fixture(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "init", name]
        .iter()
        .collect();
    path.to_str().unwrap().to_owned()
}

/// What `init` says without anybody to ask, and the file that it wrote.
fn run_with(words: &[&str]) -> (String, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("developers.csv"), "email\nalice@example.com\n").unwrap();
    let args = args(folder.path(), words);
    let mut err = Vec::new();
    let result = init(&args, None, &mut err);
    let said = match result {
        Ok(()) => String::from_utf8(err).unwrap(),
        Err(fault) => {
            assert!(fault.is::<UsageError>(), "{fault:#}");
            fault.to_string()
        }
    };
    let root = folder.path().to_str().unwrap();
    let said = said
        .replace(root, "DIR")
        .replace(env!("CARGO_MANIFEST_DIR"), "REPO")
        .replace('\\', "/");
    (said, fs::read_to_string(folder.path().join("tfgen.hcl")).ok())
}

/// A file without its alignment, which is the writer's business and tested there.
fn squeezed(file: &str) -> String {
    let line = |line: &str| match line.split_once('=') {
        Some((name, value)) if !line.starts_with('#') => format!("{} ={value}\n", name.trim_end()),
        _ => format!("{line}\n"),
    };
    file.lines().map(line).collect()
}

const IDENTITY_CENTER: [&str; 18] = [
    "--account-id",
    "123456789012",
    "--region=us-east-1",
    "--geography=us",
    "--allow=opus-4-6,sonnet-4-6,haiku-4-5",
    "--developers=developers.csv",
    "--access=identity-center",
    "--identity-account-id=999999999999",
    "--identity-source=entra",
    "--identity-instance-arn=arn:aws:sso:::instance/ssoins-1234567890abcdef",
    "--start-url=https://d-1234567890.awsapps.com/start",
    "--identity-region=us-east-1",
    "--management-account-id=999999999999",
    "--deploy-principal=arn:aws:iam::*:role/terraform-*",
    "--state-bucket=acme-terraform-state",
    "--budget=5000",
    "--budget-email=platform@example.com",
    "--profiles=developer",
];

#[test]
fn flags_make_a_whole_file() {
    let (said, file) = run_with(&IDENTITY_CENTER);
    insta::assert_snapshot!(squeezed(&file.unwrap()));
    insta::assert_snapshot!(said, @r"
    wrote DIR/tfgen.hcl
    next: read it, then tfgen render DIR/tfgen.hcl
    ");
}

#[test]
fn few_flags_make_a_small_file() {
    let words = [
        "--name=acme-ai",
        "--account-id=123456789012",
        "--region=eu-west-2",
        "--geography=global",
        "--allow=opus-5-5",
        "--developers=developers.csv",
        "--access=roles",
        "--trusted=arn:aws:iam::123456789012:user/alice,arn:aws:iam::123456789012:role/dev",
        "--no-logging",
    ];
    insta::assert_snapshot!(squeezed(&run_with(&words).1.unwrap()));
}

#[test]
fn all_missing_flags_are_named_at_once() {
    insta::assert_snapshot!(run_with(&[]).0);
}

#[test]
fn all_missing_flags_of_an_access_mode_are_named() {
    let (said, file) = run_with(&[
        "--access=identity-center",
        "--management-account-id=999999999999",
        "--budget=1",
    ]);
    insta::assert_snapshot!(said);
    assert_eq!(file, None);
}

#[test]
fn every_bad_value_is_reported() {
    let words = [
        "--name=Claude_Code",
        "--account-id=1234",
        "--region=us-east1",
        "--geography=us",
        "--allow=opus-4.6",
        "--developers=nobody.csv",
        "--access=roles",
        "--trusted=arn:aws:iam::123456789012:root",
        "--budget=0",
        "--budget-email=nobody",
    ];
    insta::assert_snapshot!(run_with(&words).0);
    let words = [
        "--account-id=123456789012",
        "--region=eu-west-1",
        "--geography=us",
        "--allow=opus-4-6,opus-4.6,opus-5,haiku-4-5",
        "--default-model=sonnet-4-6",
        "--developers=developers.csv",
        "--access=roles",
        "--trusted=arn:aws:iam::123456789012:user/alice",
    ];
    insta::assert_snapshot!(run_with(&words).0);
}

#[test]
fn an_existing_file_is_refused_before_anything_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tfgen.hcl");
    fs::write(&path, "mine").unwrap();
    let mut script = Script::new([]);
    let fault = init(&args(folder.path(), &[]), Some(&mut script), &mut Vec::new()).unwrap_err();
    assert!(fault.to_string().contains("--force"), "{fault}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn the_module_is_imported() {
    let file = fixture("module.tfvars");
    let (said, written) = run_with(&["--from-tfvars", &file, "--email-domain=example.com"]);
    insta::assert_snapshot!(said);
    insta::assert_snapshot!(squeezed(&written.unwrap()));
}

#[test]
fn the_import_asks_for_what_the_module_never_knew() {
    let file = fixture("checklist.tfvars");
    let (said, written) = run_with(&["--from-tfvars", &file]);
    assert_eq!(written, None);
    insta::assert_snapshot!(said);
}

#[test]
fn faults_of_a_variables_file_have_places() {
    insta::assert_snapshot!(run_with(&["--from-tfvars", &fixture("broken.tfvars")]).0);
    insta::assert_snapshot!(run_with(&["--from-tfvars", &fixture("wrong-types.tfvars")]).0);
}

#[test]
fn json_variables_are_the_same() {
    let json = r#"{"aws_region": "us-east-1", "enable_sso": false, "log_retention_days": 30, "s3_bucket_prefix": "x"}"#;
    let native = "aws_region = \"us-east-1\"\nenable_sso = false\nlog_retention_days = 30\ns3_bucket_prefix = \"x\"\n";
    let mut first = tfvars::import(Path::new("a.tfvars.json"), json, &catalog()).unwrap();
    let second = tfvars::import(Path::new("a.tfvars"), native, &catalog()).unwrap();
    first.imported_from.clone_from(&second.imported_from);
    assert_eq!(first, second);
    let fault = tfvars::import(Path::new("a.tfvars.json"), "{\n\"a\": 1,\n}", &catalog()).unwrap_err();
    insta::assert_snapshot!(diagnostic::render(&fault, Style::Plain), @r"
    error: this is no JSON object
     --> a.tfvars.json:3:1
      |
    3 | }
      | ^ trailing comma at line 3 column 1
    ");
}

#[test]
fn flags_outrank_the_import() {
    let file = fixture("module.tfvars");
    let words = [
        "--from-tfvars",
        &file,
        "--email-domain=example.com",
        "--allow=haiku-4-5",
        "--name=other",
    ];
    let written = hcl::parse(&run_with(&words).1.unwrap()).unwrap();
    let value = |name: &str| {
        written
            .attributes()
            .find(|attribute| attribute.key() == name)
            .map(|one| one.expr.clone())
    };
    assert_eq!(value("name"), Some("other".into()));
    let models = written.blocks().find(|block| block.identifier() == "models").unwrap();
    let allow = models
        .body
        .attributes()
        .find(|attribute| attribute.key() == "allow")
        .unwrap();
    assert_eq!(allow.expr, vec!["haiku-4-5"].into());
}

/// Texts that HCL would read otherwise arrive as they were.
#[test]
fn odd_texts_survive_the_file() {
    let draft = Draft {
        name: Some("a".to_owned()),
        allow: vec!["opus-4-6".to_owned()],
        blocked_topics: vec!["say \"${no}\" and %{if}".to_owned(), "back\\slash".to_owned()],
        ..Draft::default()
    };
    let body = hcl::parse(&write::write(&draft).unwrap()).unwrap();
    let guardrail = body.blocks().find(|block| block.identifier() == "guardrail").unwrap();
    let topics = guardrail.body.attributes().next().unwrap().expr.clone();
    use hcl::eval::Evaluate as _;
    let topics = topics.evaluate(&hcl::eval::Context::new()).unwrap();
    assert_eq!(topics, hcl::Value::from(draft.blocked_topics));
}

/// What a wizard asked, and the file that came of it.
fn wizard_with(words: &[&str], answers: impl IntoIterator<Item = Answer>) -> (String, anyhow::Result<String>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("developers.csv"), "email\nalice@example.com\n").unwrap();
    let mut script = Script::new(answers);
    let args = args(folder.path(), words);
    let result = init(&args, Some(&mut script), &mut Vec::new());
    let path = folder.path().join("tfgen.hcl");
    let file = result.and_then(|()| Ok(fs::read_to_string(&path)?));
    if file.is_err() {
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "only the roster is there");
    }
    assert!(script.answers.is_empty() || file.is_err(), "answers are left over");
    (script.asked.join("\n"), file)
}

#[test]
fn the_wizard_asks_in_order_and_checks_each_answer() {
    use Answer::{Default, Index, Many, Text, Yes};
    let (asked, file) = wizard_with(
        &[],
        [
            Text("Claude Code"),
            Default,
            Text("12345"),
            Text("123456789012"),
            Text("eu-central1"),
            Text("eu-central-1"),
            Index(0),
            Many(&[0, 2]),
            Default,
            Index(1),
            Text("alice@example.com"),
            Text("engineering"),
            Yes(true),
            Text("bob@example.com"),
            Default,
            Yes(false),
            Default,
            Text("999999999999"),
            Index(1),
            Text("arn:aws:sso:::instance/ssoins-1234567890abcdef"),
            Text("https://acme.awsapps.com/start"),
            Default,
            Default,
            Text("Claude Code Developers"),
            Text("Admins"),
            Default,
            Default,
            Default,
            Default,
            Default,
            Default,
            Default,
            Text("platform@example.com, finance@example.com"),
            Default,
            Text("acme-state"),
        ],
    );
    insta::assert_snapshot!(asked);
    insta::assert_snapshot!(squeezed(&file.unwrap()));
}

#[test]
fn the_wizard_asks_nothing_that_flags_say() {
    let words: Vec<&str> = IDENTITY_CENTER
        .into_iter()
        .chain([
            "--name=claude-code",
            "--group=Devs",
            "--admin-group=Admins",
            "--analyst-group=Analysts",
        ])
        .collect();
    let (asked, file) = wizard_with(&words, [Answer::Default, Answer::Default]);
    insta::assert_snapshot!(asked, @r#"
    Which one does Claude Code start with? ["opus-4-6", "sonnet-4-6", "haiku-4-5"]
    Store prompts and code in the log, in clear? [false]
    "#);
    assert!(file.is_ok());
}

#[test]
fn a_wizard_that_is_left_writes_nothing() {
    let (_, file) = wizard_with(&[], [Answer::Default, Answer::Text("123456789012")]);
    assert!(file.is_err());
}

/// The account is in an organization, of which nothing else is known.
#[test]
fn the_payer_is_never_guessed() {
    let without: Vec<&str> = IDENTITY_CENTER
        .into_iter()
        .filter(|word| !word.starts_with("--management") && !word.starts_with("--deploy"))
        .collect();
    let written = run_with(&without).1.unwrap();
    assert!(written.contains("# cost_tags {"), "{written}");
    assert!(!written.contains("\ncost_tags {"), "{written}");
    let with: Vec<&str> = without
        .iter()
        .copied()
        .chain(["--payer-account-id=777777777777"])
        .collect();
    let written = run_with(&with).1.unwrap();
    assert!(written.contains("payer_account_id = \"777777777777\""), "{written}");
}

#[test]
fn flags_without_effect_are_refused() {
    let said = |words: &[&str]| run_with(words).0;
    let center = said(&[
        "--access=identity-center",
        "--trusted=a",
        "--admins=b",
        "--email-domain=example.com",
    ]);
    for flag in ["--trusted", "--admins", "--email-domain"] {
        assert!(center.contains(&format!("\n  {flag}: ")), "{center}");
    }
    let roles = said(&["--access=roles", "--group=g", "--session-tag=t", "--start-url=u"]);
    for flag in ["--group", "--session-tag", "--start-url"] {
        assert!(roles.contains(&format!("\n  {flag}: ")), "{roles}");
    }
    let federation = said(&[
        "--issuer=https://acme.okta.com",
        "--group=g",
        "--trusted=a",
        "--offline",
    ]);
    for flag in ["--group", "--trusted"] {
        assert!(federation.contains(&format!("\n  {flag}: ")), "{federation}");
    }
    let roles = said(&[
        "--access=roles",
        "--client-id=a",
        "--sign-in-domain=b.example",
        "--issuer=c",
    ]);
    for flag in ["--client-id", "--sign-in-domain", "--issuer"] {
        assert!(roles.contains(&format!("\n  {flag}: ")), "{roles}");
    }
    let alone = said(&["--budget-email=a@example.com", "--break-glass=arn:aws:iam::*:role/x"]);
    for flag in ["--budget-email", "--break-glass"] {
        assert!(alone.contains(&format!("\n  {flag}: ")), "{alone}");
    }
}

/// What an import leaves behind is listed, each by its name.
#[test]
fn every_profile_and_topic_that_is_left_behind_is_listed() {
    let text = r#"
guardrail_blocked_topics = ["Legal advice", "What/ever & more"]
inference_profiles = {
  platform-team = { model_arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1", team_tag = "platform" }
  empty         = { model_arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1", user_tag = "" }
  alice         = { model_arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1", user_tag = "alice" }
}
"#;
    let draft = tfvars::import(Path::new("a.tfvars"), text, &catalog()).unwrap();
    let dropped: Vec<&str> = draft
        .notices
        .iter()
        .filter(|notice| notice.kind == NoticeKind::Dropped)
        .map(|notice| notice.variable.as_str())
        .collect();
    assert_eq!(
        dropped,
        [
            "guardrail_blocked_topics",
            "inference_profiles.platform-team",
            "inference_profiles.empty"
        ]
    );
    assert_eq!(draft.blocked_topics, ["Legal advice"]);
}

#[test]
fn a_user_tag_that_cannot_be_used_is_shown_where_it_stands() {
    let text = "inference_profiles = {\n  one = { model_arn = \"x\", user_tag = \"!!!\" }\n}\n";
    let faults = tfvars::import(Path::new("a.tfvars"), text, &catalog()).unwrap_err();
    let rendered = diagnostic::render(&faults, Style::Plain);
    assert!(rendered.contains("--> a.tfvars:2:39"), "{rendered}");
    assert!(rendered.contains("inference_profiles.one"), "{rendered}");
}
