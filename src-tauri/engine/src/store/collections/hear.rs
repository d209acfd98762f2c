//! What a record makes of what members' source items say. Not here: when they are heard (`ops`).

use super::{CollectionRecord, CollectionSays, Said};
use crate::model::Field;

impl CollectionRecord {
    /// A record, if there is one yet, after what a member's source item says.
    pub fn heard(known: Option<Self>, says: &CollectionSays) -> Self {
        let mut record = known.unwrap_or_else(|| Self::new(says));
        record.hear(says);
        record
    }

    fn hear(&mut self, says: &CollectionSays) {
        if says.leaves {
            self.open |= self.places.remove(&says.member).is_some();
            self.part(&says.by);
            return;
        }
        self.open |= self.settings != says.settings;
        self.settings = says.settings;
        if let Some(made) = &says.made {
            self.open |= self.made.as_ref() != Some(made);
            self.bind(made.clone());
        } else {
            // One that was there before is gone, with all that was written to it.
            self.vanish();
            self.said.retain(|_, said| said.by != Said::NOBODY);
            self.open = true;
            self.expected.insert(says.member);
        }
        let place = match says.wish.place {
            Some(place) => self.places.insert(says.member, place),
            None => self.places.remove(&says.member),
        };
        self.open |= place != says.wish.place;
        self.hear_silence(says);
        for (field, value) in &says.wish.values {
            let said = Said {
                by: says.by.clone(),
                value: value.clone(),
                file: says.wish.images.get(field).map(|image| image.path.clone()),
            };
            self.hear_field(*field, said);
        }
    }

    /// A source item has nothing to do with the collection any more. What it said stays, for an undo that brings its member
    /// back, until anybody else speaks.
    fn part(&mut self, by: &str) {
        self.rivals.retain(|_, said| said.by != by);
        let of: Vec<Field> = self
            .said
            .iter()
            .filter(|(_, said)| said.by == by)
            .map(|(field, _)| *field)
            .collect();
        for field in of {
            if self.rivals.contains_key(&field) {
                self.give_way(field);
            } else if let Some(said) = self.said.get_mut(&field) {
                Said::NOBODY.clone_into(&mut said.by);
            }
        }
    }

    /// What a source item said once and does not say any more.
    fn hear_silence(&mut self, says: &CollectionSays) {
        let silent = |said: &Said, field: &Field| {
            said.by == says.by && !says.wish.values.contains_key(field)
        };
        self.rivals.retain(|field, said| !silent(said, field));
        let gone: Vec<Field> = self
            .said
            .iter()
            .filter(|(field, said)| silent(said, field))
            .map(|(field, _)| *field)
            .collect();
        for field in gone {
            self.give_way(field);
        }
    }

    fn hear_field(&mut self, field: Field, said: Said) {
        let Some(known) = self.said.get_mut(&field) else {
            self.said.insert(field, said);
            self.open = true;
            return;
        };
        let is_same = known.value == said.value;
        if said.by <= known.by {
            let older = std::mem::replace(known, said);
            if !is_same {
                self.open = true;
                if older.by != known.by && older.by != Said::NOBODY {
                    self.hear_rival(field, older);
                }
            }
        } else if !is_same {
            self.hear_rival(field, said);
        } else if is_same
            && self
                .rivals
                .get(&field)
                .is_some_and(|rival| rival.by == said.by)
        {
            self.rivals.remove(&field);
        }
    }

    /// Of several who ask for something else, the first by name is remembered, in whatever order they are heard.
    fn hear_rival(&mut self, field: Field, said: Said) {
        let known = self.rivals.get(&field);
        if known.is_none_or(|known| said.by <= known.by) && known != Some(&said) {
            self.rivals.insert(field, said);
            // Whether the first still says so is looked up then.
            self.open = true;
        }
    }

    /// Who spoke for a field does so no more: whoever else does takes their place.
    pub fn give_way(&mut self, field: Field) {
        self.said.remove(&field);
        if let Some(rival) = self.rivals.remove(&field) {
            self.said.insert(field, rival);
            self.open = true;
        }
    }
}
