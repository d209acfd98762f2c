//! Titles that are odd by their letters.

pub(in crate::generator) const CYRILLIC: [&str; 3] =
    ["Тихий трамвай", "Бумажный маяк", "Ёлка в порту"];
pub(in crate::generator) const HANGUL: [&str; 3] = ["종이 등대", "열세 번째 우산", "느린 우체국"];
pub(in crate::generator) const JAPANESE: [&str; 3] = ["紙の灯台", "銀色のトラム", "ガラスの港で"];
pub(in crate::generator) const COMBINING: [&str; 3] = [
    "Café Étoile du Fjörd",
    "Đường Về Biển Lặng",
    "Příliš žluté Ångström",
];
pub(in crate::generator) const EMOJI: [&str; 3] = [
    "The 🐙 Next Door",
    "Kettle 👩‍🚀 Season",
    "Two 👍🏽 for Tarrow 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
];
pub(in crate::generator) const SYMBOLS: [&str; 2] = [
    "100% Fog & Other Taxes #3",
    "Salt + Thunder = Marmalade, It's Said",
];
pub(in crate::generator) const RIGHT_TO_LEFT: [&str; 3] =
    ["מגדלור של נייר", "ترام منتصف الليل", "הספר מהנמל (ב)"];

/// The title of a list that comes in this cycle: as it stands in the first ones, with a number later.
pub(in crate::generator) fn listed(list: &[&str], cycle: usize) -> String {
    let title = list[cycle % list.len()];
    if cycle < list.len() {
        title.to_owned()
    } else {
        format!("{title} {}", cycle / list.len() + 1)
    }
}
