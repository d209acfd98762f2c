// What a decision came to, in a sentence.

import type { Choice, Reply } from '../backend/backend';
import { format } from './format';

/** What the engine answers to a decision. */
export type Settled = Omit<Extract<Reply, { reply: 'settled' }>, 'reply'>;

/** What becomes of one field, named by `what`. */
export function decidedOne(what: string, choice: Choice, settled: Settled): string {
  return `${what}: ${became(choice, settled)}`;
}

/** What becomes of all fields that were meant, counted as `one` of them is called. */
export function decidedAll(one: string, choice: Choice, settled: Settled): string {
  const what = settled.fields === 0 ? 'Nothing' : format.counted(settled.fields, one);
  return `${what} decided: ${became(choice, settled)}`;
}

function became(choice: Choice, { fields, maybeWritten }: Settled): string {
  if (fields === 0) {
    return choice === 'keepPlex'
      ? 'what waited was written already. Undo takes it back.'
      : 'nothing waits here any more. Nothing was changed.';
  }
  if (choice === 'useSource')
    return `the next sync writes your source’s ${fields === 1 ? 'value' : 'values'}.`;
  if (maybeWritten === 0) return 'Plex keeps what it has.';
  const some = maybeWritten < fields ? `${format.count(maybeWritten)} of them` : fields === 1 ? 'it' : 'them';
  return `the sync under way may have written ${some} already. The next sync looks again, and undo takes back what was written.`;
}
