// What a screen reader is told: each step as it begins, progress at most every 5 seconds, an end or an outage once.

import type { RunView, Snapshot } from '../backend/backend';
import { runTitle, status } from '../text/words';
import type { Pace } from './pace.svelte';
import { isActive, presentPhase } from './run';

const QUIET_MS = 5_000;

export class Announcer {
  /** The text of the live region. */
  text = $state('');

  #spoken = -Infinity;
  #step = '';
  #active = false;
  #connection = '';

  observe(snapshot: Snapshot, pace: Pace, cancelling: boolean, now: number): void {
    const connection = snapshot.connection.state;
    const away = connection === 'away' || connection === 'signInNeeded';
    if (away && connection !== this.#connection) this.#say(status(snapshot, now).title, now);
    this.#connection = connection;

    const run = snapshot.run;
    const active = run !== null && isActive(run.summary.state);
    if (active) {
      const title = runTitle(run, cancelling);
      const step = `${title}/${presentPhase(run)?.phase ?? ''}`;
      if (step !== this.#step || now - this.#spoken >= QUIET_MS) this.#say(progress(title, run, pace), now);
      this.#step = step;
    } else if (this.#active) {
      this.#step = '';
      this.#say(status(snapshot, now).title, now);
    }
    this.#active = active;
  }

  #say(text: string, now: number): void {
    this.text = `${text}.`;
    this.#spoken = now;
  }
}

function progress(title: string, run: RunView, pace: Pace): string {
  const parts = [title];
  if (pace.share !== null) parts.push(`${Math.floor(pace.share * 100)} percent`);
  if (run.summary.state === 'running' && pace.leftMs !== null) {
    const seconds = Math.ceil(pace.leftMs / 1000);
    const minutes = Math.round(seconds / 60);
    parts.push(
      seconds < 60
        ? `about ${seconds} ${seconds === 1 ? 'second' : 'seconds'} left`
        : `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`,
    );
  }
  return parts.join(', ');
}
