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
import { type Settled, decidedAll, decidedOne } from '../text/settled';

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
  /** It came out otherwise than the row's going away shows: to be seen, not only heard. */
  otherwise = $state(false);
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

  /** What was said is read. */
  forgetSaid(): void {
    this.said = '';
    this.otherwise = false;
  }

  /** Decides one field. Says whether the engine took it. */
  async one({ title, item, field }: Place, choice: Choice): Promise<boolean> {
    const settled = await this.#settle({ choice, item, field, about: 'conflictsAndKept' });
    if (settled === null) return false;
    this.said = decidedOne(`${title}, ${FIELDS[field]}`, choice, settled);
    return true;
  }

  /** Decides all conflicts. */
  async all(choice: Choice): Promise<void> {
    const settled = await this.#settle({ choice, item: null, field: null, about: 'conflicts' });
    if (settled === null) return;
    this.said = decidedAll('field', choice, settled);
  }

  /** What was decided; `null` where the engine refused. */
  async #settle(decision: Decision): Promise<Settled | null> {
    if (this.busy) return null;
    this.busy = true;
    try {
      const reply = await this.#backend.command({ command: 'settle', decision });
      await this.load();
      const settled = reply.reply === 'settled' ? reply : { fields: 0, maybeWritten: 0 };
      this.otherwise = settled.fields === 0 || settled.maybeWritten > 0;
      return settled;
    } catch (thrown) {
      this.trouble = sayError(commandError(thrown));
      return null;
    } finally {
      this.busy = false;
    }
  }
}
