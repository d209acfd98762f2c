// What waits for a person's decision, and deciding it. Loaded while somebody looks at it, since it can be long.
// Not here: the figures of the sidebar, which the engine streams (engine.svelte.ts).

import {
  type Backend,
  type Choice,
  type CommandError,
  type Decision,
  type Field,
  type Report,
  commandError,
} from '../backend/backend';
import { FIELDS } from '../text/fields';
import { sayError } from '../text/errors';
import { format } from '../text/format';

/** A field of an item, by which it is decided. */
export interface Place {
  title: string;
  item: number;
  field: Field;
}

export class Decisions {
  /** `null` until the first answer. */
  report = $state.raw<Report | null>(null);
  trouble = $state.raw<CommandError | null>(null);
  /** What was decided last, as a sentence. */
  said = $state('');
  busy = $state(false);

  readonly #backend: Backend;
  #asked = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Asks anew. Of answers that overtake each other, the one that was asked for last counts. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const report = await this.#backend.report();
      if (asked !== this.#asked) return;
      this.report = report;
      this.trouble = null;
    } catch (thrown) {
      if (asked === this.#asked) this.trouble = sayError(commandError(thrown));
    }
  }

  /** Decides one field. */
  async one({ title, item, field }: Place, choice: Choice): Promise<void> {
    const fields = await this.#settle({ choice, item, field, about: 'conflictsAndKept' });
    if (fields === null) return;
    const name = FIELDS[field];
    this.said =
      choice === 'keepPlex'
        ? `${title}, ${name}: Plex keeps what it has.`
        : `${title}, ${name}: the next sync writes your source’s value.`;
  }

  /** Decides all conflicts. */
  async all(choice: Choice): Promise<void> {
    const fields = await this.#settle({ choice, item: null, field: null, about: 'conflicts' });
    if (fields === null) return;
    const counted = format.counted(fields, 'field');
    this.said =
      choice === 'keepPlex'
        ? `${counted} decided: Plex keeps what it has.`
        : `${counted} decided: the next sync writes your source’s values.`;
  }

  /** How many fields were decided; `null` where the engine refused. */
  async #settle(decision: Decision): Promise<number | null> {
    if (this.busy) return null;
    this.busy = true;
    try {
      const reply = await this.#backend.command({ command: 'settle', decision });
      await this.load();
      return reply.reply === 'settled' ? reply.fields : 0;
    } catch (thrown) {
      this.trouble = sayError(commandError(thrown));
      return null;
    } finally {
      this.busy = false;
    }
  }
}
