//! What somebody says about an item, and the refresh that makes unlocked fields say what the agent says.
//!
//! A field of which the agent says nothing stays. Collections that the agent knows are entered; none is left, since
//! Plex keeps what people collected. Not here: edits over HTTP (`edit`).

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{EditError, Item, Library, PictureKind, Value};
use crate::Habits;
use crate::seed::{SeedRole, SeedValues};

/// Values as told by the agent or a person; an absent key says nothing, `None` and an empty list say *empty*.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub guid: Option<String>,
    pub fields: BTreeMap<&'static str, Option<Value>>,
    pub tags: BTreeMap<&'static str, Vec<String>>,
    /// What some of the actors play.
    pub roles: Vec<SeedRole>,
    /// Key of each picture that is spoken of; `None` says that there is none.
    pub pictures: Vec<(PictureKind, Option<String>)>,
}

impl Library {
    /// Takes values of a seed in; pictures are listed with the item.
    pub(super) fn hear(&mut self, item: &mut Item, mut values: SeedValues) -> Told {
        let pictures = take_pictures(&mut values);
        let mut told = Told {
            guid: values.guid,
            roles: values.roles,
            ..Told::default()
        };
        let texts = [
            ("title", values.title),
            ("titleSort", values.title_sort),
            ("originalTitle", values.original_title),
            ("editionTitle", values.edition),
            ("summary", values.summary),
            ("tagline", values.tagline),
            ("studio", values.studio),
            ("contentRating", values.content_rating),
            ("originallyAvailableAt", values.date),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                let text = text.trim();
                told.fields.insert(
                    name,
                    (!text.is_empty()).then(|| Value::Text(text.to_owned())),
                );
            }
        }
        if let Some(year) = values.year {
            told.fields
                .insert("year", Some(Value::Whole(i64::from(year))));
        }
        for (name, rating) in [
            ("rating", values.rating),
            ("audienceRating", values.audience_rating),
            ("userRating", values.user_rating),
        ] {
            if let Some(rating) = rating {
                told.fields.insert(name, Value::rating(rating));
            }
        }
        let lists = [
            ("genre", values.genres),
            ("director", values.directors),
            ("writer", values.writers),
            ("producer", values.producers),
            ("country", values.countries),
            ("actor", values.actors),
            ("collection", values.collections),
            ("label", values.labels),
            ("style", values.styles),
            ("mood", values.moods),
        ];
        for (kind, tags) in lists {
            if let Some(tags) = tags {
                told.tags.insert(kind, tags);
            }
        }
        for (kind, bytes) in pictures {
            let key = (!bytes.is_empty())
                .then(|| self.list_agents_picture(item, kind, Bytes::from(bytes)));
            told.pictures.push((kind, key));
        }
        for bytes in values.other_posters {
            self.list_agents_picture(item, PictureKind::Poster, Bytes::from(bytes));
        }
        told
    }

    /// Changes what the agent says of an item; the next refresh brings it in.
    pub fn set_agent(&mut self, key: u64, values: SeedValues) -> Result<(), EditError> {
        let mut item = self.items.remove(&key).ok_or(EditError::NotFound(key))?;
        item.agent = self.hear(&mut item, values);
        self.items.insert(item);
        Ok(())
    }

    /// Makes every unlocked field say what the agent says.
    pub fn refresh(&mut self, key: u64, habits: Habits, now: i64) -> Result<(), EditError> {
        let item = self.items.get(&key).ok_or(EditError::NotFound(key))?;
        let told = item.agent.clone();
        let locks = item.locks.clone();
        self.tell(key, &told, |field| !locks.contains(field), habits, now)?;
        self.touch(key, now);
        Ok(())
    }

    /// Sets the fields that `may` lets through to what was told.
    pub(super) fn tell(
        &mut self,
        key: u64,
        told: &Told,
        may: impl Fn(&str) -> bool,
        habits: Habits,
        now: i64,
    ) -> Result<(), EditError> {
        for (kind, tags) in &told.tags {
            if may(kind) {
                let keep = *kind == "collection";
                self.set_tags(key, kind, tags, keep, now);
                if *kind == "actor" {
                    // What an edit had said of pictures is the agent's again.
                    self.items
                        .get_mut(&key)
                        .ok_or(EditError::NotFound(key))?
                        .actor_pictures
                        .clear();
                }
            }
        }
        if may("actor") {
            for role in &told.roles {
                self.set_role(
                    key,
                    &role.actor,
                    role.role.as_deref(),
                    role.thumb.as_deref(),
                );
                if let Some(picture) = &role.picture {
                    self.set_actor_picture(key, &role.actor, picture);
                }
            }
        }
        let mut item = self.items.get_mut(&key).ok_or(EditError::NotFound(key))?;
        for (name, value) in told.fields.iter().filter(|(name, _)| may(name)) {
            item.set_field(name, value.as_ref());
        }
        if let Some(guid) = &told.guid {
            item.guid.clone_from(guid);
        }
        drop(item);
        for (kind, picture) in &told.pictures {
            if may(kind.lock()) {
                self.select(key, *kind, picture.as_deref(), habits, now)?;
            }
        }
        Ok(())
    }
}

/// The pictures that values speak of; empty bytes say that there is none.
pub(super) fn take_pictures(values: &mut SeedValues) -> Vec<(PictureKind, Vec<u8>)> {
    [
        (PictureKind::Poster, values.poster.take()),
        (PictureKind::Background, values.background.take()),
        (PictureKind::ClearLogo, values.clear_logo.take()),
        (PictureKind::SquareArt, values.square_art.take()),
    ]
    .into_iter()
    .filter_map(|(kind, bytes)| Some((kind, bytes?)))
    .collect()
}
