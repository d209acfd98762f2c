// The settings as a person edits them: a draft, its errors, the test of the connection, saving.
// Not here: what the engine checks on top of it; its answer is shown as it comes.

import {
  type Backend,
  type PathRule,
  type PathRuleKind,
  type SectionSettings,
  type Settings,
  type TokenState,
  commandError,
} from '../backend/backend';
import { sayError } from '../text/errors';
import { FieldChoices } from './fields.svelte';
import { type Library, libraries, means, plain } from './libraries';
import { prune } from './policies';
import { type Errors, type Setting, validate } from './validate';

export const TABS = ['plex', 'source', 'paths', 'fields', 'writing'] as const;
export type Tab = (typeof TABS)[number];

const TAB_OF: Record<Setting, Tab> = {
  plexAddress: 'plex',
  token: 'plex',
  sections: 'plex',
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
  /** What a person should know of what was saved, though it is in force; empty where there is nothing. */
  note = $state('');
  /** Where the settings were exported to since the last edit; empty where they were not. */
  exported = $state('');

  /** How often another token, server, library or folder came into force: answers from before speak of others. */
  sidesSaved = $state(0);

  readonly fields = new FieldChoices(this);

  /** What is in force. */
  #stored = $state.raw<Settings>(empty());
  #touched = $state.raw<ReadonlySet<string>>(new Set());
  #all = $state(false);
  /** Libraries taken out since the last save, with what they had of their own. */
  #takenOut: SectionSettings[] = [];
  readonly #backend: Backend;
  readonly #onsaved: () => void;

  readonly dirty = $derived(this.token !== '' || inText(this.draft) !== inText(this.#stored));
  /** Server, libraries or folder are not those in force, which are asked about paths. */
  readonly sidesEdited = $derived(this.token !== '' || bothSides(this.draft) !== bothSides(this.#stored));
  /** What each path rule is called; `null` for one that is empty, which the engine never gets. */
  readonly ruleNumbers: (number | null)[] = $derived(
    this.draft.pathRules.map((rule, at) =>
      tidy([rule]).length > 0 ? tidy(this.draft.pathRules.slice(0, at + 1)).length : null,
    ),
  );
  readonly #errors: Errors = $derived(
    validate(
      this.draft,
      this.token !== '' || (this.tokenState !== null && this.tokenState.place !== 'missing'),
    ),
  );

  /** `onsaved`: who else is to hear that other settings are in force. */
  constructor(backend: Backend, onsaved: () => void = () => undefined) {
    this.#backend = backend;
    this.#onsaved = onsaved;
  }

  /** Takes over what is in force, unless the person is editing. */
  load(settings: Settings): void {
    if (this.dirty) return;
    this.#keepAsStored(settings);
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
    return this.#all || this.#touched.has(name) ? (this.#errors.settings[name] ?? '') : '';
  }

  ruleError(index: number): string {
    return this.#all || this.#touched.has(`rule-${index}`) ? (this.#errors.rules[index] ?? '') : '';
  }

  /** Whether a tab holds an error that is shown. */
  tabBad(tab: Tab): boolean {
    if (tab === 'paths') return this.draft.pathRules.some((_, index) => this.ruleError(index) !== '');
    return (Object.keys(TAB_OF) as Setting[]).some((name) => TAB_OF[name] === tab && this.error(name) !== '');
  }

  /** What Plex named in the last test; `null` while it was not asked. */
  readonly #found: string[] | null = $derived(
    this.result?.kind === 'connected' ? this.result.sections : null,
  );

  /** The libraries to choose from: those that the test found, and those chosen before. */
  readonly libraries: Library[] = $derived(libraries(this.draft.sections, this.#found));

  /** Libraries can be chosen once Plex has named them. */
  readonly canChoose = $derived(this.#found !== null);

  choose(library: string, chosen: boolean): void {
    const found = this.#found ?? [];
    const meant = ({ title }: SectionSettings) => means(title, library, found);
    const { sections } = this.draft;
    if (chosen) {
      const before = this.#takenOut.find(meant);
      if (!sections.some(meant)) sections.push(before ? copy(before) : plain(library));
    } else {
      this.#takenOut = [...copy(sections.filter(meant)), ...this.#takenOut];
      this.draft.sections = sections.filter((section) => !meant(section));
    }
    this.edited();
  }

  edited(): void {
    this.saved = false;
    this.note = '';
    this.exported = '';
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
    this.replaceRules(this.draft.pathRules.filter((_, at) => at !== index));
  }

  /** Puts a rule before the one above it (`-1`), or after the one below it (`1`). */
  moveRule(index: number, by: -1 | 1): void {
    const rules = [...this.draft.pathRules];
    const [moved] = rules.splice(index, 1);
    if (moved === undefined || rules[index + Math.min(by, 0)] === undefined) return;
    rules.splice(index + by, 0, moved);
    this.replaceRules(rules);
  }

  chooseKind(index: number, kind: PathRuleKind): void {
    const rule = this.draft.pathRules[index];
    if (rule === undefined) return;
    // As it is stored: what is said by default is not said.
    if (kind === 'prefix') delete rule.kind;
    else rule.kind = kind;
    this.edited();
  }

  replaceRules(rules: PathRule[]): void {
    this.draft.pathRules = rules;
    this.#touched = new Set([...this.#touched].filter((name) => !name.startsWith('rule-')));
    this.edited();
  }

  /** Whether every rule says something on both sides. From now on the errors of those that do not are shown. */
  checkRules(): boolean {
    this.#touched = new Set([...this.#touched, ...this.draft.pathRules.map((_, index) => `rule-${index}`)]);
    return !this.tabBad('paths');
  }

  discard(): void {
    this.#keepAsStored(this.#stored);
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

  /** Has what is saved written as a config file. */
  async export(): Promise<void> {
    this.refusal = '';
    try {
      this.exported = (await this.#backend.exportSettings()) ?? '';
    } catch (thrown) {
      this.exported = '';
      this.refusal = sayError(commandError(thrown)).message;
    }
  }

  async test(): Promise<void> {
    if (this.busy !== 'none') return;
    this.touch('plexAddress');
    this.touch('token');
    if (this.#errors.settings.plexAddress || this.#errors.settings.token) return;
    this.busy = 'testing';
    this.result = null;
    try {
      // Nothing is kept yet: a wrong token must not take the place of a good one.
      const answer = await this.#backend.testConnection(this.draft.plexAddress.trim(), this.token.trim());
      if (answer.reply !== 'connected') return;
      const { name, version, millis, sections } = answer;
      this.result = { kind: 'connected', name, version, millis, sections };
      const only = sections.length === 1 ? sections[0] : undefined;
      if (this.draft.sections.length === 0 && only !== undefined) this.choose(only, true);
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
      const others = bothSides(settings) !== bothSides(this.#stored);
      this.note = (await this.#backend.saveSettings(settings)) ?? '';
      if (others) this.sidesSaved += 1;
      this.#keepAsStored(settings);
      this.#all = false;
      this.#touched = new Set();
      this.saved = true;
      this.#onsaved();
      return true;
    } catch (thrown) {
      this.refusal = sayError(commandError(thrown)).message;
      return false;
    } finally {
      this.busy = 'none';
    }
  }

  #keepAsStored(settings: Settings): void {
    this.#stored = settings;
    this.draft = copy(settings);
    this.#takenOut = [];
  }

  async #keepToken(): Promise<void> {
    const token = this.token.trim();
    if (token === '') return;
    this.tokenState = await this.#backend.setToken(token);
    this.token = '';
    this.sidesSaved += 1;
  }
}

function empty(): Settings {
  return {
    plexAddress: '',
    sections: [],
    source: { kind: 'nfo', folder: '' },
    pathRules: [],
    policies: {},
    listModes: {},
    lockWritten: true,
    maxConcurrency: 16,
  };
}

function copy<T>(settings: T): T {
  return JSON.parse(JSON.stringify(settings)) as T;
}

/** Without blanks at the ends of what was typed, and without rules that were left empty. */
export function tidy(rules: PathRule[]): PathRule[] {
  return rules
    .map(({ from, to, ...rule }) => ({ ...rule, from: from.trim(), to: to.trim() }))
    .filter(({ from, to }) => from !== '' || to !== '');
}

/** Whose paths rules lead from and to, as text. */
export function bothSides({ plexAddress, sections, source }: Settings): string {
  const titles = sections.map(({ title }) => title.trim()).sort();
  return JSON.stringify([plexAddress.trim(), titles, source.kind, source.folder.trim()]);
}

/** Settings as text that is the same whatever the order in which somebody chose. */
function inText(settings: Settings): string {
  const sections = [...settings.sections].sort((a, b) => (a.title < b.title ? -1 : 1));
  return JSON.stringify({ ...settings, sections }, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Without blanks at the ends of what was typed, without rules that were left empty and choices that say nothing. */
function trimmed(draft: Settings): Settings {
  const settings = copy(draft);
  settings.plexAddress = settings.plexAddress.trim();
  settings.source.folder = settings.source.folder.trim();
  settings.pathRules = tidy(settings.pathRules);
  settings.sections = settings.sections
    .map((section) => ({ ...section, title: section.title.trim() }))
    .filter(({ title }) => title !== '');
  prune(settings);
  return settings;
}
