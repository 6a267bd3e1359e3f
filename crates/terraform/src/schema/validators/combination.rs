//! Which arguments exclude or demand each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// Arguments and blocks that depend on each other, in one block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Combination {
    /// The block in which the paths begin, by the types on the way to it; empty for the resource itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub block: Vec<String>,
    /// A block below it without which nothing is demanded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What is demanded.
    pub demand: Demand,
}

/// What is demanded of arguments and blocks. A path is a name or names with dots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// At most one of two.
    Conflict(String, String),
    /// Exactly one.
    ExactlyOne(Vec<String>),
    /// At least one.
    AtLeastOne(Vec<String>),
    /// With the first, all others.
    Together(String, Vec<String>),
}

impl fmt::Display for Demand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |names: &[String]| {
            let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            quoted.join(", ")
        };
        match self {
            Self::Conflict(one, other) => write!(formatter, "`{one}` and `{other}` exclude each other"),
            Self::ExactlyOne(names) => write!(formatter, "exactly one of {} must be set", list(names)),
            Self::AtLeastOne(names) => write!(formatter, "at least one of {} must be set", list(names)),
            Self::Together(name, others) => write!(formatter, "`{name}` also needs {}", list(others)),
        }
    }
}

/// Whether something is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// It is not: absent or null.
    Absent,
    /// It may be: it is an empty collection, or made by a `dynamic` block.
    Maybe,
    /// Its value is not known yet.
    Unknown,
    /// It is.
    Set,
}

/// What a block sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Present {
    /// Its arguments; one that is not here is absent.
    pub arguments: BTreeMap<String, Presence>,
    /// The blocks in it, by type, in order.
    pub blocks: BTreeMap<String, Vec<Present>>,
    /// Types of blocks of which there may be more, as a `dynamic` block makes.
    pub dynamic: BTreeSet<String>,
    /// Whether a part of it is not known yet.
    pub unknown: bool,
}

/// A demand that a block does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The way to the block: type and position among those of its type, from 0.
    pub block: Vec<(String, usize)>,
    /// The demand.
    pub demand: Demand,
    /// The paths that are set and should not all be, or that demand others; empty where something is missing.
    pub set: Vec<String>,
}

impl Present {
    /// Whether the argument or block at a path is set.
    fn at(&self, path: &str) -> Presence {
        let (name, rest) = path
            .split_once('.')
            .map_or((path, None), |(name, rest)| (name, Some(rest)));
        let dynamic = self.dynamic.contains(name);
        let Some(rest) = rest else {
            let argument = self.arguments.get(name).copied().unwrap_or(Presence::Absent);
            return match self.blocks.get(name) {
                Some(blocks) if !blocks.is_empty() => Presence::Set,
                _ if dynamic => argument.max(Presence::Maybe),
                _ => argument,
            };
        };
        match self.blocks.get(name).map(Vec::as_slice) {
            Some([only]) if !dynamic => only.at(rest),
            // Which of several is meant is not known.
            Some([_, ..]) => Presence::Maybe,
            _ if dynamic => Presence::Maybe,
            // An attribute that holds objects: what they set is not looked at.
            _ if self.arguments.contains_key(name) => Presence::Maybe,
            _ => Presence::Absent,
        }
    }
}

/// The breaches of these demands in a resource.
pub(super) fn breaches(combinations: &[Combination], present: &Present) -> Vec<Breach> {
    let mut found = Vec::new();
    for combination in combinations {
        let mut blocks = vec![(Vec::new(), present)];
        for name in &combination.block {
            blocks = blocks
                .iter()
                .flat_map(|(way, block)| inside(way, block, name))
                .collect();
        }
        for (block, present) in blocks {
            if let Some(when) = &combination.when
                && present.at(when) != Presence::Set
            {
                continue;
            }
            if let Some(set) = combination.demand.breach(present) {
                found.push(Breach {
                    block,
                    demand: combination.demand.clone(),
                    set,
                });
            }
        }
    }
    found
}

/// The blocks of a type in a block, each with the way to it.
fn inside<'p>(way: &[(String, usize)], block: &'p Present, name: &str) -> Vec<(Vec<(String, usize)>, &'p Present)> {
    let blocks = block.blocks.get(name).into_iter().flatten();
    blocks
        .enumerate()
        .map(|(number, inner)| {
            let mut way = way.to_vec();
            way.push((name.to_owned(), number));
            (way, inner)
        })
        .collect()
}

impl Demand {
    /// The paths that are set, where the demand is not met.
    fn breach(&self, present: &Present) -> Option<Vec<String>> {
        let of = |names: &[String], presence: Presence| -> Vec<String> {
            names
                .iter()
                .filter(|name| present.at(name) == presence)
                .cloned()
                .collect()
        };
        let open = |names: &[String]| {
            names
                .iter()
                .any(|name| matches!(present.at(name), Presence::Maybe | Presence::Unknown))
        };
        match self {
            Self::Conflict(one, other) => {
                let both = [one.clone(), other.clone()];
                let set = of(&both, Presence::Set);
                (set.len() == 2).then_some(set)
            }
            Self::ExactlyOne(names) => {
                let set = of(names, Presence::Set);
                let none = set.is_empty() && !open(names);
                (none || set.len() > 1).then_some(set)
            }
            Self::AtLeastOne(names) => {
                let none = of(names, Presence::Absent).len() == names.len();
                none.then(Vec::new)
            }
            Self::Together(name, others) => {
                // What is not known yet makes its demand all the same.
                let there = matches!(present.at(name), Presence::Set | Presence::Unknown);
                let demanded = there && !of(others, Presence::Absent).is_empty();
                demanded.then(|| vec![name.clone()])
            }
        }
    }
}
