//! What was written and waits to be read back: it ripens first, and fills a page where more comes.
//!
//! Not here: the request and the judgement (`verify`).

use std::collections::VecDeque;
use std::time::Duration;

use super::executor::PAGE;
use super::verify::{RIPE, Written};

/// Written items wait no longer than this for a page of checks to fill.
const CHECK_AFTER: Duration = Duration::from_secs(10);
/// Written items that are held while they grow [`RIPE`]; of more, some are checked before.
const UNRIPE_AT_MOST: usize = 5 * PAGE;
/// How long Plex is given before a value that it did not take is read again.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// Written items that are to be read back. Times are the clock's monotonic ones.
#[derive(Debug, Default)]
pub(super) struct Checks {
    written: Vec<Written>,
    /// Not to be looked at again before the time on the left.
    second_look: VecDeque<(Duration, Written)>,
    oldest: Option<Duration>,
    /// Whether a page is being read; the next one waits for it.
    reading: bool,
}

impl Checks {
    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.written.is_empty() && self.second_look.is_empty()
    }

    /// Takes in what was just written.
    pub(super) fn add(&mut self, written: Written, now: Duration) {
        self.oldest.get_or_insert(now);
        self.written.push(written);
    }

    /// Takes in what did not hold yet when it was read back.
    pub(super) fn look_again(&mut self, written: Written, now: Duration) {
        self.second_look.push_back((now + SECOND_LOOK, written));
    }

    /// A page was read.
    pub(super) fn page_done(&mut self) {
        self.reading = false;
    }

    /// The page that is to be read now, if any. With `nothing_comes`, one that is not full is read once it is ripe; who ends
    /// a run does not wait for that either.
    pub(super) fn next_page(
        &mut self,
        now: Duration,
        nothing_comes: bool,
        ends: bool,
    ) -> Option<Vec<Written>> {
        while self.second_look.front().is_some_and(|(due, _)| *due <= now) {
            if let Some((_, written)) = self.second_look.pop_front() {
                self.add(written, now);
            }
        }
        if self.reading || self.written.is_empty() {
            return None;
        }
        let is_old = |oldest| now.saturating_sub(oldest) >= CHECK_AFTER;
        let old = self.oldest.is_some_and(is_old);
        let page = self.written.len().min(PAGE);
        let is_ripe = |written: &&Written| now.saturating_sub(written.sent) >= RIPE;
        let ripe = self.written[..page].iter().take_while(is_ripe).count();
        let at_once = (nothing_comes && ends) || self.written.len() >= UNRIPE_AT_MOST;
        let due = at_once || ripe == PAGE || (nothing_comes && ripe == page) || (old && ripe > 0);
        due.then(|| {
            self.reading = true;
            let count = if at_once { page } else { ripe };
            let page = self.written.drain(..count).collect();
            self.oldest = (!self.written.is_empty()).then_some(now);
            page
        })
    }

    /// How long until [`next_page`](Self::next_page) may have one by time alone; `None` where time changes nothing.
    pub(super) fn wake_after(&self, now: Duration) -> Option<Duration> {
        let look = self.second_look.front().map(|(due, _)| *due);
        let open = !self.reading;
        let check = self.oldest.filter(|_| open).map(|at| at + CHECK_AFTER);
        let ripe = self.ripe_at().filter(|at| open && *at > now);
        let next = [look, check, ripe].into_iter().flatten().min()?;
        Some(next.saturating_sub(now))
    }

    /// When the whole next page of what was written is ripe.
    fn ripe_at(&self) -> Option<Duration> {
        let sent = self.written.iter().take(PAGE).map(|written| written.sent);
        Some(sent.max()? + RIPE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RunId;
    use crate::queue::tests::job;
    use crate::write::unit::Attempt;

    fn written(number: usize, sent: Duration) -> Written {
        let number = u64::try_from(number).expect("it is small");
        let attempt = Attempt {
            job: job(RunId(1), number, "before", "after"),
            done: Vec::new(),
            keys: [].into(),
            left: Vec::new(),
            trouble: None,
            thumb: None,
            second: false,
        };
        Written::new(attempt, 0, sent)
    }

    /// So many items, written in the same moment.
    fn checks(count: usize, sent: Duration) -> Checks {
        let mut checks = Checks::default();
        for number in 0..count {
            checks.add(written(number, sent), sent);
        }
        checks
    }

    /// How many items are read at a time.
    fn read(checks: &mut Checks, now: Duration, nothing_comes: bool, ends: bool) -> Option<usize> {
        let page = checks.next_page(now, nothing_comes, ends);
        page.map(|page| page.len())
    }

    const AT: Duration = Duration::from_secs(100);

    #[test]
    fn nothing_is_read_before_it_is_ripe_but_where_a_person_ends_the_run() {
        let mut checks = checks(3, AT);
        assert_eq!(read(&mut checks, AT, true, false), None);
        assert_eq!(checks.wake_after(AT), Some(RIPE));
        assert_eq!(
            read(&mut checks, AT + RIPE, false, false),
            None,
            "more may come"
        );
        assert_eq!(read(&mut checks, AT + RIPE, true, false), Some(3));
        let mut checks = self::checks(3, AT);
        assert_eq!(read(&mut checks, AT, true, true), Some(3));
    }

    #[test]
    fn a_page_that_is_not_full_is_read_in_the_end() {
        let mut checks = checks(3, AT);
        let wait = CHECK_AFTER.saturating_sub(RIPE);
        assert_eq!(checks.wake_after(AT + RIPE), Some(wait));
        assert_eq!(read(&mut checks, AT + RIPE + wait, false, false), Some(3));
        assert!(checks.is_empty());
    }

    #[test]
    fn full_pages_are_read_one_after_the_other() {
        let mut checks = checks(PAGE + 1, AT);
        let now = AT + RIPE;
        assert_eq!(read(&mut checks, now, false, false), Some(PAGE));
        assert_eq!(read(&mut checks, now + CHECK_AFTER, true, false), None);
        assert_eq!(checks.wake_after(now), None, "the page under way wakes it");
        checks.page_done();
        assert_eq!(read(&mut checks, now, true, false), Some(1));
    }

    #[test]
    fn what_is_held_while_it_ripens_has_a_bound() {
        let mut checks = checks(UNRIPE_AT_MOST, AT);
        assert_eq!(read(&mut checks, AT, false, false), Some(PAGE));
    }

    #[test]
    fn what_did_not_hold_yet_is_looked_at_again_later() {
        let mut checks = Checks::default();
        checks.look_again(written(1, AT), AT + RIPE);
        let due = AT + RIPE + SECOND_LOOK;
        assert!(!checks.is_empty());
        assert_eq!(checks.wake_after(AT + RIPE), Some(SECOND_LOOK));
        assert_eq!(
            read(
                &mut checks,
                due.saturating_sub(Duration::from_nanos(1)),
                true,
                false
            ),
            None
        );
        assert_eq!(read(&mut checks, due, true, false), Some(1));
    }
}
