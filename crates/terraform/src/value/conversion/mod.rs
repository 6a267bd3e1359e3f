//! Conversion of values to types, as Terraform converts arguments, variables and operands.
//!
//! Whether a conversion exists is decided by the types alone, also of unknown values; whether it succeeds may then
//! depend on the value (`"a"` is a string, and not every string is a number).

mod apply;
mod error;
mod exists;
mod preference;
mod unify;

pub use error::{ConversionError, PathStep};
pub use unify::unify;

use super::{Type, Value};

/// How willing a conversion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// Only conversions that succeed for every value.
    Safe,
    /// Those that fail for some values too.
    Unsafe,
}

/// The value as one of this type. Unknown and null values are converted by their types; attributes that the type does
/// not name are dropped, optional ones that the value lacks become null.
///
/// # Errors
/// When there is no such conversion, or this value is not one that it can convert.
pub fn convert(value: Value, wanted: &Type) -> Result<Value, ConversionError> {
    if *wanted == Type::Any {
        return Ok(value);
    }
    if value.is_of(wanted) {
        return Ok(value);
    }
    if !exists::exists_for(&value, wanted) {
        return Err(error::mismatch(&value.kind(), wanted));
    }
    apply::apply(value, wanted)
}

/// Whether some value of this type can be converted to that type.
pub fn convertible(kind: &Type, wanted: &Type) -> bool {
    exists::exists(kind, wanted, Care::Unsafe)
}
