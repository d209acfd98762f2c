// The window: which page is open, and what the keys do.

import type { Backend } from '../backend/backend';
import { Announcer } from './announcer.svelte';
import { Clock } from './clock.svelte';
import { Decisions } from './decisions.svelte';
import { EngineState } from './engine.svelte';
import { Pace } from './pace.svelte';
import { RuleTrial } from './rules.svelte';
import { SettingsForm } from './settings.svelte';
import { Unmatched } from './unmatched.svelte';

export type Page = 'overview' | 'details' | 'problems' | 'settings';
/** What the page of problems lists. */
export type ProblemList = 'all' | 'conflicts' | 'unmatched' | 'failed' | 'kept';

/** Elements that use Space or Enter themselves. */
const CONTROLS = 'a, button, input, select, textarea, summary, [contenteditable], [role="dialog"]';

export class App {
  page = $state<Page>('overview');
  /** The list that the page of problems was opened for; `null` where it chooses by itself. */
  list = $state<ProblemList | null>(null);
  readonly engine: EngineState;
  readonly settings: SettingsForm;
  readonly rules: RuleTrial;
  readonly decisions: Decisions;
  readonly unmatched: Unmatched;
  readonly clock = new Clock();
  readonly pace = new Pace();
  readonly announcer = new Announcer();
  readonly mac: boolean;

  constructor(backend: Backend, platform = navigator.platform) {
    this.engine = new EngineState(backend);
    this.settings = new SettingsForm(backend, () => this.engine.settingsSaved());
    this.rules = new RuleTrial(backend, this.settings, this.engine);
    this.decisions = new Decisions(backend);
    this.unmatched = new Unmatched(backend);
    this.mac = /mac|iphone|ipad/i.test(platform);
  }

  /** `list`: what the page of problems begins with. */
  open(page: Page, list: ProblemList | null = null): void {
    if (page === 'settings' && this.engine.snapshot) {
      this.settings.load(this.engine.snapshot.settings);
      void this.settings.loadToken();
      if (this.page !== 'settings') this.rules.forget();
    }
    if (page === 'problems') this.decisions.forgetSaid();
    this.list = list;
    this.page = page;
  }

  async sync(): Promise<void> {
    const started = await this.engine.sync();
    if (started !== null) this.page = 'overview';
  }

  pauseOrResume(): void {
    const state = this.engine.snapshot?.run?.summary.state;
    if (this.engine.cancelling) return;
    if (state === 'paused') void this.engine.resume();
    else if (state === 'running' || state === 'waiting') void this.engine.pause();
  }

  /** A key with the modifier of the platform, as it stands in a tooltip. */
  keys(key: string): string {
    return this.mac ? `⌘${key === 'Enter' ? '↩' : key}` : `Ctrl+${key}`;
  }

  key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.repeat) return;
    const modifier = this.mac ? event.metaKey : event.ctrlKey;
    if (modifier && !event.altKey && !event.shiftKey) {
      if (event.key === 'Enter' && this.page !== 'settings' && this.canSync) void this.sync();
      else if (event.key === '1') this.open('overview');
      else if (event.key === '4') this.open('problems');
      else if (event.key === ',') this.open('settings');
      else return;
      event.preventDefault();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey) {
      const target = event.target instanceof Element ? event.target : null;
      if (
        event.key === ' ' &&
        this.engine.running &&
        this.page !== 'settings' &&
        !target?.closest(CONTROLS)
      ) {
        this.pauseOrResume();
        event.preventDefault();
      } else if (event.key === 'Escape' && this.page === 'details') {
        this.open('overview');
      }
    }
  }

  /** What a sync that was asked for waits for, as a sentence; `null` where it waits for nothing that is known here. */
  get startsAfter(): string | null {
    if (!this.engine.busy.has('sync')) return null;
    if (this.unmatched.looking) return 'The sync begins once the list of what has no match has been read.';
    if (this.rules.asking !== 'none') return 'The sync begins once the paths of both sides have been read.';
    if (this.settings.busy === 'testing' || this.engine.busy.has('testConnection'))
      return 'The sync begins once Plex has answered the test of the connection.';
    return null;
  }

  /** Whether a sync could begin now. */
  get canSync(): boolean {
    const { snapshot, running } = this.engine;
    const state = snapshot?.connection.state;
    return snapshot !== null && !running && state !== 'notSetUp' && state !== 'signInNeeded';
  }
}
