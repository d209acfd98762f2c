//! What happens to a section between two syncs.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

#[tokio::test]
async fn the_first_sync_lists_everything_in_pages_of_500() {
    for world in worlds() {
        for key in 1..=1_201 {
            world
                .plex
                .put(key, &format!("/f/{key}.mkv"), 1_000 + key.cast_signed());
        }
        let (found, lists, counts) = world.counted().await;
        assert_eq!((lists, counts), (3, 0));
        assert_eq!(keys(&found.news), (1..=1_201).collect::<Vec<_>>());
        assert_eq!(found.counts[&ItemType::Movie], 1_201);
        assert!(found.complete && found.listed_all && found.gone.is_empty());
    }
}

#[tokio::test]
async fn nothing_changed_costs_two_requests_and_is_no_news() {
    for world in worlds() {
        for key in 1..=700 {
            world.plex.put(key, &format!("/f/{key}.mkv"), 1_000);
        }
        world.plex.put(701, "/f/701.mkv", 5_000);
        world.settled().await;
        let (found, lists, counts) = world.counted().await;
        assert_eq!((lists, counts), (1, 1));
        assert_eq!(keys(&found.news), [0; 0]);
        assert!(found.complete && !found.listed_all);
    }
}

#[tokio::test]
async fn an_empty_section() {
    for world in worlds() {
        let first = world.sync().await;
        assert!(first.complete && first.news.is_empty());
        let (found, lists, counts) = world.counted().await;
        assert_eq!((lists, counts), (1, 1));
        assert_eq!(found.counts[&ItemType::Movie], 0);
    }
}

#[tokio::test]
async fn news_stays_until_it_is_settled() {
    for world in worlds() {
        world.plex.put(1, "/f/1.mkv", 1_000);
        world.plex.put(2, "/f/2.mkv", 1_000);
        assert_eq!(keys(&world.sync().await.news), [1, 2]);
        assert_eq!(
            keys(&world.sync().await.news),
            [1, 2],
            "the run before was cancelled before it compared"
        );
        world.cache.settle(&[world.stood(1, 1_000)]).unwrap();
        assert_eq!(keys(&world.sync().await.news), [2]);
    }
}

#[tokio::test]
async fn new_changed_and_gone() {
    for world in worlds() {
        for key in 1..=5 {
            world.plex.put(key, &format!("/f/{key}.mkv"), 1_000);
        }
        world.settled().await;

        world.plex.put(6, "/f/6.mkv", 2_000);
        world.plex.put(3, "/f/3 renamed.mkv", 2_001);
        let found = world.settled().await;
        assert_eq!((keys(&found.news), found.listed_all), (vec![3, 6], false));
        assert_eq!(
            world.at("/f/3.mkv"),
            [0; 0],
            "the old path is out of the index"
        );

        world.plex.items.lock().unwrap().remove(&2);
        let (found, lists, counts) = world.counted().await;
        assert_eq!(
            (lists, counts),
            (2, 1),
            "the numbers do not add up: all keys are listed"
        );
        assert_eq!(gone(&found), [2]);
        assert_eq!(world.at("/f/2.mkv"), [0; 0]);

        // One goes and one comes: the number stays, known + new does not.
        world.plex.items.lock().unwrap().remove(&4);
        world.plex.put(7, "/f/7.mkv", 3_000);
        let found = world.settled().await;
        assert_eq!((gone(&found), keys(&found.news)), (vec![4], vec![7]));
    }
}

#[tokio::test]
async fn a_change_within_the_second_of_the_mark_is_seen() {
    for world in worlds() {
        world.plex.put(1, "/f/1.mkv", 1_000);
        world.settled().await;
        world.plex.put(2, "/f/2.mkv", 999);
        let found = world.settled().await;
        assert_eq!((keys(&found.news), found.listed_all), (vec![2], false));
    }
}

#[tokio::test]
async fn our_own_write_is_no_news() {
    for world in worlds() {
        world.plex.put(1, "/f/1.mkv", 1_000);
        world.plex.put(2, "/f/2.mkv", 1_000);
        world.settled().await;
        // We wrote a title and read back this `updatedAt`; a person wrote 2.
        world.plex.put(1, "/f/1.mkv", 2_000);
        world.plex.items.lock().unwrap().get_mut(&1).unwrap().title = "Ours".to_owned();
        world.cache.settle(&[world.stood(1, 2_000)]).unwrap();
        world.plex.put(2, "/f/2.mkv", 2_000);
        assert_eq!(keys(&world.settled().await.news), [2]);
        // Later someone else touches it.
        world.plex.put(1, "/f/1.mkv", 2_001);
        assert_eq!(keys(&world.settled().await.news), [1]);
    }
}

#[tokio::test]
async fn what_moves_no_updated_at_is_found_within_a_week() {
    for mut world in worlds() {
        for key in 1..=3 {
            world.plex.put(key, &format!("/f/{key}.mkv"), 1_000);
        }
        world.plex.put(4, "/f/4.mkv", 9_000);
        world.settled().await;
        world.plex.put(2, "/f/renamed.mkv", 1_000);
        assert_eq!(
            keys(&world.cache.news(SERVER, world.section.uuid).unwrap()),
            [0; 0]
        );
        world.now_ms += 6 * DAY_MS;
        let (found, lists, counts) = world.counted_unchecked().await;
        assert_eq!((lists, counts, found.listed_all), (1, 1, false));
        world.now_ms += 2 * DAY_MS;
        let found = world.sync().await;
        assert_eq!((keys(&found.news), found.listed_all), (vec![2], true));
        assert_eq!(world.at("/f/renamed.mkv"), [2]);
    }
}

#[tokio::test]
async fn everything_is_listed_when_asked_or_when_the_clock_went_back() {
    for mut world in worlds() {
        world.plex.put(1, "/f/1.mkv", 1_000);
        world.settled().await;
        assert!(world.try_sync(true).await.unwrap().listed_all);
        assert!(!world.sync().await.listed_all);
        world.now_ms -= DAY_MS;
        assert!(world.sync().await.listed_all);
    }
}

#[tokio::test]
async fn while_plex_scans_nothing_is_gone() {
    for mut world in worlds() {
        for key in 1..=3 {
            world.plex.put(key, &format!("/f/{key}.mkv"), 1_000);
        }
        world.settled().await;
        world.section.refreshing = true;
        world.plex.items.lock().unwrap().remove(&2);
        world.plex.put(4, "/f/4.mkv", 2_000);
        let found = world.sync().await;
        assert!(!found.complete && found.listed_all);
        assert_eq!((gone(&found), keys(&found.news)), (vec![], vec![4]));
        assert_eq!(world.at("/f/2.mkv"), [2]);
        world.section.refreshing = false;
        let found = world.sync().await;
        assert_eq!((gone(&found), found.complete), (vec![2], true));
    }
}

#[tokio::test]
async fn short_pages_are_read_to_the_end() {
    for world in worlds() {
        for key in 1..=101 {
            world.plex.put(key, &format!("/f/{key}.mkv"), 1_000);
        }
        *world.plex.page_limit.lock().unwrap() = Some(50);
        let (found, lists, _) = world.counted().await;
        assert_eq!((found.news.len(), lists, found.complete), (101, 3, true));
    }
}

#[tokio::test]
async fn an_item_that_comes_between_two_pages_makes_it_list_again() {
    for world in worlds() {
        for key in 10..=109 {
            world.plex.put(key, &format!("/f/{key}.mkv"), 1_000);
        }
        *world.plex.page_limit.lock().unwrap() = Some(50);
        // It comes before the first page's items, so the second page shows one of them again and the new one never.
        *world.plex.on_page.lock().unwrap() = Some(Box::new(|items, start| {
            if start == 0 {
                let mut item = items[&10].clone();
                item.file = Some("/f/1.mkv".to_owned());
                items.entry(1).or_insert(item);
            }
        }));
        let (found, lists, _) = world.counted().await;
        assert_eq!((found.complete, found.news.len()), (true, 101));
        assert_eq!(lists, 3 + 3);
    }
}

#[tokio::test]
async fn a_section_that_never_holds_still_takes_nothing_for_gone() {
    for world in worlds() {
        for key in 1_000..=1_099 {
            world.plex.put(key, &format!("/f/{key}.mkv"), 1_000);
        }
        world.settled().await;
        *world.plex.page_limit.lock().unwrap() = Some(50);
        *world.plex.on_page.lock().unwrap() = Some(Box::new(|items, start| {
            if start == 0 {
                let first = *items.keys().next().unwrap();
                let item = items[&first].clone();
                items.insert(first - 1, item);
            }
        }));
        world.plex.items.lock().unwrap().remove(&1_050);
        let found = world.try_sync(true).await.unwrap();
        assert_eq!((found.complete, gone(&found)), (false, vec![]));
        *world.plex.on_page.lock().unwrap() = None;
        let found = world.sync().await;
        assert!(
            found.listed_all && found.complete,
            "the next one lists everything again"
        );
        assert_eq!(gone(&found), [1_050]);
    }
}

#[tokio::test]
async fn a_row_that_makes_no_sense_is_not_gone() {
    for world in worlds() {
        for key in 1..=3 {
            world.plex.put(key, &format!("/f/{key}.mkv"), 1_000);
        }
        world.settled().await;
        *world.plex.bad_row.lock().unwrap() = Some(2);
        let found = world.try_sync(true).await.unwrap();
        assert_eq!(
            (found.skipped, found.complete, gone(&found)),
            (1, false, vec![])
        );
        assert_eq!(world.at("/f/2.mkv"), [2]);
    }
}

#[tokio::test]
async fn shows_seasons_and_episodes_each_by_themselves() {
    for mut world in worlds() {
        world.section.kind = "show".to_owned();
        for (key, number, parent, file) in [
            (1, 2, None, None),
            (2, 3, Some(1), None),
            (3, 4, Some(2), Some("/tv/s01e01-02.mkv")),
            (4, 4, Some(2), Some("/tv/s01e01-02.mkv")),
        ] {
            let item = Item {
                number,
                title: format!("T{key}"),
                file: file.map(str::to_owned),
                updated_at: 1_000,
                parent,
            };
            world.plex.items.lock().unwrap().insert(key, item);
        }
        let found = world.settled().await;
        assert_eq!(keys(&found.news), [1, 2, 3, 4]);
        assert_eq!(
            found.counts.values().copied().collect::<Vec<_>>(),
            [1, 1, 2]
        );
        assert_eq!(
            world.at("/tv/s01e01-02.mkv"),
            [3, 4],
            "episodes that share a file"
        );
        let episode = world.cache.get(&[world.key(3)]).unwrap().remove(0).unwrap();
        assert_eq!(
            (episode.item_type, episode.parent, episode.index),
            (ItemType::Episode, Some(2), Some(1))
        );
        let (_, lists, counts) = world.counted().await;
        assert_eq!((lists, counts), (3, 3));
        world.plex.items.lock().unwrap().remove(&4);
        let (found, lists, counts) = world.counted().await;
        assert_eq!(
            (gone(&found), lists, counts),
            (vec![4], 4, 3),
            "only episodes are listed again"
        );
    }
}

#[tokio::test]
async fn a_section_of_photos_is_left_alone() {
    for mut world in worlds() {
        world.section.kind = "photo".to_owned();
        let (found, lists, counts) = world.counted().await;
        assert_eq!((found.counts.len(), lists, counts), (0, 0, 0));
    }
}

/// Whatever happens in whatever order: after each sync the cache is like the section, and news is what others did.
#[tokio::test]
async fn any_history_ends_in_a_cache_like_the_section() {
    for seed in 0..20 {
        for world in worlds() {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            let mut now = 1_000;
            let mut news = BTreeSet::new();
            for _ in 0..30 {
                for _ in 0..random.random_range(0..4) {
                    now += random.random_range(0..3);
                    let key = random.random_range(1..20);
                    let known = world.plex.items.lock().unwrap().contains_key(&key);
                    match random.random_range(0..4) {
                        0 if known => {
                            world.plex.items.lock().unwrap().remove(&key);
                            news.remove(&key);
                        }
                        1 if known && world.is_as_cached(key) => {
                            // Our own write, read back.
                            now += 1;
                            let mut items = world.plex.items.lock().unwrap();
                            items.get_mut(&key).unwrap().updated_at = now;
                            drop(items);
                            world.cache.settle(&[world.stood(key, now)]).unwrap();
                            news.remove(&key);
                        }
                        _ => {
                            now += 1;
                            world.plex.put(key, &format!("/f/{key} {now}.mkv"), now);
                            news.insert(key);
                        }
                    }
                }
                if random.random_range(0..3) == 0 {
                    let found = world.sync().await;
                    assert!(found.complete);
                    let expected: Vec<u64> = news.iter().copied().collect();
                    assert_eq!(keys(&found.news), expected, "seed {seed}");
                    if random.random_range(0..2) == 0 {
                        world.settled().await;
                        news.clear();
                    }
                }
            }
        }
    }
}

impl World {
    /// Whether nobody else did anything to the item since it was listed.
    fn is_as_cached(&self, key: u64) -> bool {
        let cached = self.cache.get(&[self.key(key)]).unwrap().remove(0);
        let item = self.plex.items.lock().unwrap()[&key].clone();
        cached.is_some_and(|cached| cached.files == [item.file.unwrap()])
    }

    /// As [`World::counted`], where the cache is known not to be like the section.
    async fn counted_unchecked(&self) -> (SectionNews, u64, u64) {
        let stale = self.plex.items.lock().unwrap().get(&2).cloned().unwrap();
        self.plex.items.lock().unwrap().get_mut(&2).unwrap().file = None;
        let result = self.counted().await;
        self.plex.items.lock().unwrap().insert(2, stale);
        result
    }
}
