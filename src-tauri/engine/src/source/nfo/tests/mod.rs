//! The room as its callers see it: folders on disk in, items out.

mod content;
mod folder;
mod hostile;
mod info;
mod music;
mod pictures;
mod recorded;
mod series;
mod tree;
mod whole;

use super::*;
use crate::model::{ItemType, LocalImage, Value};

/// The values that a .nfo with this text asks for.
fn values_of(text: &str) -> BTreeMap<Field, Value> {
    let mut roots = parse::parse(text).expect("the .nfo can be read");
    assert_eq!(roots.len(), 1, "one item in the file");
    values::told(&roots.remove(0)).values
}

/// Values as one line.
fn in_words(values: &BTreeMap<Field, Value>) -> String {
    let one = |(field, value): (&Field, &Value)| match value {
        Value::Text(text) => format!("{field:?} {text:?}"),
        Value::Whole(number) => format!("{field:?} {number}"),
        Value::Tenths(tenths) => format!("{field:?} {tenths}"),
        Value::Moment(seconds) => format!("{field:?} {seconds}"),
        Value::Yes => format!("{field:?} yes"),
        Value::Empty => format!("{field:?} empty"),
        Value::Tags(tags) => format!("{field:?} {tags:?}"),
        Value::Cast {
            names,
            roles,
            pictures,
        } if pictures.is_empty() => format!("{field:?} {names:?} as {roles:?}"),
        Value::Cast {
            names,
            roles,
            pictures,
        } => format!("{field:?} {names:?} as {roles:?} on {pictures:?}"),
        Value::Image(_) => format!("{field:?} a picture"),
    };
    values.iter().map(one).collect::<Vec<String>>().join("; ")
}

/// A source in a folder of its own.
struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    /// Each file with its content.
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (path, content) in files {
            tree.write(path, content.as_bytes());
        }
        tree
    }

    fn write(&self, path: &str, content: &[u8]) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn source(&self) -> NfoSource {
        NfoSource {
            number: SourceNumber(3),
            root: self.folder.path().to_owned(),
        }
    }

    fn walk(&self, only: Option<&str>) -> (Vec<Entry>, WalkSummary) {
        let mut entries = Vec::new();
        let summary = self
            .source()
            .walk(only, &mut |mut piece| {
                entries.append(&mut piece);
                ControlFlow::Continue(())
            })
            .unwrap();
        (entries, summary)
    }

    fn ids(&self, only: Option<&str>) -> Vec<String> {
        let (entries, _) = self.walk(only);
        entries.into_iter().map(|entry| entry.id).collect()
    }

    fn entry(&self, id: &str) -> Entry {
        let (entries, _) = self.walk(None);
        let mut entries = entries.into_iter();
        entries
            .find(|entry| entry.id == id)
            .expect("the entry is listed")
    }
}

/// The item of a file that holds one.
fn only(read: Result<Vec<ReadItem>, ReadError>) -> ReadItem {
    let mut read = read.unwrap();
    assert_eq!(read.len(), 1, "one item in the file");
    read.remove(0)
}
