//! The words of the command line.
//!
//! Not here: what they do (`main`), what is printed (`output`).

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;
use syncslate_engine::model::Field;

use crate::config::ConfigVerb;
use crate::sides::{MatchWords, RulesVerb, Sides};

macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  done
  1  done with failures: an item was not written, or a source file could not be read
  2  bad usage or settings, or a token that Plex does not accept
  3  Plex or the source is out of reach
  4  another Syncslate is at work on the data folder"
    };
}

/// Ends the help of every command that a script may call.
const EXIT_CODES: &str = exit_codes!();

/// The same, with what a sync cannot do without.
const SYNC_HELP: &str = concat!(
    "\
Needed, by flag, environment or config file: the address of Plex, a library (--section), a source, a
data folder; and a token, by flag or environment.

With --json the last line is one object with the figures. Before it stands a line of JSON for each
source file that could not be read and, of --dry-run, for each change and each value that stays.

",
    exit_codes!()
);

/// The same, with what a newcomer types first.
const AFTER_HELP: &str = concat!(
    "\
See every change before it is made, make it, take it back:
  export SYNCSLATE_PLEX_TOKEN=… SYNCSLATE_DATA_DIR=~/.local/share/syncslate-cli
  syncslate-cli sync --dry-run --plex-url http://192.168.1.10:32400 --section Films \\
      --source nfo:/films --map /films=/data/films
  syncslate-cli sync …
  syncslate-cli undo --last --plex-url http://192.168.1.10:32400

",
    exit_codes!()
);

/// Copies metadata from .nfo files into a Plex library: every change can be shown first and taken back afterwards.
#[derive(Debug, Parser)]
#[command(
    name = "syncslate-cli",
    version,
    max_term_width = 100,
    after_help = AFTER_HELP
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Bring Plex in line with the source. The call itself counts as the approval of a first run
    #[command(after_help = SYNC_HELP)]
    Sync {
        #[command(flatten)]
        plex: Plex,
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        sides: Sides,
        /// Look at no more than N source items
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
        /// Look only at this folder or file below the source's folder
        #[arg(long, value_name = "PATH")]
        only: Option<String>,
        /// Show every change and every value that stays, and write nothing
        #[arg(long)]
        dry_run: bool,
        /// Nobody watches: only after a first sync by hand, and nothing is written where much would be taken away
        #[arg(long)]
        unattended: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Take a run back (`undo --last`, `undo 3`): values, locks, pictures and collection membership
    #[command(after_help = EXIT_CODES)]
    Undo {
        #[command(flatten)]
        plex: Plex,
        #[command(flatten)]
        folder: Folder,
        /// Number of the run, as `runs` lists it; or give --last
        #[arg(value_name = "RUN")]
        run: Option<u32>,
        /// The last run that wrote anything
        #[arg(long, conflicts_with = "run")]
        last: bool,
        #[command(flatten)]
        output: Output,
    },
    #[command(after_help = EXIT_CODES)]
    /// Take away every lock that Syncslate set, where Plex still holds what it wrote
    Unlock {
        #[command(flatten)]
        plex: Plex,
        #[command(flatten)]
        folder: Folder,
        /// Also put back what stood there before Syncslate wrote
        #[arg(long)]
        restore: bool,
        #[command(flatten)]
        output: Output,
    },
    /// How things stand: the last run, what waits, what failed
    Status {
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        output: Output,
    },
    /// The latest runs, each in a line: what was written, and what an interrupted one left
    Runs {
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        output: Output,
    },
    /// Items that could not be written, source files that could not be read, and fields that wait for a decision
    Failed {
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        output: Output,
    },
    /// Path rules: what they would do, and which ones the paths of both sides suggest. Writes nothing
    Rules {
        #[command(subcommand)]
        verb: RulesVerb,
    },
    /// What became of each source item, and why; and your yes or no to what is suggested. Writes nothing to Plex
    Matches(MatchWords),
    /// Fields on which Plex and the source differ and somebody has to decide: lists them, or decides
    Conflicts {
        #[command(flatten)]
        folder: Folder,
        /// Keep what Plex holds; with --item, --field or --all
        #[arg(long, group = "choice", requires = "which")]
        keep_plex: bool,
        /// Let the next sync write what the source asks for; with --item, --field or --all
        #[arg(long, group = "choice", requires = "which")]
        use_source: bool,
        /// Only this item, by Plex's key
        #[arg(long, value_name = "KEY", group = "which")]
        item: Option<u64>,
        /// Only this field, e.g. summary, releaseDate
        #[arg(long, value_name = "NAME", value_parser = field, group = "which")]
        field: Option<Field>,
        /// All of them
        #[arg(long, group = "which", conflicts_with_all = ["item", "field"])]
        all: bool,
        /// Also fields that were kept as Plex has them without a question
        #[arg(long)]
        kept: bool,
        /// Only fields that were locked in Plex before Syncslate had any record of them
        #[arg(long, conflicts_with = "kept")]
        locked_before: bool,
        #[command(flatten)]
        output: Output,
    },
    /// The config file: check one, or write one
    Config {
        #[command(subcommand)]
        verb: ConfigVerb,
    },
    /// Sync a demo library that is made on the fly: no Plex is needed
    Demo {
        /// How many films, at least 200
        #[arg(long, default_value_t = 240)]
        films: u32,
        /// What all invented content comes from
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Plex {
    #[command(flatten)]
    pub(crate) server: Server,
    /// Plex token. Better given by the environment, because other users of a machine can read command lines; never by the
    /// config file
    #[arg(
        long = "plex-token",
        value_name = "TOKEN",
        env = "SYNCSLATE_PLEX_TOKEN",
        hide_env_values = true
    )]
    pub(crate) token: Option<SecretString>,
}

/// What settings say of the server; each wins over the config file.
#[derive(Debug, Args)]
pub(crate) struct Server {
    /// Address of the Plex server, such as http://192.168.1.10:32400. Without a scheme http:// is meant; /web at its end,
    /// as a browser shows it, is left out
    #[arg(long = "plex-url", value_name = "URL", env = "SYNCSLATE_PLEX_URL")]
    pub(crate) url: Option<String>,
    /// Most requests at once to Plex [default: 16]
    #[arg(long, value_name = "N")]
    pub(crate) max_concurrency: Option<u8>,
    /// Do not lock what is written; a Plex refresh may then overwrite it
    #[arg(long)]
    pub(crate) no_lock: bool,
    /// Lock what is written, whatever the config file says
    #[arg(long, conflicts_with = "no_lock")]
    pub(crate) lock: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Folder {
    /// Where cache, journal and queue are kept: a local folder of this command's own, made by the first sync
    #[arg(long, value_name = "DIR", env = "SYNCSLATE_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// File with settings; what is said here wins over it. `config export` writes one
    #[arg(long, value_name = "FILE", env = "SYNCSLATE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Print JSON; the last line of the output is one value, with everything there is to tell
    #[arg(long)]
    pub(crate) json: bool,
}

fn field(name: &str) -> Result<Field, String> {
    Field::from_code(name).ok_or_else(|| {
        let names: Vec<&str> = Field::ALL.into_iter().map(Field::code).collect();
        format!("there is no such field; there are {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn words_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_token_is_never_in_debug_output() {
        let cli = Cli::try_parse_from([
            "syncslate-cli",
            "undo",
            "--last",
            "--plex-url",
            "http://127.0.0.1:1",
            "--plex-token",
            "s3cr3t-token",
            "--data-dir",
            "d",
        ])
        .expect("valid words");
        assert!(!format!("{cli:?}").contains("s3cr3t-token"));
    }
}
