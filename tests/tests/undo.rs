//! Undo gives back to the byte what Plex held, also where Syncslate compares it in another form.

use syncslate_emulator::generator::{self, FILMS_SECTION, Plan};
use syncslate_emulator::{Habits, PersonValue};
use syncslate_engine::face::{Command, RunState};
use syncslate_tests::{Life, World, as_ordered_by, differences};

/// Texts and tags that normalising changes: line ends, decomposed letters, tabs, runs of blanks.
fn oddities() -> [(&'static str, PersonValue); 6] {
    [
        (
            "title",
            "Cafe\u{301}\tof  the \u{1112}\u{1161}\u{11ab}".into(),
        ),
        (
            "summary",
            "One line.\r\nAnother.\r\rA third\u{2028}and e\u{301}.\u{7f}!".into(),
        ),
        ("tagline", "Tab\there,\r\nand there.".into()),
        ("studio", "Studio\u{85}E\u{301}toile".into()),
        (
            "director",
            PersonValue::Tags(vec![
                "Rene\u{301}e  Two Blanks".to_owned(),
                "Plain Name".to_owned(),
            ]),
        ),
        (
            "genre",
            PersonValue::Tags(vec!["Come\u{301}die".to_owned(), "Film\tNoir".to_owned()]),
        ),
    ]
}

#[test]
fn what_plex_held_comes_back_to_the_byte() {
    let generated = generator::generate(&Plan {
        seed: 5,
        films: 30,
        image: (12, 18),
        ..Plan::default()
    });
    for habits in Habits::BOTH {
        let world = World::new(&generated, habits);
        let mut put = 0;
        for (path, want) in generated.expected.section(FILMS_SECTION) {
            let key = world.emulator.key_of(path).expect("the film is there");
            for (attribute, value) in oddities() {
                if want.written.contains(attribute) {
                    world
                        .emulator
                        .edit_as_person(key, attribute, value, false)
                        .expect("the value can be entered");
                    put += 1;
                }
            }
        }
        assert!(put > 60, "only {put}");
        let first = world.state();
        let held = format!("{first:?}");
        for odd in ["\\r\\n", "\\u{301}", "\\t"] {
            assert!(held.contains(odd), "Plex keeps {odd}");
        }
        let synced = world.sync();
        assert_eq!(synced.state, RunState::Done, "{synced:#?}");
        let undone = world.undo();
        assert_eq!(undone.state, RunState::Done, "{undone:#?}");
        assert_eq!(undone.conflicts, 0, "{undone:#?}");
        let first = as_ordered_by(first, habits);
        let wrong = differences(&first, &as_ordered_by(world.state(), habits));
        assert!(wrong.is_empty(), "{habits:?}: {wrong:#?}");
        // And again, as a person would who changes their mind twice.
        world.sync();
        world.undo();
        let wrong = differences(&first, &as_ordered_by(world.state(), habits));
        assert!(wrong.is_empty(), "{habits:?}, the second time: {wrong:#?}");
    }
}

#[test]
fn a_run_of_which_items_are_gone_is_not_called_taken_back() {
    let generated = generator::generate(&Plan {
        seed: 5,
        films: 20,
        posters: false,
        odd: false,
        ..Plan::default()
    });
    let world = World::new(&generated, Habits::default());
    let mut first = world.state();
    let synced = world.sync();
    let (path, _) = generated
        .expected
        .section(FILMS_SECTION)
        .find(|(_, want)| want.written.contains("summary"))
        .expect("a film is written");
    let key = world.emulator.key_of(path).expect("the film is there");
    world.emulator.delete(key).expect("it is there");
    let films = first.sections.get_mut(FILMS_SECTION).expect("films");
    films.items.remove(path);
    for again in [false, true] {
        // The second time there is nothing more to do, and it may be tried all the same.
        let undone = if again {
            world.undo_run(synced.run)
        } else {
            world.undo()
        };
        assert_eq!(undone.state, RunState::Done, "{undone:#?}");
        let message = undone.message.expect("it says what is missing");
        assert!(
            message.contains(&format!("does not have 1 item of run {}", synced.run)),
            "{message}"
        );
        let wrong = differences(
            &as_ordered_by(world.state(), Habits::default()),
            &as_ordered_by(first.clone(), Habits::default()),
        );
        assert!(wrong.is_empty(), "the others are taken back: {wrong:#?}");
    }
    // But whoever takes back one run after the other is not held up by it.
    let next = world.live(&Life::default(), async |handle| {
        handle.run(Command::Undo { run: None }).await
    });
    let next = next.expect("nothing kills this life");
    assert_eq!(next.expect_err("there is no other").code, "nothing_to_undo");
    let next = world.sync();
    assert_eq!(next.message, None, "{next:#?}");
}
