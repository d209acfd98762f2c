//! One span per request, so that a layer above can time each kind.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::Fake;
use crate::{Edit, EditField, Ids, PlexType};

/// Notes the spans that are opened and those that are closed.
#[derive(Default)]
struct Notes {
    next: AtomicU64,
    opened: Mutex<Vec<&'static str>>,
    closed: Mutex<u64>,
}

struct Noting(Arc<Notes>);

impl Subscriber for Noting {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "syncslate::timing"
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        assert_eq!(*span.metadata().level(), Level::DEBUG);
        self.0.opened.lock().unwrap().push(span.metadata().name());
        Id::from_u64(self.0.next.fetch_add(1, Ordering::Relaxed) + 1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
    fn try_close(&self, _: Id) -> bool {
        *self.0.closed.lock().unwrap() += 1;
        true
    }
}

#[tokio::test]
async fn every_request_is_one_span_of_its_kind() {
    let notes = Arc::new(Notes::default());
    let _guard = tracing::subscriber::set_default(Noting(notes.clone()));
    let fake = Fake::json(r#"{"MediaContainer":{"totalSize":0}}"#);
    let client = fake.client();
    client.sections().await.unwrap();
    client.count(1, PlexType::Movie, None).await.unwrap();
    client.details(&[1]).await.unwrap();
    let edit = Edit::new().value(EditField::Title, "T");
    client
        .edit(1, PlexType::Movie, &Ids::one(1), &edit)
        .await
        .unwrap();
    let expected = ["plex_sections", "plex_count", "plex_details", "plex_edit"];
    assert_eq!(*notes.opened.lock().unwrap(), expected);
    assert_eq!(
        *notes.closed.lock().unwrap(),
        4,
        "closed once the body is read"
    );
}
