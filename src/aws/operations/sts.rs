//! AWS STS.

use crate::aws::operation::Operation;

/// Whose credentials these are. Needs no permission, and answers even where everything is denied.
pub static GET_CALLER_IDENTITY: Operation = Operation::new("sts:GetCallerIdentity", &[]);
