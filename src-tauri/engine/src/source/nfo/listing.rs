//! The names in one folder.

use super::names::{self, FileKind};
use super::visit::Place;
use super::walk::Unreadable;

/// What a folder's listing says, each sorted by name.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub files: Vec<String>,
    pub folders: Vec<Folder>,
}

/// A folder in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Folder {
    pub name: String,
    pub is_link: bool,
}

/// Lists a folder; `None` where that is refused. What cannot be read is added to `unreadable`.
pub(super) fn list(place: &Place, unreadable: &mut Vec<Unreadable>) -> Option<Listing> {
    let mut refused = |reason: String| {
        unreadable.push(Unreadable {
            path: place.relative.clone(),
            reason,
        });
    };
    let items = match std::fs::read_dir(&place.path) {
        Ok(items) => items,
        Err(error) => {
            refused(error.to_string());
            return None;
        }
    };
    let mut listing = Listing::default();
    let mut not_unicode = Vec::new();
    for item in items {
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                refused(error.to_string());
                continue;
            }
        };
        let name = match item.file_name().into_string() {
            Ok(name) => name,
            Err(name) => {
                not_unicode.extend(missed(place, &item, &name.to_string_lossy()));
                continue;
            }
        };
        if names::is_hidden(&name) {
            continue;
        }
        let file_type = item.file_type();
        let is_link = file_type.as_ref().is_ok_and(std::fs::FileType::is_symlink);
        let is_folder = if is_link {
            // A link to nowhere is a file that is not there.
            std::fs::metadata(item.path()).is_ok_and(|metadata| metadata.is_dir())
        } else {
            file_type.is_ok_and(|kind| kind.is_dir())
        };
        if !is_folder {
            listing.files.push(name);
        } else if !names::is_system_folder(&name) {
            listing.folders.push(Folder { name, is_link });
        }
    }
    listing.files.sort_unstable();
    listing.folders.sort_unstable();
    // The file system lists in an order of its own.
    not_unicode.sort_unstable_by(|left, right| left.path.cmp(&right.path));
    unreadable.extend(not_unicode);
    Some(listing)
}

/// A name that is not Unicode can be neither matched nor shown; what it would have been decides whether it is missed.
fn missed(place: &Place, item: &std::fs::DirEntry, name: &str) -> Option<Unreadable> {
    let (kind, _) = names::kind(name);
    let is_folder = item.file_type().is_ok_and(|kind| kind.is_dir());
    let is_missed = is_folder || matches!(kind, FileKind::Nfo | FileKind::Info | FileKind::Video);
    is_missed.then(|| Unreadable {
        path: names::join(&place.relative, name),
        reason: "its name is not Unicode; rename it".into(),
    })
}
