// How far a run is and how long it will take, smoothed so that the figures stay calm.
// Time is the run's own (without pauses), so that a pause or a sleeping machine does not bend it.

import type { RunView } from '../backend/backend';
import { format } from '../text/format';
import { isActive, presentPhase } from './run';

const WINDOW_MS = 10_000;
const WARM_UP_MS = 3_000;
const RENEW_MS = 1_000;

export class Pace {
  /** From 0 to 1, never falling; `null` while it is not known how much there is to do. */
  share = $state<number | null>(null);
  /** Items per second in the present step; `null` while that is not known. */
  perSecond = $state<number | null>(null);
  /** Time left in words; empty where it means nothing. */
  left = $state('');
  /** Milliseconds left behind {@link left}; `null` while that is not known. */
  leftMs = $state.raw<number | null>(null);

  #run = '';
  #phase = '';
  #samples: { at: number; done: number }[] = [];
  #begun = 0;
  #renewed = -Infinity;

  observe(run: RunView): void {
    const { summary } = run;
    const id = `${summary.run}/${summary.startedAt}`;
    if (id !== this.#run) {
      this.#run = id;
      this.#phase = '';
      this.share = null;
    }
    const present = presentPhase(run);
    const phase = present?.phase ?? '';
    const at = summary.durationMs;
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#samples = [];
      this.#begun = at;
      this.#renewed = -Infinity;
      this.perSecond = null;
      this.left = '';
      this.leftMs = null;
    }
    if (!isActive(summary.state)) {
      if (summary.state === 'done' || summary.state === 'doneWithFailures') this.share = 1;
      this.#quiet();
      return;
    }
    if (present === null) return;

    if (phase === 'write' && present.total !== null && present.total > 0 && summary.kind !== 'dryRun') {
      // 100 % is for the end alone: after the last write comes the check of what Plex made of it.
      const share = Math.min(0.99, present.done / present.total);
      this.share = Math.max(this.share ?? 0, share);
    }

    this.#samples.push({ at, done: present.done });
    while (this.#samples.length > 2 && (this.#samples[0]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
    if (summary.state !== 'running') {
      this.#quiet();
      return;
    }
    if (at - this.#renewed < RENEW_MS) return;
    this.#renewed = at;

    const first = this.#samples[0];
    const span = first ? at - first.at : 0;
    this.perSecond = first && span >= RENEW_MS ? ((present.done - first.done) / span) * 1000 : this.perSecond;
    const rest = present.total === null ? null : present.total - present.done;
    if (rest === null) {
      this.left = '';
      this.leftMs = null;
    } else if (at - this.#begun < WARM_UP_MS || !this.perSecond) {
      this.left = 'working out time left';
      this.leftMs = null;
    } else {
      this.leftMs = Math.max(1000, (rest / this.perSecond) * 1000);
      this.left = `about ${format.ticking(Math.ceil(this.leftMs / 1000) * 1000)} left`;
    }
  }

  #quiet(): void {
    this.left = '';
    this.leftMs = null;
    this.perSecond = null;
    this.#samples = [];
    this.#renewed = -Infinity;
  }
}
