import { describe, expect, it } from 'vitest';
import type { PhaseProgress, RunView, Snapshot } from '../backend/backend';
import { summary } from '../backend/demo-data';
import { FakeBackend } from '../backend/fake';
import { Announcer } from './announcer.svelte';
import { Pace } from './pace.svelte';
import { presentPhase } from './run';

function at(
  durationMs: number,
  done: number,
  changes: Partial<PhaseProgress> & { state?: 'paused' | 'done' } = {},
): RunView {
  const { state = 'running', ...phase } = changes;
  return {
    summary: summary(1, 0, { state, durationMs }),
    phases: [{ phase: 'write', done, total: 600, millis: 0, ...phase }],
    feed: [],
    operations: [],
    caches: [],
    speed: [],
  };
}

const left = (pace: Pace) => pace.left.replaceAll('\u202f', '_');

describe('pace', () => {
  it('works out the time left for three seconds, then says it once a second', () => {
    const pace = new Pace();
    pace.observe(at(0, 0));
    pace.observe(at(1000, 30));
    expect(pace.left).toBe('working out time left');
    expect(pace.share).toBe(0.05);
    pace.observe(at(3000, 90));
    expect(pace.perSecond).toBeCloseTo(30);
    expect(left(pace)).toBe('about 17_s left');
    pace.observe(at(3400, 400));
    expect(left(pace)).toBe('about 17_s left');
  });

  it('is smoothed over the last ten seconds', () => {
    const pace = new Pace();
    for (let second = 0; second <= 30; second += 1)
      pace.observe(at(second * 1000, second < 15 ? second : 15 + (second - 15) * 20));
    expect(pace.perSecond).toBeCloseTo(20, 0);
  });

  it('never goes back, and is full only at the end', () => {
    const pace = new Pace();
    pace.observe(at(0, 300));
    pace.observe(at(1000, 301, { total: 900 }));
    expect(pace.share).toBe(0.5);
    pace.observe(at(2000, 900, { total: 900 }));
    expect(pace.share).toBe(0.99);
    pace.observe(at(2100, 900, { total: 900, state: 'done' }));
    expect(pace.share).toBe(1);
    expect(pace.left).toBe('');
  });

  it('goes on where a run writes once more, with what there is to do in all', () => {
    const pace = new Pace();
    const then = (durationMs: number, done: number): RunView => ({
      ...at(durationMs, 600),
      phases: [
        { phase: 'write', done: 600, total: 600, millis: 0 },
        { phase: 'write', done, total: 40, millis: 0 },
      ],
    });
    pace.observe(at(0, 0));
    pace.observe(at(19_000, 570));
    pace.observe(at(20_000, 600));
    for (const second of [0, 1, 2]) pace.observe(then(21_000 + second * 1000, second * 20));
    expect(pace.share).toBe(0.99);
    expect(pace.perSecond).toBeGreaterThan(0);
    expect(presentPhase(then(23_000, 40))).toEqual({ phase: 'write', done: 640, total: 640, millis: 0 });
  });

  it('claims no share while it is not known how much there is to write', () => {
    const pace = new Pace();
    pace.observe(at(0, 10, { phase: 'read', total: null }));
    expect(pace.share).toBeNull();
    pace.observe(at(1000, 20, { phase: 'compare', total: 40 }));
    expect(pace.share).toBeNull();
  });

  it('is quiet while paused and starts anew afterwards', () => {
    const pace = new Pace();
    pace.observe(at(0, 0));
    pace.observe(at(4000, 80));
    pace.observe(at(4100, 82, { state: 'paused' }));
    expect(pace.left).toBe('');
    expect(pace.perSecond).toBeNull();
    expect(pace.share).toBeCloseTo(82 / 600);
  });
});

describe('the announcer', () => {
  const snapshot = async (run: RunView | null, changes: Partial<Snapshot> = {}): Promise<Snapshot> => ({
    ...(await new FakeBackend().snapshot()).snapshot,
    run,
    ...changes,
  });

  it('speaks at each step and else at most every five seconds', async () => {
    const pace = new Pace();
    const announcer = new Announcer();
    const hear = async (run: RunView, now: number) => {
      pace.observe(run);
      announcer.observe(await snapshot(run), pace, false, now);
      return announcer.text;
    };
    expect(await hear(at(0, 10, { phase: 'read', total: null }), 0)).toBe('Reading your source and Plex.');
    expect(await hear(at(500, 0), 500)).toContain('Writing changes to Plex');
    await hear(at(2000, 60), 2000);
    expect(announcer.text).toBe('Writing changes to Plex, 0 percent.');
    await hear(at(4500, 240), 4500);
    expect(announcer.text).toBe('Writing changes to Plex, 0 percent.');
    await hear(at(5600, 300), 5600);
    expect(announcer.text).toBe('Writing changes to Plex, 50 percent, about 6 seconds left.');
  });

  it('says an end and an outage once', async () => {
    const pace = new Pace();
    const announcer = new Announcer();
    announcer.observe(await snapshot(at(0, 0)), pace, false, 0);
    const over = await snapshot(at(1000, 600, { state: 'done' }));
    announcer.observe(over, pace, false, 100);
    expect(announcer.text).toBe('Plex is up to date.');
    announcer.text = '';
    announcer.observe(over, pace, false, 9000);
    expect(announcer.text).toBe('');
    const away = { ...over, connection: { state: 'away' as const, since: 0, message: 'No answer' } };
    announcer.observe(away, pace, false, 9100);
    expect(announcer.text).toBe('Plex does not answer.');
    announcer.text = '';
    announcer.observe(away, pace, false, 19_000);
    expect(announcer.text).toBe('');
  });
});
