//! The part of a source that a walk is limited to.

use std::path::{Component, Path, PathBuf};

use super::SourceError;

/// The part of the source that was asked for.
pub(super) struct Only {
    /// Folder relative to the root, with `/`.
    pub folder: String,
    /// Name of one file in it.
    pub file: Option<String>,
}

impl Only {
    pub(super) fn new(root: &Path, only: &str) -> Result<Self, SourceError> {
        let outside = || SourceError::Outside(only.to_owned());
        let named = Path::new(only);
        let inside = if named.is_absolute() {
            named.strip_prefix(root).map_err(|_| outside())?
        } else {
            named
        };
        let mut parts = Vec::new();
        for component in inside.components() {
            match component {
                Component::CurDir => {}
                Component::Normal(name) => parts.push(name.to_str().ok_or_else(outside)?),
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                    return Err(outside());
                }
            }
        }
        let path: PathBuf = std::iter::once(root)
            .chain(parts.iter().map(Path::new))
            .collect();
        let metadata =
            std::fs::metadata(path).map_err(|_| SourceError::NoSuchPart(only.to_owned()))?;
        let file = if metadata.is_dir() {
            None
        } else {
            parts.pop().map(str::to_owned)
        };
        Ok(Self {
            folder: parts.join("/"),
            file,
        })
    }
}
