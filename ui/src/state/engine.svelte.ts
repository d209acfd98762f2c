// The engine as the window sees it: its state, kept current by events, and the commands it is given.
// Not here: which page is open (app.svelte.ts), drafts of settings (settings.svelte.ts).

import {
  type Backend,
  type Choice,
  type Command,
  type CommandError,
  type Numbered,
  type Reply,
  type Snapshot,
  commandError,
} from '../backend/backend';
import { mendedInSettings, sayError } from '../text/errors';
import { decidedAll } from '../text/settled';
import { fold } from './fold';
import { isActive } from './run';

/** Wait before the state is asked for again after a gap that the last answer did not close. */
const AGAIN_MS = 250;
/** More waiting events than this mean that the state itself is the shorter way. */
const WAITING = 5000;

export class EngineState {
  /** `null` until the first answer. */
  snapshot = $state.raw<Snapshot | null>(null);
  /** Why there is no state, or none that is current. */
  trouble = $state.raw<CommandError | null>(null);
  /** A command that was refused, until the person has read it. */
  refusal = $state.raw<CommandError | null>(null);
  /** What a decision led to, in the place of the question that it answered. */
  said = $state('');
  /** The commands that wait for their answer. */
  busy = $state.raw<ReadonlySet<Command['command']>>(new Set());
  /** Cancelling was asked for and the run has not ended yet. */
  cancelling = $state(false);

  /** A run is under way. */
  running = $derived(this.snapshot?.run != null && isActive(this.snapshot.run.summary.state));

  readonly #backend: Backend;
  #stop: (() => void) | null = null;
  /** The number of the last event folded in; `null` while the state is being asked for. */
  #n: number | null = null;
  #waiting: Numbered[] = [];
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Begins to listen, then asks for the state. Also the way back after trouble. */
  async connect(): Promise<void> {
    this.#closed = false;
    this.trouble = null;
    try {
      if (this.#stop === null) {
        const stop = await this.#backend.subscribe((batch) => this.#receive(batch));
        if (this.#closed) {
          stop();
          return;
        }
        this.#stop = stop;
      }
    } catch (thrown) {
      this.trouble = sayError(commandError(thrown));
      return;
    }
    await this.#ask();
  }

  close(): void {
    this.#closed = true;
    this.#stop?.();
    this.#stop = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  sync(): Promise<Reply | null> {
    if (this.running) return Promise.resolve(null);
    this.said = '';
    return this.#give({ command: 'sync', dryRun: false, limit: null, only: null, unattended: false });
  }

  pause(): Promise<Reply | null> {
    return this.#give({ command: 'pause' });
  }

  resume(): Promise<Reply | null> {
    return this.#give({ command: 'resume' });
  }

  async cancel(): Promise<void> {
    if ((await this.#give({ command: 'cancel' })) !== null && this.running) this.cancelling = true;
  }

  retryFailed(): Promise<Reply | null> {
    return this.#give({ command: 'retryFailed' });
  }

  /** Decides once for all values that were locked before anything was known of them. */
  async decideLocked(choice: Choice): Promise<void> {
    const reply = await this.#give({
      command: 'settle',
      decision: { choice, item: null, field: null, about: 'lockedBefore' },
    });
    if (reply?.reply !== 'settled') return;
    this.said = decidedAll('value', choice, reply);
  }

  tryConnection(): Promise<Reply | null> {
    return this.#give({ command: 'testConnection' });
  }

  forgetRefusal(): void {
    this.refusal = null;
  }

  /** Other settings are in force: what was refused because of those before is said no longer. */
  settingsSaved(): void {
    if (this.refusal !== null && mendedInSettings(this.refusal.code)) this.refusal = null;
  }

  /** Gives a command once at a time; `null` where it was refused or is already under way. */
  async #give(command: Command): Promise<Reply | null> {
    const name = command.command;
    if (this.busy.has(name)) return null;
    this.busy = new Set([...this.busy, name]);
    this.refusal = null;
    try {
      return await this.#backend.command(command);
    } catch (thrown) {
      this.refusal = sayError(commandError(thrown));
      return null;
    } finally {
      this.busy = new Set([...this.busy].filter((other) => other !== name));
    }
  }

  #receive(batch: Numbered[]): void {
    if (this.#closed) return;
    if (this.#n === null) {
      this.#waiting.push(...batch);
      if (this.#waiting.length > WAITING) this.#waiting.splice(0, this.#waiting.length - WAITING);
      return;
    }
    const before = this.running;
    if (!this.#take(batch)) void this.#ask();
    // What a run left (totals, the list of runs) comes with a whole state; where none came with its end, ask.
    else if (before && !this.running && batch.at(-1)?.event.type !== 'snapshot') void this.#ask();
  }

  /** Folds in what is news; `false` at a gap, with what came after it kept waiting. */
  #take(batch: Numbered[]): boolean {
    let { snapshot } = this;
    let n = this.#n ?? 0;
    for (const [index, numbered] of batch.entries()) {
      if (numbered.n <= n) continue;
      const whole = numbered.event.type === 'snapshot';
      if (snapshot === null || (!whole && numbered.n !== n + 1)) {
        this.#waiting = batch.slice(index);
        this.#show(snapshot, n);
        return false;
      }
      snapshot = fold(snapshot, numbered.event);
      n = numbered.n;
    }
    this.#show(snapshot, n);
    return true;
  }

  #show(snapshot: Snapshot | null, n: number): void {
    this.#n = n;
    this.snapshot = snapshot;
    if (this.cancelling && !this.running) this.cancelling = false;
  }

  async #ask(): Promise<void> {
    this.#n = null;
    try {
      const { n, snapshot } = await this.#backend.snapshot();
      if (this.#closed) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      this.trouble = null;
      this.#show(snapshot, n);
      if (!this.#take(waiting)) {
        this.#n = null;
        this.#timer = setTimeout(() => void this.#ask(), AGAIN_MS);
      }
    } catch (thrown) {
      if (!this.#closed) this.trouble = sayError(commandError(thrown));
    }
  }
}
