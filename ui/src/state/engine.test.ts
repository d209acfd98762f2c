import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command, Event, Numbered, NumberedSnapshot } from '../backend/backend';
import { FakeBackend } from '../backend/fake';
import { summary } from '../backend/demo-data';
import { EngineState } from './engine.svelte';

const connection = (millis: number): Event => ({
  type: 'connection',
  connection: { state: 'connected', name: 'Attic', version: '1', millis },
});
const millis = (engine: EngineState) =>
  engine.snapshot?.connection.state === 'connected' ? engine.snapshot.connection.millis : null;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A backend whose snapshots are answered by hand. */
class SlowBackend extends FakeBackend {
  answers: ((answer: NumberedSnapshot) => void)[] = [];
  override snapshot(): Promise<NumberedSnapshot> {
    return new Promise((resolve) => this.answers.push(resolve));
  }
  real(): Promise<NumberedSnapshot> {
    return super.snapshot();
  }
  async answer(): Promise<void> {
    this.answers.shift()?.(await this.real());
    await vi.advanceTimersByTimeAsync(0);
  }
}

/** A backend into which batches are put by hand. */
class HandBackend extends FakeBackend {
  receive: (batch: Numbered[]) => void = () => undefined;
  asked = 0;
  at: NumberedSnapshot | null = null;
  override subscribe(receive: (batch: Numbered[]) => void): Promise<() => void> {
    this.receive = receive;
    return Promise.resolve(() => undefined);
  }
  override async snapshot(): Promise<NumberedSnapshot> {
    this.asked += 1;
    return this.at ?? super.snapshot();
  }
}

describe('the state of the engine', () => {
  it('listens before it asks, and folds in what came in between', async () => {
    const backend = new SlowBackend();
    const engine = new EngineState(backend);
    void engine.connect();
    await vi.advanceTimersByTimeAsync(0);
    backend.say(connection(1));
    expect(engine.snapshot).toBeNull();
    // The answer was made before the next event, which is under way already.
    const early = await backend.real();
    backend.say(connection(2));
    backend.answers.shift()?.(early);
    await vi.advanceTimersByTimeAsync(0);
    expect(millis(engine)).toBe(2);
    engine.close();
  });

  it('drops what the state already holds', async () => {
    const backend = new HandBackend();
    const engine = new EngineState(backend);
    backend.at = { n: 10, snapshot: (await new FakeBackend().snapshot()).snapshot };
    await engine.connect();
    backend.receive([
      { n: 9, event: connection(9) },
      { n: 10, event: connection(10) },
    ]);
    expect(millis(engine)).toBe(3.1);
    backend.receive([
      { n: 10, event: connection(10) },
      { n: 11, event: connection(11) },
    ]);
    expect(millis(engine)).toBe(11);
    expect(backend.asked).toBe(1);
  });

  it('asks for the state at a gap, and keeps what came after it', async () => {
    const backend = new HandBackend();
    const engine = new EngineState(backend);
    const { snapshot } = await new FakeBackend().snapshot();
    backend.at = { n: 10, snapshot };
    await engine.connect();
    backend.at = { n: 13, snapshot: { ...snapshot, failed: 4 } };
    backend.receive([
      { n: 11, event: connection(11) },
      { n: 14, event: connection(14) },
    ]);
    await vi.advanceTimersByTimeAsync(0);
    expect(backend.asked).toBe(2);
    expect(engine.snapshot?.failed).toBe(4);
    expect(millis(engine)).toBe(14);
    backend.receive([{ n: 15, event: connection(15) }]);
    expect(millis(engine)).toBe(15);
  });

  it('takes a snapshot event over any gap without asking', async () => {
    const backend = new HandBackend();
    const engine = new EngineState(backend);
    const { snapshot } = await new FakeBackend().snapshot();
    backend.at = { n: 10, snapshot };
    await engine.connect();
    backend.receive([
      { n: 90, event: { type: 'snapshot', snapshot: { ...snapshot, failed: 5 } } },
      { n: 91, event: connection(91) },
    ]);
    expect(engine.snapshot?.failed).toBe(5);
    expect(millis(engine)).toBe(91);
    expect(backend.asked).toBe(1);
  });

  it('asks again after a moment where the answer is older than the gap', async () => {
    const backend = new HandBackend();
    const engine = new EngineState(backend);
    const { snapshot } = await new FakeBackend().snapshot();
    backend.at = { n: 10, snapshot };
    await engine.connect();
    backend.receive([{ n: 20, event: connection(20) }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(backend.asked).toBe(2);
    backend.at = { n: 19, snapshot };
    await vi.advanceTimersByTimeAsync(300);
    expect(backend.asked).toBe(3);
    expect(millis(engine)).toBe(20);
    await vi.advanceTimersByTimeAsync(2000);
    expect(backend.asked).toBe(3);
  });

  it('asks for the whole state when a run ends without one', async () => {
    const backend = new HandBackend();
    const engine = new EngineState(backend);
    const { snapshot } = await new FakeBackend().snapshot();
    backend.at = { n: 1, snapshot };
    await engine.connect();
    const progress = (n: number, state: 'running' | 'done'): Numbered => ({
      n,
      event: { type: 'progress', summary: summary(20, 5, { state }), phases: [] },
    });
    backend.receive([progress(2, 'running')]);
    expect(engine.running).toBe(true);
    backend.at = { n: 3, snapshot: { ...snapshot, totals: { ...snapshot.totals, matched: 99 } } };
    backend.receive([progress(3, 'done')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(backend.asked).toBe(2);
    expect(engine.snapshot?.totals.matched).toBe(99);
  });

  it('says why there is no state, and finds back', async () => {
    const engine = new EngineState(new FakeBackend('broken'));
    await engine.connect();
    expect(engine.snapshot).toBeNull();
    expect(engine.trouble?.message).toContain('Nothing was changed.');
    await engine.connect();
    expect(engine.trouble).toBeNull();
    expect(engine.snapshot).not.toBeNull();
  });
});

describe('commands', () => {
  it('runs a sync from start to end', async () => {
    const backend = new FakeBackend();
    const engine = new EngineState(backend);
    await engine.connect();
    expect(await engine.sync()).toEqual({ reply: 'started', run: 17 });
    await vi.advanceTimersByTimeAsync(3000);
    expect(engine.running).toBe(true);
    expect(await engine.sync()).toBeNull();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engine.running).toBe(false);
    expect(engine.snapshot?.recent[0]).toMatchObject({
      run: 17,
      state: 'done',
      written: 211,
      collectionsWritten: 11,
    });
    expect(engine.snapshot?.run?.feed).toHaveLength(50);
    expect(engine.snapshot?.run?.feed[0]?.seq).toBe(200);
  });

  it('pauses, resumes and cancels', async () => {
    const engine = new EngineState(new FakeBackend());
    await engine.connect();
    await engine.sync();
    await vi.advanceTimersByTimeAsync(4000);
    await engine.pause();
    const paused = engine.snapshot?.run?.summary;
    expect(paused?.state).toBe('paused');
    await vi.advanceTimersByTimeAsync(4000);
    expect(engine.snapshot?.run?.summary.durationMs).toBe(paused?.durationMs);
    await engine.resume();
    expect(engine.snapshot?.run?.summary.state).toBe('running');
    await engine.cancel();
    expect(engine.cancelling).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(engine.cancelling).toBe(false);
    expect(engine.snapshot?.run?.summary.state).toBe('cancelled');
  });

  it('keeps the words of a refusal and finds words for a bare code', async () => {
    class Refusing extends FakeBackend {
      error: unknown = { code: 'busy', message: '' };
      override command(_: Command): Promise<never> {
        return Promise.reject(this.error);
      }
    }
    const backend = new Refusing();
    const engine = new EngineState(backend);
    await engine.connect();
    await engine.sync();
    expect(engine.refusal?.message).toContain('already under way');
    backend.error = { code: 'settings', message: 'Choose the Plex library to write to.' };
    await engine.sync();
    expect(engine.refusal).toEqual(backend.error);
    backend.error = new Error('ipc closed');
    await engine.sync();
    expect(engine.refusal?.message).toMatch(/Try again\. \(ipc closed\)$/);
    expect(engine.busy.size).toBe(0);
  });
});
