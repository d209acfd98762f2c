//! Where blocking work runs: on tokio's blocking threads in production, inline in a simulation, so that one seed is one
//! history.

/// Runs closures that block (disk, LMDB reads, decoding pictures).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocking {
    /// On tokio's pool of blocking threads.
    Threads,
    /// At once, on the caller's thread.
    Inline,
}

impl Blocking {
    /// Runs `work` and returns what it returns.
    ///
    /// # Panics
    /// When `work` panics.
    pub async fn run<T, F>(self, work: F) -> T
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        match self {
            Self::Inline => work(),
            Self::Threads => match tokio::task::spawn_blocking(work).await {
                Ok(value) => value,
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
        }
    }
}
