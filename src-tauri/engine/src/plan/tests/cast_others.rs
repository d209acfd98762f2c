//! What others do to pictures of actors while a change to the cast is under way.

use super::plain::{change, pictured};
use crate::model::{Change, Field};
use crate::plan::*;

/// Ann gets a picture, Bo keeps the agent's, Cy goes, Di has none.
fn planned() -> Change {
    let di = ("Di", "", "");
    let before = [
        ("Ann", "", ""),
        ("Bo", "", "http://a/bo"),
        ("Cy", "", "http://a/cy"),
        di,
    ];
    let after = [("Ann", "", "http://s/ann"), ("Bo", "", "http://a/bo"), di];
    let asked = [("Ann", "", "http://s/ann"), ("Bo", "", ""), di];
    Change {
        asked: pictured(&asked),
        ..change(Field::Actors, pictured(&before), pictured(&after))
    }
}

#[test]
fn pictures_that_others_gave_since_are_told_in_the_place_of_those_of_before() {
    let now = |[ann, bo, cy, di]: [&str; 4]| {
        let now = pictured(&[
            ("Ann", "", ann),
            ("Bo", "", bo),
            ("Cy", "", cy),
            ("Di", "", di),
        ]);
        with_others_pictures(&planned(), &now)
    };
    assert_eq!(now(["", "http://a/bo", "http://a/cy", ""]), None);
    let gone = ["http://s/ann", "", "", ""];
    assert_eq!(now(gone), None, "an attempt dropped them: they are missed");
    let others = ["http://me/1", "http://me/2", "http://me/3", "http://me/4"];
    let sent = now(others).expect("it says nothing of three of them");
    let [ann, bo, cy, di] = ["http://s/ann", "http://me/2", "http://me/3", "http://me/4"];
    let after = [("Ann", "", ann), ("Bo", "", bo), ("Di", "", di)];
    let before = |ann| {
        pictured(&[
            ("Ann", "", ann),
            ("Bo", "", bo),
            ("Cy", "", cy),
            ("Di", "", di),
        ])
    };
    assert_eq!(
        (&sent.before, &sent.after),
        (&before(""), &pictured(&after))
    );
    let first = planned().before;
    assert_eq!(before_it_was_sent(&first, &sent), before(""));
    assert_eq!(before_it_was_sent(&first, &planned()), first);
}

#[test]
fn a_picture_that_no_attempt_gave_is_nothing_that_an_undo_takes_back() {
    let cast = |picture| pictured(&[("Ann", "", picture), ("Bo", "", "")]);
    let of = |before, after| change(Field::Actors, cast(before), cast(after));
    let (agents, ours, theirs) = ("http://a/1", "http://s/1", "http://me/1");
    let left = |earlier: &Change, stays| {
        let newest = of(stays, stays);
        let earlier = [earlier];
        without_others_pictures(&newest, (&cast(agents), &earlier), &cast(stays))
    };
    assert_eq!(left(&of(agents, agents), theirs), cast(agents));
    assert_eq!(left(&of(agents, ours), ours), cast(ours));
}
