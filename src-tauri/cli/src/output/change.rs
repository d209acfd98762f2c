//! One change, or one value that stays, as lines below its item's title.
//!
//! Not here: which item it is (`watcher`, `decisions`).

use std::fmt::Write as _;

use syncslate_engine::model::{Change, Conflict, ConflictKind, Field, Kept, KeptReason, Value};

use super::value::{entries, name, shown};

/// Lines are broken there, between words.
const WIDTH: usize = 96;

/// What is written into a field: lists as what is added and what is removed, anything else as old and new.
pub(super) fn change(text: &mut String, change: &Change) {
    let lock = if change.lock && !change.before_locked {
        ", then locked"
    } else {
        ""
    };
    let (before, after) = (&change.before, &change.after);
    if is_list(before) || is_list(after) {
        return list(text, change.field, before, after, lock);
    }
    let [old, new] = [before, after].map(|value| shown(change.field, value));
    let line = format!("  {}: {old} → {new}{lock}", name(change.field));
    if fits(&line) {
        push(text, &line);
    } else {
        push(text, &format!("  {}{lock}:", name(change.field)));
        wrapped(text, "    - ", &old);
        wrapped(text, "    + ", &new);
    }
}

fn list(text: &mut String, field: Field, before: &Value, after: &Value, lock: &str) {
    let (old, new) = (entries(before, Some(after)), entries(after, Some(before)));
    let missing = |from: &[String], all: &[String]| -> Vec<String> {
        let gone = all.iter().filter(|entry| !from.contains(entry));
        gone.cloned().collect()
    };
    let (removed, added) = (missing(&new, &old), missing(&old, &new));
    if removed.is_empty() && added.is_empty() {
        push(text, &format!("  {}, in another order{lock}:", name(field)));
        return wrapped(text, "    = ", &new.join(", "));
    }
    push(text, &format!("  {}{lock}:", name(field)));
    for (mark, entries) in [("    - ", removed), ("    + ", added)] {
        if !entries.is_empty() {
            wrapped(text, mark, &entries.join(", "));
        }
    }
}

/// A value that differs and stays.
pub(crate) fn kept(text: &mut String, kept: &Kept) {
    stays(
        text,
        kept.field,
        reason(kept.reason),
        &kept.plex,
        &kept.source,
    );
}

/// A value on which both sides have a claim.
pub(crate) fn conflict(text: &mut String, conflict: &Conflict) {
    stays(
        text,
        conflict.field,
        claim(conflict.kind),
        &conflict.plex,
        &conflict.source,
    );
}

fn stays(text: &mut String, field: Field, why: &str, plex: &Value, source: &Value) {
    let [held, asked] = [plex, source].map(|value| shown(field, value));
    let line = format!(
        "  {}: kept {held} ({why}; your source: {asked})",
        name(field)
    );
    if fits(&line) {
        push(text, &line);
    } else {
        push(text, &format!("  {}: kept ({why}):", name(field)));
        wrapped(text, "    Plex:   ", &held);
        wrapped(text, "    source: ", &asked);
    }
}

/// The source's value of a field for which somebody decided.
pub(crate) fn chosen(text: &mut String, field: Field, source: &Value) {
    let asked = shown(field, source);
    let line = format!("  {}: the next sync writes {asked}", name(field));
    if fits(&line) {
        push(text, &line);
    } else {
        push(text, &format!("  {}: the next sync writes", name(field)));
        wrapped(text, "    + ", &asked);
    }
}

fn reason(reason: KeptReason) -> &'static str {
    match reason {
        KeptReason::PersonsEdit => "edited in Plex",
        KeptReason::LockedBefore => "locked in Plex before Syncslate knew of it",
        KeptReason::HandedBack => "unlocked in Plex",
        KeptReason::TugOfWar => "something else keeps overwriting it",
        KeptReason::Refused => "Plex does not take the new value",
        KeptReason::NotEmpty => "not empty, and the policy is “fill only if empty”",
        KeptReason::ForeignRating => "Plex shows it under another service's mark",
        KeptReason::LastMember => {
            "the last item of a collection that Syncslate did not make: Plex would remove that with it"
        }
    }
}

fn claim(kind: ConflictKind) -> &'static str {
    match kind {
        ConflictKind::BothChanged => "changed on both sides, you decide",
        ConflictKind::EditedSince => "edited since the run that was taken back, you decide",
    }
}

fn is_list(value: &Value) -> bool {
    matches!(value, Value::Tags(_) | Value::Cast { .. })
}

fn fits(line: &str) -> bool {
    line.chars().count() <= WIDTH && !line.contains('\n')
}

fn push(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = write!(text, "\n{line}");
}

/// All of a text, its own line breaks kept, every line below the field that it belongs to.
fn wrapped(text: &mut String, mark: &str, whole: &str) {
    let room = WIDTH - mark.len();
    let mut mark = mark.to_owned();
    let mut put = |line: &str| {
        push(text, format!("{mark}{line}").trim_end());
        mark = " ".repeat(mark.len());
    };
    for line in whole.split('\n') {
        let mut filled = String::new();
        let mut length = 0;
        for (at, word) in line.split(' ').enumerate() {
            let more = word.chars().count();
            if at > 0 && length + 1 + more > room {
                put(&filled);
                filled.clear();
                length = 0;
            } else if at > 0 {
                filled.push(' ');
                length += 1;
            }
            filled.push_str(word);
            length += more;
        }
        put(&filled);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(field: Field, before: Value, after: Value) -> String {
        let planned = Change {
            field,
            before,
            before_raw: None,
            before_locked: false,
            after,
            after_raw: None,
            asked: Value::Empty,
            lock: true,
        };
        let mut text = String::new();
        change(&mut text, &planned);
        text
    }

    fn tags(names: &[&str]) -> Value {
        Value::Tags(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_short_value_is_one_line() {
        let line = changed(Field::Year, Value::Whole(1999), Value::Whole(2000));
        assert_eq!(line, "\n  year: 1999 → 2000, then locked");
    }

    #[test]
    fn a_long_text_is_whole_and_stands_below_its_field() {
        let words: Vec<String> = (0..200).map(|number| format!("word{number}")).collect();
        let long = format!("{}\n\nThe end.", words.join(" "));
        let shown = changed(Field::Summary, Value::Empty, Value::Text(long));
        let mut lines = shown.lines().skip(1);
        assert_eq!(lines.next(), Some("  summary, then locked:"));
        assert_eq!(lines.next(), Some("    - nothing"));
        assert_eq!(
            lines.next().map(|line| &line[..12]),
            Some("    + “word0"[..].get(..12).unwrap_or_default())
        );
        for word in words {
            assert!(shown.contains(&word), "{word} is missing:\n{shown}");
        }
        assert!(shown.ends_with("\n      The end.”"), "{shown}");
        for line in shown.lines().skip(1) {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
        assert!(!shown.contains('…'));
    }

    #[test]
    fn a_list_is_what_is_removed_and_what_is_added() {
        let many: Vec<String> = (0..60).map(|number| format!("Actor {number}")).collect();
        let names: Vec<&str> = many.iter().map(String::as_str).collect();
        let shown = changed(Field::Actors, tags(&["Actor 3", "Nobody"]), tags(&names));
        assert!(shown.contains("\n    - Nobody\n"), "{shown}");
        assert!(!shown.contains("Actor 3,"), "it was there before:\n{shown}");
        assert!(shown.ends_with("Actor 59"), "{shown}");
        let order = changed(Field::Genres, tags(&["B", "A"]), tags(&["A", "B"]));
        assert_eq!(
            order,
            "\n  genres, in another order, then locked:\n    = A, B"
        );
    }

    #[test]
    fn what_stays_says_why() {
        let mut text = String::new();
        let value = Kept {
            field: Field::Title,
            reason: KeptReason::PersonsEdit,
            plex: Value::Text("Mine".to_owned()),
            source: Value::Text("Theirs".to_owned()),
        };
        kept(&mut text, &value);
        assert_eq!(
            text,
            "\n  title: kept “Mine” (edited in Plex; your source: “Theirs”)"
        );
    }

    #[test]
    fn metadata_cannot_pass_for_lines_of_ours() {
        let hostile = "x\n  title: “a” → “b”\u{1b}[1A\u{202e}";
        let shown = changed(
            Field::Tagline,
            Value::Empty,
            Value::Text(hostile.to_owned()),
        );
        assert!(
            shown.contains("\n        title: “a” → “b”�[1A�”"),
            "{shown}"
        );
        let shown = changed(Field::Genres, Value::Empty, tags(&["A\n  title: gone"]));
        assert!(shown.ends_with("\n    + A   title: gone"), "{shown}");
    }
}
