// Source items that match nothing in Plex, and a person's yes or no to what resembles them.
// Asked for only when somebody wants to see them: both sides are read anew, and no sync can begin meanwhile.

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
  busy = $state(false);
  /** What was decided last, as a sentence. */
  said = $state('');

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(): Promise<void> {
    const answer = await this.#ask({ question: 'matches', which: 'missing', limit: MOST });
    if (answer?.answer !== 'matches') return;
    this.rows = answer.list.rows;
    this.more = answer.list.more;
  }

  /** A source item means what is suggested for it. */
  async accept({ sourceId }: MatchRow, { item }: MatchSuggestion): Promise<void> {
    const { ratingKey } = item;
    const answer = await this.#ask({ question: 'acceptMatch', sourceId, ratingKey });
    if (answer === null) return;
    this.rows = this.rows?.filter((row) => row.sourceId !== sourceId) ?? null;
    this.said = `${sourceId} means “${item.title}”: the next sync writes it.`;
  }

  /** A source item never means what is suggested for it. */
  async reject({ sourceId }: MatchRow, { item }: MatchSuggestion): Promise<void> {
    const { ratingKey } = item;
    const answer = await this.#ask({ question: 'rejectMatch', sourceId, ratingKey });
    if (answer === null) return;
    const without = (row: MatchRow): MatchRow => ({
      ...row,
      suggestions: row.suggestions.filter((other) => other.item.ratingKey !== ratingKey),
    });
    this.rows = this.rows?.map((row) => (row.sourceId === sourceId ? without(row) : row)) ?? null;
    this.said = `${sourceId} does not mean “${item.title}”. It is not suggested again.`;
  }

  async #ask(question: Question) {
    if (this.busy) return null;
    this.busy = true;
    this.trouble = null;
    try {
      return await this.#backend.ask(question);
    } catch (thrown) {
      this.trouble = sayError(commandError(thrown));
      return null;
    } finally {
      this.busy = false;
    }
  }
}
