// The names and sentences of the window. Numbers come from format.ts.

import type {
  Connection,
  OperationStats,
  Phase,
  RunKind,
  RunState,
  RunSummary,
  RunView,
  Snapshot,
} from '../backend/backend';
import { isActive, lastRun, presentPhase, steps } from '../state/run';
import { mendedInSettings } from './errors';
import { format } from './format';

export const PHASES: { phase: Phase; name: string }[] = [
  { phase: 'read', name: 'Read' },
  { phase: 'match', name: 'Match' },
  { phase: 'compare', name: 'Compare' },
  { phase: 'write', name: 'Write' },
];

/** In the order in which a sync does them. */
const OPERATIONS: Record<string, string> = {
  source_walk: 'Look through the source',
  source_read: 'Read from source',
  nfo_read: 'Read an .nfo file',
  library_read: 'Read Plex library',
  match: 'Match',
  compare: 'Compare',
  plan: 'Plan changes',
  item_write: 'Write an item',
  plex_edit: 'Write fields',
  verify: 'Check after writing',
  image_read: 'Read a picture',
  plex_image_list: 'List pictures',
  plex_image_select: 'Choose picture',
  plex_image_upload: 'Send picture',
  plex_image_unset: 'Unset picture',
  plex_watched: 'Mark as watched',
  plex_list: 'Ask for a page',
  plex_details: 'Ask for details',
  plex_count: 'Count items',
  plex_collections: 'Ask for collections',
  plex_sections: 'Ask for libraries',
  plex_server: 'Ask for the server',
  plex_identity: 'Ask who answers',
  lmdb_commit: 'Save progress',
  state_commit: 'Save progress',
  cache_commit: 'Save cache',
};

/** A timed operation in words; one that has none here is named after its code. */
export function operationName(code: string): string {
  const known = OPERATIONS[code];
  if (known !== undefined) return known;
  const words = code.replaceAll(/[_.:]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Timings in the order of a sync, those without words here at the end. */
export function inOrder(operations: OperationStats[]): OperationStats[] {
  const order = Object.keys(OPERATIONS);
  const place = (code: string) => {
    const found = order.indexOf(code);
    return found < 0 ? order.length : found;
  };
  return [...operations].sort((a, b) => place(a.operation) - place(b.operation));
}

const CACHES: Record<string, string> = { library: 'Plex library', match: 'Matches' };

export function cacheName(code: string): string {
  return CACHES[code] ?? operationName(code);
}

/** What the window says about the server, in the foot of the sidebar. */
export function connectionWords(connection: Connection): {
  name: string;
  detail: string;
  dot: 'ok' | 'bad' | 'warn' | 'off';
} {
  switch (connection.state) {
    case 'connected':
      return {
        name: `Plex · ${connection.name}`,
        detail: `Connected · ${format.duration(connection.millis)}`,
        dot: 'ok',
      };
    case 'away':
      return { name: 'Plex', detail: 'Does not answer', dot: 'bad' };
    case 'signInNeeded':
      return { name: 'Plex', detail: 'Token refused', dot: 'bad' };
    case 'notSetUp':
      return { name: 'Plex', detail: 'Not set up', dot: 'off' };
    case 'unknown':
      return { name: 'Plex', detail: 'Not asked yet', dot: 'off' };
  }
}

export interface Status {
  /** The one sentence. */
  title: string;
  /** What it means. */
  detail: string;
  mark: 'ok' | 'warn' | 'bad' | 'none';
  /** What the one primary button does. */
  primary: 'sync' | 'settings';
  /** A second action, where one helps. */
  second: 'retryFailed' | 'tryAgain' | 'settings' | null;
}

/** The state of a library in one sentence, while no run is under way. */
export function status(snapshot: Snapshot, now: number): Status {
  const { connection } = snapshot;
  if (connection.state === 'notSetUp') {
    return {
      title: 'Set up Plex and your source',
      detail: 'Syncslate needs the address of your Plex server and the folder with your .nfo files.',
      mark: 'none',
      primary: 'settings',
      second: null,
    };
  }
  if (connection.state === 'signInNeeded') {
    return {
      title: 'Plex refused the token',
      detail:
        'Nothing is lost. Enter a valid token in the settings; waiting changes follow with the next sync.',
      mark: 'bad',
      primary: 'settings',
      second: 'tryAgain',
    };
  }
  if (connection.state === 'away') {
    return {
      title: 'Plex does not answer',
      detail: `${sentence(connection.message)} Nothing is lost.`,
      mark: 'bad',
      primary: 'sync',
      second: 'tryAgain',
    };
  }
  const last = lastRun(snapshot);
  if (last === null) {
    return {
      title: 'Ready for the first sync',
      detail:
        'Syncslate will bring your Plex library in line with your source. Every value that it replaces is kept.',
      mark: 'none',
      primary: 'sync',
      second: null,
    };
  }
  const base = { primary: 'sync', second: snapshot.failed > 0 ? 'retryFailed' : null } as const;
  if (isMended(last, snapshot.settingsSince)) {
    return {
      ...base,
      title: 'Ready to sync with the new settings',
      detail: `The settings have changed since the last sync, ${format.momentInSentence(
        last.startedAt + last.durationMs,
        now,
      )}. ${last.state === 'stopped' ? 'That one stopped.' : 'That one matched nothing in Plex.'}`,
      mark: 'none',
    };
  }
  const detail = outcome(last, now, snapshot);
  switch (last.state) {
    case 'cancelled':
      return { ...base, title: 'The last sync was cancelled', detail, mark: 'warn' };
    case 'stopped':
      return { ...base, title: 'The last sync stopped', detail, mark: 'bad' };
    case 'interrupted':
      return { ...base, title: 'The last sync was interrupted', detail, mark: 'warn' };
    default:
  }
  if (snapshot.failed > 0) {
    const title = `${format.counted(snapshot.failed, 'item')} could not be written`;
    return { ...base, title, detail, mark: 'warn' };
  }
  if (matchedNothing(last)) {
    return {
      ...base,
      title: 'Nothing in Plex matches your source yet',
      detail: 'Nothing was changed. Check the path rules: Plex may see your folders under another path.',
      mark: 'warn',
      second: 'settings',
    };
  }
  if (last.kind === 'undo') return { ...base, title: 'A sync was taken back', detail, mark: 'ok' };
  if (last.kind === 'unlock') return { ...base, title: 'Syncslate’s locks are gone', detail, mark: 'ok' };
  const rest = waits(snapshot.conflicts, last);
  if (rest !== '') return { ...base, title: `Plex is up to date, but for ${rest}`, detail, mark: 'warn' };
  return { ...base, title: 'Plex is up to date', detail, mark: 'ok' };
}

/** What a sync left as it is because somebody has to see to it first. */
function waits(conflicts: number, last: RunSummary): string {
  const parts = [];
  if (conflicts > 0) {
    parts.push(`${format.counted(conflicts, 'value')} that ${conflicts === 1 ? 'waits' : 'wait'} for you`);
  }
  if (last.unreadable > 0) {
    parts.push(`${format.counted(last.unreadable, 'file')} of your source that could not be read`);
  }
  return parts.join(' and ');
}

function matchedNothing(run: RunSummary): boolean {
  return run.kind === 'sync' && run.itemsRead > 0 && run.matched === 0;
}

/** Whether a run ended badly because of settings that are others by now. */
function isMended(run: RunSummary, settingsSince: number | null): boolean {
  if (settingsSince === null || settingsSince < run.startedAt) return false;
  return run.state === 'stopped' ? mendedInSettings(run.code ?? '') : matchedNothing(run);
}

/** What a run wrote: a collection is an item of its own kind, and said so. */
export function writtenItems(run: RunSummary): string {
  return itemsAnd(run.written, run.collectionsWritten);
}

/** `all` items, of which some are collections: "236 items and 11 collections". */
function itemsAnd(all: number, collections: number, between = ' and '): string {
  const items = format.counted(all - collections, 'item');
  if (collections === 0) return items;
  const counted = format.counted(collections, 'collection');
  return all === collections ? counted : `${items}${between}${counted}`;
}

/** How a run went, as a paragraph. */
function outcome(run: RunSummary, now: number, { failed, conflicts }: Snapshot): string {
  const when = `Last sync ${format.momentInSentence(run.startedAt + run.durationMs, now)}`;
  const took = format.duration(run.durationMs);
  const items = writtenItems(run);
  switch (run.state) {
    case 'cancelled':
      return `${when}: ${items} of ${format.count(run.changed)} updated. The others follow with the next sync.`;
    case 'interrupted':
      return `${when}: ${items} updated. The next sync goes on where it was.`;
    case 'stopped':
      return `${when}: ${sentence(run.message ?? 'It could not go on.')}`;
    default:
  }
  if (run.kind === 'unlock') return `${when}: ${items} unlocked in ${took}.${failures(run, failed)}`;
  if (run.kind === 'undo') return `${when}: ${items} put back in ${took}.${failures(run, failed)}`;
  if (run.changed === 0 && run.written === 0)
    return `${when}: nothing ${waits(conflicts, run) === '' ? 'to change' : 'else to change'}, in ${took}.${failures(run, failed)}`;
  return `${when}: ${items} updated in ${took}.${failures(run, failed)}`;
}

/** `waiting` are all jobs that gave up, of earlier runs too. */
function failures(run: RunSummary, waiting: number): string {
  if (run.failed === 0 && waiting > 0) return '';
  return run.failed === 0 ? ' Nothing failed.' : ` ${format.count(run.failed)} failed.`;
}

/** A run in one line of a list. */
export function runLine(run: RunSummary): string {
  const parts: string[] = [];
  if (run.written === 0 && run.failed === 0 && run.state === 'done') {
    parts.push(run.conflicts > 0 ? leftToDecide(run) : NOTHING[run.kind]);
  } else {
    parts.push(`${writtenItems(run)} ${DONE[run.kind]}`, format.counted(run.fieldsWritten, 'change'));
  }
  if (run.failed > 0) parts.push(`${format.count(run.failed)} failed`);
  const ended = ENDED[run.state];
  if (ended) parts.push(ended);
  return parts.join(', ');
}

/** What a run that wrote nothing found all the same. */
function leftToDecide(run: RunSummary): string {
  return `Nothing written, ${format.counted(run.conflicts, 'conflict')} left for you`;
}

const NOTHING: Record<RunKind, string> = {
  sync: 'Nothing to change',
  dryRun: 'Nothing to change',
  undo: 'Nothing to put back',
  unlock: 'Nothing to unlock',
};

const DONE: Record<RunKind, string> = {
  sync: 'updated',
  dryRun: 'updated',
  undo: 'put back',
  unlock: 'unlocked',
};

const KINDS: Record<RunKind, string> = { sync: 'Sync', dryRun: 'Preview', undo: 'Undo', unlock: 'Unlock' };

const ENDED: Partial<Record<RunState, string>> = {
  cancelled: 'cancelled',
  stopped: 'stopped early',
  interrupted: 'interrupted',
  waiting: 'waiting for Plex',
  paused: 'paused',
};

export function runKind(run: RunSummary): string {
  return KINDS[run.kind];
}

/** The sentence above a run. */
export function runTitle(run: RunView, cancelling: boolean): string {
  const { state, kind } = run.summary;
  if (!isActive(state)) return ENDED_TITLES[state] ?? 'The sync is done';
  if (cancelling) return 'Stopping after the current items';
  if (state === 'paused') return 'Paused';
  if (state === 'waiting') return 'Waiting for Plex';
  if (kind === 'undo') return 'Putting back what was there before';
  if (kind === 'unlock') return 'Taking Syncslate’s locks away';
  switch (presentPhase(run)?.phase) {
    case 'match':
      return 'Matching your source with Plex';
    case 'compare':
      return 'Comparing your source with Plex';
    case 'write':
      return 'Writing changes to Plex';
    default:
      return 'Reading your source and Plex';
  }
}

const ENDED_TITLES: Partial<Record<RunState, string>> = {
  done: 'The sync is done',
  doneWithFailures: 'The sync is done, with failures',
  cancelled: 'The sync was cancelled',
  stopped: 'The sync stopped',
  interrupted: 'The sync was interrupted',
};

/** The second line of a step. */
export function phaseDetail(run: RunView, phase: Phase): string {
  const progress = steps(run).findLast((other) => other.phase === phase);
  if (progress === undefined) return '';
  const { summary } = run;
  const now = presentPhase(run)?.phase === phase && isActive(summary.state);
  if (now) {
    const verb = { read: 'read', match: 'matched', compare: 'compared', write: 'written' }[phase];
    const done = format.count(progress.done);
    return progress.total === null ? `${done} ${verb}` : `${done} of ${format.count(progress.total)} ${verb}`;
  }
  const took = format.duration(progress.millis);
  switch (phase) {
    case 'read':
      return `${format.counted(summary.itemsRead, 'item')} · ${took}`;
    case 'match':
      return `${format.count(summary.matched)} matched · ${took}`;
    case 'compare':
      return `${format.count(summary.changed - summary.collectionsChanged)} differ · ${took}`;
    case 'write':
      return summary.collectionsWritten === 0
        ? `${format.count(summary.written)} written · ${took}`
        : `${itemsAnd(summary.written, summary.collectionsWritten, ', ')} · ${took}`;
  }
}

/** A message that ends like a sentence. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…]$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}
