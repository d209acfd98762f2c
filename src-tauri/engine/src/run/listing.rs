//! Plex's listings, patiently: absences are waited out, errors of the moment tried again.

use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use syncslate_plex::{Client, Page, PlexError, PlexType};

use crate::library::Listing;
use crate::write::{Link, Stop};

/// Listings that wait out absences of Plex.
pub(super) struct PatientListing {
    link: Arc<Link>,
    stopped: Mutex<Option<Stop>>,
}

impl PatientListing {
    pub(super) fn new(link: Arc<Link>) -> Self {
        Self {
            link,
            stopped: Mutex::new(None),
        }
    }

    fn remember(&self, stop: Stop) -> PlexError {
        let error = match &stop {
            Stop::Plex(error) | Stop::Away(error) => error.clone(),
            other => PlexError::Invalid(other.to_string()),
        };
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
        error
    }

    /// Why the run must stop, given the error that came through the trait.
    pub(super) fn stop(self, error: PlexError) -> Stop {
        self.stopped
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .unwrap_or(Stop::Plex(error))
    }
}

impl Listing for PatientListing {
    fn list(
        &self,
        section_id: u32,
        item_type: PlexType,
        start: u64,
        size: u64,
        changed_since: Option<i64>,
    ) -> BoxFuture<'_, Result<Page, PlexError>> {
        async move {
            let client: &Client = self.link.client();
            self.link
                .ask(|| client.list(section_id, item_type, start, size, changed_since))
                .await
                .map_err(|stop| self.remember(stop))
        }
        .boxed()
    }

    fn count(&self, section_id: u32, item_type: PlexType) -> BoxFuture<'_, Result<u64, PlexError>> {
        async move {
            let client: &Client = self.link.client();
            self.link
                .ask(|| client.count(section_id, item_type, None))
                .await
                .map_err(|stop| self.remember(stop))
        }
        .boxed()
    }
}
