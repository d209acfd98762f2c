//! The cache on disk where there is none, or it goes away.

use super::*;

#[tokio::test]
async fn a_cache_that_is_off_says_so_and_memory_serves() {
    let world = World::new(Arc::new(Cache::unavailable("no writable folder")), None);
    world.plex.put(1, "/f/1.mkv", 1_000);
    let error = world.try_sync(false).await.unwrap_err();
    assert!(matches!(error, LibraryError::Cache(_)), "{error:?}");
    assert!(error.to_string().contains("no writable folder"), "{error}");
    let cache = &world.cache;
    assert!(
        cache
            .at_path(SERVER, world.section.uuid, hash("/f/1.mkv"))
            .is_err()
    );
    assert!(cache.news(SERVER, world.section.uuid).is_err());
    assert!(cache.settle(&[world.stood(1, 1)]).is_err());

    let memory = World::new(Arc::new(MemoryCache::new()), None);
    memory.plex.put(1, "/f/1.mkv", 1_000);
    assert_eq!(keys(&memory.sync().await.news), [1]);
}

#[tokio::test]
async fn a_full_cache_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(&DataFolder::open(folder.path()).unwrap(), 1 << 18);
    let world = World::new(Arc::new(cache), Some(folder));
    for key in 1..=3_000 {
        world.plex.put(
            key,
            &format!("/films/{}/{key}.mkv", "long ".repeat(40)),
            1_000,
        );
    }
    let error = world.try_sync(false).await.unwrap_err();
    assert!(matches!(error, LibraryError::Cache(_)), "{error:?}");
}

#[tokio::test]
async fn news_and_marks_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Cache::new(&DataFolder::open(folder.path()).unwrap(), 1 << 26);
    let mut world = World::new(Arc::new(open()), None);
    world.plex.put(1, "/f/1.mkv", 1_000);
    world.plex.put(2, "/f/2.mkv", 1_000);
    world.sync().await;
    world.cache.settle(&[world.stood(2, 1_000)]).unwrap();
    world.cache = Arc::new(MemoryCache::new());
    world.cache = Arc::new(open());
    let (found, lists, counts) = world.counted().await;
    assert_eq!((keys(&found.news), lists, counts), (vec![1], 1, 1));
}
