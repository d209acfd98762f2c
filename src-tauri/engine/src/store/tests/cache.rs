use super::*;
use crate::store::cache::since;
use crate::store::{Cache, MatchOutcome, MatchRecord, SectionMark};

const SERVER: ServerNumber = ServerNumber(1);
const MOVIE: ItemType = ItemType::Movie;
const LIMIT: usize = 64 << 20;

fn record(number: u64) -> MatchRecord {
    MatchRecord {
        source_id: format!("films/{number}.nfo"),
        stamp: [1; 16],
        settings: [2; 16],
        items: vec![key(number)],
        done: vec![key(number)],
        outcome: MatchOutcome::Matched,
    }
}

fn cache(dir: &tempfile::TempDir) -> Cache {
    Cache::new(&DataFolder::open(dir.path()).unwrap(), LIMIT)
}

#[test]
fn nothing_is_made_before_first_use() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(&dir);
    assert_eq!(cache.stats()[0].entries, 0);
    assert!(!dir.path().join("cache").exists());
    assert!(cache.is_available());
    assert!(dir.path().join("cache").exists());
}

#[test]
fn items_are_found_by_key_and_by_path_also_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    {
        let cache = cache(&dir);
        let items: Vec<_> = (0..100).rev().map(|number| item(number, 5)).collect();
        assert!(cache.put_items(&items));
    }
    let cache = cache(&dir);
    assert_eq!(cache.item(key(42)), Some(item(42, 5)));
    assert_eq!(cache.item(key(4200)), None);
    assert_eq!(cache.item_count(SERVER, SECTION, MOVIE), 100);
    let path = identity(42).paths[0];
    assert_eq!(cache.items_at(SERVER, SECTION, path), [item(42, 5)]);
    assert_eq!(cache.items_at(ServerNumber(2), SECTION, path), []);
    assert_eq!(cache.note(), None);

    // A second version of the film in another item; and the first one is moved.
    let mut twin = item(7000, 6);
    twin.identity.paths.push(path);
    let mut moved = item(42, 7);
    moved.identity.paths = identity(43_000).paths;
    assert!(cache.put_items(&[twin.clone(), moved.clone()]));
    assert_eq!(cache.items_at(SERVER, SECTION, path), [twin]);
    assert_eq!(cache.item_count(SERVER, SECTION, MOVIE), 101);

    let stand = item(42, 9).stand();
    assert!(cache.set_stand(&[(key(42), stand), (key(123_456), stand)]));
    moved.updated_at = 9;
    assert_eq!(cache.items(&[key(123_456), key(42)]), [None, Some(moved)]);
}

#[test]
fn after_a_complete_listing_only_what_was_seen_stays() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(&dir);
    let items: Vec<_> = (0..2500).map(|number| item(number, 5)).collect();
    let mut show = item(9999, 5);
    show.item_type = ItemType::Show;
    assert!(cache.put_items(&items) && cache.put_items(std::slice::from_ref(&show)));
    let seen: Vec<_> = (0..2500).filter(|n| n % 2 == 0).map(RatingKey).collect();
    let gone = cache.retain_items(SERVER, SECTION, MOVIE, &seen);
    assert_eq!(gone.len(), 1250);
    assert_eq!(cache.item_count(SERVER, SECTION, MOVIE), 1250);
    assert_eq!(cache.item(key(9999)), Some(show));
    assert_eq!(cache.item(key(1)), None);
    assert_eq!(cache.items_at(SERVER, SECTION, identity(1).paths[0]), []);

    let mut listed = Vec::new();
    while let page = cache.section_items(SERVER, SECTION, listed.last().copied(), 400)
        && !page.is_empty()
    {
        listed.extend(page.iter().map(|item| item.key.rating_key));
    }
    assert_eq!(listed.len(), 1251);
    assert!(listed.is_sorted());

    let mark = SectionMark {
        highest_updated_at: 5,
        total: 1250,
        listed_at_ms: 99,
    };
    assert!(cache.set_mark(SERVER, SECTION, MOVIE, &mark));
    assert_eq!(cache.mark(SERVER, SECTION, MOVIE), Some(mark));
    assert_eq!(cache.mark(SERVER, SECTION, ItemType::Show), None);
}

fn find(cache: &Cache, source: SourceNumber, id: &str) -> Option<MatchRecord> {
    cache.find_matches(source, &[id]).pop().flatten()
}

#[test]
fn matches_are_kept_per_source_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(&dir);
    let (one, two) = (SourceNumber(1), SourceNumber(2));
    let before = cache.stats();
    assert!(cache.put_matches(one, &[record(1), record(2)]));
    assert!(cache.put_matches(two, &[record(1)]));
    assert_eq!(find(&cache, one, "films/1.nfo"), Some(record(1)));
    assert_eq!(
        cache.find_matches(one, &["films/9.nfo", "films/2.nfo"]),
        [None, Some(record(2))]
    );
    cache.match_was_stale();
    cache.remove_matches(one, &["films/1.nfo"]);
    assert_eq!(find(&cache, one, "films/1.nfo"), None);
    cache.remove_matches(one, &["films/2.nfo"]);
    assert_eq!(find(&cache, one, "films/2.nfo"), None);
    assert_eq!(find(&cache, two, "films/1.nfo"), Some(record(1)));

    let stats = &since(&before, &cache.stats())[1];
    assert_eq!(stats.cache, "match");
    assert_eq!((stats.hits, stats.misses, stats.stale_hits), (3, 3, 1));
    assert_eq!(stats.entries, 1);
    assert!(stats.bytes > 0);
    let later = cache.stats();
    find(&cache, two, "films/1.nfo");
    let run = &since(&later, &cache.stats())[1];
    assert_eq!((run.hits, run.misses), (1, 0));
}

#[test]
fn at_its_limit_matches_go_first_and_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::new(&DataFolder::open(dir.path()).unwrap(), 1 << 20);
    let records: Vec<_> = (0..1000).map(record).collect();
    assert!(cache.put_matches(SourceNumber(1), &records));
    let mut stored = 0;
    let mut refused = false;
    for page in 0..40 {
        let items: Vec<_> = (page * 100..page * 100 + 100).map(|n| item(n, 1)).collect();
        if cache.put_items(&items) {
            assert!(!refused, "a page was taken after one was refused");
            stored += 100;
        } else {
            refused = true;
        }
    }
    assert!(refused);
    let stats = cache.stats();
    assert_eq!((stats[1].evictions, stats[1].entries), (1000, 0));
    assert_eq!(stats[0].entries, stored);
    assert_eq!(stats[0].evictions, 4000 - stored);
    assert!(cache.note().unwrap().contains("limit of 1 MB"));
    assert_eq!(cache.item(key(5)), Some(item(5, 1)));

    cache.clear();
    assert!(cache.put_items(&[item(1, 1)]), "there is room again");
}

#[test]
fn without_a_cache_everything_is_a_miss_and_nothing_fails() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("cache"), "a file stands in its place").unwrap();
    for cache in [Cache::unavailable("no folder may be written"), cache(&dir)] {
        assert!(!cache.put_items(&[item(1, 1)]));
        assert_eq!(cache.items(&[key(1), key(2)]), [None, None]);
        assert!(!cache.put_matches(SourceNumber(1), &[record(1)]));
        assert_eq!(find(&cache, SourceNumber(1), "films/1.nfo"), None);
        assert_eq!(cache.mark(SERVER, SECTION, MOVIE), None);
        assert_eq!(cache.remove_items(&[key(1)]), 0);
        cache.clear();
        assert!(!cache.is_available());
        assert!(cache.note().unwrap().contains("syncs take longer"));
        assert_eq!(cache.stats()[0].misses, 2);
    }
}

#[test]
fn a_damaged_cache_is_made_anew() {
    type Damage = fn(&std::path::Path);
    let damages: [(&str, Damage); 4] = [
        ("cut off", |dir| {
            let file = dir.join("data.mdb");
            let bytes = std::fs::read(&file).unwrap();
            std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("text", |dir| {
            std::fs::write(dir.join("data.mdb"), "text").unwrap();
        }),
        ("other boot", |dir| {
            std::fs::write(dir.join("open"), "another boot").unwrap();
        }),
        ("condemned", |dir| {
            std::fs::write(dir.join("open"), "damaged").unwrap();
        }),
    ];
    for (what, damage) in damages {
        let dir = tempfile::tempdir().unwrap();
        let items: Vec<_> = (0..2000).map(|number| item(number, 5)).collect();
        assert!(cache(&dir).put_items(&items));
        assert!(!dir.path().join("cache/open").exists(), "closed in order");
        damage(&dir.path().join("cache"));
        let cache = cache(&dir);
        assert_eq!(cache.item(key(1)), None, "{what}");
        assert!(cache.note().unwrap().contains("thrown away"), "{what}");
        assert!(cache.put_items(&items), "{what}");
    }
}

#[test]
fn a_cache_of_a_killed_process_is_kept() {
    if !std::path::Path::new("/proc/sys/kernel/random/boot_id").exists() {
        eprintln!("skipped: this system does not tell when it started");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    assert!(cache(&dir).put_items(&[item(1, 5)]));
    std::fs::write(dir.path().join("cache/open"), boot).unwrap();
    let cache = cache(&dir);
    assert_eq!(cache.item(key(1)), Some(item(1, 5)));
    assert_eq!(cache.note(), None);
}

#[test]
fn a_deleted_cache_is_just_empty() {
    let dir = tempfile::tempdir().unwrap();
    assert!(cache(&dir).put_items(&[item(1, 5)]));
    let folder = DataFolder::open(dir.path()).unwrap();
    assert_eq!(crate::store::cache::delete(&folder), Ok(true));
    assert_eq!(crate::store::cache::delete(&folder), Ok(false));
    let cache = Cache::new(&folder, LIMIT);
    assert_eq!((cache.item(key(1)), cache.note()), (None, None));
}
