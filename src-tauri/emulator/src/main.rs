//! The emulator as a program: a Plex-compatible server on a port of this machine.
//!
//! Not here: anything that other machines could reach.

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use syncslate_emulator::{
    CastEdit, Emulator, Habits, Options, PictureEdit, Profile, TagEdit, UploadKey, generator,
    tiny_seed,
};

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
    /// Films of a made-up library; without it a handful of items is served.
    #[arg(long, value_name = "FILMS")]
    demo: Option<usize>,
    /// Where to write the folder of .nfo files that belongs to the made-up library.
    #[arg(long, value_name = "FOLDER", requires = "demo")]
    source: Option<std::path::PathBuf>,
    /// What the made-up library is made of; the same number gives the same one.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What requests cost.
    #[arg(long, value_enum, default_value_t = ProfileName::Instant)]
    profile: ProfileName,
    /// Most items that one request may add to a collection; more are answered 400.
    #[arg(long, value_name = "ITEMS")]
    collection_batch: Option<usize>,
    /// Where Plex is not known for sure: the second reading instead of the first. May be given several times.
    #[arg(long, value_enum)]
    habit: Vec<Habit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Habit {
    /// A tag edit replaces the tags that are there, instead of adding to them.
    TagsReplace,
    /// Uploaded pictures get keys that say nothing of their bytes.
    OpaqueKeys,
    /// Roles of actors are taken, instead of ignored.
    CastTaken,
    /// Pictures of actors are taken, instead of ignored.
    ActorPicturesTaken,
    /// An edited release date sets the year.
    DateSetsYear,
    /// Every edit moves the stamp of the pictures.
    ThumbFollowsUpdatedAt,
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
    let has = |habit| arguments.habit.contains(&habit);
    let options = Options {
        token: Some(arguments.token.clone()),
        profile: match arguments.profile {
            ProfileName::Instant => Profile::Instant,
            ProfileName::Pms => Profile::Pms,
        },
        habits: Habits {
            tag_edit: if has(Habit::TagsReplace) {
                TagEdit::Replaces
            } else {
                TagEdit::Adds
            },
            upload_key: if has(Habit::OpaqueKeys) {
                UploadKey::Opaque
            } else {
                UploadKey::Sha1
            },
            cast_edit: if has(Habit::CastTaken) {
                CastEdit::Takes
            } else {
                CastEdit::Ignores
            },
            picture_edit: if has(Habit::ActorPicturesTaken) {
                PictureEdit::Takes
            } else {
                PictureEdit::Ignores
            },
            date_sets_year: has(Habit::DateSetsYear),
            thumb_follows_updated_at: has(Habit::ThumbFollowsUpdatedAt),
        },
        collection_batch: arguments.collection_batch,
        ..Options::default()
    };
    let seed = match arguments.demo {
        Some(films) => {
            let world = generator::demo(arguments.seed, films);
            if let Some(folder) = &arguments.source {
                world
                    .write_tree(folder)
                    .with_context(|| format!("{} cannot be written", folder.display()))?;
            }
            world.seed
        }
        None => tiny_seed(),
    };
    let emulator = Emulator::new(seed, options);
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
