//! What the provider says to a value at a place.

use std::collections::BTreeMap;

use terraform::schema::{BlockNesting, BlockSchema, Kind};

use super::config::{self, Fill, Place, Step};
use super::leaves::Leaf;
use super::pack::Pack;
use super::rpc::{Fault, Provider};

/// A value that is tried.
#[derive(Debug, Clone, PartialEq)]
pub enum Probe {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
}

impl Probe {
    /// As the provider gets it.
    pub fn pack(&self) -> Pack {
        match self {
            Self::Text(text) => Pack::Text(text.clone()),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => Pack::Integer(*number as i64),
            Self::Number(number) => Pack::Float(*number),
        }
    }

    /// As it stands in messages.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A resource type and the provider.
pub struct Asking<'p> {
    /// The provider.
    pub provider: &'p mut Provider,
    /// Kind of the type.
    pub kind: Kind,
    /// Name of the type.
    pub name: &'p str,
    /// Its schema.
    pub schema: &'p BlockSchema,
}

/// A place that is probed, with what must be set beside it so that its value is looked at.
#[derive(Debug, Clone)]
pub struct Target {
    /// The place.
    pub leaf: Leaf,
    /// Places that are set, to what is not known.
    pub beside: Vec<Place>,
    /// Whether errors carry its path, so that several places can be probed in one configuration.
    pub located: bool,
    /// What stands in the arguments that must be set.
    pub fill: Fill,
    /// What is wrong whatever the value is.
    pub always: Vec<Fault>,
}

impl Target {
    /// Whether the provider refuses the argument as such.
    pub fn refuses_all(&self) -> bool {
        let names = self.names();
        self.always
            .iter()
            .any(|fault| fault.path == names && fault.message == "Invalid or unknown key")
    }

    /// The names on the way to it, as an error carries them.
    pub fn names(&self) -> Vec<&str> {
        self.leaf
            .place
            .0
            .iter()
            .filter_map(|step| match step {
                Step::Name(name) => Some(name.as_str()),
                Step::Element => None,
            })
            .collect()
    }
}

impl Asking<'_> {
    /// The faults of configurations, each with these places set.
    pub fn faults(&mut self, configurations: &[Vec<(&Place, Pack)>], fill: Fill) -> anyhow::Result<Vec<Vec<Fault>>> {
        let encoded: Vec<Vec<u8>> = configurations
            .iter()
            .map(|places| {
                let settings: Vec<config::Setting<'_>> =
                    places.iter().map(|(place, pack)| (place.0.as_slice(), pack)).collect();
                config::block(self.schema, &settings, fill).encode()
            })
            .collect();
        self.provider.validate(self.kind, self.name, &encoded)
    }

    /// The messages to each of several values at a place, alone.
    pub fn alone(&mut self, target: &Target, probes: &[Probe]) -> anyhow::Result<Vec<Vec<Fault>>> {
        let configurations: Vec<_> = probes.iter().map(|probe| beside(target, probe.pack())).collect();
        let answers = self.faults(&configurations, target.fill)?;
        Ok(answers.into_iter().map(|faults| counting(target, faults)).collect())
    }

    /// The messages to values at many places. Places whose errors carry their path share configurations.
    pub fn together(&mut self, asked: &[(&Target, Vec<Probe>)]) -> anyhow::Result<Vec<Vec<Vec<Fault>>>> {
        let mut answers = vec![Vec::new(); asked.len()];
        let mut shared = BTreeMap::new();
        for (number, (target, probes)) in asked.iter().enumerate() {
            if target.located {
                shared.insert(number, (*target, probes));
            } else if let Some(slot) = answers.get_mut(number) {
                *slot = self.alone(target, probes)?;
            }
        }
        let rounds = shared.values().map(|(_, probes)| probes.len()).max().unwrap_or(0);
        let configurations: Vec<Vec<(&Place, Pack)>> = (0..rounds)
            .map(|round| {
                let probed: Vec<_> = shared
                    .values()
                    .filter_map(|(target, probes)| Some((&target.leaf.place, probes.get(round)?.pack())))
                    .collect();
                // A place that is probed itself keeps its value: of two settings the first counts.
                let beside = shared.values().flat_map(|(target, _)| &target.beside);
                let beside: Vec<_> = beside.map(|place| (place, Pack::Unknown)).collect();
                probed.into_iter().chain(beside).collect()
            })
            .collect();
        let found = self.faults(&configurations, Fill::Unknown)?;
        for (number, (target, probes)) in &shared {
            let names = target.names();
            let of: Vec<Vec<Fault>> = found
                .iter()
                .take(probes.len())
                .map(|faults| {
                    let own = faults.iter().filter(|fault| fault.path == names).cloned().collect();
                    counting(target, own)
                })
                .collect();
            if let Some(slot) = answers.get_mut(*number) {
                *slot = of;
            }
        }
        Ok(answers)
    }

    /// Whether a place is in blocks that make a set.
    fn in_block(&self, place: &Place) -> bool {
        let mut schema = self.schema;
        for step in &place.0 {
            let Step::Name(name) = step else { return false };
            let Some(nested) = schema.blocks.get(name) else {
                return false;
            };
            if matches!(nested.nesting, BlockNesting::Set | BlockNesting::List) {
                return true;
            }
            schema = &nested.block;
        }
        false
    }

    /// A place with what its value needs to be looked at: what the provider demands beside it, and whether errors of
    /// `probes` carry its path. The answers to the probes come with it.
    pub fn target(&mut self, leaf: &Leaf, probes: &[Probe]) -> anyhow::Result<(Target, Vec<Vec<Fault>>)> {
        let mut target = Target {
            leaf: leaf.clone(),
            beside: Vec::new(),
            located: false,
            fill: Fill::Unknown,
            always: Vec::new(),
        };
        for _ in 0..3 {
            let faults = self
                .faults(&[beside(&target, Pack::Unknown)], Fill::Unknown)?
                .pop()
                .unwrap_or_default();
            let demanded: Vec<Place> = faults
                .iter()
                .filter(|fault| fault.path == target.names())
                .flat_map(|fault| super::demands::demanded(&fault.message))
                .filter(|place| !leaf.place.0.starts_with(&place.0) && !target.beside.contains(place))
                .collect();
            target.always = faults;
            if demanded.is_empty() {
                break;
            }
            target.beside.extend(demanded);
        }
        let mut answers = self.alone(&target, probes)?;
        if answers.iter().all(Vec::is_empty) && self.in_block(&leaf.place) {
            // What is wrong without the value is what the plain values beside it cause.
            target.fill = Fill::KnownInBlocks;
            let elements = leaf.place.0.iter().position(|step| *step == Step::Element);
            let place = Place(
                leaf.place
                    .0
                    .get(..elements.unwrap_or(leaf.place.0.len()))
                    .unwrap_or_default()
                    .to_vec(),
            );
            target.always = self.faults(&[vec![(&place, Pack::Nil)]], target.fill)?.concat();
            answers = self.alone(&target, probes)?;
        }
        let names = target.names();
        target.located = target.fill == Fill::Unknown && answers.iter().flatten().all(|fault| fault.path == names);
        Ok((target, answers))
    }
}

/// The settings for a value at a place.
fn beside(target: &Target, pack: Pack) -> Vec<(&Place, Pack)> {
    std::iter::once((&target.leaf.place, pack))
        .chain(target.beside.iter().map(|place| (place, Pack::Unknown)))
        .collect()
}

/// The faults that are about the value: not those that are there for every value, nor those about what is missing
/// elsewhere.
fn counting(target: &Target, faults: Vec<Fault>) -> Vec<Fault> {
    faults
        .into_iter()
        .filter(|fault| !target.always.contains(fault) && !super::demands::is_demand(&fault.message))
        .collect()
}
