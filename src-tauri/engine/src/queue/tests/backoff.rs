use std::time::Duration;

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::queue::{ErrorClass, backoff};

const CLASSES: [(ErrorClass, u64, u64); 3] = [
    (ErrorClass::PlexAway, 30, 300),
    (ErrorClass::NotFound, 30, 600),
    (ErrorClass::Temporary, 5, 80),
];

proptest! {
    #[test]
    fn a_wait_lies_between_zero_and_the_bound(seed: u64, n in 0_u32..200, class in 0_usize..3) {
        let (class, base, cap) = CLASSES[class];
        let bound = (u128::from(base) << n.min(60)).min(u128::from(cap)) * 1000;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let wait = backoff(class, n, None, &mut rng).unwrap();
        prop_assert!(wait.as_millis() <= bound);
    }

    #[test]
    fn retry_after_is_a_lower_bound(seed: u64, n in 0_u32..10, seconds in 0_u64..5000) {
        let asked = Duration::from_secs(seconds);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for (class, _, cap) in CLASSES {
            let wait = backoff(class, n, Some(asked), &mut rng).unwrap();
            prop_assert!(wait >= asked);
            prop_assert!(wait <= asked.max(Duration::from_secs(cap)));
        }
    }
}

#[test]
fn waits_fill_the_whole_range() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let waits: Vec<_> = (0..1000)
        .filter_map(|_| backoff(ErrorClass::Temporary, 10, None, &mut rng))
        .collect();
    let below = |seconds| {
        let bound = Duration::from_secs(seconds);
        waits.iter().filter(|wait| **wait < bound).count()
    };
    assert_eq!(waits.len(), 1000);
    for (seconds, about) in [(20, 250), (40, 500), (60, 750)] {
        assert!(
            below(seconds).abs_diff(about) < 60,
            "{seconds} s: {}",
            below(seconds)
        );
    }
}

#[test]
fn a_permanent_error_has_no_second_try() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let asked = Some(Duration::from_secs(1));
    assert_eq!(backoff(ErrorClass::Permanent, 0, asked, &mut rng), None);
}
