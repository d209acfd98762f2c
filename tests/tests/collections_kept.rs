//! How what is known of collections is kept: as long as an undo needs it, and at a cost that does not grow with what
//! nobody touched.

use syncslate_emulator::Habits;
use syncslate_engine::model::{Field, ListMode};
use syncslate_tests::World;

use crate::collections::{Films, SAGA, collection, says, start, sync, there, undo};

fn world_of_own(films: &Films) -> World {
    let mut world = start(films, Habits::default());
    world
        .settings
        .list_modes
        .insert(Field::Collections, ListMode::Own);
    world
}

#[test]
fn a_numbered_one_that_went_with_its_last_member_is_syncslates_again_after_an_undo() {
    let numbered = format!("<set order=\"1\">{SAGA}</set>");
    let world = world_of_own(&[("Ash", numbered)].into());
    sync(&world);
    says(&world, "Ash", "<set>Elsewhere</set>");
    sync(&world);
    assert_eq!(collection(&world, SAGA), None);
    undo(&world);
    there(&world, SAGA);
    let described = format!("<set><name>{SAGA}</name><overview>Ours.</overview></set>");
    says(&world, "Ash", &described);
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "Ours.");
}

#[test]
fn one_that_is_made_anew_does_not_say_what_nobody_says_of_it_any_more() {
    let described = format!("<set order=\"1\"><name>{SAGA}</name><overview>Ours.</overview></set>");
    let world = world_of_own(&[("Ash", described)].into());
    sync(&world);
    says(&world, "Ash", "<set>Elsewhere</set>");
    sync(&world);
    assert_eq!(collection(&world, SAGA), None);
    says(&world, "Ash", &format!("<set>{SAGA}</set>"));
    sync(&world);
    assert_eq!(there(&world, SAGA).fields.get("summary"), None);
    says(
        &world,
        "Ash",
        &format!("<set><name>{SAGA}</name><overview>Again.</overview></set>"),
    );
    sync(&world);
    assert_eq!(there(&world, SAGA).fields["summary"], "Again.");
}
