//! Season and episode numbers in names.

/// Words before a season's number in the name of its folder, in the languages that media managers write.
const SEASON_WORDS: [&str; 13] = [
    "season",
    "series",
    "staffel",
    "saison",
    "temporada",
    "stagione",
    "seizoen",
    "sæson",
    "säsong",
    "sesong",
    "kausi",
    "sezon",
    "s",
];

/// Names of folders that hold a show's season 0.
const SPECIALS: [&str; 2] = ["specials", "special"];

/// Longest run of episodes that one file holds; a wider span is a misread name.
const MOST_EPISODES: i32 = 50;

/// The season that a folder of this name holds: `Season 01`, `Staffel 2`, `S03`, `Season 1 (2010)`, `Specials`.
pub(super) fn season_of_folder(name: &str) -> Option<i32> {
    let name = name.trim().to_lowercase();
    if SPECIALS.contains(&name.as_str()) {
        return Some(0);
    }
    SEASON_WORDS.iter().find_map(|word| {
        let rest = name
            .strip_prefix(word)?
            .trim_start_matches([' ', '.', '_', '-']);
        let (number, rest) = number(rest)?;
        rest.chars()
            .next()
            .is_none_or(|next| !next.is_alphanumeric())
            .then_some(number)
    })
}

/// Season and episodes of a file, by its name: `S01E02`, `s1e2e3`, `S01E02-E04`, `1x02`.
pub(super) fn episodes(stem: &str) -> Option<(i32, Vec<i32>)> {
    let lower = stem.to_lowercase();
    let mut starts = lower.char_indices().filter(|(at, first)| {
        let before = lower[..*at].chars().next_back();
        (*first == 's' || first.is_ascii_digit())
            && before.is_none_or(|before| !before.is_alphanumeric())
    });
    starts.find_map(|(at, first)| {
        let rest = &lower[at..];
        if first == 's' {
            let (season, rest) = number(&rest[1..])?;
            let rest = rest.trim_start_matches([' ', '.', '_', '-']);
            numbered(season, rest.strip_prefix('e')?, "e")
        } else {
            // `1920x1080` is no episode.
            let (season, rest) = number(rest).filter(|(season, _)| *season < 100)?;
            numbered(season, rest.strip_prefix('x')?, "x")
        }
    })
}

/// The episodes that `rest` begins with, which follow `season`.
fn numbered(season: i32, rest: &str, mark: &str) -> Option<(i32, Vec<i32>)> {
    let (first, mut rest) = number(rest)?;
    // `S01E02v2` is an episode all the same; `4x4wheels` is none.
    if mark == "x" && rest.starts_with(char::is_alphabetic) && !rest.starts_with(mark) {
        return None;
    }
    let mut episodes = vec![first];
    loop {
        // `E01E02` and `E01-E03` (all between); a bare `-02` may be anything.
        let is_span = rest.starts_with('-');
        let Some((next, after)) = rest
            .trim_start_matches('-')
            .strip_prefix(mark)
            .and_then(number)
        else {
            break;
        };
        let last = episodes.last().copied().unwrap_or(first);
        if next <= last || next - last > MOST_EPISODES {
            break;
        }
        episodes.extend(if is_span {
            last + 1..=next
        } else {
            next..=next
        });
        rest = after;
    }
    Some((season, episodes))
}

/// The number of at most four digits that a text begins with, and what follows.
pub(super) fn number(text: &str) -> Option<(i32, &str)> {
    let length = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if !(1..=4).contains(&length) {
        return None;
    }
    let (digits, rest) = text.split_at(length);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_seasons_are_known() {
        for (name, season) in [
            ("Season 01", Some(1)),
            ("season1", Some(1)),
            ("Season 2 (2010)", Some(2)),
            ("Season 03 - The End", Some(3)),
            ("Staffel 2", Some(2)),
            ("Säsong 4", Some(4)),
            ("S05", Some(5)),
            ("Season 2019", Some(2019)),
            ("Specials", Some(0)),
            ("Season 00", Some(0)),
            ("Season", None),
            ("Seasons 1", None),
            ("Season One", None),
            ("S1E1", None),
            ("Sherlock 2", None),
            ("Season 12345", None),
            ("Extras", None),
            ("", None),
        ] {
            assert_eq!(season_of_folder(name), season, "{name}");
        }
    }

    #[test]
    fn files_of_episodes_are_known() {
        type Known<'a> = Option<(i32, &'a [i32])>;
        let cases: [(&str, Known<'_>); 17] = [
            ("Show S01E02", Some((1, &[2]))),
            ("show.s1e2.1080p", Some((1, &[2]))),
            ("Show - S01E01E02 - Both", Some((1, &[1, 2]))),
            ("Show - S01E01-E03", Some((1, &[1, 2, 3]))),
            ("Show S01.E02", Some((1, &[2]))),
            ("Show S00E01", Some((0, &[1]))),
            ("Show S2019E100", Some((2019, &[100]))),
            ("S01E01-02", Some((1, &[1]))),
            ("Show 1x02", Some((1, &[2]))),
            ("Show 1x02x03", Some((1, &[2, 3]))),
            ("Show S01E05E01", Some((1, &[5]))),
            ("Film 1920x1080", None),
            ("Stars1e2", None),
            ("Show S01", None),
            ("Show S01E01-E9999", Some((1, &[1]))),
            ("É s1é2", None),
            ("", None),
        ];
        for (stem, expected) in cases {
            let expected = expected.map(|(season, episodes)| (season, episodes.to_vec()));
            assert_eq!(episodes(stem), expected, "{stem}");
        }
    }
}
