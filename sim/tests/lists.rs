//! What the lists of a phone show: 今日, 农户, 台账, 走访统计, 我的, look-alikes and pairing, over the real client.

#[path = "lists/coverage.rs"]
mod coverage;
#[path = "lists/households.rs"]
mod households;
#[path = "lists/mine.rs"]
mod mine;
#[path = "lists/pairing.rs"]
mod pairing;
#[path = "lists/papers.rs"]
mod papers;
#[path = "lists/today.rs"]
mod today;
#[path = "lists/village.rs"]
mod village;
