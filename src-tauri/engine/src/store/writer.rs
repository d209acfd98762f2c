//! Where write transactions run: on one thread that owns them all, or at once on the caller's. A write transaction
//! never crosses a thread and never lives across an `.await`.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use super::StoreError;
use crate::blocking::Blocking;

type Work = Box<dyn FnOnce() + Send>;

pub(super) enum Writer {
    Inline(Mutex<()>),
    Thread {
        queue: Option<Sender<Work>>,
        thread: Option<JoinHandle<()>>,
    },
}

impl Writer {
    pub fn start(blocking: Blocking) -> Result<Self, StoreError> {
        if blocking == Blocking::Inline {
            return Ok(Self::Inline(Mutex::new(())));
        }
        let (queue, work) = channel::<Work>();
        let thread = std::thread::Builder::new()
            .name("state-writer".into())
            .spawn(move || work.into_iter().for_each(|work| work()))
            .map_err(|error| StoreError::Storage {
                reason: format!("no thread to write with: {error}"),
                temporary: true,
            })?;
        Ok(Self::Thread {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Runs `work` after everything that was given before it. Work that was given is done even where its giver no
    /// longer waits.
    pub async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, StoreError> + Send + 'static,
    {
        match self {
            Self::Inline(one) => {
                let _one = one.lock().unwrap_or_else(PoisonError::into_inner);
                work()
            }
            Self::Thread { queue, .. } => {
                let (answer, answered) = tokio::sync::oneshot::channel();
                let work: Work = Box::new(move || {
                    let _ = answer.send(work());
                });
                queue
                    .as_ref()
                    .ok_or(StoreError::Closed)?
                    .send(work)
                    .map_err(|_| StoreError::Closed)?;
                answered.await.map_err(|_| StoreError::Closed)?
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Self::Thread { queue, thread } = self {
            queue.take();
            if let Some(thread) = thread.take()
                && thread.thread().id() != std::thread::current().id()
            {
                let _ = thread.join();
            }
        }
    }
}
