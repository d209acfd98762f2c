// What a person asks before path rules are saved: what they would do, and which ones the paths of both sides suggest.
// Both sides are read for each question, so nothing is asked until somebody wants it. An answer is shown only while it
// speaks of the rules, the server, the libraries and the folder that are on screen, and no run came after it.
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
import type { EngineState } from './engine.svelte';
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

/** A rule that the engine refuses, as its message names it. */
export interface Fault {
  message: string;
  side: 'from' | 'to';
}

interface Kept<T> {
  /** What was on screen when it was asked. */
  of: string;
  /** Both sides, as they were then. */
  sides: string;
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
  readonly #engine: EngineState;
  /** Goes up whenever everything is forgotten, the answers that are still to come among it. */
  #generation = 0;

  readonly #sides = $derived.by(() => {
    const { token, sidesSaved, draft } = this.#form;
    const { snapshot, running } = this.#engine;
    return JSON.stringify([token !== '', sidesSaved, snapshot?.run?.summary.run, running, bothSides(draft)]);
  });
  readonly #rules = $derived.by(() => JSON.stringify(tidy(this.#form.draft.pathRules)) + this.#sides);
  readonly #ownPath = $derived(this.path.trim() + this.#rules);

  /** What the rules on screen would do; `null` where they were not tried. */
  readonly test = $derived(current(this.#test, this.#rules));
  /** What they make of the person's own path. */
  readonly own = $derived(current(this.#own, this.#ownPath));
  readonly suggested = $derived(current(this.#suggested, this.#sides));
  /** Other rules than those on screen were tried. */
  readonly stale = $derived(this.#test !== null && this.test === null && this.#test.sides === this.#sides);
  /** Why nothing can be asked; `null` where it can. */
  readonly hindrance: 'run' | 'unsaved' | null = $derived.by(() => {
    if (this.#engine.running) return 'run';
    return this.#form.sidesEdited ? 'unsaved' : null;
  });

  constructor(backend: Backend, form: SettingsForm, engine: EngineState) {
    this.#backend = backend;
    this.#form = form;
    this.#engine = engine;
  }

  /** Why a question was not answered; empty where it was, or where it was another. */
  refusal(asked: Asked): string {
    const refused = current(this.#refused, this.#shown(asked));
    return refused?.asked === asked ? refused.message : '';
  }

  /** What the engine refuses about the rule at this place on screen; `null` where it names none, or another. */
  fault(index: number): Fault | null {
    const refusals = [this.refusal('rules'), this.refusal('path'), this.#form.refusal];
    for (const refusal of refusals) {
      const [, number, fault = ''] = /^Path rule (\d+): (.*)/s.exec(refusal) ?? [];
      if (number === undefined || Number(number) !== this.#form.ruleNumbers[index]) continue;
      const message = fault.charAt(0).toUpperCase() + fault.slice(1);
      return { message, side: /^at character \d+ of the right side/.test(fault) ? 'to' : 'from' };
    }
    return null;
  }

  /** Tries the rules on everything. `false` where a rule has to be mended first. */
  async tryRules(): Promise<boolean> {
    if (this.#hindered) return true;
    if (!this.#form.checkRules()) return false;
    const now = this.#now('rules');
    const answer = await this.#ask('rules', this.#testRules([]));
    if (answer?.answer === 'rulesTested') this.#test = { ...now, what: answer.test };
    return true;
  }

  /** Tries the rules on the person's own path alone. `false` where a rule has to be mended first. */
  async tryPath(): Promise<boolean> {
    const path = this.path.trim();
    if (this.#hindered || path === '') return true;
    if (!this.#form.checkRules()) return false;
    const now = this.#now('path');
    const answer = await this.#ask('path', this.#testRules([path]));
    const [trial] = answer?.answer === 'rulesTested' ? answer.test.paths : [];
    if (trial !== undefined) this.#own = { ...now, what: trial };
    return true;
  }

  async suggest(): Promise<void> {
    if (this.#hindered) return;
    const now = this.#now('suggestions');
    const answer = await this.#ask('suggestions', { question: 'suggestRules' });
    if (answer?.answer !== 'rulesSuggested') return;
    const { rules, files, asTheyAre } = answer;
    this.#suggested = { ...now, what: { rules, files, asTheyAre } };
  }

  /** Ends the question that is being answered, and with it what waits for the answer. */
  async stop(): Promise<void> {
    if (this.asking !== 'none') await this.#engine.cancel();
  }

  forgetSuggestions(): void {
    this.#suggested = null;
  }

  /** Nothing that was answered holds any longer: both sides may have changed. */
  forget(): void {
    this.#generation += 1;
    [this.#test, this.#own, this.#suggested, this.#refused] = [null, null, null, null];
    this.said = '';
  }

  /** Whether a suggestion is among the rules on screen, and none before it takes its paths. */
  isUsed({ from, to }: PathRule): boolean {
    const first = tidy(this.#form.draft.pathRules).find((rule) => isFor(rule, from) || takes(rule, from));
    return first !== undefined && isFor(first, from) && sameFolder(first.to, to);
  }

  /**
   * Puts suggestions among the rules, to be saved with them: where a rule for the same folder was, else at the end, and
   * in any case before every rule that would take their paths.
   */
  use(...suggestions: PathRule[]): void {
    let rules = tidy(this.#form.draft.pathRules);
    for (const { from, to } of suggestions) {
      const place = (index: number): number => (index === -1 ? rules.length : index);
      const was = rules.findIndex((rule) => isFor(rule, from));
      rules = rules.filter((rule) => !isFor(rule, from));
      const before = rules.findIndex((rule) => takes(rule, from));
      rules.splice(Math.min(place(was), place(before)), 0, { from, to });
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
    return this.asking !== 'none' || this.hindrance !== null;
  }

  #testRules(paths: string[]): Question {
    return { question: 'testRules', rules: tidy(this.#form.draft.pathRules), paths };
  }

  /** What an answer to a question speaks of. */
  #shown(asked: Asked): string {
    return { rules: this.#rules, path: this.#ownPath, suggestions: this.#sides }[asked];
  }

  #now(asked: Asked): { of: string; sides: string } {
    return { of: this.#shown(asked), sides: this.#sides };
  }

  /** `null` where it was refused, or where nobody waits for the answer any longer. */
  async #ask(asked: Asked, question: Question): Promise<Answer | null> {
    const now = this.#now(asked);
    const generation = this.#generation;
    this.asking = asked;
    this.#refused = null;
    try {
      const answer = await this.#backend.ask(question);
      return generation === this.#generation ? answer : null;
    } catch (thrown) {
      const { code, message } = sayError(commandError(thrown));
      if (code !== 'cancelled' && generation === this.#generation) {
        this.#forgetAnswer(asked);
        this.#refused = { ...now, what: { asked, message } };
      }
      return null;
    } finally {
      this.asking = 'none';
    }
  }

  /** A refusal says that what was answered before holds no longer. */
  #forgetAnswer(asked: Asked): void {
    if (asked === 'rules') this.#test = null;
    else if (asked === 'path') this.#own = null;
    else this.#suggested = null;
  }
}

/** Whether a rule is one for this folder. */
function isFor(rule: PathRule, folder: string): boolean {
  return isFolder(rule) && sameFolder(rule.from, folder);
}

/** Whether a rule may fit the paths of this folder though it is not for this folder alone. */
function takes(rule: PathRule, folder: string): boolean {
  return !isFolder(rule) || covers(rule.from, folder);
}

function current<T>(kept: Kept<T> | null, now: string): T | null {
  return kept !== null && kept.of === now ? kept.what : null;
}
