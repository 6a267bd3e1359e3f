//! `--out`: one directory per developer.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use workstation::shell::Shell;

use super::text::{self, Format};
use super::{Configuration, Error, Planner};
use crate::deployment::model::Developer;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Developers whose files are there now.
    pub developers: usize,
    /// Files that were written.
    pub written: usize,
    /// Files that had this content already.
    pub unchanged: usize,
}

/// Writes the files of each developer to `out/<id>/`.
///
/// Nothing is written when a file exists with other content, unless `force`. Each file appears whole or not at all;
/// none of them is a secret.
///
/// # Errors
/// When a file would be overwritten, when a configuration cannot be computed, when the system refuses.
pub fn write_bundles(
    planner: &Planner<'_>,
    developers: &[&Developer],
    format: Format,
    out: &Path,
    force: bool,
) -> Result<Summary, Error> {
    let mut differs = Vec::new();
    let mut summary = Summary {
        developers: developers.len(),
        ..Summary::default()
    };
    // The configurations are computed once for comparing and once for writing instead of being kept: twenty thousand
    // of them would take more memory than time.
    let mut todo = vec![false; developers.len()];
    for (developer, todo) in developers.iter().zip(&mut todo) {
        for (path, content) in files(planner, developer, format, out)? {
            match fs::read(&path) {
                Ok(old) if old == content.as_bytes() => summary.unchanged += 1,
                Ok(_) => {
                    *todo = true;
                    differs.push(path);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => *todo = true,
                Err(source) => {
                    return Err(Error::Io {
                        action: "read",
                        path,
                        source,
                    });
                }
            }
        }
    }
    if !differs.is_empty() && !force {
        return Err(Error::Differs { files: differs });
    }
    for (developer, _) in developers.iter().zip(todo).filter(|(_, todo)| *todo) {
        let directory = out.join(&developer.id);
        fs::create_dir_all(&directory).map_err(|source| Error::Io {
            action: "create",
            path: directory.clone(),
            source,
        })?;
        for (path, content) in files(planner, developer, format, out)? {
            if fs::read(&path).is_ok_and(|old| old == content.as_bytes()) {
                continue;
            }
            write(&directory, &path, &content).map_err(|source| Error::Io {
                action: "write",
                path: path.clone(),
                source,
            })?;
            summary.written += 1;
        }
    }
    Ok(summary)
}

/// The files of one developer with their content.
fn files(
    planner: &Planner<'_>,
    developer: &Developer,
    format: Format,
    out: &Path,
) -> Result<Vec<(PathBuf, String)>, Error> {
    let directory = out.join(directory_name(developer)?);
    let configuration = planner.configuration(developer)?;
    let named = contents(planner, &configuration, format);
    Ok(named
        .into_iter()
        .map(|(name, content)| (directory.join(name), content))
        .collect())
}

fn contents(planner: &Planner<'_>, configuration: &Configuration<'_>, format: Format) -> Vec<(&'static str, String)> {
    let environment = |shell| (environment_file(shell), text::environment(configuration, shell));
    match format {
        Format::Human => {
            let mut all = vec![
                ("README.md", text::read_me(planner, configuration)),
                ("aws-config", text::aws_config(configuration)),
                ("settings.json", text::settings(configuration)),
            ];
            all.extend(
                configuration
                    .client
                    .clone()
                    .map(|client| (client_config::FILE_NAME, client)),
            );
            all.extend(Shell::ALL.map(environment));
            all
        }
        Format::Json => vec![(
            "onboarding.json",
            format!(
                "{}{}{}",
                text::json_open(planner),
                text::json_developer(configuration),
                text::json_close()
            ),
        )],
        Format::Settings => vec![("settings.json", text::settings(configuration))],
        Format::AwsConfig => vec![("aws-config", text::aws_config(configuration))],
        Format::Environment(shell) => vec![environment(shell)],
    }
}

fn environment_file(shell: Shell) -> &'static str {
    match shell {
        Shell::Posix => "env.sh",
        Shell::Fish => "env.fish",
        Shell::PowerShell => "env.ps1",
    }
}

/// The id, unless it would lead out of the directory or is no file name on some system.
fn directory_name(developer: &Developer) -> Result<&str, Error> {
    let id = developer.id.as_str();
    let refused = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    if id.is_empty() || id.starts_with('.') || id.ends_with(['.', ' ']) || id.contains(refused) {
        return Err(Error::DirectoryName {
            developer: id.to_owned(),
        });
    }
    Ok(id)
}

/// Writes a file beside its place and moves it there. It is not forced to the disk: after a power failure the command
/// can be run again.
fn write(directory: &Path, path: &Path, content: &str) -> std::io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tfgen-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Less whatever the umask takes away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(content.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::model::Deployment;
    use crate::onboard::{Need, Options, Outputs, choose, fixtures};

    fn run(deployment: &Deployment, format: Format, out: &Path, force: bool) -> Result<Summary, Error> {
        let text = fixtures::outputs(deployment);
        let outputs = Outputs::parse(&text, Need::of(deployment), "outputs").unwrap();
        let chosen = choose(deployment, None).unwrap();
        let planner = Planner::new(deployment, &outputs, &chosen, &Options::default()).unwrap();
        write_bundles(&planner, &chosen, format, out, force)
    }

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn each_developer_gets_a_directory() {
        let out = tempfile::tempdir().unwrap();
        let summary = run(&fixtures::full(), Format::Human, out.path(), false).unwrap();
        assert_eq!(
            summary,
            Summary {
                developers: 2,
                written: 12,
                unchanged: 0
            }
        );
        assert_eq!(names(out.path()), ["alice", "bob"]);
        assert_eq!(
            names(&out.path().join("alice")),
            [
                "README.md",
                "aws-config",
                "env.fish",
                "env.ps1",
                "env.sh",
                "settings.json"
            ]
        );
        let again = run(&fixtures::full(), Format::Human, out.path(), false).unwrap();
        assert_eq!((again.written, again.unchanged), (0, 12));
    }

    #[test]
    fn one_format_writes_one_file() {
        for (format, name) in [
            (Format::Json, "onboarding.json"),
            (Format::Settings, "settings.json"),
            (Format::AwsConfig, "aws-config"),
            (Format::Environment(Shell::Fish), "env.fish"),
        ] {
            let out = tempfile::tempdir().unwrap();
            run(&fixtures::full(), format, out.path(), false).unwrap();
            assert_eq!(names(&out.path().join("bob")), [name]);
        }
    }

    #[test]
    fn a_file_with_other_content_stops_everything() {
        let out = tempfile::tempdir().unwrap();
        let edited = out.path().join("bob/settings.json");
        fs::create_dir_all(out.path().join("bob")).unwrap();
        fs::write(&edited, "{}\n").unwrap();
        let error = run(&fixtures::full(), Format::Human, out.path(), false).unwrap_err();
        assert!(
            matches!(&error, Error::Differs { files } if *files == [edited.clone()]),
            "{error}"
        );
        assert_eq!(names(out.path()), ["bob"]);
        assert_eq!(fs::read_to_string(&edited).unwrap(), "{}\n");
        let summary = run(&fixtures::full(), Format::Human, out.path(), true).unwrap();
        assert_eq!((summary.written, summary.unchanged), (12, 0));
        assert_ne!(fs::read_to_string(&edited).unwrap(), "{}\n");
    }

    #[test]
    fn an_id_cannot_lead_out_of_the_directory() {
        for id in ["../evil", "a/b", "..", ".hidden", "", "a\\b", "trailing."] {
            let mut deployment = fixtures::bare();
            deployment.developers[0].id = id.to_owned();
            let out = tempfile::tempdir().unwrap();
            let error = run(&deployment, Format::Settings, out.path(), false).unwrap_err();
            assert!(matches!(error, Error::DirectoryName { .. }), "{id}: {error}");
            assert!(names(out.path()).is_empty());
        }
    }
}
