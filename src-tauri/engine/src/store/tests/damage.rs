use std::path::Path;

use super::*;
use crate::model::{BaseField, Field, Value};
use crate::store::{BaseRecord, Table, check};

fn base(number: u64) -> BaseRecord {
    let asked = match number {
        1000 => Value::Text("long ".repeat(4000)),
        _ => Value::Text(format!("Film {number}")),
    };
    let field = BaseField {
        asked,
        ..BaseField::default()
    };
    BaseRecord {
        identity: identity(number),
        source_id: None,
        fields: [(Field::Title, field)].into(),
    }
}

/// A state large enough to have branch pages, and a value that has pages of its own.
fn filled(path: &Path) {
    let state = open(path).state;
    write(&state, |w| {
        for number in 0..2000 {
            w.put_base(key(number), &base(number))?;
        }
        Ok(())
    });
}

/// Opens a state that must have been put aside.
fn opens_anew(dir: &Path, what: &str) -> String {
    let Opened { state, note } = open(dir);
    assert_eq!(read(&state, |r| r.base_count()), 0, "{what}");
    let note = note.unwrap_or_else(|| panic!("{what}: no note"));
    assert!(note.contains("state.damaged-1"), "{what}: {note}");
    assert!(dir.join("state.damaged-1/data.mdb").exists(), "{what}");
    note
}

#[test]
fn a_damaged_state_is_put_aside_whole_and_reported() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 6] = [
        ("text", |bytes| *bytes = b"this is not a database".to_vec()),
        ("no magic", |bytes| bytes[16..20].fill(0)),
        ("half", |bytes| bytes.truncate(bytes.len() / 2)),
        ("in the header", |bytes| bytes.truncate(100)),
        ("last page gone", |bytes| bytes.truncate(bytes.len() - 4096)),
        ("zeroes within", |bytes| {
            let (from, to) = (bytes.len() / 3, bytes.len() * 2 / 3);
            bytes[from..to].fill(0);
        }),
    ];
    for (what, damage) in damages {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path());
        let file = dir.path().join("state/data.mdb");
        let mut bytes = std::fs::read(&file).unwrap();
        damage(&mut bytes);
        std::fs::write(&file, &bytes).unwrap();
        opens_anew(dir.path(), what);
        assert!(
            std::fs::read(dir.path().join("state.damaged-1/data.mdb")).unwrap() == bytes,
            "{what}: not kept as it was"
        );
    }
}

#[test]
fn a_good_file_is_never_taken_for_a_damaged_one() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let file = dir.path().join("state/data.mdb");
    check::file(&file).unwrap();
    // Deleting leaves free pages, also at the end of the file.
    for round in 0..20 {
        let state = open(dir.path()).state;
        write(&state, move |w| {
            for number in 0..2000 {
                if number % 20 != round {
                    w.remove_base(key(number))?;
                }
            }
            Ok(())
        });
        check::file(&file).unwrap();
        drop(state);
        filled(dir.path());
        check::file(&file).unwrap();
    }
    check::file(&dir.path().join("missing")).unwrap();
}

#[test]
fn no_single_damaged_byte_of_a_page_header_goes_further_than_the_check() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let good = std::fs::read(dir.path().join("state/data.mdb")).unwrap();
    let file = dir.path().join("copy.mdb");
    let mut found = 0;
    for page in (0..good.len() / 4096).step_by(7) {
        for offset in [0, 10, 13] {
            let mut bytes = good.clone();
            bytes[page * 4096 + offset] ^= 0xff;
            std::fs::write(&file, &bytes).unwrap();
            // It answers, whatever it answers: free pages may hold anything.
            found += usize::from(check::file(&file).is_err());
        }
    }
    assert!(found > 0);
}

#[test]
fn the_note_names_the_newest_copy() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let state = open(dir.path()).state;
    let copy = futures::executor::block_on(state.daily_copy(1_790_000_000_000))
        .unwrap()
        .unwrap();
    drop(state);
    check::file(&copy).unwrap();
    std::fs::write(dir.path().join("state/data.mdb"), "gone").unwrap();
    let note = opens_anew(dir.path(), "copy");
    assert!(note.contains(&copy.display().to_string()), "{note}");

    std::fs::remove_dir_all(dir.path().join("state")).unwrap();
    let note = open(dir.path()).note.expect("a lost state is noted");
    assert!(note.contains(&copy.display().to_string()), "{note}");
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_the_state_put_aside_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let state = open(dir.path()).state;
    write(&state, |w| {
        w.put_raw(Table::Base, &key(500).to_bytes(), b"\x01\xc1")
    });
    drop(state);

    // In the middle of a table: nothing is seen at the start.
    let Opened { state, note } = open(dir.path());
    assert_eq!(note, None);
    let error = state.read(|r| r.base(key(500))).unwrap_err();
    let wanted = super::super::hex(&key(500).to_bytes());
    assert!(
        matches!(&error, StoreError::Decode { table: "base", key, .. } if *key == wanted),
        "{error:?}"
    );
    read(&state, |r| r.base(key(501)));
    drop(state);
    opens_anew(dir.path(), "undecodable");
    assert_eq!(open(dir.path()).note, None);
}

#[test]
fn an_unknown_version_of_a_record_is_an_error_not_a_guess() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    write(&state, move |w| {
        let record = w.run(run)?.unwrap();
        let mut bytes = super::super::record::encode("runs", &record)?;
        bytes[0] = 9;
        w.put_raw(Table::Runs, &run.0.to_be_bytes(), &bytes)
    });
    let error = state.read(|r| r.run(run)).unwrap_err();
    assert!(error.to_string().contains("version is 9"), "{error}");
    assert!(!error.is_temporary());
}

#[test]
fn garbage_anywhere_in_the_file_ends_no_process() {
    use rand::{RngExt, SeedableRng};
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let good = std::fs::read(dir.path().join("state/data.mdb")).unwrap();
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    let mut put_aside = 0;
    for _ in 0..60 {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("state")).unwrap();
        let mut bytes = good.clone();
        for _ in 0..rng.random_range(1..6) {
            let at = rng.random_range(0..bytes.len() - 64);
            let end = at + rng.random_range(1..64);
            bytes[at..end].fill_with(|| rng.random());
        }
        std::fs::write(dir.path().join("state/data.mdb"), &bytes).unwrap();
        let Opened { state, note } = open(dir.path());
        put_aside += usize::from(note.is_some());
        // Whatever they answer, they answer.
        let _ = state.read(|r| r.bases(None, usize::MAX));
        let _ = futures::executor::block_on(state.write(|w| {
            for number in 0..2000 {
                w.remove_base(key(number))?;
                w.put_base(key(number + 1000), &base(number))?;
            }
            Ok(())
        }));
    }
    assert!(put_aside > 20, "{put_aside}");
}
