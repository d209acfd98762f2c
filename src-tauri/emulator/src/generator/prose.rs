//! Invented plots and taglines.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::names::{adjective, given, noun, pick, place, trade};

const EVENTS: [&str; 16] = [
    "finds a letter addressed to a house that burned down years ago",
    "inherits a ferry that may only sail on Thursdays",
    "is asked to repair the one clock that everybody in town obeys",
    "wakes to a harbour without water",
    "receives a telephone call from a number that was never connected",
    "agrees to guard a painting that no one has ever seen",
    "loses a bet and with it the family orchard",
    "misses the last train and is greeted as someone else",
    "discovers that the town's map shows a street too many",
    "hides a runaway circus horse in the church tower",
    "is elected mayor by mistake",
    "opens a bakery next to the strictest judge of the province",
    "counts the lighthouses along the coast and arrives at a different number each time",
    "takes in a lodger who pays in foreign stamps",
    "promises to teach a stranger how to dance before the thaw",
    "finds an orchestra rehearsing below the post office",
];
const CONSEQUENCES: [&str; 14] = [
    "Nobody believes it until the second one arrives.",
    "What begins as a favour becomes the longest winter of three families.",
    "Between old friends and new debts there is one night to put it right.",
    "The village takes sides, and then takes them again.",
    "Only the piano tuner seems to know how it ends.",
    "Every answer is kept in a drawer that sticks.",
    "The police are polite, the neighbours are not.",
    "It would be funny if the tide were not rising.",
    "To tell the truth now would cost more than the lie did.",
    "Somewhere on the line a signal stays at red.",
    "And then the snow comes early.",
    "The one person who could help has sworn never to speak again.",
    "By morning the whole street is in on it.",
    "All of it might have gone well but for the accordion.",
];
const LAST: [&str; 10] = [
    "A quiet story about noise.",
    "A comedy of manners without any manners.",
    "Told in a single, very long afternoon.",
    "\"You can't row back to where you were,\" says the ferryman, and rows.",
    "\"It isn't stealing,\" she says, “it’s late borrowing.”",
    "Half of it is true – the half with the goat.",
    "It’s about time, and about who winds it.",
    "Nothing is lost in it but 'the obvious'.",
    "A film for everyone who ever missed a boat.",
    "With the last performance of the old harbour cinema's organ.",
];
const TAGLINES: [&str; 18] = [
    "Some doors only open inwards.",
    "He came for the clocks. He stayed for the time.",
    "Mind the gap.",
    "Not every island wants to be found.",
    "The tide keeps its own books.",
    "Once more, with fog.",
    "Truth travels second class.",
    "There’s always one more staircase.",
    "Nobody dances alone in winter.",
    "A small town. A large umbrella.",
    "Please do not feed the pilot.",
    "The map was right. The land was wrong.",
    "Love, debt & marmalade.",
    "It's later than they think.",
    "What the water took, the water sells.",
    "Seven letters, one stamp.",
    "All change here.",
    "Listen for the bell.",
];
const CYRILLIC: [&str; 6] = [
    "В порту наступает тишина, и только старый трамвай продолжает свой путь вдоль набережной.",
    "Никто не помнит, кто первым зажёг фонарь, но погасить его не решается ни один человек.",
    "Письмо приходит с опозданием на тридцать лет, и отвечать на него приходится внукам.",
    "«Вы опоздали», — говорит смотритель, хотя часы на башне стоят с прошлой весны.",
    "Снег идёт третью неделю, и город понемногу забывает свои улицы.",
    "К утру все знают, чем кончится история, кроме того, кто её рассказывает.",
];

/// One paragraph of a plot.
pub(super) fn paragraph(dice: &mut ChaCha8Rng) -> String {
    let name = given(dice);
    let (a_trade, trade) = with_article(trade(dice));
    let opening = match dice.random_range(0..3) {
        0 => format!(
            "When {name}, {a_trade} from {}, {},",
            place(dice),
            pick(dice, &EVENTS)
        ),
        1 => format!(
            "In {}, {a_trade} called {name} {}.",
            place(dice),
            pick(dice, &EVENTS)
        ),
        _ => format!(
            "{name} is the last {trade} of {} and {}.",
            place(dice),
            pick(dice, &EVENTS)
        ),
    };
    let opening = if opening.ends_with(',') {
        format!(
            "{opening} an old {} is suddenly worth a great deal.",
            noun(dice).to_lowercase()
        )
    } else {
        opening
    };
    format!("{opening} {}", pick(dice, &CONSEQUENCES))
}

/// A plot of one paragraph, at times of two.
pub(super) fn plot(dice: &mut ChaCha8Rng) -> String {
    let mut plot = paragraph(dice);
    if dice.random_bool(0.7) {
        plot.push(' ');
        plot.push_str(pick(dice, &LAST));
    }
    if dice.random_bool(0.25) {
        plot.push_str("\n\n");
        plot.push_str(&paragraph(dice));
    }
    plot
}

/// Three paragraphs and a quotation on lines of its own.
pub(super) fn long_plot(dice: &mut ChaCha8Rng) -> String {
    format!(
        "{}\n\n“{}”\n— {}, in a letter of 1911\n\n{} {}\n\n{}",
        paragraph(dice),
        pick(dice, &TAGLINES),
        given(dice),
        paragraph(dice),
        pick(dice, &LAST),
        paragraph(dice)
    )
}

/// A plot of at least `letters` letters, all of them two bytes long.
pub(super) fn cyrillic_plot(dice: &mut ChaCha8Rng, letters: usize) -> String {
    let mut plot = pick(dice, &CYRILLIC).to_owned();
    while plot.chars().count() < letters {
        plot.push_str(if dice.random_bool(0.2) { "\n\n" } else { " " });
        plot.push_str(pick(dice, &CYRILLIC));
    }
    plot
}

pub(super) fn tagline(dice: &mut ChaCha8Rng) -> String {
    pick(dice, &TAGLINES).to_owned()
}

/// In small letters, with and without its article.
fn with_article(word: &str) -> (String, String) {
    let word = word.to_lowercase();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    (format!("{article} {word}"), word)
}

/// What an agent writes: correct, and with nothing in it.
pub(super) fn agent_plot(dice: &mut ChaCha8Rng) -> String {
    let (a_kind, _) = with_article(adjective(dice));
    let (place, trade) = (place(dice), trade(dice).to_lowercase());
    format!(
        "Set in {place}: {a_kind} {trade} and {} friends.",
        dice.random_range(2..9)
    )
}
