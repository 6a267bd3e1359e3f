//! From inputs to a report.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use findings::suppress::{self, Comment};
use findings::{Finding, Place, Report, Severity, Source};
use terraform::module::{
    Disk, FileId, FileKind, FileSystem, Files, Memory, Module, ModuleId, SideFile, Tree, Unread, file_kind, read_body,
    read_text,
};
use terraform::parallel;
use terraform::schema::{ProviderSchema, SchemaError};
use terraform::syntax::SyntaxError;

use crate::inputs::Found;
use crate::language::{self, Environment, Schemas};
use crate::look::Look;
use crate::settings::{AwsConfig, Settings};
use crate::sink::{Sink, Sources, display};
use crate::{
    Error, Input, Options, bedrock, comments, documents, kind, native, policy, rules, security, settings, sink,
};

/// Looks at everything that is named, and at what lies below it.
///
/// # Errors
/// When an input does not exist or cannot be read.
pub fn run(inputs: &[Input], options: &Options) -> Result<Report, Error> {
    let mut found = Found::default();
    let mut texts = Vec::new();
    for input in inputs {
        match input {
            Input::Path(path) => found.add(path)?,
            Input::Text { name, text } => texts.push((name.as_str(), text.as_str())),
        }
    }
    for path in &options.var_files {
        std::fs::metadata(path).map_err(|error| Error::at(path, error))?;
        found.named.insert(path.clone());
    }
    let setting = Setting {
        schemas: schemas(options)?,
        var_files: &options.var_files,
    };
    let mut run = Run::default();
    for unread in &found.unread {
        run.unread(unread);
    }
    run.terraform(&Disk, &found.folders, &setting);
    let read = parallel::map(&found.json.iter().collect::<Vec<_>>(), |path| {
        read_text(&Disk, path).map(|text| Json::judge(Source::new(display(path), text)))
    });
    for (path, json) in found.json.iter().zip(read) {
        match json {
            Ok(json) => {
                if json.source.is_none() && found.named.contains(path) {
                    run.not_checked(&display(path), OTHER_JSON);
                }
                run.json(json);
            }
            Err(unread) => run.unread_file(&unread),
        }
    }
    for path in &found.aws_config {
        match read_text(&Disk, path) {
            Ok(text) => {
                if !run.aws_config(Source::new(display(path), text)) && found.named.contains(path) {
                    run.not_checked(&display(path), OTHER_FILE);
                }
            }
            Err(unread) => run.unread_file(&unread),
        }
    }
    for (name, text) in texts {
        run.text(name, text, &setting);
    }
    run.profiles();
    Ok(run.report(&found, options))
}

/// Looks at Terraform that is in memory alone: whole folders, by path.
pub fn run_memory(files: &BTreeMap<PathBuf, Vec<u8>>, options: &Options) -> Result<Report, Error> {
    let memory = Memory(files.clone());
    let folders: BTreeSet<PathBuf> = files
        .keys()
        .filter(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            matches!(file_kind(&name).0, FileKind::Config | FileKind::Override)
        })
        .filter_map(|path| path.parent().map(Path::to_owned))
        .collect();
    let setting = Setting {
        schemas: schemas(options)?,
        var_files: &options.var_files,
    };
    let mut run = Run::default();
    run.terraform(&memory, &folders, &setting);
    let everything = Found {
        whole: true,
        ..Found::default()
    };
    Ok(run.report(&everything, options))
}

fn schemas(options: &Options) -> Result<Schemas, Error> {
    let mut schemas = Schemas::default();
    if let Some(path) = &options.provider_schema {
        let no_schema = |error| Error::Schema {
            path: path.clone(),
            error,
        };
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            ErrorKind::IsADirectory => no_schema(SchemaError::OtherDocument("a folder".to_owned())),
            ErrorKind::InvalidData => no_schema(SchemaError::Syntax("it is not UTF-8".to_owned())),
            _ => Error::at(path, error),
        })?;
        schemas.own = ProviderSchema::from_json(&text).map_err(no_schema)?;
    }
    Ok(schemas)
}

/// Why a file of JSON that was named was not checked.
const OTHER_JSON: &str = "it cannot be read as a policy document or as settings of Claude Code";

/// Why any other file that was named was not checked.
const OTHER_FILE: &str = "it is no Terraform, no JSON and no AWS configuration";

/// What configuration is judged by.
struct Setting<'o> {
    schemas: Schemas,
    var_files: &'o [PathBuf],
}

/// What a run has read and found so far.
#[derive(Default)]
struct Run {
    sink: Sink,
    /// The texts that were looked at, by name.
    sources: BTreeMap<String, Arc<Source>>,
    /// Names of the files that could not be read.
    unread: BTreeSet<String>,
    settings: Vec<Settings>,
    configs: Vec<AwsConfig>,
}

impl Run {
    fn terraform(&mut self, files: &dyn FileSystem, folders: &BTreeSet<PathBuf>, setting: &Setting<'_>) {
        let mut read = Files::default();
        let mut tree = Tree::default();
        // Where Terraform has fetched modules, their place is known from the root alone.
        let (initialised, others): (Vec<&PathBuf>, Vec<&PathBuf>) = folders
            .iter()
            .partition(|folder| files.read(&folder.join(".terraform/modules/modules.json")).is_ok());
        for folder in initialised.into_iter().chain(others) {
            if let Err(error) = tree.add(files, folder, &mut read) {
                self.unread(&Unread::new(folder, &error));
            }
        }
        let (given, errors) = self.given(files, setting.var_files, &tree, &mut read);
        let sources = Sources::new(&read);
        for (_, source) in sources.iter() {
            self.sources.insert(source.name.clone(), Arc::clone(source));
        }
        for (file, error) in errors {
            let finding = sink::finding(
                &sources,
                &language::rules::SYNTAX_ERROR,
                file,
                &error.span,
                error.message,
            );
            self.sink.push(finding);
        }
        let roots: BTreeSet<ModuleId> = tree.roots().into_iter().collect();
        for unread in tree.modules().flat_map(|(_, module)| &module.unread) {
            self.unread_file(unread);
        }
        // A module whose variables have no values, and the same once they have some: two things to look at.
        let work: Vec<(ModuleId, &Module, bool)> = tree
            .modules()
            .flat_map(|(id, module)| [(id, module, false), (id, module, true)])
            .filter(|(id, _, planned)| !planned || roots.contains(id))
            .collect();
        let judged = parallel::map(&work, |(id, module, planned)| {
            let mut sink = Sink::default();
            let environment = Environment::new(&tree, *id, module, roots.contains(id), files);
            if !planned {
                judge(&environment, &setting.schemas, &sources, &mut sink);
                language::check_beside(&environment, &setting.schemas, &sources, &given, &mut sink);
                return (sink, Vec::new());
            }
            let values = language::planned(module, &sources, &given);
            if values.is_empty() {
                return (sink, Vec::new());
            }
            let environment = environment.with_values(values);
            judge(&environment, &setting.schemas, &sources, &mut sink);
            (sink, language::not_made(&environment))
        });
        for ((_, _, planned), (sink, inert)) in work.iter().zip(judged) {
            if *planned {
                self.sink.add_planned(sink, &sources, &inert, given.is_empty());
            } else {
                self.sink.add(sink);
            }
        }
        language::check_declared(&tree, &roots, &given, &sources, &mut self.sink);
        language::check_dependencies(&tree, &sources, &mut self.sink);
    }

    /// The files of values that were named, and what is no syntax in them. One that stands beside a module was read with it.
    fn given(
        &mut self,
        files: &dyn FileSystem,
        paths: &[PathBuf],
        tree: &Tree,
        read: &mut Files,
    ) -> (Vec<SideFile>, Vec<(FileId, SyntaxError)>) {
        let mut given = Vec::new();
        let mut errors = Vec::new();
        for path in paths {
            let canonical = Disk.canonical(path).ok();
            let beside = tree.modules().flat_map(|(_, module)| &module.values).find(|values| {
                let beside = read.get(values.file).and_then(|file| files.canonical(&file.path).ok());
                beside.is_some() && beside == canonical
            });
            if let Some(beside) = beside {
                given.push(beside.clone());
                continue;
            }
            let json = path.extension().is_some_and(|extension| extension == "json");
            match read_body(&Disk, path, json, read) {
                Ok((file, body, faults)) => {
                    given.push(SideFile { file, body });
                    errors.extend(faults.into_iter().map(|fault| (file, fault)));
                }
                Err(unread) => self.unread_file(&unread),
            }
        }
        (given, errors)
    }

    /// A text that is in no file: one file of configuration is a module of its own.
    fn text(&mut self, name: &str, text: &str, setting: &Setting<'_>) {
        let path = PathBuf::from(name);
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        if matches!(file_kind(&base_name(name)).0, FileKind::Config | FileKind::Override) {
            let memory = Memory([(path, text.as_bytes().to_vec())].into());
            self.terraform(&memory, &[folder].into(), setting);
        } else if name.ends_with(".json") {
            let json = Json::judge(Source::new(name, text));
            if json.source.is_none() {
                self.not_checked(name, OTHER_JSON);
            }
            self.json(json);
        } else {
            let is_config = name == "config" || name.ends_with(".aws/config");
            if !is_config || !self.aws_config(Source::new(name, text)) {
                self.not_checked(name, OTHER_FILE);
            }
        }
    }

    /// Sections of the AWS CLI; a file that has none of them is something else, which is the answer.
    fn aws_config(&mut self, source: Arc<Source>) -> bool {
        let config = AwsConfig::read(&source);
        if config.sections.is_empty() {
            return false;
        }
        settings::check_config(&config, &mut self.sink);
        self.sources.insert(source.name.clone(), source);
        self.configs.push(config);
        true
    }

    /// Says of a file that was named that nothing here knows what to look for in it.
    fn not_checked(&mut self, name: &str, why: &str) {
        let needs = "Terraform, a policy document, settings of Claude Code or `.aws/config`";
        self.sink.note(format!("`{name}` was not checked: {why}"), None, needs);
    }

    /// Profiles that settings name, against the sections that were read.
    fn profiles(&mut self) {
        for settings in &self.settings {
            settings::check_profiles(settings, &self.configs, &mut self.sink);
        }
    }

    fn json(&mut self, json: Json) {
        self.sink.add(json.sink);
        self.settings.extend(json.settings);
        if let Some(source) = json.source {
            self.sources.insert(source.name.clone(), source);
        }
    }

    /// A file that cannot be read was looked at all the same.
    fn unread_file(&mut self, unread: &Unread) {
        self.unread.insert(display(&unread.path));
        self.unread(unread);
    }

    /// Says that a file or folder cannot be read.
    fn unread(&mut self, unread: &Unread) {
        let name = display(&unread.path);
        let at = match unread.position {
            Some((line, column)) => format!(" at line {line}, column {column}"),
            None => String::new(),
        };
        let (text, at_byte) = unread.faulty.as_ref().map_or(("", 0), |(text, at)| (text, *at));
        let faulty = text.get(at_byte..).and_then(|rest| rest.chars().next());
        let span = at_byte..at_byte + faulty.map_or(0, char::len_utf8);
        let message = format!("{name} cannot be read{at}: {}", unread.why);
        let place = Place::new(&Source::new(name, text), span);
        self.sink
            .push(Finding::new(&language::rules::SYNTAX_ERROR, place, message));
    }

    fn report(mut self, found: &Found, options: &Options) -> Report {
        let named: BTreeSet<String> = found.named.iter().map(|path| display(path)).collect();
        let counts = |finding: &Finding| found.whole || named.is_empty() || named.contains(&finding.place.source.name);
        self.sink
            .findings
            .retain(|finding| options.wants(finding.rule) && counts(finding));
        let is_config = |name: &str| self.configs.iter().any(|config| config.name() == name);
        let written_in_terraform = |source: &&Arc<Source>| !source.name.ends_with(".json") && !is_config(&source.name);
        let sources = self.sources.values().filter(written_in_terraform);
        let mut notes: Vec<Comment> = sources.flat_map(comments::comments).collect();
        notes.extend(self.configs.iter().flat_map(AwsConfig::comments));
        let mut sifted = suppress::sift(self.sink.findings, &notes, rules(), &|rule| options.wants(rule));
        sifted
            .findings
            .retain(|finding| options.wants(finding.rule) && counts(finding));
        let mut report = Report {
            files: self
                .unread
                .iter()
                .filter(|name| !self.sources.contains_key(*name))
                .count()
                + self.sources.len(),
            findings: sifted.findings,
            suppressed: sifted.suppressed,
            undetermined: self.sink.undetermined,
        };
        report.sort();
        report
    }
}

/// What a JSON file is, and what is wrong with it.
#[derive(Default)]
struct Json {
    /// The text, where it is of interest here.
    source: Option<Arc<Source>>,
    settings: Option<Settings>,
    sink: Sink,
}

impl Json {
    /// Settings of Claude Code, a policy document, or nothing that is of interest here.
    fn judge(source: Arc<Source>) -> Self {
        let mut json = Self::default();
        if Settings::is_meant(&source.name, &source.text) {
            json.settings = settings::check(&source, &mut json.sink);
            json.source = Some(source);
            return json;
        }
        if !policy::is_policy(&source.text) {
            return json;
        }
        // What uses the file is not seen here: it may be a template that Terraform fills in.
        let context = policy::Context {
            template: true,
            ..policy::Context::default()
        };
        for found in of_guess(&source, &context) {
            json.sink.push(found.in_source(&source));
        }
        json.source = Some(source);
        json
    }
}

/// What is found in a policy document whose kind is taken from its name.
fn of_guess(source: &Source, context: &policy::Context) -> Vec<policy::PolicyFinding> {
    let guess = kind::of(&source.name, policy::Shape::of(&source.text));
    let mut found = policy::lint(&source.text, guess.kind, context);
    if guess.is_weak && found.iter().any(|finding| finding.severity == Severity::Error) {
        let sure = policy::lint(&source.text, None, context);
        for finding in &mut found {
            let same = |other: &policy::PolicyFinding| (other.rule, &other.span) == (finding.rule, &finding.span);
            let worst = sure
                .iter()
                .filter(|other| same(other))
                .map(|other| other.severity)
                .max();
            finding.severity = finding
                .severity
                .min(worst.unwrap_or(Severity::Warning).max(Severity::Warning));
        }
    }
    found
}

/// Everything that is found in the configuration of a module.
fn judge(environment: &Environment<'_>, schemas: &Schemas, sources: &Sources, sink: &mut Sink) {
    language::check(environment, schemas, sources, sink);
    match native::module(environment.module) {
        None => written(environment, sources, sink),
        Some(native) => written(&environment.with_module(&native), sources, sink),
    }
}

/// What is found where only the native syntax is known.
fn written(environment: &Environment<'_>, sources: &Sources, sink: &mut Sink) {
    documents::check(environment, sources, sink);
    field(&Look::new(environment, sources), sink);
}

/// What the rules about Bedrock and about security find in a module.
fn field(look: &Look<'_, '_>, sink: &mut Sink) {
    let mut found = Vec::new();
    let checks = bedrock::terraform::ALL.iter().chain(&security::ALL);
    for (_, check) in checks {
        check(look, &mut found);
    }
    bedrock::policies::check_terraform(look, &mut found);
    settings::check_terraform(look, &mut found);
    for finding in found {
        sink.push(finding);
    }
}

fn base_name(name: &str) -> String {
    Path::new(name)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
