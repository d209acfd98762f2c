//! The members of a collection in their order, and what moves them.
//!
//! Not here: who is a member (`collections`).

use super::collections::{CollectionSort, MemberSource, Membership};
use super::{EditError, Item, Library};

impl CollectionSort {
    /// Plex's number of it.
    pub fn number(self) -> i64 {
        match self {
            Self::Release => 0,
            Self::Alphabetical => 1,
            Self::Custom => 2,
        }
    }

    pub fn from_number(number: i64) -> Option<Self> {
        [Self::Release, Self::Alphabetical, Self::Custom]
            .into_iter()
            .find(|sort| sort.number() == number)
    }
}

impl Library {
    /// The members of a collection as it shows them.
    pub fn members_of(&self, collection: &Item) -> Vec<&Item> {
        let Some(membership) = &collection.collection else {
            return Vec::new();
        };
        let places = match &membership.source {
            MemberSource::Tag { places, .. } => places,
            MemberSource::Smart { filter, .. } => {
                let order = super::Order::read(None);
                return self.list(collection.section, membership.subtype, filter, &order);
            }
        };
        let mut members: Vec<_> = places
            .iter()
            .filter_map(|(key, place)| Some((*place, self.items.get(key)?)))
            .collect();
        members.sort_by(|(left_place, left), (right_place, right)| {
            let by_title = || (left.sort_title(), left.key).cmp(&(right.sort_title(), right.key));
            match membership.sort {
                CollectionSort::Release => released(left).cmp(released(right)).then_with(by_title),
                CollectionSort::Alphabetical => by_title(),
                CollectionSort::Custom => left_place.cmp(right_place),
            }
        });
        members.into_iter().map(|(_, member)| member).collect()
    }

    /// Puts a member behind another one in the custom order, or first.
    pub fn move_member(
        &mut self,
        collection: u64,
        member: u64,
        after: Option<u64>,
        now: i64,
    ) -> Result<(), EditError> {
        let mut item = self
            .items
            .get_mut(&collection)
            .ok_or(EditError::NotFound(collection))?;
        let membership = item
            .collection
            .as_mut()
            .ok_or(EditError::NotFound(collection))?;
        let places = membership
            .places_mut()
            .ok_or_else(|| EditError::BadParameter("smart".to_owned()))?;
        let mut order: Vec<u64> = places.keys().copied().collect();
        order.sort_by_key(|key| places.get(key).copied());
        let place_of = |order: &[u64], key| {
            order
                .iter()
                .position(|known| *known == key)
                .ok_or(EditError::NotFound(key))
        };
        if after == Some(member) {
            return Err(EditError::BadParameter("after".to_owned()));
        }
        let from = place_of(&order, member)?;
        order.remove(from);
        let to = match after {
            Some(after) => place_of(&order, after)? + 1,
            None => 0,
        };
        order.insert(to, member);
        *places = order.into_iter().zip(1..).collect();
        item.updated_at = now;
        Ok(())
    }

    /// Sets `collectionSort` and `collectionMode`.
    pub fn set_preferences(
        &mut self,
        collection: u64,
        sort: Option<CollectionSort>,
        mode: Option<i64>,
        now: i64,
    ) -> Result<(), EditError> {
        let mut item = self
            .items
            .get_mut(&collection)
            .ok_or(EditError::NotFound(collection))?;
        let Some(membership) = item.collection.as_mut() else {
            // Preferences of other items are none of ours.
            return Ok(());
        };
        if sort.is_some() && membership.is_smart() {
            return Err(EditError::BadParameter("collectionSort".to_owned()));
        }
        membership.sort = sort.unwrap_or(membership.sort);
        membership.mode = mode.or(membership.mode);
        item.updated_at = now;
        Ok(())
    }
}

impl Membership {
    /// A member has another key now, and keeps its place.
    pub(super) fn rekey(&mut self, key: u64, new: u64) {
        if let Some(places) = self.places_mut()
            && let Some(place) = places.remove(&key)
        {
            places.insert(new, place);
        }
    }
}

fn released(item: &Item) -> &str {
    item.text("originallyAvailableAt")
}
