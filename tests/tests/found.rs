//! What seeded histories found in the engine, each told by itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use syncslate_emulator::generator::{self, FILMS_SECTION, Plan, SERIES_SECTION};
use syncslate_emulator::{
    Fault, Habits, ItemKind, LibraryState, PictureKind, RouteKind, Scope, UploadKey,
};
use syncslate_engine::face::RunState;
use syncslate_engine::store::CommitFate;
use syncslate_tests::{Crash, Life, World, as_ordered_by, differences, sync};

/// A few ordinary films with pictures.
fn films() -> Plan {
    Plan {
        seed: 4,
        films: 4,
        shows: 0,
        odd: false,
        image: (12, 18),
        ..Plan::default()
    }
}

/// A job waits to be listed again while another one's item is read: should that take long, it has grown stale meanwhile, and
/// an answer that it was not asked for must not make its item pass for gone.
#[test]
fn a_job_that_grows_stale_while_others_are_read_is_written() {
    let generated = generator::generate(&films());
    let world = World::new(&generated, Habits::default());
    let faults = world.emulator.faults();
    faults.once(RouteKind::Upload, 1, Fault::DropAfter);
    faults.once(RouteKind::ImageList, 3, Fault::DropBefore);
    // The first read is the comparison's; the others are of jobs that were started.
    faults.once(RouteKind::Details, 2, Fault::Slow(Duration::from_secs(15)));
    faults.once(RouteKind::Details, 3, Fault::Slow(Duration::from_secs(15)));
    let summary = world.sync();
    assert_eq!(summary.state, RunState::Done, "{summary:#?}");
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The source's folder was elsewhere while an agent took values back: they are written again once it is there, although
/// neither side says anything new then.
#[test]
fn what_an_agent_did_while_the_source_was_away_is_met_when_it_is_back() {
    let generated = generator::generate(&Plan {
        lock_written: false,
        image: (12, 18),
        ..Plan::mixed(3, 60)
    });
    let mut world = World::new(&generated, Habits::default());
    world.settings.lock_written = false;
    world.sync();
    let (folder, elsewhere) = (
        world.films().join(FILMS_SECTION),
        world.films().with_file_name("elsewhere"),
    );
    std::fs::rename(&folder, &elsewhere).expect("the folder can go");
    world.clock.pass(Duration::from_mins(10));
    let refreshed = world.emulator.agent_refresh(Scope::All);
    refreshed.expect("the agent refreshes");
    world.sync();
    std::fs::rename(&elsewhere, &folder).expect("the folder can come back");
    world.clock.pass(Duration::from_mins(10));
    world.sync();
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Artists are known by the tracks below them, whose `updatedAt` does not tell that they stand below another key.
#[test]
fn an_artist_with_another_key_is_found() {
    let generated = generator::generate(&Plan {
        lock_written: false,
        image: (12, 18),
        ..Plan::mixed(3, 120)
    });
    let mut world = World::new(&generated, Habits::default());
    world.settings.lock_written = false;
    // One of each is newer than the rest, of which nobody hears any more then.
    for kind in [ItemKind::Track, ItemKind::Episode] {
        let key = world
            .emulator
            .keys_of_kind(kind)
            .pop()
            .expect("there is one");
        let refreshed = world.emulator.agent_refresh(Scope::Item(key));
        refreshed.expect("the agent refreshes");
    }
    world.sync();
    world.clock.pass(Duration::from_mins(10));
    for kind in [
        ItemKind::Artist,
        ItemKind::Album,
        ItemKind::Show,
        ItemKind::Season,
    ] {
        for key in world.emulator.keys_of_kind(kind) {
            let refreshed = world.emulator.agent_refresh(Scope::Item(key));
            refreshed.expect("the agent refreshes");
            world.emulator.rekey(key).expect("it is there");
        }
    }
    world.sync();
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Somebody picks a poster just after the very first upload, when it is not known yet how the server names uploads.
#[test]
fn a_poster_that_is_picked_after_the_first_upload_does_not_pass_for_the_uploaded_one() {
    let generated = generator::generate(&Plan {
        lock_written: false,
        ..films()
    });
    let mut twin = World::new(&generated, Habits::default());
    twin.settings.lock_written = false;
    twin.sync();
    let log = twin.transport.log();
    let is_upload = |line: &str| line.starts_with("POST ") && line.contains("/posters");
    let upload = log.iter().position(|logged| is_upload(&logged.line));
    let upload = upload.expect("posters are uploaded");
    let key: u64 = (log[upload].line.split('/').rev().nth(1))
        .and_then(|key| key.parse().ok())
        .expect("an upload names its item");
    let mut world = World::new(&generated, Habits::default());
    world.settings.lock_written = false;
    let picked = generated.tree.iter().rev();
    let picked = picked
        .clone()
        .find(|file| file.path.ends_with("fanart.jpg"));
    let picked = picked.expect("films have backgrounds").bytes.clone();
    // Requests are counted from 1; the one after the upload asks for the list.
    world.transport.at(upload + 2, move |emulator| {
        let picked = emulator.select_picture_as_person(key, PictureKind::Poster, picked, true);
        picked.expect("Plex takes the poster");
    });
    world.sync();
    world.clock.pass(Duration::from_mins(10));
    world.sync();
    let state = world.emulator.state();
    let films = state.sections[FILMS_SECTION].items.values();
    let film = films.into_iter().find(|film| film.rating_key == key);
    let film = film.expect("the film is there");
    assert!(film.locks.contains("thumb"), "the person's lock is gone");
}

/// `updatedAt` has seconds: an agent that comes in the second of the last write must not pass for that write.
#[test]
fn what_an_agent_does_in_the_second_after_a_sync_is_met_by_the_next_one() {
    let generated = generator::generate(&Plan {
        lock_written: false,
        ..films()
    });
    let mut world = World::new(&generated, Habits::default());
    world.settings.lock_written = false;
    world.sync();
    // No time passes in between.
    let refreshed = world.emulator.agent_refresh(Scope::All);
    refreshed.expect("the agent refreshes");
    world.sync();
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A picture went, and the edit with its lock, which is all that was left of the item, met errors of the moment: Plex did
/// not refuse the lock, so it goes again until it is there.
#[test]
fn the_lock_of_a_picture_that_went_alone_goes_again() {
    let generated = generator::generate(&Plan {
        films: 1,
        ..films()
    });
    let world = World::new(&generated, Habits::default());
    let faults = world.emulator.faults();
    // The texts go first, and the picture is tried again by itself.
    faults.once(RouteKind::Upload, 1, Fault::Status(408));
    faults.once(RouteKind::Edit, 2, Fault::Status(503));
    faults.once(RouteKind::Edit, 3, Fault::Status(503));
    let summary = world.sync();
    assert_eq!(summary.state, RunState::Done, "{summary:#?}");
    assert_eq!(faults.log().len(), 3);
    let wrong = generated.expected.check(&world.emulator.state());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// How many commits a sync of such a world takes.
fn commits_of(world: &World) -> u64 {
    let commits = Arc::new(AtomicU64::new(0));
    let life = Life {
        count: Some(Arc::clone(&commits)),
        ..Life::default()
    };
    world
        .live(&life, async |handle| sync(handle).await)
        .expect("nothing kills this life");
    commits.load(Ordering::SeqCst)
}

/// A life of a sync that ends just before this commit.
fn dies_before(world: &World, commit: u64) {
    let life = Life {
        crash: Some(Crash {
            commit,
            fate: CommitFate::CrashBefore,
        }),
        ..Life::default()
    };
    // Where there are fewer commits, it is whole.
    let _ = world.live(&life, async |handle| sync(handle).await);
    world.clock.pass(Duration::from_mins(10));
}

/// Where keys of uploads tell nothing, the bytes of a picture that is there already tell whose it is. An error of the moment
/// there must not make the sync's own picture, and its lock, pass for a person's.
#[test]
fn a_picture_of_which_plex_does_not_tell_at_once_whether_it_is_ours_stays_ours() {
    let generated = generator::generate(&Plan {
        films: 1,
        ..films()
    });
    let habits = Habits::BOTH[1];
    let mut asked = 0;
    for commit in 1..=commits_of(&World::new(&generated, habits)) {
        let world = World::new(&generated, habits);
        let first = world.state();
        dies_before(&world, commit);
        let faults = world.emulator.faults();
        // Before the job that was broken off is sent again, for both pictures, and before what it had sent is settled.
        for nth in 1..=3 {
            faults.once(RouteKind::ImageBytes, nth, Fault::Status(503));
        }
        world.sync();
        asked += faults.log().len();
        faults.clear();
        world.clock.pass(Duration::from_mins(10));
        world.sync();
        world.unlock(false);
        assert_eq!(locks(&world.state()), locks(&first), "commit {commit}");
    }
    assert!(asked > 0, "no picture was asked for");
}

fn locks(state: &LibraryState) -> BTreeMap<&str, Vec<&str>> {
    let items = state.sections[FILMS_SECTION].items.iter();
    items
        .map(|(name, item)| {
            let locks = item.locks.iter().map(String::as_str);
            (name.as_str(), locks.collect())
        })
        .collect()
}

fn titles_of_seasons(state: &LibraryState) -> BTreeMap<&str, Option<&str>> {
    let items = state.sections[SERIES_SECTION].items.iter();
    items
        .filter(|(_, item)| item.kind == ItemKind::Season)
        .map(|(name, item)| (name.as_str(), item.fields.get("title").map(String::as_str)))
        .collect()
}

/// Plex is built anew, and what was a season's key is another item's, which a sync finds in order before it dies. The
/// season, which it did not come to write, must not pass for compared by that.
#[test]
fn a_season_whose_key_of_before_is_another_items_is_looked_at_again() {
    let generated = generator::generate(&Plan {
        image: (12, 18),
        ..Plan::mixed(3, 60)
    });
    let world = || {
        let world = World::new(&generated, Habits::default());
        world.sync();
        let films = world.emulator.keys_of_kind(ItemKind::Movie);
        for key in &films[..2] {
            // All keys after theirs move.
            world.emulator.delete(*key).expect("the film is there");
        }
        world.emulator.rebuild().expect("Plex can be built anew");
        for key in world.emulator.keys_of_kind(ItemKind::Season) {
            let edited = world.emulator.edit_as_person(key, "title", "Other", false);
            edited.expect("Plex takes the title");
            let unlocked = world.emulator.unlock_as_person(key, "title");
            unlocked.expect("the lock can go");
        }
        world.clock.pass(Duration::from_mins(10));
        world
    };
    let undisturbed = world();
    let commits = commits_of(&undisturbed);
    let wanted = undisturbed.state();
    assert!(
        titles_of_seasons(&wanted)
            .values()
            .any(|title| *title != Some("Other")),
        "a season's source has a title"
    );
    for commit in 1..=commits {
        let world = world();
        dies_before(&world, commit);
        world.sync();
        let state = world.state();
        assert_eq!(
            titles_of_seasons(&state),
            titles_of_seasons(&wanted),
            "commit {commit}"
        );
    }
}

/// Plex is built anew, and scans the films yet: those are known by keys that are other items' by now.
#[test]
fn an_item_is_written_although_a_library_that_is_scanned_still_has_its_key() {
    let generated = generator::generate(&Plan {
        image: (12, 18),
        lock_written: false,
        ..Plan::mixed(3, 60)
    });
    let mut world = World::new(&generated, Habits::default());
    world.settings.lock_written = false;
    world.sync();
    let films = world.emulator.keys_of_kind(ItemKind::Movie);
    for key in &films[..2] {
        world.emulator.delete(*key).expect("the film is there");
    }
    world.emulator.rebuild().expect("Plex can be built anew");
    let refreshed = world.emulator.agent_refresh(Scope::All);
    refreshed.expect("the agent refreshes");
    world.clock.pass(Duration::from_mins(10));
    world.emulator.faults().set_refreshing(1, true);
    world.sync();
    let wrong = generated.expected.check(&world.emulator.state());
    let elsewhere = |line: &&String| !line.starts_with(FILMS_SECTION);
    let wrong: Vec<_> = wrong.iter().filter(elsewhere).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A sync was killed, and its source's folder is away when the next one goes on with it. What that one writes was planned
/// while the source was there; it is Syncslate's like anything else, and goes back with it.
#[test]
fn what_a_killed_sync_had_planned_is_ours_although_its_source_is_away_by_then() {
    let generated = generator::generate(&Plan {
        image: (12, 18),
        ..Plan::mixed(3, 12)
    });
    for habits in Habits::BOTH {
        let mut written = 0;
        for commit in 1..=commits_of(&World::new(&generated, habits)) {
            let world = World::new(&generated, habits);
            let first = films_of(world.state());
            dies_before(&world, commit);
            let before = films_of(world.state());
            let folder = world.films().join(FILMS_SECTION);
            let elsewhere = world.films().with_file_name("elsewhere");
            std::fs::rename(&folder, &elsewhere).expect("the folder can go");
            world.sync();
            written += differences(&before, &films_of(world.state())).len();
            world.unlock(true);
            let after = films_of(world.state());
            assert_eq!(
                differences(&as_ordered_by(first, habits), &as_ordered_by(after, habits)),
                Vec::<String>::new(),
                "{habits:?}, commit {commit}"
            );
        }
        assert!(written > 0, "nothing was written while the source was away");
    }
}

/// The films alone, without their collections.
fn films_of(mut state: LibraryState) -> LibraryState {
    state.sections.retain(|title, _| title == FILMS_SECTION);
    for section in state.sections.values_mut() {
        section.collections.clear();
    }
    state
}

/// A sync was killed when its posters were there and nothing said so yet, and then the source has others. Where a key does
/// not tell what was uploaded under it, a poster of one's own must not pass for a person's.
#[test]
fn a_poster_that_a_killed_sync_sent_is_known_by_its_bytes_where_its_key_does_not_tell() {
    let habits = Habits {
        upload_key: UploadKey::Opaque,
        ..Habits::default()
    };
    let generated = generator::generate(&films());
    let bytes_of = |path: &str| {
        let file = generated.tree.iter().find(|file| file.path == path);
        Some(file?.bytes.clone())
    };
    let posters = generated.tree.iter();
    let later: Vec<_> = posters
        .filter(|file| file.path.ends_with("poster.jpg"))
        .filter_map(|file| {
            let background = file.path.replace("poster.jpg", "fanart.jpg");
            Some((&file.path, bytes_of(&background)?))
        })
        .collect();
    assert!(later.len() >= 2, "{} posters", later.len());
    let mut asked = 0;
    for commit in 1.. {
        let world = World::new(&generated, habits);
        let life = Life {
            crash: Some(Crash {
                commit,
                fate: CommitFate::CrashBefore,
            }),
            ..Life::default()
        };
        if world
            .live(&life, async |handle| sync(handle).await)
            .is_some()
        {
            assert!(commit > 5, "{commit} commits");
            assert!(asked > 0, "no picture was asked for");
            return;
        }
        for (path, bytes) in &later {
            std::fs::write(world.films().join(path), bytes).expect("room for the source");
        }
        world.clock.pass(Duration::from_mins(10));
        world.emulator.reset_statistics();
        let synced = world.sync();
        asked += world.emulator.statistics().count(RouteKind::ImageBytes);
        assert_eq!(
            (synced.state, synced.kept),
            (RunState::Done, 0),
            "{synced:#?}"
        );
        let state = world.emulator.state();
        let films = state.sections[FILMS_SECTION].items.values();
        let later_ones = films.filter(|film| {
            film.poster.is_some() && film.poster == film.background && film.locks.contains("thumb")
        });
        assert_eq!(later_ones.count(), later.len(), "commit {commit}");
    }
}
