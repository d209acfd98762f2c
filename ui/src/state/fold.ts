// How an event changes the state. Pure.
// Not here: the order of events and what to do about gaps (engine.svelte.ts).

import type { ChangedItem, Event, RunSummary, RunView, Snapshot } from '../backend/backend';

/** Changed items that the feed keeps. */
export const FEED = 50;
/** Seconds that the speed chart keeps. */
export const SPEED = 120;

/** The state after an event. Shares what did not change. */
export function fold(snapshot: Snapshot, event: Event): Snapshot {
  switch (event.type) {
    case 'snapshot':
      return event.snapshot;
    case 'connection':
      return { ...snapshot, connection: event.connection };
    case 'progress': {
      const run = sameRun(snapshot.run, event.summary) ? snapshot.run : emptyRun(event.summary);
      return { ...snapshot, run: { ...run, summary: event.summary, phases: event.phases } };
    }
    case 'changed':
      return withRun(snapshot, (run) => ({ ...run, feed: prepend(event.items, run.feed) }));
    case 'statistics':
      return withRun(snapshot, (run) => ({
        ...run,
        operations: event.operations,
        caches: event.caches,
        speed: [...run.speed, event.itemsPerSecond].slice(-SPEED),
      }));
  }
}

function sameRun(run: RunView | null, summary: RunSummary): run is RunView {
  return run !== null && run.summary.run === summary.run && run.summary.startedAt === summary.startedAt;
}

function emptyRun(summary: RunSummary): RunView {
  return { summary, phases: [], feed: [], operations: [], caches: [], speed: [] };
}

function withRun(snapshot: Snapshot, change: (run: RunView) => RunView): Snapshot {
  return snapshot.run === null ? snapshot : { ...snapshot, run: change(snapshot.run) };
}

function prepend(items: ChangedItem[], feed: ChangedItem[]): ChangedItem[] {
  const seen = new Set<number>();
  const merged: ChangedItem[] = [];
  for (const item of [...items, ...feed]) {
    if (seen.has(item.seq)) continue;
    seen.add(item.seq);
    merged.push(item);
    if (merged.length === FEED) break;
  }
  return merged;
}
