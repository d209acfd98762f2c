//! Which beginnings of paths explain the most files of both sides; steps 1 to 3 of `suggest`.
//!
//! Not here: spelling rules, and counting what they match.

use std::collections::HashMap;

use super::tails::{Side, spell};

/// Most rules that are suggested.
const MOST: usize = 16;
/// A file that so many others could be says nothing.
const TOO_MANY: usize = 8;
/// Most other places that are named.
const MOST_INSTEAD: usize = 3;

/// The folders in which both sides' files lie, as names.
#[derive(Debug, Default)]
pub(super) struct Roots {
    pub(super) source: Vec<Vec<u32>>,
    pub(super) plex: Vec<Vec<u32>>,
}

/// A rule that was chosen: the beginnings of two paths.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// A file of each side.
    pub(super) example: (u32, u32),
    /// How many names of the source's file are the rule's left side.
    pub(super) from_depth: usize,
    /// How many names of Plex's file are its right side.
    pub(super) to_depth: usize,
    /// How many of its votes were sure.
    pub(super) sure: usize,
    /// Plex files of other rules for nearly the same files, and how many names of each are that rule's right side.
    pub(super) instead: Vec<(u32, usize)>,
    /// The folders below which all its files lie, on both sides.
    within: (Vec<u32>, Vec<u32>),
}

/// A rule, and the pairs of files that vote for it.
struct Candidate {
    votes: Vec<Vote>,
    from_depth: usize,
    to_depth: usize,
}

#[derive(Clone, Copy)]
struct Vote {
    source: u32,
    plex: u32,
    sure: bool,
}

/// Chooses rules, the best first.
pub(super) fn choose(source: &Side<'_>, plex: &Side<'_>, roots: &Roots) -> Vec<Chosen> {
    let mut count = Count {
        source,
        plex,
        roots,
        explained: vec![false; source.len()],
        taken: vec![false; plex.len()],
        chosen: Vec::new(),
    };
    let files = source.len();
    let enough = if files <= 3 { 1 } else { 2.max(files / 500) };
    count.take(&count.by_tails(), enough);
    // One file of a common name proves nothing.
    count.take(&count.by_names(), 2.max(files / 500));
    count.chosen
}

struct Count<'a> {
    source: &'a Side<'a>,
    plex: &'a Side<'a>,
    roots: &'a Roots,
    /// Source files that a chosen rule explains.
    explained: Vec<bool>,
    /// Plex files that it leads to.
    taken: Vec<bool>,
    chosen: Vec<Chosen>,
}

impl Count<'_> {
    /// Votes of files that share at least their folder's name and their own; the longest tail counts.
    fn by_tails(&self) -> Vec<Candidate> {
        self.gather(|count, source| {
            let tails = count.source.tails(source).iter().enumerate().skip(1);
            let longest = tails
                .map(|(at, &tail)| (at + 1, tail))
                .take_while(|&(length, tail)| !count.plex.ending(length, tail).is_empty())
                .last();
            let Some((length, tail)) = longest else {
                return (&[], false);
            };
            let there = count.plex.ending(length, tail);
            let sure = there.len() == 1 && count.source.ending(length, tail).len() == 1;
            (there, sure)
        })
    }

    /// Votes of files whose name is the only one of its kind on both sides.
    fn by_names(&self) -> Vec<Candidate> {
        self.gather(|count, source| {
            let Some(&name) = count.source.tails(source).first() else {
                return (&[], false);
            };
            let there = count.plex.ending(1, name);
            let alone = there.len() == 1 && count.source.ending(1, name).len() == 1;
            (if alone { there } else { &[] }, false)
        })
    }

    fn gather<'s>(&'s self, find: impl Fn(&'s Self, u32) -> (&'s [u32], bool)) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut known: HashMap<(&[u32], &[u32]), usize> = HashMap::new();
        for source in 0..u32::try_from(self.source.len()).unwrap_or(u32::MAX) {
            // A bare root is no file.
            if self.explained[source as usize] || self.source.names(source).len() < 2 {
                continue;
            }
            let (there, sure) = find(self, source);
            if there.len() > TOO_MANY {
                continue;
            }
            for &plex in there {
                if self.taken[plex as usize] || self.plex.names(plex).len() < 2 {
                    continue;
                }
                let (from_depth, to_depth) = self.depths(source, plex);
                let from = &self.source.names(source)[..from_depth];
                let to = &self.plex.names(plex)[..to_depth];
                let number = *known.entry((from, to)).or_insert_with(|| {
                    candidates.push(Candidate {
                        votes: Vec::new(),
                        from_depth,
                        to_depth,
                    });
                    candidates.len() - 1
                });
                candidates[number].votes.push(Vote { source, plex, sure });
            }
        }
        candidates
    }

    /// How many names stand before what two paths have in common, on either side. The left side is lengthened to the
    /// source's folder: people think of that, and it holds all files anyway.
    fn depths(&self, source: u32, plex: u32) -> (usize, usize) {
        let (ours, theirs) = (self.source.names(source), self.plex.names(plex));
        let shared = ours
            .iter()
            .rev()
            .zip(theirs.iter().rev())
            .take_while(|(one, other)| one == other)
            .count();
        // A rule has both sides, also where the whole paths are equal.
        let shared = shared.min(ours.len() - 1).min(theirs.len() - 1);
        let (from, to) = (ours.len() - shared, theirs.len() - shared);
        let root = self.roots.source.iter().filter(|root| {
            root.len() > from && root.len() < ours.len() && ours.starts_with(root.as_slice())
        });
        let longer = root.map(|root| root.len() - from).max().unwrap_or(0);
        (from + longer, to + longer)
    }

    /// Takes rules until none has enough votes.
    fn take(&mut self, candidates: &[Candidate], enough: usize) {
        while self.chosen.len() < MOST {
            let mut scored: Vec<(usize, usize, &Candidate)> = candidates
                .iter()
                .map(|candidate| {
                    let open = candidate.votes.iter().filter(|vote| self.is_open(vote));
                    let (sure, all) = open.fold((0, 0), |(sure, all), vote| {
                        (sure + usize::from(vote.sure), all + 1)
                    });
                    (sure, all, candidate)
                })
                .filter(|(_, all, _)| *all >= enough)
                .collect();
            scored.sort_by(|(sure, all, one), (other_sure, other_all, other)| {
                (other_sure, other_all)
                    .cmp(&(sure, all))
                    .then_with(|| self.spelled(one).cmp(&self.spelled(other)))
            });
            let best = scored
                .into_iter()
                .find(|(sure, all, candidate)| self.is_acceptable(candidate, *sure, *all));
            let Some((sure, all, candidate)) = best else {
                break;
            };
            self.accept(candidates, candidate, sure, all);
        }
    }

    fn is_open(&self, vote: &Vote) -> bool {
        !self.explained[vote.source as usize] && !self.taken[vote.plex as usize]
    }

    fn sides(&self, candidate: &Candidate) -> (&[u32], &[u32]) {
        let vote = candidate.votes[0];
        (
            &self.source.names(vote.source)[..candidate.from_depth],
            &self.plex.names(vote.plex)[..candidate.to_depth],
        )
    }

    fn spelled(&self, candidate: &Candidate) -> (String, String) {
        let vote = candidate.votes[0];
        (
            spell(self.source.text(vote.source), candidate.from_depth),
            spell(self.plex.text(vote.plex), candidate.to_depth),
        )
    }

    fn is_acceptable(&self, candidate: &Candidate, sure: usize, all: usize) -> bool {
        let (from, to) = self.sides(candidate);
        let is_inside = self
            .chosen
            .iter()
            .any(|chosen| from.starts_with(&chosen.within.0) && to.starts_with(&chosen.within.1));
        if is_inside {
            return false;
        }
        let below = |path: &[u32], roots: &[Vec<u32>]| {
            roots
                .iter()
                .any(|root| path.len() > root.len() && path.starts_with(root))
        };
        // From one folder in the middle to another needs more: two shows may have the same file names.
        !(below(from, &self.roots.source) && below(to, &self.roots.plex))
            || (sure * 2 >= all && all * 20 >= self.source.len())
    }

    fn accept(&mut self, candidates: &[Candidate], candidate: &Candidate, sure: usize, all: usize) {
        let open: Vec<Vote> = candidate
            .votes
            .iter()
            .filter(|vote| self.is_open(vote))
            .copied()
            .collect();
        let mut now = vec![false; self.source.len()];
        for vote in &open {
            now[vote.source as usize] = true;
        }
        let instead = candidates
            .iter()
            .filter(|other| !std::ptr::eq(*other, candidate))
            .filter(|other| {
                let same = other
                    .votes
                    .iter()
                    .filter(|vote| now[vote.source as usize] && !self.taken[vote.plex as usize]);
                same.count() * 10 >= all * 9
            })
            .map(|other| (other.votes[0].plex, other.to_depth))
            .take(MOST_INSTEAD)
            .collect();
        let within = self.within(candidate, &open);
        for vote in &open {
            self.explained[vote.source as usize] = true;
            self.taken[vote.plex as usize] = true;
        }
        let example = open.first().unwrap_or(&candidate.votes[0]);
        self.chosen.push(Chosen {
            example: (example.source, example.plex),
            from_depth: candidate.from_depth,
            to_depth: candidate.to_depth,
            sure,
            instead,
            within,
        });
    }

    /// Both sides of a rule, lengthened by the folders that all its files share.
    fn within(&self, candidate: &Candidate, votes: &[Vote]) -> (Vec<u32>, Vec<u32>) {
        let (from, to) = self.sides(candidate);
        let folders = |vote: &Vote| {
            let names = self.source.names(vote.source);
            &names[candidate.from_depth..names.len() - 1]
        };
        let mut shared = votes.first().map_or(&[][..], folders);
        for vote in votes {
            let same = shared
                .iter()
                .zip(folders(vote))
                .take_while(|(one, other)| one == other)
                .count();
            shared = &shared[..same];
        }
        ([from, shared].concat(), [to, shared].concat())
    }
}
