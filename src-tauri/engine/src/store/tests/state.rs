use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::executor::block_on;

use super::*;
use crate::model::{Conflict, ConflictKind, Field, RunId, Value};
use crate::store::{
    BaseRecord, ChosenRecord, CommitFate, KeptRecord, OutageRecord, SCHEMA, ServerRecord, Table,
    UnreadRecord,
};

fn base(number: u64) -> BaseRecord {
    BaseRecord {
        identity: identity(number),
        source_id: Some(format!("{number}.nfo")),
        fields: [(Field::Title, crate::model::BaseField::default())].into(),
    }
}

#[test]
fn records_come_back_as_they_were_also_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let server = ServerRecord {
        address: "http://plex.test:32400/".into(),
        machine_identifier: "abc".into(),
        version: "1.43".into(),
        upload_key_is_sha1: Some(true),
        takes_roles: Some(false),
        takes_actor_pictures: Some(true),
        drops_actor_pictures: true,
        line_limit: None,
    };
    let kept = KeptRecord {
        source_id: None,
        title: "Film".into(),
        kept: vec![],
        conflicts: vec![Conflict {
            field: Field::Genres,
            kind: ConflictKind::BothChanged,
            plex: Value::Tags(vec!["A".into()]),
            source: Value::Empty,
        }],
    };
    {
        let Opened { state, note } = open(dir.path());
        assert_eq!(note, None);
        let (server, kept) = (server.clone(), kept.clone());
        write(&state, move |w| {
            w.put_server(ServerNumber(1), &server)?;
            w.put_kept(key(7), &kept)?;
            w.put_base(key(7), &base(7))?;
            // A writer sees its own writes.
            assert_eq!(w.base(key(7))?, Some(base(7)));
            Ok(())
        });
    }
    let Opened { state, note } = open(dir.path());
    assert_eq!(note, None);
    read(&state, |r| {
        assert_eq!(r.server(ServerNumber(1))?, Some(server));
        assert_eq!(r.server(ServerNumber(2))?, None);
        assert_eq!(r.kept_items(None, 10)?, [(key(7), kept)]);
        assert_eq!(r.conflict_count(ServerNumber(1))?, 1);
        assert_eq!(r.bases(None, 10)?, [(key(7), base(7))]);
        assert_eq!(r.bases(Some(key(7)), 10)?, []);
        Ok(())
    });
    write(&state, |w| w.put_kept(key(7), &KeptRecord::default()));
    read(&state, |r| {
        assert_eq!(
            (r.kept(key(7))?, r.conflict_count(ServerNumber(1))?),
            (None, 0)
        );
        Ok(())
    });
}

#[test]
fn with_an_item_goes_what_was_decided_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let mut chosen = ChosenRecord::default();
    chosen.fields.insert(Field::Title, Value::Empty);
    write(&state, move |w| {
        w.put_chosen(key(7), &chosen)?;
        w.put_chosen(key(8), &chosen)?;
        w.forget_notes(key(7))
    });
    let left = read(&state, |r| r.chosen_items(ServerNumber(1)));
    let left: Vec<_> = left.into_iter().map(|(key, _)| key).collect();
    assert_eq!(left, [key(8)]);
}

#[test]
fn run_numbers_grow_and_are_never_used_twice() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let runs: Vec<_> = (0..3).map(|_| begin_run(&state, false)).collect();
    assert_eq!(runs, [RunId(1), RunId(2), RunId(3)]);
    write(&state, |w| {
        w.update_run(RunId(2), |run| run.ended = true)?;
        assert_eq!(w.update_run(RunId(9), |_| ())?, None);
        Ok(())
    });
    read(&state, |r| {
        let newest = r.newest_runs(2)?;
        let numbers: Vec<_> = newest.iter().map(|(run, _)| run.0).collect();
        assert_eq!(numbers, [3, 2]);
        assert_eq!(newest[0].1.summary.run, 3);
        assert!(newest[1].1.ended);
        Ok(())
    });
}

#[test]
fn only_the_newest_outages_are_kept_in_order_of_time() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    write(&state, |w| {
        for since_ms in -5..40 {
            let outage = OutageRecord {
                since_ms,
                until_ms: None,
                message: "refused".into(),
            };
            w.put_outage(ServerNumber(1), &outage)?;
        }
        Ok(())
    });
    let outages = read(&state, |r| r.outages(ServerNumber(1), 100));
    let since: Vec<_> = outages.iter().map(|outage| outage.since_ms).collect();
    assert_eq!(since, (10..40).rev().collect::<Vec<_>>());
    assert_eq!(read(&state, |r| r.outages(ServerNumber(2), 100)), []);
}

#[test]
fn the_map_grows_while_others_read_and_nothing_is_lost() {
    for blocking in [Blocking::Inline, Blocking::Threads] {
        let dir = tempfile::tempdir().unwrap();
        let small = StateOptions {
            map_size: 1,
            ..options(blocking)
        };
        let state = open_with(dir.path(), small).unwrap().state;
        let calls = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&calls);
        std::thread::scope(|scope| {
            let reading = state.clone();
            scope.spawn(move || {
                for _ in 0..200 {
                    reading.read(|r| r.base_count()).unwrap();
                }
            });
            write(&state, move |w| {
                seen.fetch_add(1, Ordering::Relaxed);
                (0..5000).try_for_each(|number| w.put_base(key(number), &base(number)))
            });
        });
        assert!(
            calls.load(Ordering::Relaxed) > 1,
            "the map was large enough"
        );
        assert_eq!(read(&state, |r| r.base_count()), 5000);
        assert_eq!(state.commits(), 1);
    }
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let error = block_on(state.write(|w| {
        w.put_base(key(1), &base(1))?;
        Err::<(), _>(StoreError::DiskFull)
    }));
    assert_eq!(error, Err(StoreError::DiskFull));
    assert!(StoreError::DiskFull.is_temporary());
    assert_eq!(read(&state, |r| r.base_count()), 0);
    write(&state, |w| w.put_base(key(1), &base(1)));
}

#[test]
fn writes_run_in_order_and_finish_though_nobody_waits() {
    let dir = tempfile::tempdir().unwrap();
    let state = open_with(dir.path(), options(Blocking::Threads))
        .unwrap()
        .state;
    let forgotten = state.write(|w| w.put_base(key(1), &base(1)));
    // Polled once, so that it is given to the thread, then dropped.
    let _ = futures::FutureExt::now_or_never(forgotten);
    let count = write(&state, |w| w.base_count());
    assert_eq!(count, 1);
    drop(state);
    assert_eq!(read(&open(dir.path()).state, |r| r.base_count()), 1);
}

#[test]
fn a_crash_around_a_commit_leaves_all_or_nothing() {
    for blocking in [Blocking::Inline, Blocking::Threads] {
        for (fate, there) in [(CommitFate::CrashBefore, 1), (CommitFate::CrashAfter, 2)] {
            let dir = tempfile::tempdir().unwrap();
            let state = open_with(dir.path(), options(blocking)).unwrap().state;
            state.set_commit_hook(Arc::new(
                move |n| {
                    if n == 2 { fate } else { CommitFate::Proceed }
                },
            ));
            write(&state, |w| w.put_base(key(1), &base(1)));
            let crashed = block_on(state.write(|w| w.put_base(key(2), &base(2))));
            assert_eq!(crashed, Err(StoreError::Crashed));
            let after = block_on(state.write(|w| w.put_base(key(3), &base(3))));
            assert_eq!(after, Err(StoreError::Crashed));
            assert_eq!(state.read(|r| r.base_count()), Err(StoreError::Crashed));
            drop(state);
            let state = open_with(dir.path(), options(blocking)).unwrap().state;
            assert_eq!(read(&state, |r| r.base_count()), there);
        }
    }
}

#[test]
fn one_process_opens_the_state_once() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(dir.path()).unwrap();
    let first = State::open(&folder, Blocking::Inline).unwrap();
    assert_eq!(
        State::open(&folder, Blocking::Inline).err(),
        Some(StoreError::AlreadyOpen)
    );
    drop(first);
    State::open(&folder, Blocking::Inline).unwrap();
}

#[test]
fn a_newer_schema_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    write(&state, |w| {
        let newer = super::super::records::SchemaRecord { schema: SCHEMA + 1 };
        w.put(Table::Meta, b"schema", &newer)
    });
    drop(state);
    let file = dir.path().join("state/data.mdb");
    let before = std::fs::read(&file).unwrap();
    let error = open_with(dir.path(), options(Blocking::Inline)).err();
    assert_eq!(
        error,
        Some(StoreError::Newer {
            found: SCHEMA + 1,
            known: SCHEMA
        })
    );
    assert!(
        std::fs::read(&file).unwrap() == before,
        "the file was touched"
    );
    assert!(!dir.path().join("state.damaged-1").exists());
}

#[test]
fn three_daily_copies_are_kept_and_the_newest_can_be_put_back() {
    const DAY: i64 = 86_400_000;
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let mut made = Vec::new();
    for day in 0..5 {
        write(&state, move |w| w.put_base(key(day), &base(day)));
        let at = 1_790_000_000_000 + DAY * i64::try_from(day).unwrap();
        made.extend(block_on(state.daily_copy(at)).unwrap());
        assert_eq!(block_on(state.daily_copy(at + 1)), Ok(None));
    }
    let kept: Vec<_> = made.iter().filter(|copy| copy.exists()).collect();
    assert_eq!(kept, made[2..].iter().collect::<Vec<_>>());
    write(&state, |w| w.put_base(key(99), &base(99)));
    drop(state);

    let folder = DataFolder::open(dir.path()).unwrap();
    State::restore_copy(&folder, kept[2]).unwrap();
    drop(folder);
    let Opened { state, note } = open(dir.path());
    assert_eq!(note, None);
    assert_eq!(read(&state, |r| r.base_count()), 5);
    assert!(dir.path().join("state.damaged-1/data.mdb").exists());
}

#[test]
fn source_files_that_say_nothing_are_those_of_the_last_sync() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let unread = |names: usize| {
        let mut record = UnreadRecord::default();
        for name in 0..names {
            record.add(&format!("/films/{name}.nfo"), "is empty.");
        }
        record
    };
    let many = unread(UnreadRecord::MOST + 7);
    assert_eq!(many.files.len(), UnreadRecord::MOST);
    assert_eq!(many.more, 7);
    write(&state, move |w| w.put_unread(RunId(9), &many));
    let few = unread(2);
    let stored = few.clone();
    write(&state, move |w| w.put_unread(RunId(10), &few));
    assert_eq!(read(&state, |r| r.unread()), Some((RunId(10), stored)));
    write(&state, move |w| w.put_unread(RunId(11), &unread(0)));
    assert_eq!(read(&state, |r| r.unread()), None);
}
