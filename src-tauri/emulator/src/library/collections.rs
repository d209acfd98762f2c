//! Collections: they appear with their first member and vanish with their last.
//!
//! A plain collection is a tag that items carry, and an item of its own beside it with a title, fields and pictures. It
//! holds items of one kind: the tag *Best* of an artist and of an album are two collections. A smart one is a filter
//! with a title. Not here: in what order members stand (`order`).

use std::collections::BTreeMap;

use super::{EditError, Filter, Item, ItemKind, Library, TagScope};

/// What makes an item a collection.
#[derive(Debug, Clone)]
pub(crate) struct Membership {
    /// What its members are.
    pub subtype: ItemKind,
    pub source: MemberSource,
    pub sort: CollectionSort,
    /// `collectionMode`, where somebody set it.
    pub mode: Option<i64>,
}

/// Where a collection's members come from.
#[derive(Debug, Clone)]
pub(crate) enum MemberSource {
    /// Items carry its tag; each has a place in the custom order.
    Tag {
        tag: u64,
        places: BTreeMap<u64, i64>,
        /// The last place that was ever given.
        last: i64,
    },
    /// A filter lets them through.
    Smart { filter: Filter, query: String },
}

/// `collectionSort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum CollectionSort {
    #[default]
    Release,
    Alphabetical,
    Custom,
}

impl Membership {
    pub fn tag(&self) -> Option<u64> {
        match &self.source {
            MemberSource::Tag { tag, .. } => Some(*tag),
            MemberSource::Smart { .. } => None,
        }
    }

    pub fn is_smart(&self) -> bool {
        matches!(self.source, MemberSource::Smart { .. })
    }

    /// The places in the custom order; `None` of a smart one.
    pub fn places(&self) -> Option<&BTreeMap<u64, i64>> {
        match &self.source {
            MemberSource::Tag { places, .. } => Some(places),
            MemberSource::Smart { .. } => None,
        }
    }

    pub fn places_mut(&mut self) -> Option<&mut BTreeMap<u64, i64>> {
        match &mut self.source {
            MemberSource::Tag { places, .. } => Some(places),
            MemberSource::Smart { .. } => None,
        }
    }
}

impl Library {
    /// Makes `key` a member of the collection with this tag, which comes into being where it is not there.
    pub(super) fn enter_collection(&mut self, key: u64, tag: u64, now: i64) {
        let Some((section, kind)) = self.items.get(&key).map(|item| (item.section, item.kind))
        else {
            return;
        };
        let collection = match self.collections.get(&tag) {
            Some(collection) => *collection,
            None => self.create_collection(section, kind, tag, now),
        };
        if let Some(mut item) = self.items.get_mut(&collection) {
            if let Some(Membership {
                source: MemberSource::Tag { places, last, .. },
                ..
            }) = &mut item.collection
            {
                *last += 1;
                places.entry(key).or_insert(*last);
            }
            item.updated_at = now;
        }
        if let Some(mut item) = self.items.get_mut(&key) {
            let tags = item.tags.entry("collection").or_default();
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }

    /// Takes `key` out of the collection with this tag; with its last member the collection is gone.
    pub(super) fn leave_collection(&mut self, key: u64, tag: u64) {
        if let Some(mut item) = self.items.get_mut(&key)
            && let Some(tags) = item.tags.get_mut("collection")
        {
            tags.retain(|known| *known != tag);
            if tags.is_empty() {
                item.tags.remove("collection");
            }
        }
        let Some(collection) = self.collections.get(&tag).copied() else {
            return;
        };
        let is_empty = self.items.get_mut(&collection).is_none_or(|mut item| {
            let membership = item.collection.as_mut();
            membership
                .and_then(Membership::places_mut)
                .is_none_or(|places| {
                    places.remove(&key);
                    places.is_empty()
                })
        });
        if is_empty {
            self.items.remove(&collection);
            self.collections.remove(&tag);
        }
    }

    /// Takes a collection away; its members stay.
    pub(super) fn delete_collection(&mut self, key: u64) {
        let Some(membership) = self
            .items
            .remove(&key)
            .and_then(|collection| collection.collection)
        else {
            return;
        };
        if let MemberSource::Tag { tag, places, .. } = membership.source {
            self.collections.remove(&tag);
            for member in places.into_keys() {
                self.leave_collection(member, tag);
            }
        }
    }

    /// Adds items to a collection that exists. All must be of its section and kind.
    pub fn add_members(
        &mut self,
        collection: u64,
        members: &[u64],
        now: i64,
    ) -> Result<(), EditError> {
        let (section, subtype, tag) = self.plain_collection(collection)?;
        self.check_members(section, subtype, members)?;
        for member in members {
            self.enter_collection(*member, tag, now);
            self.touch(*member, now);
        }
        Ok(())
    }

    /// Takes an item out of a collection.
    pub fn remove_member(
        &mut self,
        collection: u64,
        member: u64,
        now: i64,
    ) -> Result<(), EditError> {
        let (_, _, tag) = self.plain_collection(collection)?;
        let is_member = self
            .items
            .get(&member)
            .and_then(|item| item.tags.get("collection"))
            .is_some_and(|tags| tags.contains(&tag));
        if !is_member {
            return Err(EditError::NotFound(member));
        }
        self.leave_collection(member, tag);
        self.touch(member, now);
        Ok(())
    }

    /// Makes a collection of these items, or adds them to the one that has this title. Returns its key.
    pub fn make_collection(
        &mut self,
        section: u32,
        subtype: ItemKind,
        title: &str,
        members: &[u64],
        now: i64,
    ) -> Result<u64, EditError> {
        self.check_members(section, subtype, members)?;
        let scope = TagScope::of("collection", section, subtype);
        let tag = self
            .tags
            .intern(scope, "collection", title)
            .ok_or_else(|| EditError::BadParameter("title".to_owned()))?;
        for member in members {
            self.enter_collection(*member, tag, now);
            self.touch(*member, now);
        }
        Ok(match self.collections.get(&tag) {
            Some(key) => *key,
            // An empty one stays until its last member leaves it.
            None => self.create_collection(section, subtype, tag, now),
        })
    }

    /// Makes a smart collection. Returns its key.
    pub fn make_smart_collection(
        &mut self,
        section: u32,
        title: &str,
        query: &str,
        now: i64,
    ) -> Result<u64, EditError> {
        let bad = |name: &str| EditError::BadParameter(name.to_owned());
        let kind = self
            .section(section)
            .map(|section| ItemKind::of_section(section.kind))
            .ok_or(EditError::NotFound(u64::from(section)))?;
        let parameters = super::query::read_query(query);
        let subtype = parameters
            .iter()
            .find(|(name, _)| name == "type")
            .map_or(Some(kind), |(_, number)| {
                ItemKind::from_number(number.parse().ok()?)
            })
            .ok_or_else(|| bad("type"))?;
        if title.trim().is_empty() {
            return Err(bad("title"));
        }
        if self.is_title_taken(None, section, subtype, title) {
            return Err(EditError::Taken(title.to_owned()));
        }
        let pairs = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let source = MemberSource::Smart {
            filter: Filter::read(pairs, now),
            query: query.to_owned(),
        };
        Ok(self.add_collection_item(section, subtype, title.trim(), source, now))
    }

    /// Whether another collection of the same members in this section has this title.
    pub(super) fn is_title_taken(
        &self,
        own: Option<u64>,
        section: u32,
        subtype: ItemKind,
        title: &str,
    ) -> bool {
        self.items.values().any(|item| {
            Some(item.key) != own
                && item.section == section
                && item
                    .collection
                    .as_ref()
                    .is_some_and(|membership| membership.subtype == subtype)
                && super::tags::fold(item.title()) == super::tags::fold(title.trim())
        })
    }

    pub(crate) fn touch(&mut self, key: u64, now: i64) {
        if let Some(mut item) = self.items.get_mut(&key) {
            item.updated_at = now;
        }
    }

    /// Section, kind of members and tag of a collection whose members can be chosen.
    fn plain_collection(&self, key: u64) -> Result<(u32, ItemKind, u64), EditError> {
        let membership = self
            .items
            .get(&key)
            .and_then(|item| Some((item.section, item.collection.as_ref()?)));
        let (section, membership) = membership.ok_or(EditError::NotFound(key))?;
        let tag = membership
            .tag()
            .ok_or_else(|| EditError::BadParameter("smart".to_owned()))?;
        Ok((section, membership.subtype, tag))
    }

    fn check_members(
        &self,
        section: u32,
        subtype: ItemKind,
        members: &[u64],
    ) -> Result<(), EditError> {
        for member in members {
            match self.items.get(member) {
                Some(item) if item.section != section || item.kind == ItemKind::Collection => {
                    return Err(EditError::NotFound(*member));
                }
                Some(item) if item.kind != subtype => {
                    return Err(EditError::BadParameter("uri".to_owned()));
                }
                Some(_) => {}
                None => return Err(EditError::NotFound(*member)),
            }
        }
        Ok(())
    }

    fn create_collection(&mut self, section: u32, subtype: ItemKind, tag: u64, now: i64) -> u64 {
        let title = self.tags.name(tag).to_owned();
        let source = MemberSource::Tag {
            tag,
            places: BTreeMap::new(),
            last: 0,
        };
        let key = self.add_collection_item(section, subtype, &title, source, now);
        if let Some(mut item) = self.items.get_mut(&key) {
            item.index = i32::try_from(tag).ok();
        }
        self.collections.insert(tag, key);
        key
    }

    fn add_collection_item(
        &mut self,
        section: u32,
        subtype: ItemKind,
        title: &str,
        source: MemberSource,
        now: i64,
    ) -> u64 {
        let key = self.new_key();
        let mut item = Item::new(key, section, ItemKind::Collection, title.to_owned(), now);
        item.guid = format!(
            "collection://{}",
            super::intake::uuid_of(&format!("collection {key}"))
        );
        item.index = i32::try_from(key).ok();
        item.collection = Some(Membership {
            subtype,
            source,
            sort: CollectionSort::default(),
            mode: None,
        });
        self.items.insert(item);
        key
    }
}
