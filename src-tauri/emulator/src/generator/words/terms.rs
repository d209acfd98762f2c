//! Genres, labels and whatever else is chosen from a list.

pub(in crate::generator) const GENRES: [&str; 16] = [
    "Drama",
    "Mystery",
    "Comedy",
    "Adventure",
    "Science Fiction",
    "Romance",
    "Thriller",
    "Animation",
    "Documentary",
    "Family",
    "Fantasy",
    "Crime",
    "History",
    "Music",
    "Western",
    "War",
];
pub(in crate::generator) const AGENT_GENRES: [&str; 10] = [
    "Drama",
    "Sci-Fi",
    "Suspense",
    "Indie",
    "Comedy",
    "Art House",
    "Period Piece",
    "Coming of Age",
    "Mystery",
    "Feel-Good",
];
pub(in crate::generator) const CERTIFICATES: [&str; 8] =
    ["G", "PG", "PG-13", "R", "12", "de/16", "TV-14", "Not Rated"];
pub(in crate::generator) const COUNTRIES: [&str; 10] = [
    "Nemora",
    "Vellmar Islands",
    "Kingdom of Tarrow",
    "Halverstock",
    "Montaverde",
    "Zelenka",
    "Upper Lindow",
    "Côte d’Oriel",
    "Österfjord",
    "Rosalba",
];
pub(in crate::generator) const LABELS: [&str; 8] = [
    "Harbour",
    "For Guests",
    "Rainy Days",
    "Black & White",
    "Seen in Vellmar",
    "Kids",
    "Restored",
    "Été",
];
pub(in crate::generator) const STYLES: [&str; 12] = [
    "Accordion Folk",
    "Slow Core",
    "Night Jazz",
    "Ferry Soul",
    "Chamber Pop",
    "Salt Blues",
    "Tape Music",
    "Brass & Beats",
    "Polka Noir",
    "Nouvelle Chanson",
    "Dub",
    "Drone",
];
pub(in crate::generator) const MOODS: [&str; 10] = [
    "Wistful",
    "Restless",
    "Sunlit",
    "Late at Night",
    "Tender",
    "Bitter-Sweet",
    "Playful",
    "Stormy",
    "Austere",
    "Drowsy",
];
pub(in crate::generator) const MUSIC_GENRES: [&str; 9] = [
    "Folk",
    "Jazz",
    "Pop",
    "Electronic",
    "Classical",
    "Soul",
    "R&B",
    "Spoken Word",
    "Chanson",
];
