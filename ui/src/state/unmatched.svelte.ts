// Source items that match nothing in Plex, and a person's yes or no to what resembles them.
// Asked for only when somebody wants to see them: both sides are read anew each time, and a sync waits for that. What an
// answer changes is changed in the rows that are there, so that none is looked for a second time.

import {
  type Backend,
  type CommandError,
  type MatchRow,
  type MatchSuggestion,
  type Question,
  commandError,
} from '../backend/backend';
import { sayError } from '../text/errors';

/** Rows asked for at once. */
const MOST = 500;

export class Unmatched {
  /** `null` until the first answer. */
  rows = $state.raw<MatchRow[] | null>(null);
  /** There are more than were asked for. */
  more = $state(false);
  trouble = $state.raw<CommandError | null>(null);
  /** What was decided last, as a sentence. */
  said = $state('');
  /** The source items whose answer is not kept yet. */
  answering = $state.raw<ReadonlySet<string>>(new Set());
  #loading = $state(false);

  /** Both sides are being read. */
  looking = $derived(this.#loading || this.answering.size > 0);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    const answer = await this.#ask({ question: 'matches', which: 'missing', limit: MOST });
    this.#loading = false;
    if (answer?.answer !== 'matches') return;
    this.rows = answer.list.rows;
    this.more = answer.list.more;
  }

  /** A source item means what is suggested for it. Says whether that is kept. */
  async accept({ sourceId }: MatchRow, { item }: MatchSuggestion): Promise<boolean> {
    const { ratingKey } = item;
    if (!(await this.#answer(sourceId, { question: 'acceptMatch', sourceId, ratingKey }))) return false;
    this.rows = this.rows?.filter((row) => row.sourceId !== sourceId) ?? null;
    this.said = `${sourceId} means “${item.title}”: the next sync writes it.`;
    return true;
  }

  /** A source item never means what is suggested for it. Says whether that is kept. */
  async reject({ sourceId }: MatchRow, { item }: MatchSuggestion): Promise<boolean> {
    const { ratingKey } = item;
    if (!(await this.#answer(sourceId, { question: 'rejectMatch', sourceId, ratingKey }))) return false;
    const without = (row: MatchRow): MatchRow => ({
      ...row,
      suggestions: row.suggestions.filter((other) => other.item.ratingKey !== ratingKey),
    });
    this.rows = this.rows?.map((row) => (row.sourceId === sourceId ? without(row) : row)) ?? null;
    this.said = `${sourceId} does not mean “${item.title}”. It is not suggested again.`;
    return true;
  }

  /** One answer at a time for a source item; those for others wait in the engine. */
  async #answer(sourceId: string, question: Question): Promise<boolean> {
    if (this.answering.has(sourceId)) return false;
    this.answering = new Set([...this.answering, sourceId]);
    const answer = await this.#ask(question);
    this.answering = new Set([...this.answering].filter((other) => other !== sourceId));
    return answer !== null;
  }

  async #ask(question: Question) {
    this.trouble = null;
    try {
      return await this.#backend.ask(question);
    } catch (thrown) {
      this.trouble = sayError(commandError(thrown));
      return null;
    }
  }
}
