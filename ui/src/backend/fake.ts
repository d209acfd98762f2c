// A backend without an engine: a demo run with timers, for a browser and for tests. The same on every start.

import type {
  Answer,
  Backend,
  Command,
  CommandError,
  Event,
  Numbered,
  NumberedSnapshot,
  Question,
  Reply,
  Report,
  RunSummary,
  Settings,
  Snapshot,
  TokenState,
} from './backend';
import { FILMS, MATCHED, caches } from './demo-data';
import { DemoRows, unmatched } from './demo-rows';
import { suggestRules, testRules } from './demo-rules';
import { FakeRun } from './fake-run';
import { LOCKED_BEFORE, SERVER, type Scenario, begin } from './scenarios';

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
  /** As in the engine, a sync waits for the answer to a question, which `cancel` ends: whether it may go on. */
  #asked: Promise<boolean> | null = null;
  #stopAsked: () => void = () => undefined;
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
        if (this.#asked && !(await this.#asked)) throw cancelled();
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
        if (run) run.cancel();
        else this.#stopAsked();
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
    const asked = new Promise<boolean>((resolve) => {
      this.#stopAsked = () => resolve(false);
      setTimeout(() => resolve(true), 300);
    });
    this.#asked = asked;
    const goesOn = await asked;
    if (this.#asked === asked) this.#asked = null;
    if (!goesOn) throw cancelled();
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

function cancelled(): CommandError {
  return refuse('cancelled', 'Cancelled. Nothing was changed.');
}

function refuse(code: string, message: string): CommandError {
  return { code, message };
}
