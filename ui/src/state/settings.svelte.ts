// The settings as a person edits them: a draft, its errors, the test of the connection, saving.
// Not here: what the engine checks on top of it; its answer is shown as it comes.

import { type Backend, type Settings, type TokenState, commandError } from '../backend/backend';
import { sayError } from '../text/errors';
import { type Errors, type Setting, validate } from './validate';

export const TABS = ['plex', 'source', 'paths', 'writing'] as const;
export type Tab = (typeof TABS)[number];

const TAB_OF: Record<Setting, Tab> = {
  plexAddress: 'plex',
  token: 'plex',
  section: 'plex',
  folder: 'source',
  maxConcurrency: 'writing',
};

export type TestResult =
  | { kind: 'connected'; name: string; version: string; millis: number; sections: string[] }
  | { kind: 'failed'; message: string };

export class SettingsForm {
  tab = $state<Tab>('plex');
  draft = $state<Settings>(empty());
  /** A token typed in but not yet kept. Never read back. */
  token = $state('');
  tokenState = $state.raw<TokenState | null>(null);
  result = $state.raw<TestResult | null>(null);
  busy = $state<'none' | 'testing' | 'saving'>('none');
  /** Why saving was refused as a whole. */
  refusal = $state('');
  /** Saved since the last edit. */
  saved = $state(false);

  /** What is in force, as text, to tell whether the draft differs. */
  #stored = $state.raw(JSON.stringify(empty()));
  #touched = $state.raw<ReadonlySet<string>>(new Set());
  #all = $state(false);
  readonly #backend: Backend;

  readonly dirty = $derived(this.token !== '' || JSON.stringify(this.draft) !== this.#stored);
  readonly #found: Errors = $derived(
    validate(
      this.draft,
      this.token !== '' || (this.tokenState !== null && this.tokenState.place !== 'missing'),
    ),
  );

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Takes over what is in force, unless the person is editing. */
  load(settings: Settings): void {
    if (this.dirty) return;
    this.#stored = JSON.stringify(settings);
    this.draft = copy(settings);
  }

  async loadToken(): Promise<void> {
    try {
      this.tokenState = await this.#backend.tokenState();
    } catch (thrown) {
      this.tokenState = { place: 'missing', message: sayError(commandError(thrown)).message };
    }
  }

  /** The person left this field: from now on its error is shown. */
  touch(name: string): void {
    this.#touched = new Set([...this.#touched, name]);
  }

  /** The error under a field; empty where there is none to show yet. */
  error(name: Setting): string {
    return this.#all || this.#touched.has(name) ? (this.#found.settings[name] ?? '') : '';
  }

  ruleError(index: number): string {
    return this.#all || this.#touched.has(`rule-${index}`) ? (this.#found.rules[index] ?? '') : '';
  }

  /** Whether a tab holds an error that is shown. */
  tabBad(tab: Tab): boolean {
    if (tab === 'paths') return this.draft.pathRules.some((_, index) => this.ruleError(index) !== '');
    return (Object.keys(TAB_OF) as Setting[]).some((name) => TAB_OF[name] === tab && this.error(name) !== '');
  }

  /** The libraries to choose from: those that the test found, and the one chosen before. */
  readonly sections: string[] = $derived.by(() => {
    // Plex lets two libraries have one title.
    const found = this.result?.kind === 'connected' ? [...new Set(this.result.sections)] : [];
    const { section } = this.draft;
    return section !== '' && !found.includes(section) ? [section, ...found] : found;
  });

  /** The chosen library is not among those that Plex named. */
  readonly sectionGone = $derived(
    this.result?.kind === 'connected' &&
      this.draft.section !== '' &&
      !this.result.sections.includes(this.draft.section),
  );

  edited(): void {
    this.saved = false;
    this.refusal = '';
  }

  /** An answer speaks of the address and token that were asked with, no others. */
  connectionEdited(): void {
    this.edited();
    this.result = null;
  }

  addRule(): void {
    this.draft.pathRules.push({ from: '', to: '' });
    this.edited();
  }

  removeRule(index: number): void {
    this.draft.pathRules.splice(index, 1);
    this.#touched = new Set([...this.#touched].filter((name) => !name.startsWith('rule-')));
    this.edited();
  }

  discard(): void {
    this.draft = JSON.parse(this.#stored) as Settings;
    this.token = '';
    this.result = null;
    this.#touched = new Set();
    this.#all = false;
    this.edited();
  }

  async pickFolder(): Promise<void> {
    try {
      const folder = await this.#backend.pickFolder();
      if (folder !== null) {
        this.draft.source.folder = folder;
        this.edited();
      }
    } catch (thrown) {
      this.refusal = sayError(commandError(thrown)).message;
    }
  }

  async test(): Promise<void> {
    if (this.busy !== 'none') return;
    this.touch('plexAddress');
    this.touch('token');
    if (this.#found.settings.plexAddress || this.#found.settings.token) return;
    this.busy = 'testing';
    this.result = null;
    try {
      // Nothing is kept yet: a wrong token must not take the place of a good one.
      const answer = await this.#backend.testConnection(this.draft.plexAddress.trim(), this.token.trim());
      if (answer.reply !== 'connected') return;
      const { name, version, millis, sections } = answer;
      this.result = { kind: 'connected', name, version, millis, sections };
      const only = sections.length === 1 ? sections[0] : undefined;
      if (this.draft.section === '' && only !== undefined) this.draft.section = only;
    } catch (thrown) {
      this.result = { kind: 'failed', message: sayError(commandError(thrown)).message };
    } finally {
      this.busy = 'none';
    }
  }

  /** Keeps token and settings; `false` where something has to be mended first. */
  async save(): Promise<boolean> {
    if (this.busy !== 'none') return false;
    this.#all = true;
    const bad = TABS.find((tab) => this.tabBad(tab));
    if (bad !== undefined) {
      if (!this.tabBad(this.tab)) this.tab = bad;
      return false;
    }
    this.busy = 'saving';
    this.refusal = '';
    try {
      await this.#keepToken();
      const settings = trimmed(this.draft);
      await this.#backend.saveSettings(settings);
      this.#stored = JSON.stringify(settings);
      this.draft = settings;
      this.#all = false;
      this.#touched = new Set();
      this.saved = true;
      return true;
    } catch (thrown) {
      this.refusal = sayError(commandError(thrown)).message;
      return false;
    } finally {
      this.busy = 'none';
    }
  }

  async #keepToken(): Promise<void> {
    const token = this.token.trim();
    if (token === '') return;
    this.tokenState = await this.#backend.setToken(token);
    this.token = '';
  }
}

function empty(): Settings {
  return {
    plexAddress: '',
    section: '',
    source: { kind: 'nfo', folder: '' },
    pathRules: [],
    policies: {},
    lockWritten: true,
    maxConcurrency: 16,
  };
}

function copy(settings: Settings): Settings {
  return JSON.parse(JSON.stringify(settings)) as Settings;
}

/** Without blanks at the ends of what was typed, and without rules that were left empty. */
function trimmed(draft: Settings): Settings {
  const settings = copy(draft);
  settings.plexAddress = settings.plexAddress.trim();
  settings.source.folder = settings.source.folder.trim();
  settings.pathRules = settings.pathRules
    .map(({ from, to }) => ({ from: from.trim(), to: to.trim() }))
    .filter(({ from, to }) => from !== '' || to !== '');
  return settings;
}
