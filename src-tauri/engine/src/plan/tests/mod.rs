//! The table cell by cell, the special values one by one, and laws that hold for every history.

mod cases;
mod cast;
mod cast_others;
mod laws;
mod matrix;
mod plain;
mod plex_model;
mod steps;
