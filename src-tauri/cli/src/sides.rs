//! The words for both sides of a sync, for path rules and for matches.
//!
//! Not here: everything else that can be said (`args`), what it does (`main`).

use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Subcommand, ValueEnum};
use syncslate_engine::face::{MatchFilter, PathRule, Question, SourceSettings};

use crate::args::{Folder, Output, Plex};

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

/// Words of `matches`.
#[derive(Debug, Args)]
pub(crate) struct MatchWords {
    #[command(flatten)]
    pub(crate) plex: Plex,
    #[command(flatten)]
    pub(crate) folder: Folder,
    #[command(flatten)]
    pub(crate) sides: Sides,
    #[command(flatten)]
    pub(crate) which: Which,
    /// List no more than N source items
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
    #[command(flatten)]
    pub(crate) output: Output,
    /// `accept`: from now on the source item means the Plex item. `reject`: it never does
    #[arg(value_enum, requires = "source_id")]
    pub(crate) choice: Option<MatchChoice>,
    /// The source item, as the list names it
    #[arg(value_name = "SOURCE_ID")]
    pub(crate) source_id: Option<String>,
    /// The Plex item; without it what is suggested, or for `reject` what is matched now
    #[arg(value_name = "RATING_KEY")]
    pub(crate) rating_key: Option<u64>,
}

impl MatchWords {
    /// What is asked.
    pub(crate) fn question(&self) -> Question {
        let source_id = self.source_id.clone().unwrap_or_default();
        let rating_key = self.rating_key;
        match self.choice {
            None => Question::Matches {
                which: self.which.filter(),
                limit: self.limit,
            },
            Some(MatchChoice::Accept) => Question::AcceptMatch {
                source_id,
                rating_key,
            },
            Some(MatchChoice::Reject) => Question::RejectMatch {
                source_id,
                rating_key,
            },
        }
    }
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
    /// List only those that match nothing
    #[arg(long)]
    missing: bool,
    /// List only those for which something is suggested
    #[arg(long)]
    suggested: bool,
    /// List all of them, as without a word
    #[arg(long)]
    all: bool,
}

impl Which {
    fn filter(&self) -> MatchFilter {
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
    #[arg(long = "section", value_name = "NAME")]
    pub(crate) sections: Vec<String>,
    /// Where metadata comes from
    #[arg(long, value_name = "nfo:PATH", value_parser = source)]
    pub(crate) source: Option<SourceSettings>,
    #[command(flatten)]
    pub(crate) rules: Rules,
}

/// Path rules of both kinds in the order in which they were given, which the parser keeps only by their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules(pub(crate) Vec<PathRule>);

impl FromArgMatches for Rules {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut placed: Vec<(usize, PathRule)> = Vec::new();
        for name in [MAP, MAP_REGEX] {
            let at = matches.indices_of(name).into_iter().flatten();
            let rules = matches.get_many::<PathRule>(name).into_iter().flatten();
            placed.extend(at.zip(rules.cloned()));
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

fn source(text: &str) -> Result<SourceSettings, String> {
    match text.split_once(':') {
        Some(("nfo", folder)) if !folder.is_empty() => Ok(SourceSettings::Nfo {
            folder: folder.to_owned(),
        }),
        Some(("nfo", _)) => Err("the folder is missing; write nfo:/path/to/films".to_owned()),
        _ => Err("only folders of .nfo files can be read; write nfo:/path/to/films".to_owned()),
    }
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
    use clap::Parser;

    use super::*;
    use crate::args::{Cli, Verb};

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
        let Verb::Sync { sides, .. } = cli.command else {
            panic!("a sync");
        };
        let rules = sides.rules.0;
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
}
