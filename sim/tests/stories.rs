//! Seeded stories with every kind of fault: nothing acknowledged is lost, all phones end equal, the same seed tells the
//! same. These are a few; `cargo xtask test stories` plays them by the thousand.

use bianfang_sim::play::play;

#[test]
fn what_must_hold_holds_after_every_story() {
    for seed in 0..24 {
        let report = play(seed);
        assert!(
            report.broken.is_empty(),
            "cargo run -p bianfang-sim -- --only {seed}: {:#?}",
            report.broken
        );
    }
}

#[test]
fn the_same_seed_leaves_the_same_trace() {
    assert_eq!(play(7).trace, play(7).trace);
    assert_ne!(play(7).trace, play(8).trace);
}
