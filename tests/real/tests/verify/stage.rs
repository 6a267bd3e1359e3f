//! A deployment in a folder of its own, the emulated world that it is verified in, and what `tfgen` says of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use real::moto::Moto;
use real::{paths, tfgen};
use serde_json::{Value, json};

/// The management account of the example.
pub const MANAGEMENT: &str = "999999999999";

/// Emulations that no test uses: one is started only when all others are in use.
static IDLE: Mutex<Vec<Moto>> = Mutex::new(Vec::new());

/// An emulation that is lent to a test.
pub struct Lent(Option<Moto>);

impl Lent {
    fn any() -> Self {
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let moto = idle.map_or_else(Moto::start, |moto| moto.reset().map(|()| moto));
        Self(Some(moto.unwrap()))
    }
}

impl Deref for Lent {
    type Target = Moto;

    fn deref(&self) -> &Moto {
        self.0.as_ref().unwrap()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.0.take());
    }
}

pub struct Stage {
    pub moto: Lent,
    folder: tempfile::TempDir,
    /// The home folder of whoever runs `tfgen`.
    pub home: tempfile::TempDir,
}

/// What a run of `tfgen` gave.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The report, which must be there whatever happened.
    pub fn report(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no report ({error}):\n{}\n{}", self.stdout, self.stderr))
    }

    /// The result of a check or step.
    pub fn result(&self, id: &str) -> Value {
        let report = self.report();
        let mut results = report["results"].as_array().unwrap().iter();
        let found = results.find(|result| result["id"] == id).cloned();
        found.unwrap_or_else(|| panic!("no result {id}:\n{report:#}"))
    }

    /// The status of a check or step.
    pub fn status_of(&self, id: &str) -> String {
        self.result(id)["status"].as_str().unwrap().to_owned()
    }

    /// Asserts the status of a check, and that what was observed says `text`.
    #[track_caller]
    pub fn is(&self, id: &str, status: &str, text: &str) {
        let result = self.result(id);
        assert_eq!(result["status"], status, "{result:#}");
        let observed = result["observed"].as_str().unwrap();
        assert!(observed.contains(text), "{text:?} is not in {result:#}");
        // Whatever is not done says what to do.
        if !matches!(status, "pass" | "attested" | "skipped") {
            assert!(result["next_step"].is_string(), "no next step: {result:#}");
        }
    }

    /// The results by id.
    pub fn results(&self) -> BTreeMap<String, Value> {
        let report = self.report();
        let results = report["results"].as_array().unwrap().iter();
        results
            .map(|result| (result["id"].as_str().unwrap().to_owned(), result.clone()))
            .collect()
    }

    /// Ids and statuses of all results.
    pub fn statuses(&self) -> BTreeMap<String, String> {
        let report = self.report();
        let results = report["results"].as_array().unwrap().iter();
        results
            .map(|result| {
                let text = |key: &str| result[key].as_str().unwrap().to_owned();
                (text("id"), text("status"))
            })
            .collect()
    }
}

impl Stage {
    /// The example, in the world in which every step is done.
    pub fn example() -> Self {
        Self::without(&[])
    }

    /// The example, in a world that lacks parts (`PARTS` of tests/real/moto/world.py).
    pub fn without(parts: &[&str]) -> Self {
        let stage = Self::empty(&example("acme.hcl"), &example("developers.csv"));
        stage.moto.world(&json!({ "without": parts })).unwrap();
        stage
    }

    /// A deployment, in a world that has nothing.
    pub fn empty(deployment: &str, roster: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tfgen.hcl"), deployment).unwrap();
        fs::write(folder.path().join("developers.csv"), roster).unwrap();
        Self {
            moto: Lent::any(),
            folder,
            home: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Renders the deployment into its folder.
    pub fn render(&self) {
        let run = self.run(&["render"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }

    /// The texts of the rendered policies by name without `.json`, as world.py takes them.
    pub fn policies(&self) -> Value {
        let texts = fs::read_dir(self.path("policies")).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, Value::from(fs::read_to_string(&path).unwrap()))
        });
        Value::Object(texts.collect())
    }

    /// Runs `tfgen` in the folder of the deployment against the emulation, with credentials of the dedicated account.
    pub fn run(&self, args: &[&str]) -> Run {
        self.run_at(&self.moto.endpoint(), args)
    }

    /// Likewise, against another address.
    pub fn run_at(&self, endpoint: &str, args: &[&str]) -> Run {
        finished(self.command(endpoint).args(args))
    }

    /// The command, for whoever wants to change its environment.
    pub fn command(&self, endpoint: &str) -> Command {
        let mut command = tfgen::command().unwrap();
        command
            .current_dir(self.folder.path())
            .env("HOME", self.home.path())
            .env("AWS_ENDPOINT_URL", endpoint)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test");
        command
    }

    /// Verifies a phase, as JSON, with the credentials of all accounts.
    pub fn verify(&self, phase: &str, more: &[&str]) -> Run {
        let role = management_role();
        let mut args = vec![
            "verify-phase",
            phase,
            "--format",
            "json",
            "--management-role-arn",
            &role,
        ];
        args.extend(more);
        self.run(&args)
    }

    /// Verifies everything likewise.
    pub fn verify_all(&self, more: &[&str]) -> Run {
        self.verify_all_at(&self.moto.endpoint(), more)
    }

    /// Likewise, against another address.
    pub fn verify_all_at(&self, endpoint: &str, more: &[&str]) -> Run {
        let role = management_role();
        let mut args = vec!["verify", "--format", "json", "--management-role-arn", &role];
        args.extend(more);
        self.run_at(endpoint, &args)
    }

    /// Sets knobs of the emulation.
    pub fn knobs(&self, changes: Value) {
        self.moto.knobs(&changes).unwrap();
    }

    /// Runs Python against the emulation's API.
    pub fn boto3(&self, script: &str) -> Value {
        self.moto.boto3(script).unwrap()
    }

    /// Runs `look` while these operations are denied.
    pub fn denied(&self, operations: &[&str], look: impl FnOnce()) {
        self.knobs(json!({ "deny": operations }));
        look();
        self.knobs(json!({ "deny": [] }));
    }
}

/// A role of the management account that the emulation lets everybody assume.
pub fn management_role() -> String {
    format!("arn:aws:iam::{MANAGEMENT}:role/tfgen-verify")
}

/// Longer than any run takes: one that goes on after it hangs.
const WATCHDOG: Duration = Duration::from_secs(240);

/// Runs a command to its end, which must come by itself.
pub fn finished(command: &mut Command) -> Run {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = read_aside(child.stdout.take());
    let stderr = read_aside(child.stderr.take());
    let end = Instant::now() + WATCHDOG;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("it does not end: {command:?}\n{}", stderr.join().unwrap());
        }
        thread::sleep(Duration::from_millis(20));
    };
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    Run {
        status: status.code().unwrap_or_else(|| panic!("killed: {stderr}")),
        stdout,
        stderr,
    }
}

/// Reads a pipe to its end while somebody else waits.
fn read_aside(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        pipe.unwrap().read_to_string(&mut text).unwrap();
        text
    })
}

/// A file of examples/.
pub fn example(name: &str) -> String {
    fs::read_to_string(Path::new(&paths::repository()).join("examples").join(name)).unwrap()
}
