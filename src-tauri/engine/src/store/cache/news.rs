//! Items that a listing showed as new or changed and that nobody has dealt with since. A run that ends early leaves them
//! to the next.

use super::super::record::hex;
use super::Cache;
use super::file::Table;
use super::library::section_prefix;
use crate::model::{ItemKey, RatingKey, SectionUuid, ServerNumber};
use crate::store::StoreError;

impl Cache {
    /// Notes items as news. `false` where the cache is off or full.
    pub fn add_news(&self, keys: &[ItemKey]) -> bool {
        if keys.is_empty() {
            return true;
        }
        let added = self.write(|transaction, tables| {
            for key in keys {
                tables[Table::News as usize].put(transaction, &key.to_bytes(), &[])?;
            }
            Ok(())
        });
        added.is_some()
    }

    /// Notes items as no longer news. `false` where the cache is off.
    pub fn remove_news(&self, keys: &[ItemKey]) -> bool {
        if keys.is_empty() {
            return true;
        }
        let removed = self.write(|transaction, tables| {
            for key in keys {
                tables[Table::News as usize].delete(transaction, &key.to_bytes())?;
            }
            Ok(())
        });
        removed.is_some()
    }

    /// The news of a section in the order of keys; `None` where the cache is off.
    pub fn news(&self, server: ServerNumber, section: SectionUuid) -> Option<Vec<RatingKey>> {
        let prefix = section_prefix(server, section);
        self.read(|transaction, tables| {
            tables[Table::News as usize]
                .prefix_iter(transaction, &prefix)?
                .map(|entry| {
                    let (key, _) = entry?;
                    let item = ItemKey::from_bytes(key).ok_or_else(|| StoreError::Decode {
                        table: "news",
                        key: hex(key),
                        reason: "its key has a wrong length".into(),
                    })?;
                    Ok(item.rating_key)
                })
                .collect()
        })
    }
}
