//! All models together.

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::file::{self, FileError};
use crate::model::{Model, Source};

/// The data file, compiled in.
const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/models.json"));

/// Names that are less alike than this are not suggested (Jaro-Winkler, 0 to 1).
const LEAST_SIMILARITY: f64 = 0.8;

/// A commercial region of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Code, as `us-east-1`.
    pub code: String,
    /// Place, as `N. Virginia`.
    pub name: String,
}

/// Models, regions and sources.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub(crate) as_of: Date,
    pub(crate) regions: IndexMap<String, Region>,
    pub(crate) sources: IndexMap<String, Source>,
    pub(crate) models: IndexMap<String, Model>,
}

/// A model that was found by one of its ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identified<'a> {
    /// The model.
    pub model: &'a Model,
    /// The geography, when the id was that of a profile.
    pub geography: Option<&'a str>,
}

impl Catalog {
    /// The catalogue of this release.
    ///
    /// # Errors
    /// When the embedded data file is faulty, which the tests of this crate rule out.
    pub fn embedded() -> Result<Self, FileError> {
        file::read_json(EMBEDDED)
    }

    /// The catalogue that `text`, a file in the form of `data/models.hcl`, describes.
    ///
    /// # Errors
    /// When `text` is no HCL, has unknown or missing fields, or contradicts itself. All contradictions are reported.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        file::parse(text)
    }

    /// All models, newest first within a family as the data file has them.
    pub fn models(&self) -> impl ExactSizeIterator<Item = &Model> {
        self.models.values()
    }

    /// The model with this key.
    #[must_use]
    pub fn model(&self, key: &str) -> Option<&Model> {
        self.models.get(key)
    }

    /// The model with exactly this base id, Anthropic id or profile id.
    #[must_use]
    pub fn identify(&self, id: &str) -> Option<Identified<'_>> {
        self.models.values().find_map(|model| {
            let profile = model.profiles().find(|(_, profile)| profile.id == id);
            let plain = model.base_id == id || model.anthropic_id == id;
            (plain || profile.is_some()).then_some(Identified {
                model,
                geography: profile.map(|(geography, _)| geography),
            })
        })
    }

    /// The key that somebody who wrote `text` most likely meant: `text` may be a mistyped key, a name or any id.
    #[must_use]
    pub fn nearest(&self, text: &str) -> Option<&str> {
        let plain = comparable(text);
        self.models
            .values()
            .map(|model| {
                let names = model.ids().chain([model.key.as_str(), model.name.as_str()]);
                let likeness = names
                    .map(|name| strsim::jaro_winkler(&comparable(name), &plain))
                    .fold(0.0, f64::max);
                (likeness, model.key.as_str())
            })
            .filter(|(likeness, _)| *likeness >= LEAST_SIMILARITY)
            // The first of equals: the newest model.
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, key)| key)
    }

    /// Day on which the facts were last looked over as a whole.
    #[must_use]
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Days from [`Catalog::as_of`] to `today`; negative when `today` is earlier.
    #[must_use]
    pub fn age_in_days(&self, today: Date) -> i32 {
        self.as_of.until(today).map_or(0, |span| span.get_days())
    }

    /// All known commercial regions by code, in the order of the data file.
    pub fn regions(&self) -> impl ExactSizeIterator<Item = &Region> {
        self.regions.values()
    }

    /// The commercial region with this code.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.get(code)
    }

    /// The region code that is most like `text`.
    #[must_use]
    pub fn nearest_region(&self, text: &str) -> Option<&str> {
        let text = text.to_lowercase();
        self.regions
            .keys()
            .map(|code| (strsim::jaro_winkler(code, &text), code.as_str()))
            .filter(|(likeness, _)| *likeness >= LEAST_SIMILARITY)
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, code)| code)
    }

    /// Geographies of which at least one model has a profile, in order of first appearance.
    #[must_use]
    pub fn geographies(&self) -> Vec<&str> {
        let mut geographies = Vec::new();
        for (geography, _) in self.models.values().flat_map(Model::profiles) {
            if !geographies.contains(&geography) {
                geographies.push(geography);
            }
        }
        geographies
    }

    /// The source with this key.
    #[must_use]
    pub fn source(&self, key: &str) -> Option<&Source> {
        self.sources.get(key)
    }

    /// All sources, in the order of the data file.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> {
        self.sources.values()
    }
}

/// `Claude Opus 4.6`, `claude-opus-4.6` and `opus-4-6` are written by the same kind of person.
fn comparable(text: &str) -> String {
    let lower = text.trim().to_lowercase().replace([' ', '.', '_'], "-");
    lower.strip_prefix("claude-").map_or(lower.clone(), str::to_owned)
}
