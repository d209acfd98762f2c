// A backend without an engine: a demo run with timers, for a browser and for tests. The same on every start.

import {
  type Answer,
  type Backend,
  type Command,
  type CommandError,
  type Event,
  type Numbered,
  type NumberedSnapshot,
  type Phase,
  type PhaseProgress,
  type Question,
  type Reply,
  type Report,
  type RunSummary,
  type Settings,
  type Snapshot,
  type TokenState,
} from './backend';
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
import { DemoRows, unmatched } from './demo-rows';
import { suggestRules, testRules } from './demo-rules';
import { LOCKED_BEFORE, SERVER, type Scenario, begin } from './scenarios';

const TICK_MS = 250;
const TO_WRITE = 200;
const COLLECTIONS = 11;
export class FakeBackend implements Backend {
  /** What was asked for, for tests. */
  readonly commands: Command[] = [];
  /** What was asked about paths and matches, for tests. */
  readonly questions: Question[] = [];
  /** Where the person has the settings exported to, for tests. */
  exportPlace: string | null = '/home/me/syncslate.toml';
  #n = 1;
  #snapshot: Snapshot;
  readonly #listeners = new Set<(batch: Numbered[]) => void>();
  #token: TokenState;
  #run: FakeRun | null = null;
  readonly #rows: DemoRows;
  #broken: boolean;
  /** As in the engine, a sync waits for the answer to a question. */
  #asked: Promise<void> | null = null;
  #wrongToken = false;

  constructor(scenario: Scenario = 'ready') {
    this.#snapshot = begin(scenario, Date.now());
    this.#token = { place: scenario === 'new' ? 'missing' : 'keychain', message: null };
    this.#broken = scenario === 'broken';
    this.#rows = new DemoRows(scenario === 'conflicts');
  }

  async snapshot(): Promise<NumberedSnapshot> {
    if (this.#broken) {
      this.#broken = false;
      throw {
        code: 'state_unreadable',
        message: 'The state folder could not be read. Nothing was changed.',
      } satisfies CommandError;
    }
    return Promise.resolve({ n: this.#n, snapshot: structuredClone(this.#snapshot) });
  }

  async subscribe(receive: (batch: Numbered[]) => void): Promise<() => void> {
    this.#listeners.add(receive);
    return Promise.resolve(() => this.#listeners.delete(receive));
  }

  async command(command: Command): Promise<Reply> {
    this.commands.push(structuredClone(command));
    const run = this.#run;
    switch (command.command) {
      case 'sync': {
        if (run) throw refuse('busy', '');
        if (this.#asked) await this.#asked;
        const number = (this.#snapshot.recent[0]?.run ?? 0) + 1;
        this.#run = new FakeRun(number, (events, ended) => this.#step(events, ended));
        return { reply: 'started', run: number };
      }
      case 'pause':
        run?.pause();
        return { reply: 'done' };
      case 'resume':
        run?.resume();
        return { reply: 'done' };
      case 'cancel':
        run?.cancel();
        return { reply: 'done' };
      case 'testConnection':
        await new Promise((resolve) => setTimeout(resolve, 600));
        this.#test();
        return { reply: 'connected', ...SERVER };
      case 'retryFailed':
        this.#rows.failed = [];
        this.#replace({
          failed: 0,
          problems: this.#snapshot.problems.filter((problem) => problem.code !== 'jobs_failed'),
        });
        return { reply: 'done' };
      case 'setSettings':
        this.#replace({ settings: command.settings });
        return { reply: 'done' };
      case 'settle': {
        const asked = this.#snapshot.problems.some(({ code }) => code === 'locked_before');
        const locked = command.decision.about === 'lockedBefore' && asked ? LOCKED_BEFORE : 0;
        const fields = locked + this.#rows.settle(command.decision);
        this.#replace({
          conflicts: this.#rows.conflicts.length,
          problems: this.#snapshot.problems.filter((problem) => problem.code !== 'locked_before'),
        });
        return { reply: 'settled', fields, maybeWritten: 0 };
      }
      case 'undo':
      case 'unlock':
        throw refuse('unknown', '');
    }
  }

  async report(): Promise<Report> {
    const { conflicts, kept, chosen, failed } = this.#rows;
    const snapshot = structuredClone(this.#snapshot);
    const lockedBefore = kept.filter((row) => row.kept.reason === 'lockedBefore').length;
    return Promise.resolve({
      snapshot,
      failed,
      conflicts,
      kept,
      lockedBefore,
      chosen,
      at: Date.now(),
    });
  }

  async ask(question: Question): Promise<Answer> {
    this.questions.push(structuredClone(question));
    if (this.#run) throw refuse('busy', 'A run is under way. Ask after it.');
    this.#asked = new Promise((resolve) => setTimeout(resolve, 300));
    await this.#asked;
    const { plexAddress, source } = this.#snapshot.settings;
    if (plexAddress === '') throw refuse('settings', 'Enter the address of your Plex server.');
    switch (question.question) {
      case 'matches':
        return { answer: 'matches', list: unmatched() };
      case 'acceptMatch':
      case 'rejectMatch':
        return { answer: 'chosen', sourceId: question.sourceId, accepted: [], rejected: [] };
      case 'suggestRules':
        return suggestRules();
      case 'testRules':
        try {
          return testRules(question.rules, question.paths, source.folder);
        } catch {
          const at = question.rules.findIndex(({ kind }) => kind === 'regex') + 1;
          throw refuse('settings', `Path rule ${at}: the pattern cannot be read.`);
        }
    }
  }

  async testConnection(address: string, token: string): Promise<Reply> {
    await new Promise((resolve) => setTimeout(resolve, 600));
    if (/:1(\/|$)/.test(address)) {
      throw refuse('unreachable', `Nothing answers at ${address}. Nothing was changed. Check the address.`);
    }
    if (token === 'wrong' || (token === '' && this.#wrongToken)) throw refuse('sign_in', '');
    return { reply: 'connected', ...SERVER };
  }

  async tokenState(): Promise<TokenState> {
    return Promise.resolve(this.#token);
  }

  async setToken(token: string): Promise<TokenState> {
    this.#wrongToken = token === 'wrong';
    this.#token = { place: token === '' ? 'missing' : 'keychain', message: null };
    return Promise.resolve(this.#token);
  }

  async saveSettings(settings: Settings): Promise<string | null> {
    const { connection, problems } = this.#snapshot;
    this.#replace({
      settings,
      settingsSince: Date.now(),
      connection: connection.state === 'notSetUp' ? { state: 'unknown' } : connection,
      problems: problems.filter(({ code }) => code !== 'nothing_matched'),
    });
    const { folder } = settings.source;
    return Promise.resolve(
      folder.startsWith('/nowhere')
        ? `The source folder ${folder} is not there. While that is so, a sync stops and changes nothing. Connect its disk or share, or choose another folder.`
        : null,
    );
  }

  async pickFolder(): Promise<string | null> {
    return Promise.resolve('/srv/media/films');
  }

  async exportSettings(): Promise<string | null> {
    return Promise.resolve(this.exportPlace);
  }

  /** Sends events as the engine would, for tests. */
  say(...events: Event[]): void {
    const batch = events.map((event) => {
      this.#n += 1;
      if (event.type === 'snapshot') this.#snapshot = event.snapshot;
      return { n: this.#n, event };
    });
    for (const listener of this.#listeners) listener(batch);
  }

  /** Counts an event without sending it, as where a window slept, for tests. */
  lose(change: Partial<Snapshot>): void {
    this.#n += 1;
    this.#snapshot = { ...this.#snapshot, ...change };
  }

  /** Any address answers but one with port 1; any token is right but `wrong`. */
  #test(): void {
    const { plexAddress } = this.#snapshot.settings;
    if (/:1(\/|$)/.test(plexAddress)) {
      const message = `Nothing answers at ${plexAddress}. Nothing was changed. Check the address and that Plex is running.`;
      this.#replace({ connection: { state: 'away', since: Date.now(), message } });
      throw refuse('unreachable', message);
    }
    if (this.#wrongToken) {
      this.#replace({ connection: { state: 'signInNeeded' } });
      throw refuse('sign_in', '');
    }
    const { name, version, millis } = SERVER;
    this.#replace({ connection: { state: 'connected', name, version, millis } });
  }

  #replace(change: Partial<Snapshot>): void {
    this.say({ type: 'snapshot', snapshot: { ...this.#snapshot, ...change } });
  }

  #step(events: Event[], ended: RunSummary | null): void {
    const run = this.#snapshot.run;
    for (const event of events) {
      // Kept here too, so that a snapshot asked for in the middle is right.
      if (event.type === 'progress') {
        const same = run?.summary.run === event.summary.run ? run : null;
        this.#snapshot.run = {
          ...(same ?? { feed: [], operations: [], caches: [], speed: [] }),
          summary: event.summary,
          phases: event.phases,
        };
      }
      const now = this.#snapshot.run;
      if (event.type === 'changed' && now) now.feed = [...event.items, ...now.feed].slice(0, 50);
      if (event.type === 'statistics' && now) {
        now.operations = event.operations;
        now.caches = event.caches;
        now.speed = [...now.speed, event.itemsPerSecond].slice(-120);
      }
    }
    this.say(...structuredClone(events));
    if (ended && this.#snapshot.run) {
      this.#run = null;
      this.#replace({
        run: { ...this.#snapshot.run, summary: ended },
        recent: [ended, ...this.#snapshot.recent].slice(0, 24),
        totals: { sourceItems: FILMS, plexItems: 246, matched: MATCHED, notInPlex: 5, notInSource: 13 },
        caches: caches(2 * FILMS + ended.written),
      });
    }
  }
}

/** A run that goes through the four steps on a timer. */
class FakeRun {
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

function refuse(code: string, message: string): CommandError {
  return { code, message };
}
