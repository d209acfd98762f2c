use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{JournalEntry, JournalField};
use crate::face::RunKind;
use crate::model::{BaseField, Field, ItemType, RunId, Value};
use crate::store::BaseRecord;
use crate::store::tests::{begin_run, identity, key, open, read, write};

fn entry(run: RunId, number: u64, fields: &[(Field, u8, u8)]) -> JournalEntry {
    let value = |n: &u8| Value::Text(format!("text {n}"));
    let fields = fields.iter().map(|(field, before, after)| {
        let field_entry = JournalField {
            before: value(before),
            before_raw: None,
            before_locked: false,
            after: value(after),
            after_locked: false,
            base_before: None,
        };
        (*field, field_entry)
    });
    JournalEntry {
        run,
        key: key(number),
        identity: identity(number),
        section_id: 1,
        item_type: ItemType::Movie,
        title: format!("Film {number}"),
        source_id: None,
        fields: fields.collect(),
        at_ms: 1,
    }
}

#[test]
fn a_runs_entries_come_in_batches_and_no_others() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let runs: Vec<_> = (0..3).map(|_| begin_run(&state, true)).collect();
    let (first, second, third) = (runs[0], runs[1], runs[2]);
    write(&state, move |w| {
        for run in [first, second, third] {
            for number in 0..25 {
                w.put_journal(entry(run, number, &[(Field::Title, 1, 2)]))?;
            }
        }
        Ok(())
    });
    read(&state, |r| {
        let mut seen = Vec::new();
        loop {
            let page = r.journal_of(second, seen.last().copied(), 10)?;
            assert!(page.iter().all(|entry| entry.run == second));
            if page.is_empty() {
                break;
            }
            seen.extend(page.iter().map(|entry| entry.key));
        }
        assert_eq!(seen, (0..25).map(key).collect::<Vec<_>>());
        assert_eq!(r.journal_count()?, 75);
        assert_eq!(r.undoable_runs(2)?, [third, second]);
        Ok(())
    });
    write(&state, move |w| {
        w.update_run(third, |run| run.undone_by = Some(RunId(9)))?;
        w.update_run(first, |run| run.kind = RunKind::Undo)?;
        assert_eq!(w.undoable_runs(9)?, [second]);
        assert!(w.has_journal(second)? && w.has_journal(third)?);
        w.update_run(second, |run| run.undone_by = Some(RunId(9)))?;
        assert_eq!(w.undoable_runs(9)?, []);
        Ok(())
    });
}

#[test]
fn an_entry_that_ends_where_it_began_goes() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    write(&state, move |w| {
        w.put_journal(entry(
            run,
            1,
            &[(Field::Title, 1, 2), (Field::Summary, 1, 2)],
        ))?;
        w.put_journal(entry(run, 1, &[(Field::Title, 2, 1)]))?;
        let left = w.journal(run, key(1))?.unwrap();
        assert_eq!(
            left.fields.into_keys().collect::<Vec<_>>(),
            [Field::Summary]
        );
        w.put_journal(entry(run, 1, &[(Field::Summary, 2, 1)]))?;
        assert_eq!(w.journal_count()?, 0);
        Ok(())
    });
}

/// What the title of item 1 goes back to, where Plex was last read to hold `held`.
fn first_title(state: &crate::store::State, held: u8) -> Option<(Value, bool)> {
    read(state, |r| {
        let base = BaseRecord {
            identity: identity(1),
            source_id: None,
            fields: BTreeMap::from([(
                Field::Title,
                BaseField {
                    read_back: Value::Text(format!("text {held}")),
                    ..BaseField::default()
                },
            )]),
        };
        let first = r.first_values(&r.traced_runs()?, key(1), &base)?;
        Ok(first
            .get(&Field::Title)
            .map(|first| (first.before.clone(), first.before_locked)))
    })
}

/// Journals one step of item 1's title for each pair, as a run of its own.
fn title_runs(state: &crate::store::State, steps: &[(u8, u8)]) -> Vec<RunId> {
    steps
        .iter()
        .map(|(before, after)| {
            let run = begin_run(state, true);
            let step = entry(run, 1, &[(Field::Title, *before, *after)]);
            write(state, move |w| w.put_journal(step.clone()));
            run
        })
        .collect()
}

#[test]
fn a_value_leads_back_to_the_last_one_that_somebody_else_put_there() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let text = |n: u8| Some((Value::Text(format!("text {n}")), false));
    // 1 was the agent's; 5 is a person's, put between the second run and the third.
    let runs = title_runs(&state, &[(1, 2), (2, 3), (5, 6), (6, 7)]);
    assert_eq!(first_title(&state, 7), text(5));
    // What stands there is no run's.
    assert_eq!(first_title(&state, 8), None);
    assert_eq!(first_title(&state, 6), None);
    // The last is taken back, without a write: somebody had put it back by hand.
    let undone = runs[3];
    write(&state, move |w| {
        w.update_run(undone, |run| run.undone_by = Some(RunId(9)))
    });
    assert_eq!(first_title(&state, 6), text(5));
    // Taken back with a write, and unlocked: both are runs of the journal, too.
    for run in title_runs(&state, &[(6, 5), (5, 5)]) {
        write(&state, move |w| {
            w.update_run(run, |run| run.kind = RunKind::Undo)
        });
    }
    let undone = runs[2];
    write(&state, move |w| {
        w.update_run(undone, |run| run.undone_by = Some(RunId(9)))
    });
    title_runs(&state, &[(5, 4)]);
    assert_eq!(first_title(&state, 4), text(5));
}

#[test]
fn what_was_written_to_another_item_of_the_same_key_is_not_given_back() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    let mut old = entry(run, 1, &[(Field::Title, 1, 2)]);
    old.identity = identity(77);
    write(&state, move |w| w.put_journal(old.clone()));
    assert_eq!(first_title(&state, 2), None);
}

proptest! {
    #[test]
    fn merged_entries_take_back_as_much_as_all_of_them_one_by_one(
        steps in prop::collection::vec(prop::collection::vec((0_usize..3, 0_u8..4), 1..4), 1..10),
    ) {
        const FIELDS: [Field; 3] = [Field::Title, Field::Summary, Field::Studio];
        let mut now: BTreeMap<Field, u8> = FIELDS.map(|field| (field, 0)).into();
        let first = now.clone();
        let mut merged: Option<JournalEntry> = None;
        for step in steps {
            let mut changes = BTreeMap::new();
            for (field, after) in step {
                changes.insert(FIELDS[field], after);
            }
            let fields: Vec<_> = changes
                .into_iter()
                .map(|(field, after)| (field, now.insert(field, after).unwrap(), after))
                .collect();
            let next = entry(RunId(1), 1, &fields);
            match &mut merged {
                Some(merged) => merged.merge(next),
                None => merged = Some(next),
            }
        }
        let number = |value: &Value| match value {
            Value::Text(text) => text[5..].parse().unwrap(),
            _ => unreachable!(),
        };
        for (field, journal) in merged.unwrap().fields {
            prop_assert_eq!(now[&field], number(&journal.after));
            now.insert(field, number(&journal.before));
        }
        prop_assert_eq!(now, first);
    }
}
