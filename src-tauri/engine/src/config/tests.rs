//! Each mistake at its place; what is written reads back as it was.

mod hostile;
mod mistakes;
mod round;
