//! What the lists of a phone show: 今日, 农户, 台账, 走访统计 and look-alikes, over the real client.

#[path = "lists/coverage.rs"]
mod coverage;
#[path = "lists/households.rs"]
mod households;
#[path = "lists/today.rs"]
mod today;
#[path = "lists/village.rs"]
mod village;
