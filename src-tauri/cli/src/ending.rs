//! Being told to end by the system (`SIGTERM`), as a service or a container is.
//!
//! Not here: Ctrl+C (`work`), which a person at the terminal means for the run alone.

/// As a shell has it for a program that this signal ended.
pub(crate) const TERMINATED: u8 = 143;

/// Hears the signal from when it is made; the system does not end the process by itself any more.
pub(crate) struct Termination {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl Termination {
    /// Begins to listen. Where that is not possible, the system ends the process as ever.
    pub(crate) fn listen() -> Self {
        Self {
            #[cfg(unix)]
            signals: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok(),
        }
    }

    /// Waits for the signal, or for ever.
    pub(crate) async fn told(&mut self) {
        #[cfg(unix)]
        if let Some(signals) = &mut self.signals
            && signals.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }

    /// Whether it came already.
    pub(crate) async fn was_told(&mut self) -> bool {
        tokio::select! {
            biased;
            () = self.told() => true,
            () = std::future::ready(()) => false,
        }
    }
}
