//! Runs that nobody watches: never the first, and never one that takes much away.

use std::fs;

use syncslate_emulator::Habits;
use syncslate_emulator::generator::{self, Plan};
use syncslate_engine::face::{Command, CommandError, RunState, RunSummary};
use syncslate_tests::{Life, World, differences};

fn unattended(world: &World) -> Result<RunSummary, CommandError> {
    world
        .live(&Life::default(), async |handle| {
            handle
                .run(Command::Sync {
                    dry_run: false,
                    limit: None,
                    only: None,
                    unattended: true,
                })
                .await
        })
        .expect("nothing kills this life")
}

fn world() -> World {
    let generated = generator::generate(&Plan {
        seed: 4,
        films: 60,
        posters: false,
        odd: false,
        ..Plan::default()
    });
    World::new(&generated, Habits::BOTH[0])
}

/// Takes all genres out of the first `files` .nfo files, but for one that is not theirs.
fn empty_genres(world: &World, files: usize) {
    let mut emptied = 0;
    let mut folders = vec![world.films()];
    while let Some(folder) = folders.pop() {
        let mut names: Vec<_> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        names.sort();
        for path in names {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|is| is == "nfo") && emptied < files {
                let text = fs::read_to_string(&path).expect("a text");
                let genres: Vec<&str> = text
                    .lines()
                    .filter(|line| !line.contains("<genre>"))
                    .collect();
                let text = genres
                    .join("\n")
                    .replace("</movie>", "<genre>Else</genre></movie>");
                fs::write(&path, text).expect("room");
                emptied += 1;
            }
        }
    }
    assert_eq!(emptied, files);
}

#[test]
fn the_first_sync_of_a_library_is_not_made_unseen() {
    let world = world();
    let before = world.state();
    let refused = unattended(&world).expect_err("nobody saw it");
    assert_eq!(refused.code, "approval", "{refused:?}");
    assert!(refused.message.contains("“Films”"), "{refused:?}");
    assert!(differences(&before, &world.state()).is_empty());
    assert_eq!(world.sync().state, RunState::Done);
    let second = unattended(&world).expect("it was seen");
    assert_eq!((second.state, second.written), (RunState::Done, 0));
}

#[test]
fn a_plan_that_takes_much_away_waits_for_a_person() {
    let world = world();
    world.sync();
    // A few are an edit like any other.
    empty_genres(&world, 2);
    let few = unattended(&world).expect("it begins");
    assert_eq!((few.state, few.written), (RunState::Done, 2), "{few:#?}");
    let before = world.state();
    empty_genres(&world, 60);
    let many = unattended(&world).expect("it begins");
    assert_eq!(many.state, RunState::Stopped, "{many:#?}");
    assert_eq!(many.code.as_deref(), Some("asks"), "{many:#?}");
    assert!(
        many.message
            .is_some_and(|message| message.contains("values out of “Films”"))
    );
    assert!(
        differences(&before, &world.state()).is_empty(),
        "nothing was changed"
    );
    // By hand it is what was asked for.
    let by_hand = world.sync();
    assert_eq!(
        (by_hand.state, by_hand.written),
        (RunState::Done, 58),
        "{by_hand:#?}"
    );
}
