//! Drains the queue: takes due jobs, makes them ready, sends them, checks what Plex made of them.
//!
//! ```text
//! queue ──take──▶ taken ──list pictures──▶ listed ──arm──▶ armed ──send──▶ sent ──check──▶ journal, base
//!   ▲               └ older than a minute, at any step: read again │
//!   └────────────────────── wait for another try ◀─────────────────┘
//! ```
//!
//! | step | durable afterwards |
//! |---|---|
//! | take | nothing new: the job is in the queue until it is finished |
//! | arm | that requests may be sent, and which pictures were selected before |
//! | send | nothing: a crash here sends again, which changes nothing |
//! | check | outcome, journal and base, in one transaction |
//!
//! All steps run as futures of one set, so that the line to Plex is busy while LMDB waits for the disk. Not here: what
//! one unit sends (`unit`), when what was written is read back (`checks`), how a result is judged (`verify`).

use std::collections::VecDeque;
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::sync::watch;

use super::cast::HeldBack;
use super::checks::Checks;
use super::context::Context;
use super::control::Control;
use super::picture::{Offered, pictures};
use super::resends::{Resends, charged};
use super::stop::Stop;
use super::unit::{self, Attempt, Trouble, Unit};
use super::verify::{self, Checked, Verdict, Written};
use super::{cast, prepare, trouble};
use crate::face::ChangedItem;
use crate::model::{Field, ItemType};
use crate::queue::Job;

/// Jobs taken from the queue at once, and items checked by one request.
pub(super) const PAGE: usize = crate::plan::batch::READ_BATCH;
/// Jobs made durable as started at once.
const ARM: usize = 64;
/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drained {
    /// Nothing is left.
    Empty,
    /// A person cancelled; jobs that were not started are still in the queue.
    Cancelled,
}

/// A job on its way through the pipeline.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) job: Job,
    pub(super) choices: Offered,
}

enum Step {
    Taken(Result<(Vec<Job>, Option<i64>), Stop>),
    Refreshed(Result<Vec<Job>, Stop>),
    Listed(Box<Job>, Result<Offered, Trouble>),
    Armed(Result<Vec<Ready>, Stop>),
    Sent(Vec<Attempt>),
    Checked(Result<Vec<Checked>, Stop>),
    Put(Result<(), Stop>),
}

/// Writes everything that is due, and waits for what comes due, until the queue is empty.
pub(crate) async fn drain(
    context: &Context,
    control: &mut watch::Receiver<Control>,
) -> Result<Drained, Stop> {
    let mut executor = Executor::new(context);
    let result = executor.run(control).await;
    // Whatever ended it: what was taken and not sent goes back.
    executor.give_back().await?;
    result
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each names a step that must not run twice at once"
)]
struct Executor<'a> {
    context: &'a Context,
    steps: FuturesUnordered<BoxFuture<'a, Step>>,
    taken: VecDeque<Job>,
    /// Too old to be written as planned, or tried before: to be read again first.
    stale: Vec<Job>,
    held_back: HeldBack,
    listed: VecDeque<Ready>,
    armed: VecDeque<Ready>,
    checks: Checks,
    resends: Resends,
    taking: bool,
    refreshing: bool,
    arming: bool,
    listing: usize,
    sending: usize,
    /// Whether the last take found fewer jobs than asked for.
    dry: bool,
    /// When the queue's next job is due, in epoch milliseconds.
    next_due: Option<i64>,
    seq: u32,
    /// [`StateReader::withdrawals`](crate::store::StateReader::withdrawals) when what is armed was looked at last.
    withdrawals: u64,
}

impl<'a> Executor<'a> {
    fn new(context: &'a Context) -> Self {
        Self {
            context,
            steps: FuturesUnordered::new(),
            taken: VecDeque::new(),
            stale: Vec::new(),
            held_back: HeldBack::default(),
            listed: VecDeque::new(),
            armed: VecDeque::new(),
            checks: Checks::default(),
            resends: Resends::default(),
            taking: false,
            refreshing: false,
            arming: false,
            listing: 0,
            sending: 0,
            dry: false,
            next_due: None,
            seq: 0,
            withdrawals: 0,
        }
    }

    async fn run(&mut self, control: &mut watch::Receiver<Control>) -> Result<Drained, Stop> {
        loop {
            let wish = *control.borrow_and_update();
            self.learn_withdrawn()?;
            self.start_steps(wish);
            let idle = self.steps.is_empty();
            if idle && wish.ends() {
                return Ok(Drained::Cancelled);
            }
            let over = idle && self.checks.is_empty() && self.dry && self.next_due.is_none();
            if over && wish == Control::Go {
                return Ok(Drained::Empty);
            }
            let wake = self.wake_after(wish);
            let timer = self.context.clock.sleep(wake.unwrap_or(Duration::MAX / 4));
            tokio::select! {
                biased;
                Some(step) = self.steps.next(), if !idle => self.handle(step)?,
                changed = control.changed() => {
                    if changed.is_err() {
                        return Ok(Drained::Cancelled);
                    }
                }
                () = timer, if wake.is_some() => {
                    self.dry = false;
                }
            }
        }
    }

    /// Has everything that is armed made ready anew once a person took something out of jobs: it learns of that there.
    fn learn_withdrawn(&mut self) -> Result<(), Stop> {
        let now = self.context.state.read(|reader| reader.withdrawals())?;
        if now == self.withdrawals {
            return Ok(());
        }
        self.disarm();
        // What is being armed may have been so before that.
        if !self.arming {
            self.withdrawals = now;
        }
        Ok(())
    }

    /// What is armed is read again before it is sent.
    fn disarm(&mut self) {
        let armed = self.armed.drain(..).map(|ready| ready.job);
        self.stale.extend(armed);
    }

    /// Starts every step for which there is something to do and room.
    fn start_steps(&mut self, wish: Control) {
        let context = self.context;
        let limit = self.context.limit();
        let go = wish == Control::Go;
        let ahead = 2 * limit + ARM;
        if wish == Control::Pause {
            // A person may decide otherwise before it goes on: looked at again then.
            self.disarm();
        }
        if go {
            let is_quiet = self.is_quiet();
            self.taken.extend(self.held_back.release(context, is_quiet));
        }
        if go
            && !self.taking
            && !self.refreshing
            && !self.dry
            && self.stale.is_empty()
            && self.taken.len() + self.listed.len() + self.armed.len() + self.held_back.len()
                < ahead
        {
            self.taking = true;
            self.push(async move { Step::Taken(prepare::take(context, PAGE).await) });
        }
        while go && self.listing < limit && self.listed.len() + self.armed.len() < ahead {
            let Some(mut job) = self.taken.pop_front() else {
                break;
            };
            if cast::is_void_now(context, &mut job) {
                self.push(async move { Step::Put(cast::settle_void(context, job).await) });
                continue;
            }
            let Some(job) = self.held_back.let_through(context, job) else {
                continue;
            };
            if prepare::is_old(context, &job) {
                self.stale.push(job);
            } else if pictures(&job).is_empty() {
                let choices = Offered::new();
                self.listed.push_back(Ready { job, choices });
            } else {
                self.listing += 1;
                self.push(async move {
                    let choices = prepare::list(context, &job).await;
                    Step::Listed(Box::new(job), choices)
                });
            }
        }
        // Few commits where many jobs come, none kept waiting where few do.
        let worth = self.listed.len() >= ARM.min(limit) || self.armed.len() < 2 * limit;
        if go && !self.arming && !self.listed.is_empty() && worth {
            self.arming = true;
            let count = self.listed.len().min(ARM);
            let ready: Vec<Ready> = self.listed.drain(..count).collect();
            self.push(async move { Step::Armed(prepare::arm(context, ready).await) });
        }
        // What is armed counts as started: it is finished even where a person cancels.
        while wish != Control::Pause && self.sending < limit {
            let Some(unit) = self.next_unit() else {
                break;
            };
            self.sending += 1;
            self.push(async move { Step::Sent(unit::send(context, unit).await) });
        }
        // Last: the steps above find what is stale.
        if go && !self.refreshing && !self.stale.is_empty() {
            self.refreshing = true;
            let jobs = std::mem::take(&mut self.stale);
            self.push(async move { Step::Refreshed(prepare::refresh(context, jobs).await) });
        }
        self.start_check(wish);
    }

    /// Whether nothing is on its way that could still tell something of the server.
    fn is_quiet(&self) -> bool {
        self.steps.is_empty()
            && self.taken.is_empty()
            && self.listed.is_empty()
            && self.armed.is_empty()
            && self.checks.is_empty()
    }

    fn next_unit(&mut self) -> Option<Unit> {
        // A pause or an absence may have lain between.
        let (old, armed) = self
            .armed
            .drain(..)
            .partition::<VecDeque<_>, _>(|ready| prepare::is_old(self.context, &ready.job));
        self.armed = armed;
        self.stale.extend(old.into_iter().map(|ready| ready.job));
        let first = self.armed.pop_front()?;
        let mut jobs = vec![first.job];
        if first.choices.is_empty() {
            // Those that want the same edit share the request.
            let mut at = 0;
            while at < self.armed.len() && jobs.len() < PAGE {
                let next = &self.armed[at];
                if next.choices.is_empty() && prepare::same_edit(self.context, &jobs[0], &next.job)
                {
                    jobs.extend(self.armed.remove(at).map(|next| next.job));
                } else {
                    at += 1;
                }
            }
        }
        Some(Unit {
            jobs,
            choices: first.choices,
            second: None,
        })
    }

    fn start_check(&mut self, wish: Control) {
        let context = self.context;
        let nothing_comes = self.sending == 0
            && self.armed.is_empty()
            && (wish != Control::Go
                || (self.listed.is_empty()
                    && self.listing == 0
                    && self.taken.is_empty()
                    && !self.taking
                    && !self.arming));
        let now = self.context.clock.monotonic();
        if let Some(page) = self.checks.next_page(now, nothing_comes, wish.ends()) {
            self.push(async move { Step::Checked(verify::check(context, page).await) });
        }
    }

    fn push(&mut self, step: impl Future<Output = Step> + Send + 'a) {
        self.steps.push(Box::pin(step));
    }

    fn handle(&mut self, step: Step) -> Result<(), Stop> {
        match step {
            Step::Taken(result) => {
                self.taking = false;
                let (jobs, next_due) = result?;
                self.dry = jobs.len() < PAGE;
                self.next_due = next_due;
                if prepare::any_stale(self.context, &jobs) {
                    self.stale.extend(jobs);
                } else {
                    self.taken.extend(jobs);
                }
            }
            Step::Refreshed(result) => {
                self.refreshing = false;
                self.taken.extend(result?);
                // What was planned anew is in the queue.
                self.dry = false;
            }
            Step::Listed(job, Ok(choices)) => {
                self.listing -= 1;
                self.listed.push_back(Ready { job: *job, choices });
            }
            Step::Listed(job, Err(trouble)) => {
                self.listing -= 1;
                self.not_sent(*job, trouble)?;
            }
            Step::Armed(result) => {
                self.arming = false;
                self.armed.extend(result?);
            }
            Step::Sent(attempts) => {
                self.sending -= 1;
                for attempt in attempts {
                    self.sent(attempt)?;
                }
            }
            Step::Checked(result) => {
                self.checks.page_done();
                for checked in result? {
                    self.checked(checked);
                }
            }
            Step::Put(result) => {
                result?;
                // What was put back may be due already.
                self.dry = false;
            }
        }
        Ok(())
    }

    fn sent(&mut self, mut attempt: Attempt) -> Result<(), Stop> {
        match &attempt.trouble {
            Some(Trouble::Fatal(stop)) => return Err(stop.clone()),
            // The whole job again, at once: it is read first, and sending twice what went changes nothing.
            Some(trouble)
                if !attempt.second
                    // What went of it stays gone; the read-back tells whether the item is there.
                    && !matches!(trouble, Trouble::NoPicture(_))
                    && self.resends.goes_again(attempt.job.id, trouble) =>
            {
                self.stale.push(attempt.job);
                return Ok(());
            }
            _ => {}
        }
        if attempt.done.is_empty()
            && let Some(trouble) = attempt.trouble
        {
            if attempt.second {
                // Nothing went this time, and what did not go the first time is not among what was to go again.
                attempt.job.changes = attempt.left;
                attempt.job.changes.sort_by_key(|change| change.field);
            }
            return self.not_sent(attempt.job, trouble);
        }
        // A part went (its pictures) and the rest breaks the connection each time: that rest is charged, too.
        attempt.trouble = attempt.trouble.map(charged);
        // Where there was nothing to write, what older jobs did is read back and settled.
        self.wrote(attempt);
        Ok(())
    }

    fn wrote(&mut self, mut attempt: Attempt) {
        // One that has only older jobs' doings to settle writes nothing.
        if !attempt.second && !attempt.job.changes.is_empty() {
            self.context.job_written();
            self.seq += 1;
            let done = attempt.done.iter().filter(|change| change.moves());
            let fields: Vec<Field> = done.map(|change| change.field).collect();
            let count = u32::try_from(fields.len()).unwrap_or(u32::MAX);
            let is_collection = attempt.job.item_type == ItemType::Collection;
            self.context.reporter.progress(|summary, phases| {
                summary.written += 1;
                summary.collections_written += u32::from(is_collection);
                summary.fields_written += count;
                if let Some(phase) = phases.last_mut() {
                    phase.done += 1;
                }
            });
            self.context.reporter.changed(ChangedItem {
                seq: self.seq,
                title: attempt.job.title.clone(),
                section: self
                    .context
                    .sections
                    .of(attempt.job.key.section)
                    .title
                    .clone(),
                fields,
                at: self.context.clock.now_ms(),
                thumb: attempt.thumb.take(),
            });
        }
        let clock = &self.context.clock;
        let (now, sent) = (clock.now_ms(), clock.monotonic());
        self.checks.add(Written::new(attempt, now, sent), sent);
    }

    /// A job of which nothing went: it waits for another try, gives up, or goes.
    fn not_sent(&mut self, mut job: Job, trouble: Trouble) -> Result<(), Stop> {
        let context = self.context;
        if let Trouble::Fatal(stop) = trouble {
            return Err(stop);
        }
        if self.resends.goes_again(job.id, &trouble) {
            if matches!(trouble, Trouble::NoPicture(_)) {
                prepare::doubt(&mut job);
            }
            self.stale.push(job);
            return Ok(());
        }
        let trouble = charged(trouble);
        self.resends.forget(job.id);
        self.push(async move { Step::Put(trouble::put_aside(context, job, trouble).await) });
        Ok(())
    }

    fn checked(&mut self, checked: Checked) {
        let context = self.context;
        let Checked { written, verdict } = checked;
        match verdict {
            Verdict::Settled { again } => {
                self.resends.forget(written.job.id);
                if again {
                    self.dry = false;
                }
            }
            Verdict::LookAgain => {
                let now = self.context.clock.monotonic();
                self.checks.look_again(written.looked_twice(), now);
            }
            Verdict::WriteAgain(job, again) => {
                self.sending += 1;
                let unit = Unit {
                    jobs: vec![*job],
                    choices: Offered::new(),
                    second: Some(*again),
                };
                self.push(async move { Step::Sent(unit::send(context, unit).await) });
            }
        }
    }

    /// How long nothing will happen by itself; `None` where only steps or a person can change anything.
    fn wake_after(&self, wish: Control) -> Option<Duration> {
        let due = self
            .next_due
            .filter(|_| wish == Control::Go && self.dry && !self.taking)
            .map(|due| {
                let wait = due - self.context.clock.now_ms();
                Duration::from_millis(u64::try_from(wait).unwrap_or(0))
            });
        let check = self.checks.wake_after(self.context.clock.monotonic());
        let wait = [check, due].into_iter().flatten().min()?;
        Some(wait.max(Duration::from_millis(1)))
    }

    async fn give_back(&mut self) -> Result<(), Stop> {
        // Requests under way are dropped with their futures; their jobs are started and stay in the queue.
        self.steps.clear();
        let jobs: Vec<Job> = self
            .taken
            .drain(..)
            .chain(self.stale.drain(..))
            .chain(self.held_back.give_back())
            .chain(self.listed.drain(..).map(|ready| ready.job))
            .chain(self.armed.drain(..).map(|ready| ready.job))
            .collect();
        prepare::give_back(self.context, jobs).await
    }
}
