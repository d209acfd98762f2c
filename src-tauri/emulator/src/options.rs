//! How an emulator is set up: who may come in, what a request costs, and which reading of Plex it follows.
//!
//! Not here: what it is filled with (`seed`).

use std::fmt;
use std::sync::Arc;

use crate::Defect;

/// Milliseconds since the epoch, injected so that tests decide what time it is.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Everything but the content.
#[derive(Clone)]
pub struct Options {
    /// The token that every request but `/identity` must carry; `None` lets everybody in.
    pub token: Option<String>,
    /// The name that the server shows.
    pub name: String,
    /// What requests cost.
    pub profile: Profile,
    /// Which readings of Plex it follows.
    pub habits: Habits,
    /// Longest request line in bytes (`PUT /path?query HTTP/1.1`); a longer one is answered 414.
    pub line_limit: usize,
    /// Largest picture in bytes; a larger upload is answered 500.
    pub image_limit: usize,
    /// Most items that one request may add to a collection; more are answered 400. `None` takes any number.
    pub collection_batch: Option<usize>,
    /// A planted defect, to see that checks of the server notice it.
    pub defect: Option<Defect>,
    /// What time it is; decides `addedAt`, `updatedAt` and the stamps of pictures.
    pub clock: Clock,
}

/// What requests cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Nothing.
    #[default]
    Instant,
    /// What a Plex Media Server with one SQLite writer takes; see [`crate::Costs::pms`].
    Pms,
}

/// Where Plex's behaviour is not known for sure: which reading is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habits {
    /// What `genre[0].tag.tag=` does to the tags that are there.
    pub tag_edit: TagEdit,
    /// What key an uploaded picture gets.
    pub upload_key: UploadKey,
    /// What becomes of an actor's role in an edit.
    pub cast_edit: CastEdit,
    /// What becomes of an actor's picture in an edit.
    pub picture_edit: PictureEdit,
    /// Whether an edit of `originallyAvailableAt` sets an unlocked `year` too.
    pub date_sets_year: bool,
    /// Whether the number at the end of `thumb` and `art` is `updatedAt`, so that every edit moves it; otherwise it
    /// moves only when another picture is selected.
    pub thumb_follows_updated_at: bool,
}

/// What `genre[0].tag.tag=` does to the tags that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TagEdit {
    /// They stay; the sent ones come after them.
    #[default]
    Adds,
    /// They go; only the sent ones are there afterwards.
    Replaces,
}

/// What becomes of `actor[0].tagging.text=` (what an actor plays) and `actor[0].tag.thumb=` (the person's picture, wherever
/// they play).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CastEdit {
    /// Answered 200 and ignored; under [`TagEdit::Replaces`] what the agent said of the role is lost too.
    #[default]
    Ignores,
    /// Taken.
    Takes,
}

/// What becomes of `actor[0].tagging.thumb=` (an actor's picture in this item).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureEdit {
    /// Answered 200 and ignored.
    #[default]
    Ignores,
    /// Taken, and told in place of the person's own.
    Takes,
    /// Taken, and told as another address from which the server passes it on.
    Rewrites,
}

/// What key an uploaded picture gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UploadKey {
    /// `upload://posters/<SHA-1 of the bytes>`; the same bytes again are the same picture.
    #[default]
    Sha1,
    /// `upload://posters/<something else>`; the same bytes again pile up as another picture.
    Opaque,
}

impl Habits {
    /// Both ends: every first reading, and every second one.
    pub const BOTH: [Self; 2] = [
        Self {
            tag_edit: TagEdit::Adds,
            upload_key: UploadKey::Sha1,
            cast_edit: CastEdit::Ignores,
            picture_edit: PictureEdit::Ignores,
            date_sets_year: false,
            thumb_follows_updated_at: false,
        },
        Self {
            tag_edit: TagEdit::Replaces,
            upload_key: UploadKey::Opaque,
            cast_edit: CastEdit::Takes,
            picture_edit: PictureEdit::Takes,
            date_sets_year: true,
            thumb_follows_updated_at: true,
        },
    ];
}

impl Default for Options {
    fn default() -> Self {
        Self {
            token: Some("emulator-token".to_owned()),
            name: "Emulated Plex".to_owned(),
            profile: Profile::default(),
            habits: Habits::default(),
            line_limit: 64 * 1024,
            image_limit: 10_480_000,
            collection_batch: None,
            defect: None,
            clock: Arc::new(wall_clock),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("name", &self.name)
            .field("profile", &self.profile)
            .field("habits", &self.habits)
            .field("line_limit", &self.line_limit)
            .field("image_limit", &self.image_limit)
            .field("collection_batch", &self.collection_batch)
            .field("defect", &self.defect)
            .finish_non_exhaustive()
    }
}

#[allow(clippy::disallowed_methods)] // the one place where the default clock comes from
fn wall_clock() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}
