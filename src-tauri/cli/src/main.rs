//! The Syncslate engine without a window: for servers, cron, CI and benchmarks. Links no WebKit.
//!
//! Exit codes: 0 done; 1 done with failures, or cancelled; 2 bad usage or settings, or a data folder that cannot be written;
//! 3 Plex or the source out of reach; 4 the data folder has another owner; 130 ended by a second Ctrl+C; 143 by `SIGTERM`.

mod answers;
mod args;
mod config;
mod decisions;
mod demo;
mod ending;
mod output;
mod sides;
mod work;

use std::process::ExitCode;

use clap::Parser;
use syncslate_engine::face::{About, Choice, Command, Decision, Question, Report};
use syncslate_engine::model::Field;

use args::{Cli, Folder, Plex, Verb};
use config::Given;
use output::Printer;
use sides::{MatchWords, RulesVerb, Sides};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(syncslate_engine::WORKERS)
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
    // What stops a command before it begins has been said by then.
    let done = match cli.command {
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
            let wish = work::Wish {
                dry_run,
                limit,
                only,
                unattended,
            };
            sync(plex, &folder, sides, wish, Printer::new(output.json)).await
        }
        Verb::Undo {
            plex,
            folder,
            run,
            last,
            output,
        } => {
            let printer = Printer::new(output.json);
            if run.is_none() && !last {
                return printer.error(
                    "usage",
                    "Say which run to take back: `syncslate-cli undo --last` takes back the last one that wrote anything, `syncslate-cli undo 3` takes back run 3. `syncslate-cli runs` lists them. Nothing was changed.",
                );
            }
            let command = Command::Undo { run };
            take_back(plex, &folder, command, printer).await
        }
        Verb::Unlock {
            plex,
            folder,
            restore,
            output,
        } => {
            let command = Command::Unlock { restore };
            take_back(plex, &folder, command, Printer::new(output.json)).await
        }
        Verb::Status { folder, output } => look(&folder, output.json, Printer::status).await,
        Verb::Runs { folder, output } => look(&folder, output.json, Printer::runs).await,
        Verb::Failed { folder, output } => look(&folder, output.json, Printer::failed).await,
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
            let choice = match (keep_plex, use_source) {
                (true, _) => Some(Choice::KeepPlex),
                (_, true) => Some(Choice::UseSource),
                (false, false) => None,
            };
            let about = match (kept, locked_before) {
                (_, true) => About::LockedBefore,
                (true, false) => About::ConflictsAndKept,
                (false, false) => About::Conflicts,
            };
            let printer = Printer::new(output.json);
            conflicts(&folder, choice, (item, field), about, printer).await
        }
        Verb::Config { verb } => config::run(verb),
        Verb::Demo {
            films,
            seed,
            output,
        } => Ok(demo::run(films, seed, Printer::new(output.json)).await),
    };
    done.unwrap_or_else(|code| code)
}

/// `Err` where a command could not begin.
type Done = Result<ExitCode, ExitCode>;

async fn sync(
    plex: Plex,
    folder: &Folder,
    sides: Sides,
    wish: work::Wish,
    printer: Printer,
) -> Done {
    let given = Given::read(folder, printer)?.with_server(&plex.server);
    let call = given.with_sides(sides).both_sides(plex.token, printer)?;
    Ok(work::sync(call, wish, &printer).await)
}

async fn take_back(plex: Plex, folder: &Folder, command: Command, printer: Printer) -> Done {
    let given = Given::read(folder, printer)?.with_server(&plex.server);
    Ok(work::take_back(given.plex(plex.token, printer)?, command, &printer).await)
}

async fn look(folder: &Folder, json: bool, print: impl FnOnce(Printer, &Report)) -> Done {
    let printer = Printer::new(json);
    let data_dir = Given::read(folder, printer)?.data_dir(printer)?;
    Ok(work::look(&data_dir, &printer, print).await)
}

/// Lists what waits for a decision, or decides.
async fn conflicts(
    folder: &Folder,
    choice: Option<Choice>,
    (item, field): (Option<u64>, Option<Field>),
    about: About,
    printer: Printer,
) -> Done {
    if let Some(choice) = choice {
        let decision = Decision {
            choice,
            item,
            field,
            about,
        };
        return settle(folder, decision, printer).await;
    }
    let print = match about {
        About::LockedBefore => Printer::locked_before,
        About::ConflictsAndKept => Printer::conflicts_and_kept,
        About::Conflicts => Printer::conflicts,
    };
    let asked = move |printer: Printer, report: &Report| {
        print(printer, &decisions::only(report, item, field));
    };
    look(folder, printer.json, asked).await
}

async fn settle(folder: &Folder, decision: Decision, printer: Printer) -> Done {
    let data_dir = Given::read(folder, printer)?.data_dir(printer)?;
    Ok(work::settle(&data_dir, decision, &printer).await)
}

async fn rules(verb: RulesVerb) -> Done {
    let (plex, folder, sides, output, paths) = match verb {
        RulesVerb::Test {
            plex,
            folder,
            sides,
            output,
            paths,
        } => (plex, folder, sides, output, Some(paths)),
        RulesVerb::Suggest {
            plex,
            folder,
            sides,
            output,
        } => (plex, folder, sides, output, None),
    };
    let printer = Printer::new(output.json);
    let given = Given::read(&folder, printer)?.with_server(&plex.server);
    let call = given.with_sides(sides).both_sides(plex.token, printer)?;
    let question = match paths {
        Some(paths) => Question::TestRules {
            rules: call.settings.path_rules.clone(),
            paths,
        },
        None => Question::SuggestRules,
    };
    Ok(work::ask(call, question, &printer).await)
}

async fn matches(words: MatchWords) -> Done {
    let question = words.question();
    let printer = Printer::new(words.output.json);
    let given = Given::read(&words.folder, printer)?.with_server(&words.plex.server);
    let given = given.with_sides(words.sides);
    let call = given.both_sides(words.plex.token, printer)?;
    Ok(work::ask(call, question, &printer).await)
}
