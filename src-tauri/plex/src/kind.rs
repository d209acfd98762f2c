//! The kinds of request: what is counted and timed apart.

use tracing::Span;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A kind of request to Plex.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RequestKind {
            $($(#[$doc])* $variant,)+
        }

        impl RequestKind {
            /// Every kind, in the order in which a person reads them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in reports: snake case.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The span that times one request of this kind: `plex_` and the name.
            pub(crate) fn span(self) -> Span {
                match self {
                    $(Self::$variant => tracing::debug_span!(
                        target: "syncslate::timing",
                        concat!("plex_", $name)
                    ),)+
                }
            }
        }
    };
}

kinds! {
    /// Who the server is (`/identity`); needs no token.
    Identity = "identity",
    /// Name and version of the server (`/`).
    Server = "server",
    /// The sections of the server.
    Sections = "sections",
    /// A page of a section's items.
    List = "list",
    /// How many items of a type a section holds.
    Count = "count",
    /// All values of several items.
    Details = "details",
    /// An edit of fields, tags and locks.
    Edit = "edit",
    /// The pictures that an item may choose from.
    ImageList = "image_list",
    /// The bytes of a picture that Plex has.
    ImageRead = "image_read",
    /// The choice of a picture that Plex has.
    ImageSelect = "image_select",
    /// A new picture.
    ImageUpload = "image_upload",
    /// The removal of a choice of picture.
    ImageUnset = "image_unset",
    /// A mark as watched, or as not watched.
    Watched = "watched",
    /// The collections of a section.
    Collections = "collections",
    /// The members of a collection in their order.
    Members = "collection_items",
    /// A member of a collection moved.
    Move = "collection_move",
    /// In what order a collection shows its members.
    CollectionSort = "collection_sort",
}
