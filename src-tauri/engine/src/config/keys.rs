//! The words of the file, and what each means. Comments of a written file, lists of what is possible and suggestions for
//! what was misspelt are all made from here.

/// A key of the file or of one of its tables.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// What it means, in the lines of a comment.
    pub(super) says: &'static [&'static str],
    /// A value that could stand there, as TOML.
    pub(super) example: &'static str,
    /// What others might call it.
    pub(super) also: &'static [&'static str],
}

pub(super) const PLEX_URL: &str = "plex-url";
pub(super) const SOURCE: &str = "source";
pub(super) const DATA_DIR: &str = "data-dir";
pub(super) const LOCK_WRITTEN: &str = "lock-written";
pub(super) const MAX_CONCURRENCY: &str = "max-concurrency";
pub(super) const POLICIES: &str = "policies";
pub(super) const LIST_MODES: &str = "list-modes";
pub(super) const SECTION: &str = "section";
pub(super) const PATH_RULE: &str = "path-rule";
pub(super) const TITLE: &str = "title";
pub(super) const FROM: &str = "from";
pub(super) const TO: &str = "to";
pub(super) const KIND: &str = "kind";

/// The first lines of a written file.
pub(super) const HEAD: &[&str] = &[
    "Settings of Syncslate. `syncslate-cli config check FILE` says what they mean, and what is wrong with them.",
    "Lines that begin with # say nothing: take the # away, and change what follows it.",
    "The Plex token does not belong here. Give it by the environment: SYNCSLATE_PLEX_TOKEN.",
];

/// The keys of the file, in the order in which they are written.
pub(super) const FILE: &[Key] = &[
    Key {
        name: PLEX_URL,
        says: &["Address of the Plex server."],
        example: r#""http://192.168.1.10:32400""#,
        also: &["plexAddress", "address", "url", "server", "plex"],
    },
    Key {
        name: SOURCE,
        says: &[
            "Where metadata comes from: nfo: and the folder that holds your .nfo files.",
            "Write a path with “\\” in single quotes: 'nfo:D:\\Films'.",
        ],
        example: r#""nfo:/path/to/films""#,
        also: &["sources", "folder", "nfo"],
    },
    Key {
        name: DATA_DIR,
        says: &[
            "Where the command line keeps cache, journal and queue: a local folder that no window uses.",
        ],
        example: r#""/var/lib/syncslate""#,
        also: &["data", "data-folder", "state"],
    },
    Key {
        name: LOCK_WRITTEN,
        says: &["Lock what is written, so that a Plex refresh does not undo it."],
        example: "true",
        also: &["lock", "no-lock", "locks"],
    },
    Key {
        name: MAX_CONCURRENCY,
        says: &["Most requests at once to Plex, from 1 to 64. Fewer are made while Plex is slow."],
        example: "16",
        also: &["concurrency", "requests", "max-requests"],
    },
    Key {
        name: POLICIES,
        says: &["What may be overwritten, per field, in all libraries."],
        example: "",
        also: &["policy", "fields"],
    },
    Key {
        name: LIST_MODES,
        says: &["How lists are brought in line, per field, in all libraries."],
        example: "",
        also: &["list-mode", "lists", "modes"],
    },
    Key {
        name: SECTION,
        says: &[
            "A Plex library to update, by its title in Plex; once for each library. [section.policies] and",
            "[section.list-modes] below it say what differs there from the rest.",
        ],
        example: "",
        also: &["sections", "library", "libraries"],
    },
    Key {
        name: PATH_RULE,
        says: &[
            "How paths of the source become paths in Plex; of several rules the first that fits counts.",
            "kind = \"prefix\" (default): paths that begin with `from` begin with `to` in Plex.",
            "kind = \"regex\": paths that the regular expression `from` fits as a whole are `to` in Plex, where $1 and",
            "${name} stand for its groups.",
        ],
        example: "",
        also: &["path-rules", "rule", "rules", "map", "map-regex"],
    },
];

/// The keys of a `[[section]]`.
pub(super) const SECTION_KEYS: &[Key] = &[
    Key {
        name: TITLE,
        says: &[],
        example: r#""Films""#,
        also: &["name", "library", "section"],
    },
    Key {
        name: POLICIES,
        says: &[],
        example: "",
        also: &["policy", "fields"],
    },
    Key {
        name: LIST_MODES,
        says: &[],
        example: "",
        also: &["list-mode", "lists", "modes"],
    },
];

/// The keys of a `[[path-rule]]`.
pub(super) const RULE_KEYS: &[Key] = &[
    Key {
        name: FROM,
        says: &[],
        example: r#""/path/to/films""#,
        also: &["source", "pattern", "regex"],
    },
    Key {
        name: TO,
        says: &[],
        example: r#""/data/films""#,
        also: &["plex", "target"],
    },
    Key {
        name: KIND,
        says: &[],
        example: r#""prefix""#,
        also: &["type"],
    },
];
