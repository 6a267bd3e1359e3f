//! Which arguments and blocks exclude or demand each other.

use std::collections::BTreeSet;

use terraform::schema::BlockSchema;
use terraform::schema::validators::{Combination, Demand};

use super::asking::Asking;
use super::config::{self, Fill, Place, Step};
use super::demands::{Said, said};
use super::leaves::{Member, members};
use super::pack::Pack;
use super::rpc::Fault;

/// How deep arguments are set all at once; demands name no deeper ones.
const DEPTH: usize = 5;

/// How many partners of one argument are taken away one after another.
const PARTNERS: usize = 40;

/// What was said, and of which argument.
type Heard = BTreeSet<(Vec<String>, Said)>;

/// The combinations of a type that hold on both sides.
pub fn combinations(asking: &mut Asking<'_>) -> anyhow::Result<Vec<Combination>> {
    let members: Vec<(Member, Pack)> = members(asking.schema)
        .into_iter()
        .filter(|member| member.place.0.len() <= DEPTH && names(&member.place) != ["id"])
        .map(|member| {
            let pack = known(asking.schema, &member);
            (member, pack)
        })
        .collect();
    let mut heard = Heard::new();
    // Nothing is set, and each alone.
    let mut configurations = vec![Vec::new()];
    configurations.extend(members.iter().map(|(member, pack)| vec![(&member.place, pack.clone())]));
    for faults in asking.faults(&configurations, Fill::KnownInBlocks)? {
        hear(&faults, &mut heard);
    }
    // Everything is set; then without what excludes one argument, until nothing does.
    let all: Vec<(&Place, Pack)> = members
        .iter()
        .map(|(member, pack)| (&member.place, pack.clone()))
        .collect();
    let mut waiting = excluded(
        &asking.faults(std::slice::from_ref(&all), Fill::KnownInBlocks)?.concat(),
        &mut heard,
    );
    let mut away: Vec<(Vec<String>, BTreeSet<Vec<String>>)> = Vec::new();
    for _ in 0..PARTNERS {
        if waiting.is_empty() {
            break;
        }
        for (holder, partners) in waiting {
            match away.iter_mut().find(|(other, _)| *other == holder) {
                Some((_, known)) => known.extend(partners),
                None => away.push((holder, partners)),
            }
        }
        let configurations: Vec<Vec<(&Place, Pack)>> = away
            .iter()
            .map(|(holder, partners)| {
                all.iter()
                    .filter(|(place, _)| {
                        let place = names(place);
                        !partners.iter().any(|partner| place.starts_with(partner)) || holder.starts_with(&place)
                    })
                    .cloned()
                    .collect()
            })
            .collect();
        let answers = asking.faults(&configurations, Fill::KnownInBlocks)?;
        waiting = Vec::new();
        for ((holder, known), faults) in away.iter().zip(answers) {
            for (other, partners) in excluded(&faults, &mut heard) {
                if other == *holder && !partners.is_subset(known) {
                    waiting.push((other, partners));
                }
            }
        }
        away.retain(|(holder, _)| waiting.iter().any(|(other, _)| other == holder));
    }
    let mut combinations = BTreeSet::new();
    for (holder, said) in &heard {
        for combination in candidates(asking.schema, holder, said) {
            if !combinations.contains(&combination) && holds(asking, &combination)? {
                combinations.insert(combination);
            }
        }
    }
    Ok(without_repetition(combinations))
}

fn names(place: &Place) -> Vec<String> {
    place
        .0
        .iter()
        .filter_map(|step| match step {
            Step::Name(name) => Some(name.clone()),
            Step::Element => None,
        })
        .collect()
}

fn hear(faults: &[Fault], heard: &mut Heard) {
    for fault in faults {
        if let Some(said) = said(&fault.message) {
            heard.insert((fault.path.clone(), said));
        }
    }
}

/// Each argument that is said to exclude others, with those.
fn excluded(faults: &[Fault], heard: &mut Heard) -> Vec<(Vec<String>, BTreeSet<Vec<String>>)> {
    hear(faults, heard);
    faults
        .iter()
        .filter_map(|fault| match said(&fault.message)? {
            Said::Conflict(places) | Said::ExactlyOne(places) => {
                let holder = places
                    .iter()
                    .find(|place| **place == fault.path)
                    .or(places.first())?
                    .clone();
                let partners = places.into_iter().filter(|place| *place != holder).collect();
                Some((holder, partners))
            }
            _ => None,
        })
        .collect()
}

/// The value that sets something.
fn known(schema: &BlockSchema, member: &Member) -> Pack {
    if member.block {
        return Pack::Unknown;
    }
    let mut block = schema;
    let names = names(&member.place);
    let Some((last, way)) = names.split_last() else {
        return Pack::Unknown;
    };
    for name in way {
        match block.blocks.get(name) {
            Some(nested) => block = &nested.block,
            None => return Pack::Unknown,
        }
    }
    block
        .attributes
        .get(last)
        .map_or(Pack::Unknown, |attribute| config::plain(&attribute.kind))
}

/// What was said as demands in the block that holds all places; none where that is no block of the schema.
fn candidates(schema: &BlockSchema, holder: &[String], said: &Said) -> Vec<Combination> {
    let places = said.places();
    let Some(block) = places
        .iter()
        .map(|place| place.split_last().map_or(&[][..], |(_, parents)| parents))
        .reduce(|one, two| {
            let length = one.iter().zip(two).take_while(|(a, b)| a == b).count();
            one.get(..length).unwrap_or_default()
        })
    else {
        return Vec::new();
    };
    if !is_block(schema, block) || !places.iter().all(|place| exists(schema, place)) {
        return Vec::new();
    }
    let relative = |place: &Vec<String>| place.get(block.len()..).unwrap_or_default().join(".");
    let all: Vec<String> = places.iter().map(relative).collect();
    // The block of the argument that demands: without it nothing is demanded. A message that names no argument is
    // about the places themselves.
    let when = holder
        .split_last()
        .filter(|_| places.iter().any(|place| place == holder))
        .map(|(_, parents)| parents.get(block.len()..).unwrap_or_default().join("."))
        .filter(|when| !when.is_empty());
    let combination = |when: Option<String>, demand: Demand| Combination {
        block: block.to_vec(),
        when,
        demand,
    };
    match said {
        Said::Conflict(_) => all
            .iter()
            .enumerate()
            .flat_map(|(number, one)| {
                all.iter().skip(number + 1).map(move |two| {
                    let (one, two) = if one < two { (one, two) } else { (two, one) };
                    Demand::Conflict(one.clone(), two.clone())
                })
            })
            .map(|demand| combination(None, demand))
            .collect(),
        Said::ExactlyOne(_) => vec![combination(when, Demand::ExactlyOne(all))],
        Said::AtLeastOne(_) => vec![combination(when, Demand::AtLeastOne(all))],
        Said::Together(_) => all
            .iter()
            .map(|name| {
                let others = all.iter().filter(|other| *other != name).cloned().collect();
                combination(None, Demand::Together(name.clone(), others))
            })
            .collect(),
        Said::Needs(_) => {
            // "all of" names the argument itself as well.
            let first = if places.iter().any(|place| place == holder) {
                relative(&holder.to_vec())
            } else {
                all.first().cloned().unwrap_or_default()
            };
            let others: Vec<String> = all.iter().filter(|other| **other != first).cloned().collect();
            vec![combination(None, Demand::Together(first, others))]
        }
    }
}

fn is_block(schema: &BlockSchema, names: &[String]) -> bool {
    match names.split_first() {
        None => true,
        Some((first, rest)) => schema
            .blocks
            .get(first)
            .is_some_and(|nested| is_block(&nested.block, rest)),
    }
}

fn exists(schema: &BlockSchema, names: &[String]) -> bool {
    let Some((last, block)) = names.split_last() else {
        return false;
    };
    let mut inner = schema;
    for name in block {
        match inner.blocks.get(name) {
            Some(nested) => inner = &nested.block,
            None => return false,
        }
    }
    inner.blocks.contains_key(last)
        || inner
            .attributes
            .get(last)
            .is_some_and(|attribute| attribute.configurable())
}

/// Whether the provider says so where the demand is not met, and not where it is.
fn holds(asking: &mut Asking<'_>, combination: &Combination) -> anyhow::Result<bool> {
    let place = |relative: &str| {
        Place::of(
            combination
                .block
                .iter()
                .cloned()
                .chain(relative.split('.').map(str::to_owned)),
        )
    };
    let base: Vec<Place> = match (&combination.when, combination.block.is_empty()) {
        (Some(when), _) => vec![place(when)],
        (None, false) => vec![Place::of(combination.block.iter().cloned())],
        (None, true) => Vec::new(),
    };
    // What is set, and whether that is a breach.
    let cases: Vec<(Vec<&str>, bool)> = match &combination.demand {
        Demand::Conflict(one, two) => vec![(vec![one, two], true), (vec![one], false), (vec![two], false)],
        Demand::ExactlyOne(names) | Demand::AtLeastOne(names) => {
            let exactly = matches!(combination.demand, Demand::ExactlyOne(_));
            let mut cases = vec![(Vec::new(), true)];
            cases.extend(names.iter().map(|name| (vec![name.as_str()], false)));
            for pair in names.windows(2) {
                cases.push((pair.iter().map(String::as_str).collect(), exactly));
            }
            cases
        }
        Demand::Together(name, others) => {
            let mut all = vec![name.as_str()];
            all.extend(others.iter().map(String::as_str));
            let mut cases = vec![(vec![name.as_str()], true), (all.clone(), false), (Vec::new(), false)];
            for without in 1..all.len() {
                let set = all
                    .iter()
                    .enumerate()
                    .filter(|(number, _)| *number != without)
                    .map(|(_, name)| *name);
                cases.push((set.collect(), true));
            }
            cases
        }
    };
    let members = members(asking.schema);
    let settings: Vec<Vec<(Place, Pack)>> = cases
        .iter()
        .map(|(set, _)| {
            base.iter()
                .map(|place| (place.clone(), Pack::Unknown))
                .chain(set.iter().map(|name| {
                    let place = place(name);
                    let pack = members
                        .iter()
                        .find(|member| member.place == place)
                        .map_or(Pack::Unknown, |member| known(asking.schema, member));
                    (place, pack)
                }))
                .collect()
        })
        .collect();
    let configurations: Vec<Vec<(&Place, Pack)>> = settings
        .iter()
        .map(|places| places.iter().map(|(place, pack)| (place, pack.clone())).collect())
        .collect();
    let answers = asking.faults(&configurations, Fill::KnownInBlocks)?;
    Ok(cases.iter().zip(answers).all(|((_, breach), faults)| {
        let heard = faults.iter().any(|fault| {
            said(&fault.message).is_some_and(|said| {
                candidates(asking.schema, &fault.path, &said)
                    .iter()
                    .any(|other| other == combination)
            })
        });
        heard == *breach
    }))
}

/// Without the pairs that an "exactly one" of the same block says already.
fn without_repetition(combinations: BTreeSet<Combination>) -> Vec<Combination> {
    combinations
        .iter()
        .filter(|combination| {
            let Demand::Conflict(one, two) = &combination.demand else {
                return true;
            };
            !combinations.iter().any(|other| {
                other.block == combination.block
                    && other.when.is_none()
                    && matches!(&other.demand, Demand::ExactlyOne(names) if names.contains(one) && names.contains(two))
            })
        })
        .cloned()
        .collect()
}
