//! Plays and ratings: what an account has to say of an item. None of it moves `updatedAt`.
//!
//! Not here: a rating that is edited as a field (`apply`).

use super::{EditError, Item, Library, Value};

impl Library {
    /// Counts an item as watched once more, or as never watched. Above leaves, those that are not yet as wanted.
    pub fn set_watched(&mut self, key: u64, watched: bool, now: i64) -> Result<(), EditError> {
        let item = self.items.get(&key).ok_or(EditError::NotFound(key))?;
        let keys: Vec<u64> = if item.kind.below().is_some() {
            let leaves = self.leaves_of(key).into_iter();
            leaves
                .filter(|leaf| (leaf.view_count > 0) != watched)
                .map(|leaf| leaf.key)
                .collect()
        } else {
            vec![key]
        };
        for key in keys {
            if let Some(mut item) = self.items.get_mut(&key) {
                item.view_count = if watched { item.view_count + 1 } else { 0 };
                item.last_viewed_at = watched.then_some(now);
            }
        }
        Ok(())
    }

    /// Rates an item, or takes its rating away.
    pub fn rate(&mut self, key: u64, rating: Option<f64>) -> Result<(), EditError> {
        let mut item = self.items.get_mut(&key).ok_or(EditError::NotFound(key))?;
        let value = rating
            .map(|rating| {
                Value::rating(rating).ok_or_else(|| EditError::BadParameter("rating".to_owned()))
            })
            .transpose()?;
        item.set_field("userRating", value.as_ref());
        Ok(())
    }

    /// How often an item was watched: above leaves, all of them together.
    pub fn views_of(&self, item: &Item) -> (u32, Option<i64>) {
        if item.kind.below().is_none() {
            return (item.view_count, item.last_viewed_at);
        }
        let leaves = self.leaves_of(item.key);
        let count = leaves.iter().map(|leaf| leaf.view_count).sum();
        (
            count,
            leaves.iter().filter_map(|leaf| leaf.last_viewed_at).max(),
        )
    }
}
