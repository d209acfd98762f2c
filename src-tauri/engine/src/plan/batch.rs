//! How many things travel together.

/// Most items in one stored chunk of a plan.
pub const PLAN_CHUNK: usize = 1_000;
/// Most items in one detail read, one verification, one edit of several items.
pub const READ_BATCH: usize = 200;
