import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import AppView from './App.svelte';
import { FakeBackend } from './backend/fake';
import type { Scenario } from './backend/scenarios';
import { App } from './state/app.svelte';
import { after, click, inWindow, open, text } from './test-window';

inWindow();

describe('the overview', () => {
  it.each<[Scenario, string, string]>([
    ['ready', 'Plex is up to date', 'sync'],
    ['first', 'Ready for the first sync', 'sync'],
    ['new', 'Set up Plex and your source', 'set-up'],
    ['away', 'Plex does not answer', 'sync'],
    ['signIn', 'Plex refused the token', 'set-up'],
    ['failed', '2 items could not be written', 'sync'],
    ['stopped', 'The last sync stopped', 'sync'],
  ])('says of %s: %s', async (scenario, sentence, primary) => {
    await open(scenario);
    expect(text('status')).toBe(sentence);
    expect(document.querySelectorAll('.btn.primary')).toHaveLength(1);
    expect(screen.getByTestId(primary)).toBeTruthy();
  });

  it.each([
    [5, 0, '5 values that wait for you'],
    [0, 1, '1 file of your source that could not be read'],
    [1, 2, '1 value that waits for you and 2 files of your source that could not be read'],
  ])('says what waits: %i conflicts, %i unreadable files', async (conflicts, unreadable, words) => {
    await open('ready', (snapshot) => {
      snapshot.conflicts = conflicts;
      for (const run of snapshot.recent) Object.assign(run, { unreadable, changed: 0, written: 0 });
    });
    expect(text('status')).toBe(`Plex is up to date, but for ${words}`);
    expect(text('status-detail')).toContain('nothing else to change');
  });

  it('says of a run that only found conflicts what it left', async () => {
    await open('ready', (snapshot) => {
      for (const [at, run] of snapshot.recent.entries()) {
        Object.assign(run, { state: 'done', kind: 'sync', conflicts: at, changed: 0, written: 0, failed: 0 });
      }
    });
    const rows = screen.getAllByTestId('recent-row').map((row) => row.textContent);
    expect(rows[0]).toContain('Nothing to change');
    expect(rows[1]).toContain('Nothing written, 1 conflict left for you');
    expect(rows[2]).toContain('Nothing written, 2 conflicts left for you');
  });

  it('shows the totals of the last comparison', async () => {
    await open();
    expect(text('figure-source')).toBe('240');
    expect(text('figure-matched')).toBe('233');
    expect(text('figure-plex')).toBe('246');
    expect(text('figure-not-in-plex')).toBe('5');
    expect(text('figure-changed')).toBe('38');
    expect(text('figure-failed')).toBe('0');
    expect(text('figure-hit-rate')).toBe('98.3_%');
    expect(screen.getAllByTestId('recent-row')).toHaveLength(8);
  });

  it('puts failed jobs back', async () => {
    const { backend } = await open('failed');
    await click('retry-failed');
    await after(0);
    expect(backend.commands).toEqual([{ command: 'retryFailed' }]);
    expect(text('figure-failed')).toBe('0');
    expect(screen.queryByTestId('retry-failed')).toBeNull();
  });

  it.each([
    ['keep-locked', 'keepPlex'],
    ['use-source-for-locked', 'useSource'],
  ])('asks once about values that were locked before: %s', async (button, choice) => {
    const { backend } = await open('lockedBefore');
    await click(button);
    await after(0);
    expect(backend.commands).toEqual([
      { command: 'settle', decision: { choice, item: null, field: null, about: 'lockedBefore' } },
    ]);
    expect(text('banner')).toBe(
      choice === 'keepPlex'
        ? '7 values decided: Plex keeps what it has.'
        : '7 values decided: the next sync writes your source’s values.',
    );
  });

  it.each([
    [0, 0, /^Nothing decided: what waited was written already\. Undo takes it back\.$/],
    [7, 2, /^7 values decided: the sync under way may have written 2 of them already\. The next sync looks/],
  ])('says what became of %i values, %i of which may be written', async (fields, maybeWritten, words) => {
    const { backend } = await open('lockedBefore');
    vi.spyOn(backend, 'command').mockResolvedValueOnce({ reply: 'settled', fields, maybeWritten });
    await click('keep-locked');
    await after(0);
    expect(text('banner')).toMatch(words);
  });

  it('shows one message at the top and lists the others', async () => {
    await open('problems');
    expect(screen.getAllByTestId('banner')).toHaveLength(1);
    expect(text('banner')).toContain('keychain');
    expect(screen.getAllByTestId('problem')).toHaveLength(1);
    expect(screen.getAllByTestId('retry-failed')).toHaveLength(1);
  });

  it('offers a way back where the engine does not answer', async () => {
    await open('broken');
    expect(text('status')).toBe('Syncslate cannot show its state');
    await click('retry-connect');
    await after(0);
    expect(text('status')).toBe('Plex is up to date');
  });

  it('says that it is starting only after a moment', async () => {
    const backend = new FakeBackend();
    vi.spyOn(backend, 'snapshot').mockReturnValue(new Promise(() => undefined));
    render(AppView, { app: new App(backend, 'Linux') });
    await after(100);
    expect(screen.queryByTestId('status')).toBeNull();
    await after(150);
    expect(text('status')).toBe('Starting');
  });

  it('shows a refused command until it is closed', async () => {
    const { backend } = await open();
    vi.spyOn(backend, 'command').mockRejectedValue({ code: 'busy', message: '' });
    await click('sync');
    await after(0);
    expect(text('banner')).toContain('already under way');
    await fireEvent.click(screen.getByRole('button', { name: 'Close this message' }));
    expect(screen.queryByTestId('banner')).toBeNull();
  });
});

describe('a run', () => {
  it('goes from the button through its steps to the result', async () => {
    await open();
    await click('sync');
    await after(700);
    expect(text('status')).toBe('Reading your source and Plex');
    expect(screen.getByTestId('progress').getAttribute('aria-valuenow')).toBeNull();
    expect(screen.getByTestId('phase-read').getAttribute('aria-current')).toBe('step');
    await after(9000);
    expect(text('status')).toBe('Writing changes to Plex');
    const bar = screen.getByTestId('progress');
    const share = Number(bar.getAttribute('aria-valuenow'));
    expect(share).toBeGreaterThan(10);
    expect(share).toBeLessThan(100);
    expect(text('percent')).toBe(`${share}_%`);
    expect(bar.querySelector('i')?.style.width).toMatch(/%$/);
    expect(screen.getByTestId('phase-read').getAttribute('aria-current')).toBeNull();
    expect(screen.getByTestId('phase-write').getAttribute('aria-current')).toBe('step');
    expect(screen.getAllByTestId('feed-row').length).toBeGreaterThan(10);
    expect(within(screen.getByTestId('timings')).getByText('Write fields')).toBeTruthy();
    expect(within(screen.getByTestId('caches')).getByText('Plex library')).toBeTruthy();
    await after(60_000);
    expect(text('status')).toBe('Plex is up to date');
    expect(text('figure-changed')).toBe('200');
    expect(text('figure-collections')).toBe('11 collections');
    expect(text('status-detail')).toContain('200 items and 11 collections updated');
    expect(screen.getAllByTestId('recent-row')[0]?.textContent).toContain(
      '200 items and 11 collections updated',
    );
    await click('details');
    expect(text('status')).toBe('The sync is done');
    expect(text('percent')).toBe('100_%');
    expect(text('phase-compare')).toContain('200 differ');
    expect(text('phase-write')).toContain('200 items, 11 collections');
    await fireEvent.keyDown(window, { key: 'Escape' });
    expect(text('status')).toBe('Plex is up to date');
  });

  it('has a bar that never goes back, and begins anew with the next run', async () => {
    const { app } = await open();
    // What a browser would animate: the widths that one element has had, in order.
    const widths = new Map<Node, number[]>();
    const look = () => {
      for (const bar of document.querySelectorAll<HTMLElement>('[data-testid=progress] > i')) {
        const seen = widths.get(bar) ?? [];
        seen.push(bar.style.width === '' ? 100 : Number.parseFloat(bar.style.width));
        widths.set(bar, seen);
      }
    };
    const changes = new MutationObserver(look);
    changes.observe(document.body, { subtree: true, childList: true, attributes: true });
    for (const run of [1, 2]) {
      app.open('overview');
      await after(0);
      await click('sync');
      for (let tick = 0; tick < 160 && (tick < 8 || app.engine.running); tick += 1) {
        await after(250);
        const bar = screen.queryByTestId('progress-share');
        if (bar && screen.queryByTestId('percent')) {
          const percent = Number.parseInt(text('percent'), 10);
          expect(Math.floor(Number.parseFloat(bar.style.width)), `run ${run}, tick ${tick}`).toBe(percent);
        }
      }
      await after(1000);
      app.open('details');
      await after(0);
      expect(text('percent')).toBe('100_%');
    }
    changes.disconnect();
    const grown = [...widths.values()].filter((seen) => new Set(seen).size > 1);
    expect(grown, 'one bar that grows for each run').toHaveLength(2);
    for (const seen of grown) {
      expect(seen[0], 'where it begins').toBeLessThan(5);
      expect(seen, 'never back').toEqual([...seen].sort((a, b) => a - b));
    }
  });

  it('asks before it cancels, with the focus on the safe choice', async () => {
    const { backend } = await open();
    await click('sync');
    await after(3000);
    await click('cancel');
    await after(0);
    expect(document.activeElement).toBe(screen.getByTestId('cancel-keep'));
    await fireEvent.keyDown(screen.getByTestId('cancel-keep'), { key: 'Escape' });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(screen.getByTestId('cancel'));
    expect(backend.commands.map(({ command }) => command)).toEqual(['sync']);
    await click('cancel');
    await after(0);
    await click('cancel-confirm');
    await after(0);
    expect(text('status')).toBe('Stopping after the current items');
    await after(1000);
    expect(text('status')).toBe('The last sync was cancelled');
  });

  it('shows titles as text, cut, with the whole in the tooltip', async () => {
    const { backend } = await open();
    await click('sync');
    await after(3000);
    const title = '<img src=x onerror=alert(1)>'.repeat(400);
    const items = [
      {
        seq: 9000,
        title,
        section: 'Films',
        fields: ['poster' as const],
        at: Date.now(),
        thumb: 'https://evil.test/x.png',
      },
    ];
    backend.say({ type: 'changed', items });
    await after(0);
    const row = screen.getAllByTestId('feed-row')[0];
    expect(row?.querySelector('img')).toBeNull();
    const shown = row?.querySelector(`[title="${title}"]`);
    expect(shown?.textContent?.length).toBeLessThan(200);
  });

  it('says that it waits while Plex is away', async () => {
    const { backend } = await open();
    await click('sync');
    await after(6000);
    await backend.command({ command: 'pause' });
    const { snapshot } = await backend.snapshot();
    if (snapshot.run) snapshot.run.summary.state = 'waiting';
    snapshot.connection = { state: 'away', since: 0, message: 'No answer' };
    backend.say({ type: 'snapshot', snapshot });
    await after(0);
    expect(text('status')).toBe('Waiting for Plex');
    expect(screen.getByText(/Nothing is lost/)).toBeTruthy();
    expect(text('announcer')).toContain('Waiting for Plex');
  });
});

describe('keys', () => {
  const press = (key: string, more: KeyboardEventInit = {}, target: Element | Window = window) =>
    fireEvent.keyDown(target, { key, bubbles: true, ...more });

  it('go between the pages, sync, pause and resume', async () => {
    const { app, backend } = await open();
    await press(',', { ctrlKey: true });
    expect(app.page).toBe('settings');
    await press('Enter', { ctrlKey: true });
    expect(backend.commands).toEqual([]);
    await press('1', { ctrlKey: true });
    expect(app.page).toBe('overview');
    await press('Enter', { ctrlKey: true });
    await after(1000);
    await press(' ', {}, document.body);
    await after(0);
    expect(text('status')).toBe('Paused');
    await press(' ', {}, screen.getByTestId('resume'));
    await after(0);
    expect(text('status')).toBe('Paused');
    await press(' ', {}, document.body);
    await after(0);
    expect(backend.commands.map(({ command }) => command)).toEqual(['sync', 'pause', 'resume']);
  });

  it('use Cmd on macOS', async () => {
    const backend = new FakeBackend();
    const app = new App(backend, 'MacIntel');
    render(AppView, { app });
    await after(0);
    await press(',', { ctrlKey: true });
    expect(app.page).toBe('overview');
    await press(',', { metaKey: true });
    expect(app.page).toBe('settings');
    expect(app.keys('Enter')).toBe('⌘↩');
  });

  it('do not start what is not set up', async () => {
    const { backend } = await open('new');
    await press('Enter', { ctrlKey: true });
    expect(backend.commands).toEqual([]);
  });
});
