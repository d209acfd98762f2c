//! Seeded histories of whole households: syncs of mixed libraries that go well or are broken off, and between them and in
//! their middle people, agents, Plex and the source's owner at work. Whatever happened, the library is after every sync
//! what the generator's chronicle says, and what was written can be taken back.
//!
//! `SYNCSLATE_SEED` names a single seed, `SYNCSLATE_SEEDS` how many are tried (from 1 on). A failure prints the seed and its
//! last steps.

mod disturbed;
mod ending;
mod story;

use std::collections::BTreeMap;

use story::Story;

/// Histories of one test run.
const SEEDS: u64 = 240;
/// Test functions among which they are shared.
const SHARES: u64 = 2;

/// The seeds of one test function: each of them has both readings of Plex.
fn seeds(share: u64) -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok()?.parse().ok();
    let all = match number("SYNCSLATE_SEED") {
        Some(one) => one..=one,
        None => 1..=number("SYNCSLATE_SEEDS").unwrap_or(SEEDS),
    };
    all.filter(|seed| seed % SHARES == share).collect()
}

/// A share of the seeds. Returns how often what happened, for people.
fn tell(share: u64) -> String {
    let (mut failed, mut deeds) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for seed in seeds(share) {
        let mut story = Story::begin(seed);
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| story.tell()));
        for (deed, times) in story.deeds() {
            *deeds.entry(deed).or_default() += times;
        }
        if told.is_err() {
            let steps = story.last_steps();
            failed.push(format!("seed {seed}, whose last steps were:\n{steps}"));
        }
    }
    assert!(failed.is_empty(), "these failed: {}", failed.join("\n"));
    format!("{deeds:?}")
}

#[test]
fn every_history_ends_in_the_right_library() {
    println!("{}", tell(0));
}

#[test]
fn every_other_history_ends_in_the_right_library_too() {
    println!("{}", tell(1));
}
