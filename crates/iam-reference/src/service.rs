//! One service: how it is unpacked, and what is known of it.

use std::io::Read;

use flate2::read::DeflateDecoder;

use crate::key::{Key, KeyType};

/// What an action does, as AWS classes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// Shows that resources exist.
    List,
    /// Reads what they hold.
    Read,
    /// Changes them.
    Write,
    /// Changes their tags.
    Tagging,
    /// Changes who may do what.
    PermissionsManagement,
}

/// A type of resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceType {
    /// Name as AWS spells it: `inference-profile`.
    pub name: &'static str,
    /// ARN with placeholders: `arn:${Partition}:s3:::${BucketName}`.
    pub arn: &'static str,
    keys: Vec<usize>,
}

/// A type of resource that an action acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionResource {
    resource: usize,
    /// Whether a request always names one.
    pub required: bool,
    keys: Vec<usize>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Name as AWS spells it, without the service: `InvokeModel`.
    pub name: &'static str,
    /// What it does.
    pub access: AccessLevel,
    /// Types of resource that it acts on; none if it takes only `*`.
    pub resources: Vec<ActionResource>,
    keys: Vec<usize>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Prefix of its actions: `bedrock`.
    pub prefix: &'static str,
    /// Name: `Amazon Bedrock`.
    pub name: &'static str,
    /// Actions, ordered by name without case.
    pub actions: Vec<Action>,
    /// Types of resource.
    pub resource_types: Vec<ResourceType>,
    /// Condition keys that its actions know, those that other services share included.
    pub keys: Vec<Key>,
}

impl Service {
    /// The action of this name, in any case.
    pub fn action(&self, name: &str) -> Option<&Action> {
        let name = name.to_ascii_lowercase();
        let at = self
            .actions
            .binary_search_by(|action| action.name.to_ascii_lowercase().cmp(&name))
            .ok()?;
        self.actions.get(at)
    }

    /// The actions that a pattern with `*` and `?`, without the service, matches.
    pub fn actions_matching<'s>(&'s self, pattern: &'s str) -> impl Iterator<Item = &'s Action> {
        self.actions
            .iter()
            .filter(move |action| policy::matches_ignoring_case(pattern, action.name))
    }

    /// The type of resource that an action's entry names.
    pub fn resource_type(&self, of: &ActionResource) -> Option<&ResourceType> {
        self.resource_types.get(of.resource)
    }

    /// The types of resource that an action acts on.
    pub fn resources_of<'s>(&'s self, action: &'s Action) -> impl Iterator<Item = &'s ResourceType> {
        action.resources.iter().filter_map(|of| self.resource_type(of))
    }

    /// The condition key of this name, in any case, if any of the service's actions knows it.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.is(name))
    }

    /// The condition keys that an action knows: its own, those of its types of resource, and those that hold for it on
    /// one of them. Global keys that every request may carry ([`crate::global_keys`]) are not repeated here.
    pub fn keys_of(&self, action: &Action) -> Vec<&Key> {
        let types = action.resources.iter().flat_map(|of| {
            let shared = self.resource_type(of).map_or(&[][..], |resource| &resource.keys);
            of.keys.iter().chain(shared)
        });
        let mut indexes: Vec<usize> = action.keys.iter().chain(types).copied().collect();
        indexes.sort_unstable();
        indexes.dedup();
        self.keys_at(&indexes)
    }

    /// The condition keys that an action has by itself, whatever resource it acts on.
    pub fn own_keys_of(&self, action: &Action) -> Vec<&Key> {
        self.keys_at(&action.keys)
    }

    /// The condition keys that an action has on one of its types of resource, those of the type itself not repeated.
    pub fn keys_on(&self, of: &ActionResource) -> Vec<&Key> {
        self.keys_at(&of.keys)
    }

    /// The condition keys of a type of resource.
    pub fn keys_of_type(&self, resource: &ResourceType) -> Vec<&Key> {
        self.keys_at(&resource.keys)
    }

    fn keys_at(&self, indexes: &[usize]) -> Vec<&Key> {
        indexes.iter().filter_map(|index| self.keys.get(*index)).collect()
    }

    /// Unpacks a service. `None` if the data are not what `refresh` writes, which a test excludes for every service.
    pub(crate) fn unpack(prefix: &'static str, name: &'static str, packed: &[u8]) -> Option<Self> {
        let mut text = String::new();
        DeflateDecoder::new(packed).read_to_string(&mut text).ok()?;
        // A service is unpacked at most once and stays to the end, so that names can be borrowed without a lifetime.
        let text: &'static str = text.leak();
        let mut service = Self {
            prefix,
            name,
            actions: Vec::new(),
            resource_types: Vec::new(),
            keys: Vec::new(),
        };
        for line in text.lines() {
            service.line(line)?;
        }
        Some(service)
    }

    fn line(&mut self, line: &'static str) -> Option<()> {
        let mut fields = line.split('\t');
        match fields.next()? {
            "K" => {
                let name = fields.next()?;
                self.keys.push(Key::new(name, KeyType::parse(fields.next()?)?));
            }
            "R" => self.resource_types.push(ResourceType {
                name: fields.next()?,
                arn: fields.next()?,
                keys: indexes(fields.next()?, ',')?,
            }),
            "A" => self.actions.push(Action {
                name: fields.next()?,
                access: access(fields.next()?)?,
                keys: indexes(fields.next()?, ',')?,
                resources: parts(fields.next()?, ',').map(action_resource).collect::<Option<_>>()?,
            }),
            _ => return None,
        }
        Some(())
    }
}

fn access(text: &str) -> Option<AccessLevel> {
    Some(match text {
        "L" => AccessLevel::List,
        "R" => AccessLevel::Read,
        "W" => AccessLevel::Write,
        "T" => AccessLevel::Tagging,
        "P" => AccessLevel::PermissionsManagement,
        _ => return None,
    })
}

/// `3`, `3!` where it is required, `3!:1.7` with its condition keys.
fn action_resource(text: &str) -> Option<ActionResource> {
    let (resource, keys) = text.split_once(':').unwrap_or((text, ""));
    let (resource, required) = match resource.strip_suffix('!') {
        Some(resource) => (resource, true),
        None => (resource, false),
    };
    Some(ActionResource {
        resource: resource.parse().ok()?,
        required,
        keys: indexes(keys, '.')?,
    })
}

fn indexes(text: &str, separator: char) -> Option<Vec<usize>> {
    parts(text, separator).map(|index| index.parse().ok()).collect()
}

fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).filter(|part| !part.is_empty())
}
