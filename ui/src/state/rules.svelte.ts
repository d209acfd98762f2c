// What a person asks before path rules are saved: what they would do, and which ones the paths of both sides suggest.
// Both sides are read for each question, so nothing is asked until somebody wants it. An answer is shown only while it
// speaks of the rules, the server, the libraries and the folder that are on screen.
// Not here: the rules themselves (settings.svelte.ts), what is said of the figures (../text/rules.ts).

import {
  type Answer,
  type Backend,
  type PathRule,
  type PathTrial,
  type Question,
  type RuleReach,
  type RuleSuggestion,
  type RuleTest,
  commandError,
} from '../backend/backend';
import { sayError } from '../text/errors';
import { covers, isFolder, sameFolder } from './folders';
import { type SettingsForm, bothSides, tidy } from './settings.svelte';

/** What is asked: about all rules, about one path, for suggestions. */
export type Asked = 'rules' | 'path' | 'suggestions';

export interface Suggested {
  rules: RuleSuggestion[];
  /** Media files of the source. */
  files: number;
  /** Those of them that Plex holds under the very same path. */
  asTheyAre: number;
}

interface Kept<T> {
  /** What was on screen when it was asked. */
  of: string;
  what: T;
}

export class RuleTrial {
  /** A source path of the person's own. */
  path = $state('');
  asking = $state<Asked | 'none'>('none');
  /** What was done to the rules last, as a sentence. */
  said = $state('');

  #test = $state.raw<Kept<RuleTest> | null>(null);
  #own = $state.raw<Kept<PathTrial> | null>(null);
  #suggested = $state.raw<Kept<Suggested> | null>(null);
  #refused = $state.raw<Kept<{ asked: Asked; message: string }> | null>(null);
  readonly #backend: Backend;
  readonly #form: SettingsForm;

  readonly #sides = $derived.by(() => `${this.#form.token !== ''} ${bothSides(this.#form.draft)}`);
  readonly #rules = $derived.by(() => JSON.stringify(tidy(this.#form.draft.pathRules)) + this.#sides);
  readonly #ownPath = $derived(this.path.trim() + this.#rules);

  /** What the rules on screen would do; `null` where they were not tried. */
  readonly test = $derived(current(this.#test, this.#rules));
  /** What they make of the person's own path. */
  readonly own = $derived(current(this.#own, this.#ownPath));
  readonly suggested = $derived(current(this.#suggested, this.#sides));
  /** Other rules than those on screen were tried. */
  readonly stale = $derived(this.#test !== null && this.test === null);

  constructor(backend: Backend, form: SettingsForm) {
    this.#backend = backend;
    this.#form = form;
  }

  /** Why a question was not answered; empty where it was, or where it was another. */
  refusal(asked: Asked): string {
    const refused = current(this.#refused, this.#shown(asked));
    return refused?.asked === asked ? refused.message : '';
  }

  /** Tries the rules on everything. `false` where a rule has to be mended first. */
  async tryRules(): Promise<boolean> {
    if (this.#hindered) return true;
    if (!this.#form.checkRules()) return false;
    const of = this.#rules;
    const answer = await this.#ask('rules', this.#testRules([]));
    if (answer?.answer === 'rulesTested') this.#test = { of, what: answer.test };
    return true;
  }

  /** Tries the rules on the person's own path. `false` where a rule has to be mended first. */
  async tryPath(): Promise<boolean> {
    const path = this.path.trim();
    if (this.#hindered || path === '') return true;
    if (!this.#form.checkRules()) return false;
    const [of, ofRules] = [this.#ownPath, this.#rules];
    const answer = await this.#ask('path', this.#testRules([path]));
    if (answer?.answer !== 'rulesTested') return true;
    const { test } = answer;
    const [trial] = test.paths;
    if (trial !== undefined) this.#own = { of, what: trial };
    // Its figures are as good as any; the paths that were picked before stay.
    const picked = current(this.#test, ofRules)?.paths ?? [];
    this.#test = { of: ofRules, what: { ...test, paths: picked } };
    return true;
  }

  async suggest(): Promise<void> {
    if (this.#hindered) return;
    const of = this.#sides;
    const answer = await this.#ask('suggestions', { question: 'suggestRules' });
    if (answer?.answer !== 'rulesSuggested') return;
    const { rules, files, asTheyAre } = answer;
    this.#suggested = { of, what: { rules, files, asTheyAre } };
  }

  forgetSuggestions(): void {
    this.#suggested = null;
  }

  /** Nothing that was answered holds any longer: both sides may have changed. */
  forget(): void {
    [this.#test, this.#own, this.#suggested, this.#refused] = [null, null, null, null];
    this.said = '';
  }

  /** Whether a suggestion is among the rules on screen. */
  isUsed(rule: PathRule): boolean {
    return this.#form.draft.pathRules.some(
      (other) => isFolder(other) && sameFolder(other.from, rule.from) && sameFolder(other.to, rule.to),
    );
  }

  /**
   * Puts suggestions among the rules, to be saved with them: in place of a rule for the same folder, else before a rule
   * that would leave them nothing, else at the end.
   */
  use(...suggestions: PathRule[]): void {
    const rules = tidy(this.#form.draft.pathRules);
    for (const { from, to } of suggestions) {
      const same = rules.find((other) => isFolder(other) && sameFolder(other.from, from));
      const wider = rules.findIndex((other) => isFolder(other) && covers(other.from, from));
      if (same) same.to = to;
      else rules.splice(wider === -1 ? rules.length : wider, 0, { from, to });
    }
    this.#form.replaceRules(rules);
    this.said =
      suggestions.length === 1
        ? `${suggestions[0]?.from} leads to ${suggestions[0]?.to} now. Not saved yet.`
        : `${suggestions.length} rules are taken over. Not saved yet.`;
  }

  /** What the rule at this place on screen does; `null` where that is not known. */
  reach(index: number): RuleReach | null {
    const { pathRules } = this.#form.draft;
    if (tidy(pathRules.slice(index, index + 1)).length === 0) return null;
    return this.test?.rules[tidy(pathRules.slice(0, index)).length] ?? null;
  }

  /** The rule on screen that led to a path; `null` where none did. */
  ruleOf({ rule }: PathTrial): PathRule | null {
    return rule === null ? null : (tidy(this.#form.draft.pathRules)[rule] ?? null);
  }

  /** One question at a time, and none while the answer would be about something else than what is on screen. */
  get #hindered(): boolean {
    return this.asking !== 'none' || this.#form.sidesEdited;
  }

  #testRules(paths: string[]): Question {
    return { question: 'testRules', rules: tidy(this.#form.draft.pathRules), paths };
  }

  /** What an answer to a question speaks of. */
  #shown(asked: Asked): string {
    return { rules: this.#rules, path: this.#ownPath, suggestions: this.#sides }[asked];
  }

  async #ask(asked: Asked, question: Question): Promise<Answer | null> {
    const of = this.#shown(asked);
    this.asking = asked;
    this.#refused = null;
    try {
      return await this.#backend.ask(question);
    } catch (thrown) {
      this.#refused = { of, what: { asked, message: sayError(commandError(thrown)).message } };
      return null;
    } finally {
      this.asking = 'none';
    }
  }
}

function current<T>(kept: Kept<T> | null, now: string): T | null {
  return kept !== null && kept.of === now ? kept.what : null;
}
