import { describe, expect, it } from 'vitest';
import type { ChangedItem, Event, RunView, Snapshot } from '../backend/backend';
import { DEMO_SETTINGS, summary } from '../backend/demo-data';
import { FEED, fold, SPEED } from './fold';

const item = (seq: number): ChangedItem => ({
  seq,
  title: `Film ${seq}`,
  section: 'Films',
  fields: ['title'],
  at: seq,
  thumb: null,
});

const run = (changes: Partial<RunView> = {}): RunView => ({
  summary: summary(3, 1000, { state: 'running' }),
  phases: [],
  feed: [],
  operations: [],
  caches: [],
  speed: [],
  ...changes,
});

const state = (changes: Partial<Snapshot> = {}): Snapshot => ({
  settings: DEMO_SETTINGS,
  settingsSince: null,
  connection: { state: 'unknown' },
  roles: 'unknown',
  actorPictures: 'unknown',
  run: run(),
  recent: [],
  totals: { sourceItems: 0, plexItems: 0, matched: 0, notInPlex: 0, notInSource: 0 },
  failed: 0,
  conflicts: 0,
  caches: [],
  problems: [],
  ...changes,
});

describe('fold', () => {
  it('replaces everything by a snapshot', () => {
    const other = state({ failed: 7 });
    expect(fold(state(), { type: 'snapshot', snapshot: other })).toBe(other);
  });

  it('replaces the connection alone', () => {
    const before = state();
    const after = fold(before, { type: 'connection', connection: { state: 'signInNeeded' } });
    expect(after).toEqual({ ...before, connection: { state: 'signInNeeded' } });
    expect(after.run).toBe(before.run);
  });

  it('keeps feed, timings and speed of the same run at progress', () => {
    const before = state({ run: run({ feed: [item(1)], speed: [4] }) });
    const next = summary(3, 1000, { state: 'running', written: 9 });
    const phases = [{ phase: 'write' as const, done: 9, total: 20, millis: 5 }];
    const after = fold(before, { type: 'progress', summary: next, phases });
    expect(after.run).toEqual({ ...before.run, summary: next, phases });
  });

  it.each<[string, RunView | null]>([
    ['no run', null],
    ['an earlier run', run({ feed: [item(1)], summary: summary(2, 500) })],
    ['a dry run of the same number', run({ feed: [item(1)], summary: summary(3, 500) })],
  ])('begins with empty hands after %s', (_, before) => {
    const next = summary(3, 1000, { state: 'running' });
    const after = fold(state({ run: before }), { type: 'progress', summary: next, phases: [] });
    expect(after.run).toEqual(run({ summary: next }));
  });

  it('puts changed items in front, each once, and keeps 50', () => {
    const before = state({
      run: run({ feed: Array.from({ length: FEED }, (_, index) => item(FEED - index)) }),
    });
    const after = fold(before, { type: 'changed', items: [item(52), item(51), item(50)] });
    const places = after.run?.feed.map(({ seq }) => seq) ?? [];
    expect(places).toHaveLength(FEED);
    expect(places.slice(0, 4)).toEqual([52, 51, 50, 49]);
    expect(new Set(places).size).toBe(FEED);
  });

  it('adds a second of speed at the end and keeps 120', () => {
    const before = state({ run: run({ speed: Array.from({ length: SPEED }, () => 1) }) });
    const after = fold(before, { type: 'statistics', operations: [], caches: [], itemsPerSecond: 8.5 });
    expect(after.run?.speed).toHaveLength(SPEED);
    expect(after.run?.speed.at(-1)).toBe(8.5);
  });

  it.each<Event>([
    { type: 'changed', items: [item(1)] },
    { type: 'statistics', operations: [], caches: [], itemsPerSecond: 1 },
  ])('leaves a state without a run alone ($type)', (event) => {
    const before = state({ run: null });
    expect(fold(before, event)).toBe(before);
  });
});
