// A run of the backend without an engine: the same figures in the same order on every start.

import type { Event, Phase, PhaseProgress, RunSummary } from './backend';
import {
  FILMS,
  MATCHED,
  caches,
  dice,
  filmFields,
  filmThumb,
  filmTitle,
  operations,
  summary,
} from './demo-data';

const TICK_MS = 250;
const TO_WRITE = 200;
const COLLECTIONS = 11;

/** A run that goes through the four steps on a timer. */
export class FakeRun {
  readonly #say: (events: Event[], ended: RunSummary | null) => void;
  readonly #random = dice(7);
  readonly #phases: PhaseProgress[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #summary: RunSummary;
  #ticks = 0;
  #second = 0;
  #ending = false;

  constructor(run: number, say: (events: Event[], ended: RunSummary | null) => void) {
    this.#say = say;
    this.#summary = summary(run, Date.now(), {
      state: 'running',
      durationMs: 0,
      itemsRead: 0,
      matched: 0,
      notInPlex: 0,
      ambiguous: 0,
      unreadable: 0,
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  pause(): void {
    if (this.#summary.state === 'running') this.#state('paused');
  }

  resume(): void {
    if (this.#summary.state === 'paused') this.#state('running');
  }

  cancel(): void {
    this.#ending = true;
  }

  #state(state: RunSummary['state']): void {
    this.#summary = { ...this.#summary, state };
    this.#say([this.#progress()], null);
  }

  #progress(): Event {
    return { type: 'progress', summary: { ...this.#summary }, phases: structuredClone(this.#phases) };
  }

  #tick(): void {
    if (this.#summary.state === 'paused' && !this.#ending) return;
    this.#ticks += 1;
    const figures = this.#summary;
    figures.durationMs = this.#ticks * TICK_MS;
    const events: Event[] = [];
    if (this.#advance('read', FILMS, 60)) {
      figures.itemsRead = this.#done('read');
    } else if (this.#advance('match', FILMS, 120)) {
      figures.matched = Math.min(MATCHED, this.#done('match'));
    } else if (this.#advance('compare', MATCHED, 60)) {
      figures.notInPlex = 5;
      figures.ambiguous = 1;
      figures.changed = Math.round((this.#done('compare') / MATCHED) * TO_WRITE);
    } else if (this.#done('write') < TO_WRITE) {
      events.push(this.#write());
    } else {
      this.#writeCollections();
    }
    events.push(this.#progress());
    if (this.#ticks % 4 === 0) {
      events.push({
        type: 'statistics',
        operations: operations(figures.written, this.#random),
        caches: caches(this.#done('match') + figures.written + 1),
        itemsPerSecond: this.#second,
      });
      this.#second = 0;
    }
    const over = this.#ending || figures.collectionsWritten === COLLECTIONS;
    if (!over) {
      this.#say(events, null);
      return;
    }
    clearInterval(this.#timer);
    this.#say(events, {
      ...figures,
      state: this.#ending ? 'cancelled' : 'done',
      timings: operations(figures.written, this.#random),
      caches: caches(FILMS),
    });
  }

  #write(): Event {
    const figures = this.#summary;
    const before = this.#done('write');
    this.#advance('write', TO_WRITE, this.#ending ? 0 : 2 + Math.floor(this.#random() * 3));
    const items = [];
    for (let seq = before + 1; seq <= this.#done('write'); seq += 1) {
      const fields = filmFields(this.#random);
      figures.written = seq;
      figures.fieldsWritten += fields.length;
      const thumb = seq % 5 === 3 ? null : filmThumb(seq);
      items.unshift({ seq, title: filmTitle(seq), section: 'Films', fields, at: Date.now(), thumb });
    }
    this.#second += items.length;
    return { type: 'changed', items };
  }

  /** Collections come last, in a second round of writing, as with the engine. */
  #writeCollections(): void {
    const figures = this.#summary;
    if (figures.collectionsChanged === 0) {
      figures.changed += COLLECTIONS;
      figures.collectionsChanged = COLLECTIONS;
      this.#phases.push({ phase: 'write', done: 0, total: COLLECTIONS, millis: 0 });
      return;
    }
    const round = this.#phases.at(-1);
    if (!round) return;
    const more = Math.min(4, COLLECTIONS - round.done);
    round.done += more;
    round.millis += TICK_MS;
    figures.written += more;
    figures.collectionsWritten += more;
    figures.fieldsWritten += more;
  }

  #done(phase: Phase): number {
    return this.#phases.find((other) => other.phase === phase)?.done ?? 0;
  }

  /** Moves a step on; `false` where it is already through. */
  #advance(phase: Phase, total: number, by: number): boolean {
    let step = this.#phases.find((other) => other.phase === phase);
    if (step?.done === total) return false;
    if (!step) {
      step = { phase, done: 0, total, millis: 0 };
      this.#phases.push(step);
    }
    step.done = Math.min(total, step.done + by);
    step.millis += TICK_MS;
    return true;
  }
}
