//! What happens to pictures of actors, by dice of its own.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::super::ActorPictures;
use super::event::{Event, Kind};
use super::{Chronicle, Told};

impl Chronicle {
    /// One event with an actor's picture: somebody chooses another one in Plex or takes it away, or the source names another
    /// one or none. `None` where nobody speaks of them.
    pub fn draw_face(&self, dice: &mut ChaCha8Rng) -> Option<Event> {
        if self.plan.actor_pictures != ActorPictures::Taken {
            return None;
        }
        let number = dice.random_range(0..90);
        let is_away = dice.random_bool(0.3);
        let kind = if dice.random_bool(0.6) {
            let has_cast = |chronicle: &Self, position: usize| {
                let held = chronicle.now.books[position].account.held.get("actor");
                chronicle.is_present(position) && held.is_some_and(|held| !held.tags().is_empty())
            };
            let position = self.one(dice, has_cast)?;
            let held = self.now.books[position].account.held.get("actor")?;
            Kind::Face {
                place: self.items[position].place(),
                actor: held.tags().choose(dice)?.clone(),
                address: if is_away {
                    String::new()
                } else {
                    format!("https://person.invalid/{number}.jpg")
                },
            }
        } else {
            let can = |chronicle: &Self, position: usize| {
                let book = &chronicle.now.books[position];
                let is_there = !chronicle
                    .now
                    .away
                    .contains(chronicle.items[position].folder());
                chronicle.speaks(position)
                    && is_there
                    && book.told == Told::Well
                    && !book.source.actors.is_empty()
            };
            let position = self.one(dice, can)?;
            let mut later = self.now.books[position].source.clone();
            let actor = dice.random_range(0..later.actors.len());
            later.actors[actor].picture = if is_away {
                String::new()
            } else {
                format!("https://img.invalid/{number}.jpg")
            };
            self.source(position, Told::Well, later)
        };
        Some(Event(kind))
    }
}
