//! The emulator as a program: a Plex-compatible server on a port of this machine.
//!
//! Not here: anything that other machines could reach.

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use syncslate_emulator::{Emulator, Habits, Options, Profile, TagEdit, UploadKey, tiny_seed};

/// A Plex-compatible server for trying things out. It listens on this machine only.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 32499)]
    port: u16,
    /// Token that requests must carry.
    #[arg(long, default_value = "emulator-token")]
    token: String,
    /// What requests cost.
    #[arg(long, value_enum, default_value_t = ProfileName::Instant)]
    profile: ProfileName,
    /// A tag edit replaces the tags that are there, instead of adding to them.
    #[arg(long)]
    tags_replace: bool,
    /// Uploaded pictures get keys that say nothing of their bytes.
    #[arg(long)]
    opaque_keys: bool,
    /// An edited release date sets the year.
    #[arg(long)]
    date_sets_year: bool,
    /// Every edit moves the stamp of the pictures.
    #[arg(long)]
    thumb_follows_updated_at: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProfileName {
    /// Nothing.
    Instant,
    /// What a server with one writer takes.
    Pms,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let options = Options {
        token: Some(arguments.token.clone()),
        profile: match arguments.profile {
            ProfileName::Instant => Profile::Instant,
            ProfileName::Pms => Profile::Pms,
        },
        habits: Habits {
            tag_edit: if arguments.tags_replace {
                TagEdit::Replaces
            } else {
                TagEdit::Adds
            },
            upload_key: if arguments.opaque_keys {
                UploadKey::Opaque
            } else {
                UploadKey::Sha1
            },
            date_sets_year: arguments.date_sets_year,
            thumb_follows_updated_at: arguments.thumb_follows_updated_at,
        },
        ..Options::default()
    };
    let emulator = Emulator::new(tiny_seed(), options);
    let running = emulator
        .serve(&format!("127.0.0.1:{}", arguments.port))
        .await
        .with_context(|| format!("port {} cannot be used", arguments.port))?;
    announce(&running.url());
    tokio::signal::ctrl_c()
        .await
        .context("waiting for Ctrl-C")?;
    running.stop().await;
    Ok(())
}

#[allow(clippy::print_stdout)] // whoever starts it reads the address from here
fn announce(url: &str) {
    println!("{url}");
}
