//! Special values, one by one.

use std::collections::{BTreeMap, BTreeSet};

use super::plain::{held, picture, plan, rules, tags, text};
use super::plex_model::{Plex, Synced};
use crate::library::edit_of;
use crate::model::{BaseField, Field, KeptReason, Policy, Value};
use crate::plan::*;
use syncslate_plex::{Edit, Lockable, TagField};

#[test]
fn a_value_overwritten_three_times_in_a_row_is_a_tug_of_war() {
    let agent = BTreeMap::from([(Field::Summary, text("the agent's"))]);
    let mut synced = Synced {
        plex: Plex::new(agent, true),
        base: BTreeMap::new(),
        rules: Rules::new(BTreeMap::new(), false, "1.43"),
        given: BTreeSet::new(),
    };
    let wanted = BTreeMap::from([(Field::Summary, text("ours"))]);
    assert_eq!(synced.sync(&wanted).changes.len(), 1, "the first write");
    for time in 1..=2 {
        synced.plex.refresh();
        assert_eq!(
            synced.sync(&wanted).changes.len(),
            1,
            "overwritten {time} times"
        );
    }
    synced.plex.refresh();
    for _ in 0..2 {
        let stopped = synced.sync(&wanted);
        assert!(stopped.changes.is_empty(), "not a third time");
        assert_eq!(stopped.kept[0].reason, KeptReason::TugOfWar);
    }
    let new = BTreeMap::from([(Field::Summary, text("ours, edited"))]);
    assert_eq!(
        synced.sync(&new).changes.len(),
        1,
        "the source's new value is another matter"
    );
    synced.plex.refresh();
    assert_eq!(synced.sync(&new).changes.len(), 1, "the row began anew");
}

#[test]
fn only_tags_of_ours_leave_an_own_list() {
    let base = BaseField {
        asked: tags(&["Horror", "Sci-Fi"]),
        read_back: tags(&["Horror", "Sci-Fi", "Cult"]),
        locked: true,
        locked_by_us: true,
        ours: vec!["Sci-Fi".into()],
        ..BaseField::default()
    };
    let plex = held(
        &[(
            Field::Genres,
            tags(&["Horror", "sci-fi", "Cult", "Person's"]),
        )],
        &[Field::Genres],
    );
    let plan = plan(
        &[(Field::Genres, tags(&["SPACE", "HORROR"]))],
        &plex,
        &[(Field::Genres, base)],
    );
    assert_eq!(
        plan.changes[0].after,
        tags(&["SPACE", "Horror", "Cult", "Person's"])
    );
    let edit = Edit::new().tags(
        TagField::Genre,
        plan.changes[0].after.tags().to_vec(),
        vec!["sci-fi".to_owned()],
    );
    assert_eq!(
        edit_of(&plan.changes),
        edit.lock(Lockable::Tags(TagField::Genre), plan.changes[0].lock)
    );
}

#[test]
fn collections_are_never_locked_nor_unlocked() {
    for locked in [&[][..], &[Field::Collections]] {
        let plex = held(&[], locked);
        let mut rules = rules();
        rules
            .policies
            .insert(Field::Collections, Policy::SourceIsRight);
        let wanted = BTreeMap::from([(Field::Collections, tags(&["Alien Saga"]))]);
        let plan = plan_item(&wanted, &plex, None, &Selected::new(), &rules);
        assert_eq!(plan.changes[0].lock, !locked.is_empty());
        let sent = Edit::new().tags(TagField::Collection, vec!["Alien Saga".to_owned()], vec![]);
        assert_eq!(edit_of(&plan.changes), sent, "no lock is said");
    }
}

#[test]
fn a_sort_title_that_equals_the_title_is_left_out() {
    let plex = held(&[(Field::Title, text("Alien"))], &[]);
    let same = plan(&[(Field::SortTitle, text("Alien"))], &plex, &[]);
    assert!(same.is_empty(), "{same:?}");
    let both = plan(
        &[
            (Field::Title, text("Aliens")),
            (Field::SortTitle, text("Aliens")),
        ],
        &plex,
        &[],
    );
    assert_eq!(
        both.changes.len(),
        2,
        "Plex may hold another sort title behind the old title"
    );
    let after = held(
        &[(Field::Title, text("Aliens"))],
        &[Field::Title, Field::SortTitle],
    );
    assert_eq!(
        settle(&both.changes, None, &after, &Selected::new(), &rules()).differs,
        []
    );
}

#[test]
fn a_picture_is_known_by_its_key_and_never_by_its_path() {
    let path = "/library/metadata/1/thumb/aa";
    let plex = held(&[(Field::Poster, picture(path))], &[]);
    let base = |asked: &str, read_back: &str, path: &str| {
        [(
            Field::Poster,
            BaseField {
                asked: picture(asked),
                read_back: picture(read_back),
                image_path: Some(path.into()),
                ..BaseField::default()
            },
        )]
    };
    let wanted = [(Field::Poster, picture("aa"))];
    let mine = held(&[(Field::Poster, picture(path))], &[Field::Poster]);
    assert_eq!(
        plan(&wanted, &mine, &[]).unlisted,
        [Field::Poster],
        "a path that ends with the hash says nothing"
    );
    let agents = plan(&wanted, &plex, &[]);
    assert_eq!(agents.unlisted, [], "the agent's goes, whatever it is");
    assert_eq!(agents.changes.len(), 1);
    let known = plan(&wanted, &plex, &base("aa", "upload://posters/n1", path));
    assert_eq!(
        known,
        ItemPlan::default(),
        "sent before, and still selected"
    );
    let moved = plan(
        &wanted,
        &plex,
        &base("aa", "upload://posters/n1", "/library/metadata/1/thumb/0"),
    );
    assert_eq!(moved.unlisted, [Field::Poster]);

    let wanted: BTreeMap<Field, Value> = wanted.into_iter().collect();
    for (key, changes) in [
        ("upload://posters/aa", 0),
        ("upload://posters/xaa", 1),
        ("metadata://posters/aab", 1),
    ] {
        let selected = Selected::from([(Field::Poster, key.to_owned())]);
        let plan = plan_item(&wanted, &plex, None, &selected, &rules());
        assert_eq!(plan.changes.len(), changes, "{key}");
        if let Some(change) = plan.changes.first() {
            assert_eq!(change.before, picture(key));
        } else {
            assert_eq!(
                plan.adopted[&Field::Poster].image_path.as_deref(),
                Some(path)
            );
        }
    }
}

#[test]
fn a_rating_under_the_mark_of_rotten_tomatoes_is_written_and_told() {
    for (image, told) in [
        ("rottentomatoes://image.rating.ripe", 1),
        ("imdb://image.rating", 0),
    ] {
        let mut plex = held(&[(Field::CriticRating, Value::Tenths(50))], &[]);
        plex.rating_images.insert(Field::CriticRating, image.into());
        let plan = plan(&[(Field::CriticRating, Value::Tenths(76))], &plex, &[]);
        assert_eq!(
            (plan.changes.len(), plan.told.len(), plan.kept.len()),
            (1, told, 0),
            "{image}"
        );
    }
}

#[test]
fn an_empty_value_clears_by_its_rule() {
    let plex = held(&[(Field::Tagline, text("the agent's"))], &[]);
    let wanted = BTreeMap::from([(Field::Tagline, Value::Empty), (Field::Title, Value::Empty)]);
    for (clear, changes) in [
        (ClearRule::Nothing, 0),
        (ClearRule::Ours, 0),
        (ClearRule::Whatever, 1),
    ] {
        let rules = Rules { clear, ..rules() };
        let plan = plan_item(&wanted, &plex, None, &Selected::new(), &rules);
        assert_eq!(plan.changes.len(), changes, "{clear:?}");
    }
}

#[test]
fn ten_thousand_characters_are_one_change() {
    let long = "日本語の題".repeat(2_000);
    let plan = plan(
        &[(Field::Title, text(&long))],
        &held(&[(Field::Title, text("short"))], &[]),
        &[],
    );
    assert_eq!(plan.changes[0].after, text(&long));
}
