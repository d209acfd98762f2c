//! The layer that turns spans into timed operations.

use std::time::Duration;

use tracing::span::{Attributes, Id};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::{TARGET, Timings};

/// Measures every span with target [`TARGET`], from its creation to its close: a future that waits between two polls
/// is still under way. It looks at spans only, so the lines that it logs cannot come back to it.
#[derive(Debug)]
pub struct TimingLayer {
    timings: Timings,
}

impl TimingLayer {
    pub(super) fn new(timings: Timings) -> Self {
        Self { timings }
    }
}

/// When a span was made; kept with the span.
struct Started(Duration);

impl<S> Layer<S> for TimingLayer
where
    S: tracing::Subscriber + for<'lookup> LookupSpan<'lookup>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().target() == TARGET
            && let Some(span) = context.span(id)
        {
            span.extensions_mut().insert(Started(self.timings.now()));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let Some(Started(started)) = span.extensions_mut().remove::<Started>() else {
            return;
        };
        let took = self.timings.now().saturating_sub(started);
        self.timings.record(span.name(), took);
    }
}
