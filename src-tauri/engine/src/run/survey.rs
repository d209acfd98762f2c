//! Questions about paths and matches: both sides are read as a sync reads them, nothing is written to Plex, and no run
//! begins. What a rule or a match would be is worked out anew each time, so that no answer is older than the question.
//!
//! Not here: what the answers are made of (`rule_answers`, `match_answers`).

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use syncslate_plex::Section;

use super::core::{Core, refused, state_error};
use super::match_choices::MatchChoices;
use super::reading::{Fresh, forget_gone, read_library};
use super::scan::Scanner;
use super::session::Session;
use super::setup::{SOURCE, Sides, meet, session};
use super::{match_answers, rule_answers};
use crate::face::{Answer, CommandError, PlexItemRef, Question, Settings};
use crate::library::{CacheError, MemoryCache};
use crate::model::{PlexItem, RatingKey, RunId};
use crate::source::SourceError;
use crate::source::nfo::Entry;
use crate::store::{MatchChoiceRecord, State};
use crate::write::Stop;

/// Items of Plex that are gone through at once.
const PAGE: usize = 1_000;

/// Both sides, read and ready to be asked.
pub(super) struct Survey {
    pub(super) scanner: Scanner,
    pub(super) sections: Vec<Section>,
    /// The rules that are asked about.
    pub(super) settings: Settings,
    /// Whether the file system of Plex's server ignores case.
    pub(super) case_insensitive: bool,
    /// Becomes `true` when the person who asked does not want to know any more.
    pub(super) ended: Box<dyn Fn() -> bool + Send + Sync>,
}

/// Why a survey came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("Plex's library could not be held in memory ({0}). Nothing was changed.")]
    Cache(#[from] CacheError),
    #[error("Cancelled. Nothing was changed.")]
    Cancelled,
    /// The question cannot be answered as it was put.
    #[error("{0}")]
    Unanswerable(String),
}

impl Broken {
    fn refusal(&self) -> CommandError {
        let code = match self {
            Self::Source(_) => "source",
            Self::Cache(_) => "cache",
            Self::Cancelled => "cancelled",
            Self::Unanswerable(_) => "no_match",
        };
        refused(code, self.to_string())
    }
}

/// Answers a question.
pub(super) async fn answer(core: &Arc<Core>, question: Question) -> Result<Answer, CommandError> {
    let mut settings = core.settings();
    match &question {
        Question::TestRules { rules, .. } => settings.path_rules.clone_from(rules),
        // They are what is looked for.
        Question::SuggestRules => settings.path_rules.clear(),
        Question::Matches { .. } | Question::AcceptMatch { .. } | Question::RejectMatch { .. } => {}
    }
    let state = match &question {
        Question::AcceptMatch { .. } | Question::RejectMatch { .. } => match &core.state {
            Some(state) => Some(state.clone()),
            None => {
                return Err(refused(
                    "state",
                    "Syncslate cannot remember a choice here. Nothing was changed. Make the data folder writable.",
                ));
            }
        },
        Question::TestRules { .. } | Question::SuggestRules | Question::Matches { .. } => None,
    };
    let survey = Survey::open(core, settings).await?;
    let now_ms = core.deps.clock.now_ms();
    let (answer, choice) = core
        .deps
        .blocking
        .run(move || look(&survey, question, now_ms))
        .await
        .map_err(|broken| broken.refusal())?;
    if let (Some(state), Some(choice)) = (state, choice) {
        keep(&state, choice).await?;
    }
    Ok(answer)
}

/// The answer, and the choice that is to be kept for it. Blocks.
fn look(
    survey: &Survey,
    question: Question,
    now_ms: i64,
) -> Result<(Answer, Option<MatchChoiceRecord>), Broken> {
    match question {
        Question::TestRules { paths, .. } => Ok((rule_answers::test(survey, &paths)?, None)),
        Question::SuggestRules => Ok((rule_answers::suggest(survey)?, None)),
        Question::Matches { which, limit } => {
            Ok((match_answers::list(survey, which, limit)?, None))
        }
        Question::AcceptMatch {
            source_id,
            rating_key,
        } => {
            let choice = match_answers::accept(survey, &source_id, rating_key, now_ms)?;
            Ok((survey.chosen(&choice), Some(choice)))
        }
        Question::RejectMatch {
            source_id,
            rating_key,
        } => {
            let choice = match_answers::reject(survey, &source_id, rating_key, now_ms)?;
            Ok((survey.chosen(&choice), Some(choice)))
        }
    }
}

async fn keep(state: &State, choice: MatchChoiceRecord) -> Result<(), CommandError> {
    state
        .write(move |writer| writer.put_match_choice(SOURCE, &choice))
        .await
        .map_err(|error| state_error(&error))
}

impl Survey {
    /// Meets Plex, reads its sections into the cache, and finds the source.
    async fn open(core: &Arc<Core>, settings: Settings) -> Result<Self, CommandError> {
        let Sides {
            path_rules: rules,
            source,
            contact,
            sections: there,
            chosen: sections,
        } = meet(core, &settings).await?;
        let case_insensitive = super::setup::ignores_case(&contact.server.platform);
        let dry_run = core.state.is_none();
        let chosen = super::setup::sections(&settings, &contact, &there, &sections);
        let session = session(core, &settings, contact, chosen, RunId(0), dry_run);
        let (session, complete) = Self::read(session, &sections).await.map_err(|stop| {
            if let Stop::Plex(error) | Stop::Away(error) = &stop {
                core.not_reached(error);
            }
            refused(stop.code(), stop.to_string())
        })?;
        let choices = MatchChoices::load(session.state.as_ref(), SOURCE)
            .await
            .map_err(|error| state_error(&error))?;
        let control = core.control.subscribe();
        Ok(Self {
            scanner: Scanner {
                source,
                server: session.sections.server,
                sections: sections.iter().map(|section| section.uuid).collect(),
                rules,
                path_hash: session.path_hash,
                library: session.library,
                matches: session.matches,
                news: Fresh::default(),
                news_paths: Vec::new(),
                choices,
                complete,
                renewed: Mutex::default(),
                settings: session.settings_digest,
                limit: None,
                only: None,
                held_at_most: 0,
                timings: session.timings,
                cache_failed: AtomicBool::new(false),
            },
            sections,
            settings,
            case_insensitive,
            ended: Box::new(move || control.borrow().ends()),
        })
    }

    /// Reads Plex's side; where the cache fails, into memory. Says whether all of it is known then.
    async fn read(mut session: Session, sections: &[Section]) -> Result<(Session, bool), Stop> {
        let unseen = |_: u64, _: Option<u64>| {};
        let mut read = read_library(&session, sections, false, &unseen).await?;
        if read.is_none() {
            session.library = Arc::new(MemoryCache::default());
            read = read_library(&session, sections, true, &unseen).await?;
        }
        let Some(news) = read else {
            return Err(Stop::Source(
                "Plex's library could not be held in memory. Nothing was changed.".to_owned(),
            ));
        };
        forget_gone(&session, &news).await?;
        let complete = news.is_complete();
        Ok((session, complete))
    }

    /// Shows every source item to `see`.
    pub(super) fn each_entry(&self, see: &mut dyn FnMut(Entry)) -> Result<(), Broken> {
        let mut cancelled = false;
        self.scanner.source.walk(None, &mut |entries| {
            entries.into_iter().for_each(&mut *see);
            cancelled = (self.ended)();
            if cancelled {
                std::ops::ControlFlow::Break(())
            } else {
                std::ops::ControlFlow::Continue(())
            }
        })?;
        if cancelled {
            return Err(Broken::Cancelled);
        }
        self.trusted()
    }

    /// Shows every item of Plex's sections to `see`.
    pub(super) fn each_item(&self, see: &mut dyn FnMut(&PlexItem)) -> Result<(), Broken> {
        for section in &self.scanner.sections {
            let mut after: Option<RatingKey> = None;
            loop {
                let page = self
                    .scanner
                    .library
                    .page(self.scanner.server, *section, after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = Some(last.key.rating_key);
                page.iter().for_each(&mut *see);
                if (self.ended)() {
                    return Err(Broken::Cancelled);
                }
            }
        }
        Ok(())
    }

    /// What was not found proves nothing once the cache failed.
    pub(super) fn trusted(&self) -> Result<(), Broken> {
        if self.scanner.cache_failed() {
            return Err(CacheError("it could not be read".to_owned()).into());
        }
        Ok(())
    }

    /// An item for people.
    pub(super) fn shown(&self, item: &PlexItem) -> PlexItemRef {
        let section = self
            .sections
            .iter()
            .find(|section| section.uuid == item.key.section);
        PlexItemRef {
            rating_key: item.key.rating_key.0,
            title: item.title.clone(),
            section: section.map_or_else(String::new, |section| section.title.clone()),
        }
    }

    fn chosen(&self, choice: &MatchChoiceRecord) -> Answer {
        let shown = |items: &[crate::model::ChosenItem]| {
            let items = items.iter().map(|chosen| {
                let section = self
                    .sections
                    .iter()
                    .find(|section| section.uuid == chosen.key.section);
                PlexItemRef {
                    rating_key: chosen.key.rating_key.0,
                    title: chosen.title.clone(),
                    section: section.map_or_else(String::new, |section| section.title.clone()),
                }
            });
            items.collect()
        };
        Answer::Chosen {
            source_id: choice.source_id.clone(),
            accepted: shown(&choice.accepted),
            rejected: shown(&choice.rejected),
        }
    }
}
