//! Each mistake at its place; what is written reads back as it was.

mod hostile;
mod mistakes;
mod round;
mod secrets;

use super::{Mistake, read};

/// What is wrong with a text, every folder being there.
fn wrong(text: &str) -> Vec<Mistake> {
    read(text.as_bytes(), &|_| true).mistakes
}
