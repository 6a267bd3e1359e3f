//! The provider's process, spoken to as Terraform does.
//!
//! `terraform validate` hands each block to `ValidateResourceTypeConfig` of the provider and prints what it says. Asking
//! the provider itself gives the same answers, with the exact path of each, at a hundredth of the time.
//! Protocol: <https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin5.proto>.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};
use bytes::Bytes;
use h2::client::SendRequest;
use prost::Message;
use terraform::schema::Kind;
use tokio::net::UnixStream;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// Requests under way at a time.
const CONCURRENT: usize = 8;

/// A running provider.
pub struct Provider {
    child: Child,
    runtime: Runtime,
    sender: SendRequest<Bytes>,
    /// Requests answered so far.
    pub answered: usize,
}

/// An error that the provider found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The names on the way to the attribute; empty where the provider names none.
    pub path: Vec<String>,
    /// Its message: summary and detail.
    pub message: String,
}

impl Provider {
    /// Starts the program.
    pub fn start(program: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            // What tells the program that Terraform calls it; the value is the same for every provider.
            .env(
                "TF_PLUGIN_MAGIC_COOKIE",
                "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
            )
            .env("PLUGIN_PROTOCOL_VERSIONS", "5")
            .env_remove("PLUGIN_CLIENT_CERT")
            .env_remove("TF_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let stdout = child.stdout.take().context("the provider has no output")?;
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .context("the provider did not say where it listens")?;
        let socket = match line.trim().split('|').collect::<Vec<_>>().as_slice() {
            [_, "5", "unix", socket, "grpc", ..] => (*socket).to_owned(),
            _ => {
                child.kill().ok();
                bail!("the provider answered {line:?}; expected protocol 5 over a Unix socket");
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let sender = runtime.block_on(async {
            let stream = UnixStream::connect(&socket).await?;
            let (sender, connection) = h2::client::Builder::new()
                .initial_window_size(1 << 24)
                .initial_connection_window_size(1 << 24)
                .handshake(stream)
                .await?;
            tokio::spawn(connection);
            anyhow::Ok(sender)
        })?;
        Ok(Self {
            child,
            runtime,
            sender,
            answered: 0,
        })
    }

    /// What the provider finds wrong with each of several configurations of a type, in their order.
    pub fn validate(&mut self, kind: Kind, name: &str, configurations: &[Vec<u8>]) -> anyhow::Result<Vec<Vec<Fault>>> {
        let method = match kind {
            Kind::Resource => "ValidateResourceTypeConfig",
            Kind::DataSource => "ValidateDataSourceConfig",
            Kind::EphemeralResource => "ValidateEphemeralResourceConfig",
        };
        let mut answers = vec![Vec::new(); configurations.len()];
        let sender = &self.sender;
        self.runtime.block_on(async {
            let mut waiting = configurations.iter().enumerate();
            let mut running = JoinSet::new();
            loop {
                while running.len() < CONCURRENT
                    && let Some((number, configuration)) = waiting.next()
                {
                    let request = ValidateRequest {
                        type_name: name.to_owned(),
                        config: Some(DynamicValue {
                            msgpack: configuration.clone(),
                        }),
                        client_capabilities: Some(ClientCapabilities {
                            write_only_attributes_allowed: true,
                        }),
                    };
                    let sender = sender.clone();
                    running.spawn(async move { (number, call(sender, method, &request).await) });
                }
                let Some(done) = running.join_next().await else {
                    return anyhow::Ok(());
                };
                let (number, answer) = done?;
                if let Some(slot) = answers.get_mut(number) {
                    *slot = answer.with_context(|| format!("{method} of {name}"))?;
                }
            }
        })?;
        self.answered += configurations.len();
        Ok(answers)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // A provider that is gone already needs no end.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

async fn call(sender: SendRequest<Bytes>, method: &str, message: &ValidateRequest) -> anyhow::Result<Vec<Fault>> {
    let mut sender = sender.ready().await?;
    let request = http::Request::post(format!("http://localhost/tfplugin5.Provider/{method}"))
        .version(http::Version::HTTP_2)
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())?;
    let (response, mut body) = sender.send_request(request, false)?;
    // A message has a flag "compressed" and its length before it.
    let mut frame = vec![0];
    frame.extend(u32::try_from(message.encoded_len())?.to_be_bytes());
    message.encode(&mut frame)?;
    body.send_data(frame.into(), true)?;
    let mut body = response.await?.into_body();
    let mut received = Vec::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        body.flow_control().release_capacity(chunk.len())?;
        received.extend_from_slice(&chunk);
    }
    let trailers = body.trailers().await?.unwrap_or_default();
    if trailers.get("grpc-status").is_none_or(|status| status != "0") {
        bail!("the provider failed: {trailers:?}");
    }
    let response = ValidateResponse::decode(received.get(5..).unwrap_or_default())?;
    Ok(response.diagnostics.into_iter().filter_map(Diagnostic::fault).collect())
}

#[derive(Clone, PartialEq, Message)]
struct ValidateRequest {
    #[prost(string, tag = "1")]
    type_name: String,
    #[prost(message, optional, tag = "2")]
    config: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    client_capabilities: Option<ClientCapabilities>,
}

#[derive(Clone, PartialEq, Message)]
struct DynamicValue {
    #[prost(bytes = "vec", tag = "1")]
    msgpack: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct ClientCapabilities {
    #[prost(bool, tag = "2")]
    write_only_attributes_allowed: bool,
}

#[derive(Clone, PartialEq, Message)]
struct ValidateResponse {
    #[prost(message, repeated, tag = "1")]
    diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, Message)]
struct Diagnostic {
    #[prost(int32, tag = "1")]
    severity: i32,
    #[prost(string, tag = "2")]
    summary: String,
    #[prost(string, tag = "3")]
    detail: String,
    #[prost(message, optional, tag = "4")]
    attribute: Option<AttributePath>,
}

#[derive(Clone, PartialEq, Message)]
struct AttributePath {
    #[prost(message, repeated, tag = "1")]
    steps: Vec<PathStep>,
}

#[derive(Clone, PartialEq, Message)]
struct PathStep {
    #[prost(string, optional, tag = "1")]
    attribute_name: Option<String>,
}

impl Diagnostic {
    /// The error that this is; a warning is none.
    fn fault(self) -> Option<Fault> {
        (self.severity == 1).then(|| Fault {
            path: self
                .attribute
                .unwrap_or_default()
                .steps
                .into_iter()
                .filter_map(|step| step.attribute_name)
                .collect(),
            message: if self.detail.is_empty() {
                self.summary
            } else {
                format!("{}\n{}", self.summary, self.detail)
            },
        })
    }
}
