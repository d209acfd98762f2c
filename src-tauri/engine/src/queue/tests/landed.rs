//! Writes whose answer was lost and whose job a newer intent replaced: they are known as ours also where Plex shows them
//! in another form, or others have added to them.

use super::*;
use crate::model::PlexValues;
use crate::plan::{UndoField, plan_undo};
use crate::store::tests::{begin_run, open, read, write};

fn tags(tags: &[&str]) -> Value {
    Value::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect())
}

fn held(values: &[(Field, Value)]) -> PlexValues {
    PlexValues {
        values: values.iter().cloned().collect(),
        locked: [Field::SortTitle, Field::Genres].into(),
        ..PlexValues::default()
    }
}

/// A job with this change was sent, its answer was lost, and a newer plan found nothing to write. What the journal says.
fn journaled(change: &Change, held: &PlexValues) -> Option<crate::journal::JournalField> {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let (first, second) = (begin_run(&state, true), begin_run(&state, true));
    let mut sent = job(first, 1, "", "");
    sent.changes = vec![change.clone()];
    let mut newer = job(second, 1, "", "");
    newer.changes.clear();
    let field = change.field;
    let outcome = Outcome {
        at_ms: 5,
        fields: [].into(),
        held: held.clone(),
    };
    write(&state, move |w| {
        let mut sent = w.enqueue(sent.clone())?;
        assert!(w.mark_started(&mut sent)?);
        Ok(())
    });
    let known = read(&state, |r| {
        r.base_now(key(1), &identity(1), held, &[].into(), &[].into())
    });
    write(&state, move |w| {
        let newer = w.enqueue(newer.clone())?;
        w.finish(&newer, &outcome)
    });
    read(&state, |r| {
        let entry = r.journal(second, key(1))?;
        let journaled = entry.and_then(|mut entry| entry.fields.remove(&field));
        let base = r.base(key(1))?;
        let ours = |base: Option<crate::store::BaseRecord>| {
            base.is_some_and(|base| {
                base.fields
                    .get(&field)
                    .is_some_and(|base| base.locked_by_us)
            })
        };
        assert_eq!(
            ours(known.clone()),
            journaled.is_some(),
            "as the plan sees it"
        );
        assert_eq!(ours(base), journaled.is_some(), "as it is remembered");
        Ok(journaled)
    })
}

#[test]
fn a_sort_title_that_plex_leaves_out_is_known_as_written() {
    let sort_title = change(Field::SortTitle, text("Film, The"), text("The Film"));
    let landed = held(&[(Field::Title, text("The Film"))]);
    let entry = journaled(&sort_title, &landed).expect("it is there");
    assert_eq!(entry.before, text("Film, The"));
    assert!(entry.after_locked && !entry.before_locked);

    let lost = held(&[
        (Field::Title, text("The Film")),
        (Field::SortTitle, text("Film, The")),
    ]);
    assert_eq!(journaled(&sort_title, &lost), None);
}

#[test]
fn a_list_that_others_added_to_is_known_as_written_and_theirs_stays() {
    let genres = change(
        Field::Genres,
        tags(&["Drama", "Silent"]),
        tags(&["Drama", "Comedy"]),
    );
    let now = held(&[
        (Field::Title, text("Film")),
        (Field::Genres, tags(&["Drama", "Comedy", "Noir"])),
    ]);
    let entry = journaled(&genres, &now).expect("it is there");
    assert_eq!(entry.before, tags(&["Drama", "Silent"]));
    assert_eq!(entry.after, tags(&["Drama", "Comedy"]));
    let undo = UndoField {
        before: entry.before,
        before_raw: None,
        before_locked: entry.before_locked,
        after: entry.after,
        after_locked: entry.after_locked,
        unlocks_anyway: false,
    };
    let back = plan_undo(&[(Field::Genres, undo)].into(), &now, None, &[].into());
    assert_eq!(back.changes[0].after, tags(&["Drama", "Noir", "Silent"]));

    // The tag that was to go is there: nothing arrived.
    let lost = held(&[(Field::Genres, tags(&["Drama", "Silent", "Comedy"]))]);
    assert_eq!(journaled(&genres, &lost), None);
}

#[test]
fn a_lock_that_nobody_asked_for_is_a_persons() {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    let run = begin_run(&state, true);
    let mut sent = job(run, 1, "", "");
    sent.changes = vec![Change {
        lock: false,
        ..change(Field::Genres, tags(&["Drama"]), tags(&["Straße"]))
    }];
    write(&state, move |w| {
        let mut sent = w.enqueue(sent.clone())?;
        assert!(w.mark_started(&mut sent)?);
        Ok(())
    });
    // The answer was lost, then a person locked the field. Plex shows another case of the tag.
    let now = held(&[(Field::Genres, tags(&["STRASSE"]))]);
    let known = read(&state, |r| {
        r.base_now(key(1), &identity(1), &now, &[].into(), &[].into())
    });
    let base = known.expect("it arrived").fields[&Field::Genres].clone();
    assert!(base.locked && !base.locked_by_us, "{base:?}");
    assert_eq!(base.ours, ["STRASSE"]);
}

/// What is known of an item once these changes were sent one after the other, and no answer came.
fn known(
    sent: &[Change],
    held: &PlexValues,
    (key_of, sha1): (Option<&str>, Option<&str>),
) -> (Vec<Field>, Option<crate::model::BaseField>) {
    let dir = tempfile::tempdir().unwrap();
    let state = open(dir.path()).state;
    for change in sent {
        let run = begin_run(&state, true);
        let mut job = job(run, 1, "", "");
        job.changes = vec![change.clone()];
        write(&state, move |w| {
            let mut job = w.enqueue(job.clone())?;
            assert!(w.mark_started(&mut job)?);
            Ok(())
        });
    }
    let field = sent[0].field;
    let of = |text: &str| [(field, text.to_owned())];
    let hashes = sha1.map(of).into_iter().flatten().collect();
    read(&state, |r| {
        let selected = key_of.map(of).into_iter().flatten().collect();
        let untold = r.untold_pictures(key(1), &identity(1), &selected)?;
        let base = r.base_now(key(1), &identity(1), held, &selected, &hashes)?;
        let base = base.and_then(|mut base| base.fields.remove(&field));
        Ok((untold, base))
    })
}

#[test]
fn an_attempt_of_which_nothing_shows_does_not_hide_an_earlier_one() {
    use crate::text::cast_value;
    let [agents, first, second] = ["", "http://s/1", "http://s/2"]
        .map(|picture| cast_value([("Ann", "", picture), ("Bo", "Dallas", "")]));
    let before = cast_value([("Ann", "", "")]);
    let locked = PlexValues {
        values: [(Field::Actors, first.clone())].into(),
        locked: [Field::Actors].into(),
        ..PlexValues::default()
    };
    let arrived = change(Field::Actors, before, first.clone());
    let lost = Change {
        before_locked: true,
        ..change(Field::Actors, first.clone(), second.clone())
    };
    let asked = |sent: &[Change], held: &PlexValues| {
        let (_, base) = known(sent, held, (None, None));
        base.map(|base| base.asked)
    };
    assert_eq!(
        asked(&[arrived.clone(), lost.clone()], &locked),
        Some(first)
    );
    // Both came to a server that ignores pictures.
    let mut ignored = locked.clone();
    ignored.values = [(Field::Actors, agents)].into();
    assert!(asked(&[arrived, lost], &ignored).is_some());
}

#[test]
fn bytes_tell_of_an_upload_whose_key_does_not() {
    let sent = "a".repeat(40);
    let before = Value::Image("metadata://posters/agents".to_owned());
    let poster = change(Field::Poster, before, Value::Image(sent.clone()));
    let held = PlexValues::default();
    let opaque = "upload://posters/7";
    let sent_it = |shown| known(std::slice::from_ref(&poster), &held, shown);
    let (untold, base) = sent_it((Some(opaque), None));
    assert_eq!((untold, base), (vec![Field::Poster], None));
    let (_, base) = sent_it((Some(opaque), Some(&sent)));
    assert_eq!(
        base.map(|base| base.asked),
        Some(Value::Image(sent.clone()))
    );
    let other = "b".repeat(40);
    let (_, base) = sent_it((Some(opaque), Some(&other)));
    assert_eq!(base, None);
    let named = format!("upload://posters/{sent}");
    for told in [named.as_str(), "metadata://posters/agents"] {
        assert_eq!(sent_it((Some(told), None)).0, Vec::<Field>::new(), "{told}");
    }
}
