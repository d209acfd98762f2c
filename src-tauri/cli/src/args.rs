//! The words of the command line.
//!
//! Not here: what they do (`main`), what is printed (`output`).

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use secrecy::SecretString;
use syncslate_engine::face::{MatchFilter, PathRule, SectionSettings, Settings, SourceSettings};
use syncslate_engine::model::Field;

/// Copies metadata from .nfo files into a Plex library: every change can be shown first and taken back afterwards.
#[derive(Debug, Parser)]
#[command(name = "syncslate-cli", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Bring Plex in line with the source. The call itself counts as the approval of a first run.
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
        /// Show every change and write nothing
        #[arg(long)]
        dry_run: bool,
        /// Nobody watches: only after a first sync by hand, and nothing is written where much would be taken away
        #[arg(long)]
        unattended: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Take a run back: values, locks, pictures and collection membership
    Undo {
        #[command(flatten)]
        plex: Plex,
        #[command(flatten)]
        folder: Folder,
        /// Number of the run, as `runs` lists it
        #[arg(value_name = "RUN", required_unless_present = "last")]
        run: Option<u32>,
        /// The last run that wrote anything
        #[arg(long, conflicts_with = "run")]
        last: bool,
        #[command(flatten)]
        output: Output,
    },
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
    /// How things stand
    Status {
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        output: Output,
    },
    /// The latest runs
    Runs {
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        output: Output,
    },
    /// Jobs that gave up, and fields that wait for a decision
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
    Matches {
        #[command(flatten)]
        plex: Plex,
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        sides: Sides,
        #[command(flatten)]
        which: Which,
        /// List no more than N source items
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
        #[command(flatten)]
        output: Output,
        /// `accept`: from now on the source item means the Plex item. `reject`: it never does
        #[arg(value_enum, requires = "source_id")]
        choice: Option<MatchChoice>,
        /// The source item, as the list names it
        #[arg(value_name = "SOURCE_ID")]
        source_id: Option<String>,
        /// The Plex item; without it what is suggested, or for `reject` what is matched now
        #[arg(value_name = "RATING_KEY")]
        rating_key: Option<u64>,
    },
    /// Fields on which Plex and the source differ and somebody has to decide: lists them, or decides
    Conflicts {
        #[command(flatten)]
        folder: Folder,
        /// Keep what Plex holds
        #[arg(long, group = "choice", requires = "which")]
        keep_plex: bool,
        /// Let the next sync write what the source asks for
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
        #[command(flatten)]
        output: Output,
    },
    /// Sync a demo library that is made on the fly: no Plex is needed
    Demo {
        /// How many films
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
    /// Address of the Plex server
    #[arg(long = "plex-url", value_name = "URL", env = "SYNCSLATE_PLEX_URL")]
    pub(crate) url: String,
    /// Plex token. Better given by the environment: other users of a machine can read command lines
    #[arg(
        long = "plex-token",
        value_name = "TOKEN",
        env = "SYNCSLATE_PLEX_TOKEN",
        hide_env_values = true
    )]
    pub(crate) token: SecretString,
    /// Most requests at once to Plex
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub(crate) max_concurrency: u8,
    /// Do not lock what is written; a Plex refresh may then overwrite it
    #[arg(long)]
    pub(crate) no_lock: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesVerb {
    /// Show what rules make of real paths, and how many items they would match
    Test {
        #[command(flatten)]
        plex: Plex,
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        sides: Sides,
        #[command(flatten)]
        output: Output,
        /// Source paths, whole or relative to the source's folder; some are picked where there are none
        #[arg(value_name = "PATH")]
        paths: Vec<String>,
    },
    /// Derive rules from the paths of both sides
    Suggest {
        #[command(flatten)]
        plex: Plex,
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        sides: Sides,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatchChoice {
    Accept,
    Reject,
}

/// Which source items to list; all of them where nothing is said.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Which {
    /// Those that match nothing
    #[arg(long)]
    missing: bool,
    /// Those for which something is suggested
    #[arg(long)]
    suggested: bool,
    /// All of them
    #[arg(long)]
    all: bool,
}

impl Which {
    pub(crate) fn filter(&self) -> MatchFilter {
        match (self.missing, self.suggested) {
            (true, _) => MatchFilter::Missing,
            (_, true) => MatchFilter::Suggested,
            (false, false) => MatchFilter::All,
        }
    }
}

/// What is brought in line with what.
#[derive(Debug, Args)]
pub(crate) struct Sides {
    /// Title of the Plex library to write to; may be given several times
    #[arg(long = "section", value_name = "NAME", required = true)]
    sections: Vec<String>,
    /// Where metadata comes from
    #[arg(long, value_name = "nfo:PATH", value_parser = source)]
    source: SourceSettings,
    #[command(flatten)]
    rules: Rules,
}

/// Path rules of both kinds in the order in which they were given, which the parser keeps only by their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules(Vec<PathRule>);

impl FromArgMatches for Rules {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut placed: Vec<(usize, PathRule)> = Vec::new();
        for name in [MAP, MAP_REGEX] {
            let places = matches.indices_of(name).into_iter().flatten();
            let rules = matches.get_many::<PathRule>(name).into_iter().flatten();
            placed.extend(places.zip(rules.cloned()));
        }
        placed.sort_by_key(|(place, _)| *place);
        Ok(Self(placed.into_iter().map(|(_, rule)| rule).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

const MAP: &str = "map";
const MAP_REGEX: &str = "map-regex";

impl Args for Rules {
    fn augment_args(command: clap::Command) -> clap::Command {
        let rule = |name: &'static str| {
            Arg::new(name)
                .long(name)
                .value_name("FROM=TO")
                .action(ArgAction::Append)
        };
        command
            .arg(rule(MAP).value_parser(prefix).help(
                "Paths that begin with FROM in the source begin with TO in Plex; may be given several times, first fit wins",
            ))
            .arg(rule(MAP_REGEX).value_parser(pattern).help(
                "Paths that the regular expression FROM fits as a whole are TO in Plex, where $1 and ${name} stand for its groups; counts in order with --map",
            ))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Folder {
    /// Where cache, journal and queue are kept. A local folder
    #[arg(long, value_name = "DIR", env = "SYNCSLATE_DATA_DIR")]
    pub(crate) data_dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Print one JSON object last
    #[arg(long)]
    pub(crate) json: bool,
}

impl Plex {
    /// Settings with the connection filled in.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            plex_address: self.url.clone(),
            max_concurrency: self.max_concurrency,
            lock_written: !self.no_lock,
            ..Settings::default()
        }
    }

    /// Settings with both sides filled in.
    pub(crate) fn settings_of(&self, sides: Sides) -> Settings {
        Settings {
            sections: sides
                .sections
                .into_iter()
                .map(SectionSettings::new)
                .collect(),
            source: sides.source,
            path_rules: sides.rules.0,
            ..self.settings()
        }
    }
}

fn source(text: &str) -> Result<SourceSettings, String> {
    match text.split_once(':') {
        Some(("nfo", folder)) if !folder.is_empty() => Ok(SourceSettings::Nfo {
            folder: folder.to_owned(),
        }),
        Some(("nfo", _)) => Err("the folder is missing; write nfo:/path/to/films".to_owned()),
        _ => Err("only folders of .nfo files can be read; write nfo:/path/to/films".to_owned()),
    }
}

fn field(name: &str) -> Result<Field, String> {
    Field::from_code(name).ok_or_else(|| {
        let names: Vec<&str> = Field::ALL.into_iter().map(Field::code).collect();
        format!("there is no such field; there are {}", names.join(", "))
    })
}

fn prefix(text: &str) -> Result<PathRule, String> {
    match text.split_once('=') {
        Some((from, to)) if !from.is_empty() => Ok(PathRule::prefix(from, to)),
        _ => Err("write FROM=TO, for example /mnt/films=/data/Films".to_owned()),
    }
}

fn pattern(text: &str) -> Result<PathRule, String> {
    match text.split_once('=') {
        Some((from, to)) if !from.is_empty() => Ok(PathRule::regex(from, to)),
        _ => Err("write FROM=TO, for example '/mnt/disk[0-9]+/(.*)=/data/$1'".to_owned()),
    }
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
    fn rules_of_both_kinds_keep_their_order() {
        let cli = Cli::try_parse_from([
            "syncslate-cli",
            "sync",
            "--map-regex",
            "/a/(.*)=/1/$1",
            "--section",
            "Films",
            "--map",
            "/b=/2",
            "--plex-url",
            "http://127.0.0.1:1",
            "--plex-token",
            "t",
            "--map-regex=/c=/3",
            "--data-dir",
            "d",
            "--source",
            "nfo:/films",
            "--map",
            "/d=/4=5",
        ])
        .expect("valid words");
        let Verb::Sync { plex, sides, .. } = cli.command else {
            panic!("a sync");
        };
        let rules = plex.settings_of(sides).path_rules;
        assert_eq!(
            rules,
            [
                PathRule::regex("/a/(.*)", "/1/$1"),
                PathRule::prefix("/b", "/2"),
                PathRule::regex("/c", "/3"),
                PathRule::prefix("/d", "/4=5"),
            ]
        );
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
