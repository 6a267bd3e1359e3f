//! Cost Explorer: cost allocation tags and costs. AWS bills each request.

use crate::aws::operation::{Operation, anywhere};

/// Keys that AWS has discovered, and whether they are active. The payer alone may ask.
pub static LIST_COST_ALLOCATION_TAGS: Operation =
    Operation::new("ce:ListCostAllocationTags", &[anywhere("ce:ListCostAllocationTags")]);

/// Applications of tags to the past.
pub static LIST_COST_ALLOCATION_TAG_BACKFILL_HISTORY: Operation = Operation::new(
    "ce:ListCostAllocationTagBackfillHistory",
    &[anywhere("ce:ListCostAllocationTagBackfillHistory")],
);

/// Costs of a period.
pub static GET_COST_AND_USAGE: Operation = Operation::new("ce:GetCostAndUsage", &[anywhere("ce:GetCostAndUsage")]);

/// Monitors of Cost Anomaly Detection.
pub static GET_ANOMALY_MONITORS: Operation =
    Operation::new("ce:GetAnomalyMonitors", &[anywhere("ce:GetAnomalyMonitors")]);
