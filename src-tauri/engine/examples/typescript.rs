//! Prints the face's types as TypeScript; `cargo xtask types` puts them in their file.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(syncslate_engine::face::typescript().as_bytes())
}
