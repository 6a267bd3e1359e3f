//! What is known of Claude on Amazon Bedrock: models, geographies, destination regions, prices, with dates and sources.
//!
//! The facts stand in `data/models.hcl`, which a person can update without reading Rust. Ids of models and profiles
//! are written out there and never derived from names or from each other: AWS's suffixes follow no rule.
//!
//! ```
//! let catalog = catalog::Catalog::embedded()?;
//! let opus = catalog.model("opus-4-6").ok_or("unknown model")?;
//! let profile = opus.profile("us").ok_or("no such geography")?;
//! assert_eq!(profile.id, "us.anthropic.claude-opus-4-6-v1");
//! assert_eq!(opus.prices("us")[0].input.map(|usd| usd.to_string()), Some("5.5".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod catalogue;
mod decimal;
mod file;
mod model;
mod overrides;

pub use catalogue::{Catalog, Identified, Region};
pub use decimal::{Decimal, DecimalError};
pub use file::FileError;
pub use model::{Destinations, GLOBAL, Lifecycle, Model, PriceRow, ProfileFacts, Source, SourceKind};
pub use overrides::{ModelOverride, OverrideError, ProfileOverride, USER_SOURCE};
