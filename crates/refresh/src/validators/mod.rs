//! `refresh validators`: what only the provider's code knows of its arguments, found by asking it.
//!
//! Per place of a type: values of many kinds are tried; messages hint at rules; further values around what was hinted
//! at are tried; a rule is kept where it refuses nothing that the provider accepted and explains what it refused.

mod asking;
mod config;
mod demands;
mod fit;
mod leaves;
mod pack;
mod pool;
mod read;
mod rpc;
mod search;
mod sweep;
mod together;
mod types;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use anyhow::Context;
use terraform::schema::validators::{Rule, TypeRules};
use terraform::schema::{Kind, ProviderSchema};

use self::asking::{Asking, Probe, Target};
use self::rpc::{Fault, Provider};
use self::search::{Found, Search};
use crate::provider::{Root, data_file};

/// Renews crates/terraform/data/aws.validators.jsonl by probing the AWS provider (docs/provider-rules.md).
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Renew only the types whose names begin so, and keep the others as they are; may be repeated
    #[arg(long, value_name = "PREFIX")]
    only: Vec<String>,
    /// Write there instead
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// How much was found.
#[derive(Default)]
struct Figures {
    places: usize,
    validated: usize,
    explained: usize,
    values_refused: usize,
    values_explained: usize,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let root = Root::new()?;
    let mut provider = Provider::start(&root.provider()?)?;
    let schema = ProviderSchema::aws();
    let path = arguments
        .out
        .clone()
        .unwrap_or_else(|| data_file("aws.validators.jsonl"));
    let mut lines = if arguments.only.is_empty() {
        BTreeMap::new()
    } else {
        read_lines(&std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?)?
    };
    let families: Vec<&str> = if arguments.only.is_empty() {
        types::FAMILIES.to_vec()
    } else {
        arguments.only.iter().map(String::as_str).collect()
    };
    let begun = Instant::now();
    let mut figures = Figures::default();
    let mut known = Known::new();
    for kind in [Kind::Resource, Kind::DataSource] {
        for name in schema.names(kind) {
            if !families.iter().any(|family| name.starts_with(family)) {
                continue;
            }
            let block = schema.block(kind, name).context("a name without its schema")?;
            let mut asking = Asking {
                provider: &mut provider,
                kind,
                name,
                schema: block,
            };
            let rules = probe(&mut asking, &mut known, &mut figures).with_context(|| name.to_owned())?;
            eprintln!(
                "{:>5} s  {:>7} requests  {}: {} arguments with rules, {} combinations, {} not covered",
                begun.elapsed().as_secs(),
                provider.answered,
                rules.of,
                rules.rules.len(),
                rules.combinations.len(),
                rules.uncovered.len()
            );
            lines.insert(rules.of.clone(), serde_json::to_string(&rules)?);
            // Hours of work are not lost with the last type.
            write_lines(&path, &lines)?;
        }
    }
    eprintln!(
        "{} places, {} with validators, {} of them explained wholly; {} of {} refused values explained",
        figures.places, figures.validated, figures.explained, figures.values_explained, figures.values_refused
    );
    Ok(())
}

fn read_lines(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    text.lines()
        .map(|line| {
            let rules: TypeRules =
                serde_json::from_str(line).context("the data file has a line that cannot be read")?;
            Ok((rules.of, line.to_owned()))
        })
        .collect()
}

fn write_lines(path: &Path, lines: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let text: String = lines.values().map(|line| format!("{line}\n")).collect();
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// What was found at other places, by what the provider said there.
type Known = BTreeMap<String, Rc<Found>>;

/// What the provider says to the first values at a place, without the name of the place.
fn signature(target: &Target, answers: &[Vec<Fault>]) -> String {
    let names = target.names();
    let last = names.last().copied().unwrap_or_default();
    let mut text = format!("{}", target.leaf.number);
    for faults in answers {
        text.push('\n');
        for fault in faults {
            // Messages write the way to a place with positions in different forms.
            let message: String = fault
                .message
                .split(' ')
                .map(|word| if word.contains(last) { "PLACE" } else { word })
                .collect::<Vec<_>>()
                .join(" ");
            text.push_str(&message);
        }
    }
    text
}

/// The rules of one type.
fn probe(asking: &mut Asking<'_>, known: &mut Known, figures: &mut Figures) -> anyhow::Result<TypeRules> {
    let mut rules = TypeRules {
        of: TypeRules::key(asking.kind, asking.name),
        ..TypeRules::default()
    };
    let leaves = leaves::leaves(asking.schema);
    figures.places += leaves.len();
    let mut screens: Vec<Vec<Probe>> = Vec::new();
    let mut searches: Vec<Search> = Vec::new();
    let mut signatures: Vec<String> = Vec::new();
    for leaf in leaves {
        let screen: Vec<Probe> = if leaf.number {
            pool::NUMBER_SCREEN.map(Probe::Number).into()
        } else {
            pool::SCREEN.map(|entry| Probe::Text(pool::text(entry))).into()
        };
        let (target, answers) = asking.target(&leaf, &screen)?;
        if target.refuses_all() {
            figures.validated += 1;
            figures.explained += 1;
            rules.rules.insert(leaf.place.to_string(), vec![Rule::Nothing]);
            continue;
        }
        if answers.iter().any(|faults| !faults.is_empty()) {
            let signature = signature(&target, &answers);
            let mut search = Search::new(target, known.get(&signature).cloned());
            signatures.push(signature);
            search.see(screen.clone(), answers);
            searches.push(search);
            screens.push(screen);
        }
    }
    settle(asking, &mut searches, screens)?;
    answer(asking, &mut searches)?;
    // Beside some values of other places a value is not looked at and seems accepted. Alone, it is looked at.
    let mut again: Vec<(usize, Search)> = Vec::new();
    for (number, search) in searches.iter().enumerate() {
        if search.target.located && !search.fit().unexplained.is_empty() {
            let target = Target {
                located: false,
                ..search.target.clone()
            };
            again.push((number, Search::new(target, None)));
        }
    }
    for (number, mut search) in again {
        answer(asking, std::slice::from_mut(&mut search))?;
        if let Some(slot) = searches.get_mut(number) {
            *slot = search;
        }
    }
    for (search, signature) in searches.iter().zip(signatures) {
        if let Some(found) = search.found() {
            known.entry(signature).or_insert_with(|| Rc::new(found));
        }
        let fit = search.fit();
        let place = search.target.leaf.place.to_string();
        figures.validated += 1;
        figures.values_refused += fit.refused;
        figures.values_explained += fit.refused - fit.unexplained.len();
        match fit.unexplained.iter().find_map(|seen| seen.messages.first()) {
            Some(message) => {
                rules.uncovered.insert(place.clone(), shortened(message));
            }
            None => figures.explained += 1,
        }
        if !fit.rules.is_empty() {
            rules.rules.insert(place, fit::joined(fit.rules));
        }
    }
    rules.combinations = together::combinations(asking)?;
    Ok(rules)
}

/// Asks the provider until no search has a question.
fn answer(asking: &mut Asking<'_>, searches: &mut [Search]) -> anyhow::Result<()> {
    loop {
        let mut asked: Vec<(usize, Vec<Probe>)> = Vec::new();
        for (number, search) in searches.iter_mut().enumerate() {
            let probes = search.next();
            if !probes.is_empty() {
                asked.push((number, probes));
            }
        }
        if asked.is_empty() {
            return Ok(());
        }
        let questions: Vec<_> = asked
            .iter()
            .filter_map(|(number, probes)| Some((&searches.get(*number)?.target, probes.clone())))
            .collect();
        let answers = asking.together(&questions)?;
        for ((number, probes), answers) in asked.into_iter().zip(answers) {
            if let Some(search) = searches.get_mut(number) {
                search.see(probes, answers);
            }
        }
    }
}

/// Places whose values are not looked at when others are set are probed alone from now on.
fn settle(asking: &mut Asking<'_>, searches: &mut [Search], screens: Vec<Vec<Probe>>) -> anyhow::Result<()> {
    let questions: Vec<_> = searches
        .iter()
        .map(|search| &search.target)
        .zip(screens.iter().cloned())
        .collect();
    let answers = asking.together(&questions)?;
    let alone: Vec<_> = questions
        .iter()
        .map(|(target, probes)| asking.alone(target, probes))
        .collect::<Result<_, _>>()?;
    for ((search, together), alone) in searches.iter_mut().zip(answers).zip(alone) {
        search.target.located &= together == alone;
    }
    Ok(())
}

/// A message without the value that it is about, as far as that is long.
fn shortened(message: &str) -> String {
    const LIMIT: usize = 160;
    let line = message.replace('\n', " ");
    if line.chars().count() <= LIMIT {
        return line;
    }
    line.chars().take(LIMIT).collect::<String>() + "…"
}
