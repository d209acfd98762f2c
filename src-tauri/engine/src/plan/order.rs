//! The fewest moves that bring the members of a collection into an order. Pure.
//!
//! Each move holds Plex's one writer for as long as an edit does, or longer where a collection is large: what stands
//! right already (a longest increasing subsequence) stays, and every other member is moved once.

use std::collections::BTreeMap;

/// A member that goes behind another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move<K> {
    /// Who is moved.
    pub member: K,
    /// Behind whom; `None`: to the front.
    pub after: Option<K>,
}

/// The fewest moves after which those of `present` that `wanted` names stand in its order. What only one of them names
/// is never moved. The moves are to be made one after the other.
pub fn moves<K: Copy + Ord>(present: &[K], wanted: &[K]) -> Vec<Move<K>> {
    let mut places: BTreeMap<K, usize> = present
        .iter()
        .enumerate()
        .map(|(place, member)| (*member, place))
        .collect();
    let wanted: Vec<(K, usize)> = wanted
        .iter()
        // Taken out, so that what is named twice counts once.
        .filter_map(|member| Some((*member, places.remove(member)?)))
        .collect();
    let now: Vec<usize> = wanted.iter().map(|(_, place)| *place).collect();
    let stays = longest_increasing(&now);
    let mut stays = stays.into_iter().peekable();
    let mut moves = Vec::new();
    let mut before = None;
    for (at, (member, _)) in wanted.into_iter().enumerate() {
        if stays.next_if_eq(&at).is_none() {
            moves.push(Move {
                member,
                after: before,
            });
        }
        before = Some(member);
    }
    moves
}

/// The indices of a longest increasing subsequence, ascending. The numbers differ.
fn longest_increasing(numbers: &[usize]) -> Vec<usize> {
    // Of the subsequences of each length, where the one with the smallest last number ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut found = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        found.push(at);
        next = before[at];
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Move, moves};

    fn apply(order: &mut Vec<u8>, Move { member, after }: Move<u8>) {
        order.retain(|known| *known != member);
        let at = match after {
            Some(after) => 1 + order.iter().position(|known| *known == after).unwrap(),
            None => 0,
        };
        order.insert(at, member);
    }

    /// The least number of members that must be touched, by trying every set of those that stay.
    fn fewest(present: &[u8], wanted: &[u8]) -> usize {
        let named: Vec<u8> = wanted
            .iter()
            .filter(|member| present.contains(member))
            .copied()
            .collect();
        let place = |member: &u8| present.iter().position(|known| known == member);
        (0_u32..1 << named.len())
            .filter(|stays| {
                let stay = named
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| stays & (1 << at) != 0);
                let places: Vec<_> = stay.map(|(_, member)| place(member)).collect();
                places.is_sorted()
            })
            .map(|stays| named.len() - stays.count_ones() as usize)
            .min()
            .unwrap_or_default()
    }

    proptest! {
        #[test]
        fn the_moves_lead_there_and_none_is_needless(
            present in Just((0_u8..12).collect::<Vec<u8>>()).prop_shuffle(),
            length in 0_usize..10,
            // Some that are no members.
            wanted in Just((0_u8..14).collect::<Vec<u8>>()).prop_shuffle(),
            named in 0_usize..10,
        ) {
            let (present, wanted) = (&present[..length], &wanted[..named]);
            let planned = moves(present, wanted);
            prop_assert_eq!(planned.len(), fewest(present, wanted));
            let moved: BTreeSet<u8> = planned.iter().map(|planned| planned.member).collect();
            prop_assert_eq!(moved.len(), planned.len(), "nobody is moved twice");
            let mut order = present.to_vec();
            for planned in &planned {
                apply(&mut order, *planned);
            }
            let members: BTreeSet<&u8> = order.iter().collect();
            prop_assert_eq!(members, present.iter().collect::<BTreeSet<_>>());
            let reached: Vec<u8> = order.iter().filter(|member| wanted.contains(member)).copied().collect();
            let asked: Vec<u8> = wanted.iter().filter(|member| present.contains(member)).copied().collect();
            prop_assert_eq!(reached, asked);
            let others = |order: &[u8]| -> Vec<u8> {
                order.iter().filter(|member| !moved.contains(member)).copied().collect()
            };
            prop_assert_eq!(others(&order), others(present), "who is not moved stays in order");
            prop_assert!(moves(&order, wanted).is_empty());
        }
    }

    #[test]
    fn what_is_named_twice_counts_once() {
        assert_eq!(moves(&[1, 2, 3], &[3, 3, 1]).len(), 1);
        assert!(moves::<u8>(&[], &[1]).is_empty());
    }
}
