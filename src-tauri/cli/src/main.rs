//! The Syncslate engine without a window: for servers, cron, CI and benchmarks. Links no WebKit.
//!
//! Exit codes: 0 done, 1 done with failures, 2 bad usage or settings, 3 Plex or the source out of reach, 4 the data
//! folder has another owner.

mod answers;
mod args;
mod demo;
mod output;
mod sides;
mod work;

use std::process::ExitCode;
use syncslate_engine::face::{About, Choice, Command, Decision, Question};

use clap::Parser;

use args::{Cli, Verb};
use output::Printer;
use sides::{MatchWords, RulesVerb};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            Printer::new(false).error("start", &format!("Syncslate cannot start: {error}."));
            return ExitCode::from(2);
        }
    };
    runtime.block_on(run(cli))
}

async fn run(cli: Cli) -> ExitCode {
    match cli.command {
        Verb::Sync {
            plex,
            folder,
            sides,
            limit,
            only,
            dry_run,
            unattended,
            output,
        } => {
            let settings = plex.settings_of(sides);
            let wish = work::Wish {
                dry_run,
                limit,
                only,
                unattended,
            };
            work::sync(&plex, &folder, settings, wish, &Printer::new(output.json)).await
        }
        Verb::Undo {
            plex,
            folder,
            run,
            last: _,
            output,
        } => {
            let command = Command::Undo { run };
            work::take_back(&plex, &folder, command, &Printer::new(output.json)).await
        }
        Verb::Unlock {
            plex,
            folder,
            restore,
            output,
        } => {
            let command = Command::Unlock { restore };
            work::take_back(&plex, &folder, command, &Printer::new(output.json)).await
        }
        Verb::Status { folder, output } => {
            work::look(&folder, &Printer::new(output.json), Printer::status).await
        }
        Verb::Runs { folder, output } => {
            work::look(&folder, &Printer::new(output.json), Printer::runs).await
        }
        Verb::Failed { folder, output } => {
            work::look(&folder, &Printer::new(output.json), Printer::failed).await
        }
        Verb::Rules { verb } => rules(verb).await,
        Verb::Matches(words) => matches(words).await,
        Verb::Conflicts {
            folder,
            keep_plex,
            use_source,
            item,
            field,
            all: _,
            kept,
            locked_before,
            output,
        } => {
            let printer = Printer::new(output.json);
            let choice = match (keep_plex, use_source) {
                (true, _) => Choice::KeepPlex,
                (_, true) => Choice::UseSource,
                (false, false) if kept || locked_before => {
                    return work::look(&folder, &printer, Printer::conflicts_and_kept).await;
                }
                (false, false) => return work::look(&folder, &printer, Printer::conflicts).await,
            };
            let decision = Decision {
                choice,
                item,
                field,
                about: match (kept, locked_before) {
                    (_, true) => About::LockedBefore,
                    (true, false) => About::ConflictsAndKept,
                    (false, false) => About::Conflicts,
                },
            };
            work::settle(&folder, decision, &printer).await
        }
        Verb::Demo {
            films,
            seed,
            output,
        } => demo::run(films, seed, &Printer::new(output.json)).await,
    }
}

async fn rules(verb: RulesVerb) -> ExitCode {
    match verb {
        RulesVerb::Test {
            plex,
            folder,
            sides,
            output,
            paths,
        } => {
            let settings = plex.settings_of(sides);
            let question = Question::TestRules {
                rules: settings.path_rules.clone(),
                paths,
            };
            work::ask(
                &plex,
                &folder,
                settings,
                question,
                &Printer::new(output.json),
            )
            .await
        }
        RulesVerb::Suggest {
            plex,
            folder,
            sides,
            output,
        } => {
            let settings = plex.settings_of(sides);
            let question = Question::SuggestRules;
            work::ask(
                &plex,
                &folder,
                settings,
                question,
                &Printer::new(output.json),
            )
            .await
        }
    }
}

async fn matches(words: MatchWords) -> ExitCode {
    let question = words.question();
    let settings = words.plex.settings_of(words.sides);
    let printer = Printer::new(words.output.json);
    work::ask(&words.plex, &words.folder, settings, question, &printer).await
}
