// Questions about a run. Pure.

import type {
  CacheStats,
  OperationStats,
  PhaseProgress,
  RunState,
  RunSummary,
  RunView,
  Snapshot,
} from '../backend/backend';

/** Whether it is under way. */
export function isActive(state: RunState): boolean {
  return state === 'running' || state === 'paused' || state === 'waiting';
}

/** The steps that have begun, each once. The engine writes twice where collections come last; a person sees one step. */
export function steps(run: RunView): PhaseProgress[] {
  const once: PhaseProgress[] = [];
  for (const phase of run.phases) {
    const before = once.at(-1);
    if (before?.phase !== phase.phase) once.push(phase);
    else once[once.length - 1] = joined(before, phase);
  }
  return once;
}

function joined(first: PhaseProgress, then: PhaseProgress): PhaseProgress {
  return {
    phase: first.phase,
    done: first.done + then.done,
    total: then.total === null ? null : (first.total ?? first.done) + then.total,
    millis: first.millis + then.millis,
  };
}

/** The step at work. */
export function presentPhase(run: RunView): PhaseProgress | null {
  return steps(run).at(-1) ?? null;
}

/** The last run that ended and could have written, if any. */
export function lastRun(snapshot: Snapshot): RunSummary | null {
  const shown = snapshot.run?.summary;
  if (shown && !isActive(shown.state) && shown.kind !== 'dryRun') return shown;
  return snapshot.recent.find((run) => !isActive(run.state) && run.kind !== 'dryRun') ?? null;
}

export interface HitRate {
  hits: number;
  lookups: number;
  /** From 0 to 1; `null` without look-ups. */
  rate: number | null;
}

/** All caches together. */
export function hitRate(caches: CacheStats[]): HitRate {
  const hits = caches.reduce((sum, cache) => sum + cache.hits, 0);
  const lookups = hits + caches.reduce((sum, cache) => sum + cache.misses, 0);
  return { hits, lookups, rate: lookups > 0 ? hits / lookups : null };
}

/** The operation that writes an item's fields, in the timings of the newest run that wrote any. */
export function writeTimes(snapshot: Snapshot): OperationStats | null {
  const runs = [snapshot.run?.operations ?? [], ...snapshot.recent.map((run) => run.timings)];
  for (const operations of runs) {
    for (const name of WRITES) {
      const found = operations.find((operation) => operation.operation === name && operation.count > 0);
      if (found) return found;
    }
  }
  return null;
}

/** Names under which the engine times one item's write, the widest first. */
const WRITES = ['item_write', 'write_item', 'plex_edit'];

/** Source items gone through per second, for each finished sync, the oldest first. */
export function syncSpeeds(recent: RunSummary[]): number[] {
  return recent
    .filter((run) => run.kind === 'sync' && !isActive(run.state) && run.itemsRead > 0 && run.durationMs > 0)
    .map((run) => run.itemsRead / (run.durationMs / 1000))
    .reverse();
}
