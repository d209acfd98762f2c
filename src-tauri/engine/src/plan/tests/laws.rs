//! Laws that hold whatever happened before.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::plex_model::{Plex, Synced, look_alike};
use crate::model::{CastTrait, Field, FieldKind, ListMode, Policy, Value};
use crate::plan::{ClearRule, Rules, Selected, UndoField, plan_undo};
use crate::text;

type Values = BTreeMap<Field, Value>;

#[derive(Debug, Clone)]
enum Event {
    SourceAsks(Values),
    PersonEdits(Field, Value),
    PersonUnlocks(Field),
    AgentRefreshes,
}

fn value_of(field: Field) -> BoxedStrategy<Value> {
    let nothing = Just(Value::Empty);
    match field.kind() {
        FieldKind::Text => prop_oneof![
            1 => nothing,
            4 => select(vec!["Alien", "alien", "Aliens", "a\nb", "Ame\u{301}lie", "e"])
                .prop_map(move |raw| text::value(field, raw).unwrap()),
        ]
        .boxed(),
        FieldKind::Date => prop_oneof![
            1 => nothing,
            4 => select(vec!["1979-05-25", "1986-07-18"]).prop_map(|day| Value::Text(day.into())),
        ]
        .boxed(),
        FieldKind::Whole => {
            prop_oneof![1 => nothing, 4 => (1979_i32..1982).prop_map(Value::Whole)].boxed()
        }
        FieldKind::Rating => {
            prop_oneof![1 => nothing, 4 => (76_u8..79).prop_map(Value::Tenths)].boxed()
        }
        FieldKind::Moment => {
            prop_oneof![1 => nothing, 4 => (1_000_000_i64..1_000_003).prop_map(Value::Moment)]
                .boxed()
        }
        FieldKind::Flag => prop_oneof![nothing, Just(Value::Yes)].boxed(),
        FieldKind::Tags if field == Field::Actors => {
            let actor = (
                select(vec!["Ann", "ann", "Bo", "STRASSE", "Straße"]),
                select(vec!["", "Ripley", "ripley", "Dallas"]),
                select(vec!["", "http://a/1.jpg", "http://a/2.jpg"]),
            );
            let untold = subsequence(CastTrait::ALL.to_vec(), 0..=2);
            (vec(actor, 0..4), untold)
                .prop_map(|(cast, untold)| text::cast_value(cast).without(&untold))
                .boxed()
        }
        FieldKind::Tags => vec(
            select(vec!["Drama", "drama", "Horror", "STRASSE", "Straße", "a,b"]),
            0..4,
        )
        .prop_map(text::tags_value)
        .boxed(),
        FieldKind::Image => prop_oneof![
            1 => nothing,
            4 => select(vec!["aa", "bb", "cc"]).prop_map(|hash| Value::Image(hash.into())),
        ]
        .boxed(),
    }
}

/// What is told of an actor.
fn told_of<'v>(value: &'v Value, of: CastTrait, name: &str) -> Option<&'v str> {
    let mut told = value.told(of).into_iter().flatten();
    told.find_map(|(other, told)| (text::fold(other) == text::fold(name)).then_some(told))
}

fn field_and_value() -> impl Strategy<Value = (Field, Value)> {
    select(Field::ALL.to_vec()).prop_flat_map(|field| (Just(field), value_of(field)))
}

fn values() -> impl Strategy<Value = Values> {
    vec(field_and_value(), 0..20).prop_map(|values| values.into_iter().collect())
}

fn agent() -> impl Strategy<Value = Values> {
    values().prop_map(|values| {
        let named = |(field, value)| match value {
            Value::Image(name) => (field, Value::Image(format!("metadata://posters/{name}"))),
            other => (field, other),
        };
        values.into_iter().map(named).collect()
    })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => values().prop_map(Event::SourceAsks),
        3 => field_and_value().prop_map(|(field, value)| Event::PersonEdits(field, value)),
        1 => select(Field::ALL.to_vec()).prop_map(Event::PersonUnlocks),
        1 => Just(Event::AgentRefreshes),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let policy = select(vec![
        Policy::KeepEdits,
        Policy::KeepEdits,
        Policy::SourceIsRight,
        Policy::FillEmpty,
        Policy::Off,
    ]);
    let mode = select(vec![ListMode::Mirror, ListMode::Own, ListMode::Add]);
    let lists = select(vec![
        Field::Genres,
        Field::Directors,
        Field::Actors,
        Field::Collections,
    ]);
    (
        btree_map(select(Field::ALL.to_vec()), policy, 0..8),
        btree_map(lists, mode, 0..3),
        any::<bool>(),
        select(vec![
            ClearRule::Nothing,
            ClearRule::Ours,
            ClearRule::Whatever,
        ]),
    )
        .prop_map(|(policies, list_modes, lock_written, clear)| Rules {
            policies,
            list_modes,
            lock_written,
            clear,
            server_version: "1.43".into(),
        })
}

prop_compose! {
    /// An item with a past: what the source asks for last, and where that led.
    fn history()(
        agent in agent(),
        keys_are_hashes in any::<bool>(),
        rules in rules(),
        events in vec((event(), any::<bool>()), 0..8),
    ) -> (Synced, Values) {
        let mut synced = Synced { plex: Plex::new(agent, keys_are_hashes), base: BTreeMap::new(), rules, given: BTreeSet::new() };
        let mut wanted = Values::new();
        for (event, then_sync) in events {
            match event {
                Event::SourceAsks(values) => wanted = values,
                Event::PersonEdits(field, value) => synced.plex.edit(field, value),
                Event::PersonUnlocks(field) => synced.plex.unlock(field),
                Event::AgentRefreshes => synced.plex.refresh(),
            }
            if then_sync {
                synced.sync(&wanted);
            }
        }
        (synced, wanted)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_second_sync_does_nothing((mut synced, _) in history(), wanted in values()) {
        let first = synced.sync(&wanted);
        let mut known = synced.base.clone();
        let again = synced.sync(&wanted);
        prop_assert_eq!(&again.changes, &[], "plan after apply");
        let third = synced.plan(&wanted);
        prop_assert!(third.adopted.is_empty() && third.unlisted.is_empty(), "nothing new: {third:?}");
        // Writing a title shows what lay behind a sort title that equalled it, writing anything moves the path of an
        // adopted picture, and a value that stands ends a tug-of-war; nothing else is new.
        let mut now = synced.base;
        if first.changes.iter().any(|change| change.field == Field::Title) {
            known.remove(&Field::SortTitle);
            now.remove(&Field::SortTitle);
        }
        for (field, base) in &mut known {
            base.image_path = now[field].image_path.clone();
            base.overwritten = now[field].overwritten.min(base.overwritten);
        }
        prop_assert_eq!(now, known);
    }

    #[test]
    fn only_the_fields_asked_for_are_touched((mut synced, _) in history(), wanted in values()) {
        let before = synced.plex.view();
        let plan = synced.sync(&wanted);
        for change in &plan.changes {
            prop_assert!(wanted.contains_key(&change.field));
            prop_assert!(synced.rules.policy(change.field) != Policy::Off);
        }
        let after = synced.plex.view();
        for field in Field::ALL {
            let changed = plan.changes.iter().any(|change| change.field == field)
                // Plex shows a sort title only where it differs from the title.
                || (field == Field::SortTitle && plan.changes.iter().any(|change| change.field == Field::Title));
            prop_assert!(changed || before.0.get(&field) == after.0.get(&field), "{field:?} was not planned");
            prop_assert!(changed || before.1.contains(&field) == after.1.contains(&field), "lock of {field:?}");
        }
    }

    #[test]
    fn undo_after_apply_is_identity((mut synced, _) in history(), wanted in values()) {
        let first = synced.plex.view();
        let keys_before = synced.plex.selected();
        let plan = synced.sync(&wanted);
        let (after, keys) = (synced.plex.values(), synced.plex.selected());
        let journal: BTreeMap<Field, UndoField> = plan.changes.iter().map(|change| {
            let held = match keys.get(&change.field) {
                Some(key) => Value::Image(key.clone()),
                None => after.get(change.field).clone(),
            };
            (change.field, UndoField {
                // The keys are learned just before a picture is sent.
                before: match keys_before.get(&change.field) {
                    Some(key) => Value::Image(key.clone()),
                    None => change.before.clone(),
                },
                before_raw: None,
                before_locked: change.before_locked,
                after: held,
                after_locked: after.is_locked(change.field),
                unlocks_anyway: false,
            })
        }).collect();
        // The base knows which pictures are selected.
        let back = plan_undo(&journal, &after, Some(&synced.base), &Selected::new());
        prop_assert_eq!(&back.unlisted, &[]);
        prop_assert_eq!(&back.conflicts, &[]);
        synced.plex.apply(&back.changes);
        prop_assert_eq!(synced.plex.view(), first);
        let again = plan_undo(&journal, &synced.plex.values(), None, &synced.plex.selected());
        prop_assert_eq!(&again.changes, &[], "a second undo does nothing");
    }

    #[test]
    fn a_persons_edit_survives((mut synced, wanted) in history(), (field, value) in field_and_value(), next in values()) {
        synced.rules.policies.insert(field, Policy::KeepEdits);
        synced.rules.list_modes.insert(field, ListMode::Mirror);
        synced.sync(&wanted);
        // No lock tells that a person took a mark away: only what Syncslate remembers of it does.
        let is_told = synced.base.get(&field).is_some_and(|base| {
            next.get(&field).is_none_or(|next| *next == base.asked)
        });
        prop_assume!(field.kind() != FieldKind::Flag || !value.is_empty() || is_told);
        let before = synced.plex.view().0.get(&field).cloned().unwrap_or_default();
        synced.plex.edit(field, value.clone());
        let edited = synced.plex.view().0.get(&field).cloned().unwrap_or_default();
        prop_assume!(!look_alike(field, &before, &edited));
        // Back at what Syncslate last read there, it follows the source again.
        let read_back = synced.base.get(&field).map(|base| base.read_back.clone());
        prop_assume!(read_back.is_none_or(|read_back| !look_alike(field, &read_back, &edited)));
        let plan = synced.sync(&next);
        let agreed = plan.adopted.contains_key(&field);
        let now = synced.plex.view().0.get(&field).cloned().unwrap_or_default();
        // Where the title was written, Plex may now leave out a sort title that equals it.
        let hidden = field == Field::SortTitle && plan.changes.iter().any(|change| change.field == Field::Title);
        prop_assert!(agreed || hidden || look_alike(field, &now, &edited), "{field:?}: {edited:?} became {now:?}");
    }

    #[test]
    fn the_source_is_reached_where_it_is_right((mut synced, _) in history(), wanted in values()) {
        synced.rules.policies = Field::ALL.map(|field| (field, Policy::SourceIsRight)).into();
        synced.rules.list_modes.clear();
        synced.sync(&wanted);
        let held = synced.plex.values();
        for (&field, wanted) in wanted.iter().filter(|(_, wanted)| !wanted.is_empty()) {
            let now = held.get(field);
            let reached = match field.kind() {
                FieldKind::Tags => wanted.tags().iter().all(|tag| {
                    now.tags().iter().any(|held| text::fold(held) == text::fold(tag))
                }) && CastTrait::ALL.into_iter().all(|of| {
                    wanted.told(of).into_iter().flatten().all(|(name, wanted)| {
                        let now = told_of(now, of, name).unwrap_or_default();
                        // Pictures fill gaps: somebody else's is as good.
                        wanted.is_empty() || now == wanted || (of == CastTrait::Picture && !now.is_empty())
                    })
                }),
                FieldKind::Image => synced.base[&field].asked == *wanted,
                _ if field == Field::SortTitle && now.is_empty() => wanted == held.get(Field::Title),
                _ => now == wanted,
            };
            prop_assert!(reached, "{field:?}: {wanted:?}, but: {now:?}");
        }
    }

    #[test]
    fn pictures_of_actors_fill_gaps_only((mut synced, _) in history(), wanted in value_of(Field::Actors)) {
        let before = synced.plex.values().get(Field::Actors).clone();
        let given = synced.given.clone();
        let wanted = BTreeMap::from([(Field::Actors, wanted)]);
        synced.sync(&wanted);
        let held = synced.plex.values();
        let now = held.get(Field::Actors);
        for (name, was) in before.told(CastTrait::Picture).into_iter().flatten() {
            let is_ours = given.contains(&(text::fold(name), was.to_owned()));
            let is = told_of(now, CastTrait::Picture, name);
            prop_assert!(was.is_empty() || is_ours || is.is_none_or(|is| is == was), "{name}: {was} became {is:?}");
        }
    }

    #[test]
    fn an_empty_title_never_clears((mut synced, _) in history()) {
        let before = synced.plex.view();
        synced.sync(&BTreeMap::from([(Field::Title, Value::Empty)]));
        prop_assert_eq!(synced.plex.view(), before);
    }
}
