//! What a person wants of the run under way.

use tokio::sync::watch;

/// Go, pause or cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    /// Go on.
    Go,
    /// Finish what is started, start no more.
    Pause,
    /// Finish what is started, drop the rest.
    Cancel,
    /// Finish what is started, leave the rest for the next time: the program ends.
    Leave,
}

impl Control {
    /// Whether the run shall end.
    pub(crate) fn ends(self) -> bool {
        match self {
            Self::Cancel | Self::Leave => true,
            Self::Go | Self::Pause => false,
        }
    }
}

/// Waits until the run may go on; `false` where it shall end.
pub(crate) async fn may_go(control: &mut watch::Receiver<Control>) -> bool {
    loop {
        match *control.borrow_and_update() {
            Control::Go => return true,
            Control::Cancel | Control::Leave => return false,
            Control::Pause => {}
        }
        if control.changed().await.is_err() {
            return false;
        }
    }
}

/// Completes once the run shall end.
pub(crate) async fn cancelled(mut control: watch::Receiver<Control>) {
    // An error means that the engine is gone, which ends the run too.
    let _ = control.wait_for(|control| control.ends()).await;
}
