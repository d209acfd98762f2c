import { fireEvent, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { MatchList } from './backend/backend';
import { unmatched as demoUnmatched } from './backend/demo-rows';
import { after, click, inWindow, open, text } from './test-window';

inWindow();

const rows = () => screen.queryAllByTestId('decision');
const row = (at: number) => {
  const found = rows()[at];
  if (found === undefined) throw new Error(`there is no row ${at}`);
  return within(found);
};

async function problems(scenario: 'ready' | 'conflicts' | 'lockedBefore' = 'conflicts') {
  const opened = await open(scenario);
  await click('nav-problems');
  await after(0);
  return opened;
}

describe('a sync', () => {
  it('says that it waits for the list of what has no match', async () => {
    await open('ready');
    await click('nav-problems');
    await click('show-unmatched');
    await after(0);
    await click('nav-overview');
    expect(text('sync')).toBe('Sync now');
    await click('sync');
    await after(0);
    expect(text('sync')).toBe('Waiting…');
    expect(text('status-detail')).toBe('The sync begins once the list of what has no match has been read.');
    await after(600);
    expect(text('status')).toBe('Reading your source and Plex');
  });
});

describe('the problems', () => {
  it('are counted beside their name and in a sentence', async () => {
    await problems();
    expect(screen.getByTestId('nav-problems').getAttribute('aria-label')).toBe('Problems, 4');
    expect(text('problems-sentence')).toBe(
      '3 fields to decide, 1 item not written. Plex keeps what it has meanwhile.',
    );
    expect(rows()).toHaveLength(3);
    expect(screen.getAllByTestId('failed-row')).toHaveLength(1);
  });

  it('say so where there are none', async () => {
    await problems('ready');
    expect(text('problems-sentence')).toBe('Nothing waits for you. 7 items of your source have no match.');
    expect(text('no-problems')).toContain('No conflicts, and nothing failed');
  });

  it('are not all clear while the question about locked values stands', async () => {
    await problems('lockedBefore');
    expect(text('problems-sentence')).toContain('Only the question above waits for you.');
  });

  it('keep Plex’s value of one field, and go on to the next', async () => {
    const { backend } = await problems();
    const keep = row(0).getByTestId('keep-plex');
    keep.focus();
    await fireEvent.click(keep);
    await after(0);
    expect(backend.commands).toEqual([
      {
        command: 'settle',
        decision: { choice: 'keepPlex', item: 11, field: 'summary', about: 'conflictsAndKept' },
      },
    ]);
    expect(rows()).toHaveLength(2);
    expect(text('decided')).toBe('Above the Treeline, Summary: Plex keeps what it has.');
    expect(document.activeElement).toBe(row(0).getByTestId('keep-plex'));
  });

  it('keep the focus where the engine refused, so that a second key decides no other row', async () => {
    const { backend } = await problems();
    vi.spyOn(backend, 'command').mockRejectedValueOnce({ code: 'state', message: 'The disk is full.' });
    const keep = row(0).getByTestId('keep-plex');
    keep.focus();
    await fireEvent.keyDown(keep, { key: 'k' });
    // As a browser does with a button that is off.
    keep.blur();
    await after(0);
    expect(text('decisions-trouble')).toBe('The disk is full.');
    expect(rows()).toHaveLength(3);
    expect(document.activeElement).toBe(row(0).getByTestId('keep-plex'));
  });

  it('go on to the next where the row goes only with a later report', async () => {
    const { backend } = await problems();
    const stale = structuredClone(await backend.report());
    vi.spyOn(backend, 'report').mockResolvedValue(stale);
    const next = row(1).getByTestId('keep-plex');
    row(0).getByTestId('keep-plex').focus();
    await fireEvent.keyDown(row(0).getByTestId('keep-plex'), { key: 'k' });
    await after(0);
    expect(rows()).toHaveLength(3);
    expect(document.activeElement).toBe(next);
  });

  it('are decided by key, and a decision can be withdrawn until it is written', async () => {
    const { backend } = await problems();
    await fireEvent.keyDown(row(1).getByTestId('keep-plex'), { key: 's' });
    await after(0);
    expect(backend.commands).toHaveLength(1);
    const chosen = within(screen.getByRole('region', { name: 'Decided for your source' }));
    await fireEvent.click(chosen.getByTestId('keep-plex'));
    await after(0);
    expect(screen.queryByRole('region', { name: 'Decided for your source' })).toBeNull();
    expect(backend.commands.at(-1)).toMatchObject({ decision: { choice: 'keepPlex', item: 12 } });
  });

  it.each([
    [1, 1, 'the sync under way may have written it already. The next sync looks again, and undo takes'],
    [0, 0, 'what waited was written already. Undo takes it back.'],
  ])('say what became of %i field, of which %i may be written', async (fields, maybeWritten, words) => {
    const { backend } = await problems();
    vi.spyOn(backend, 'command').mockResolvedValueOnce({ reply: 'settled', fields, maybeWritten });
    await fireEvent.click(row(0).getByTestId('keep-plex'));
    await after(0);
    expect(text('decided')).toContain(`Above the Treeline, Summary: ${words}`);
    expect(screen.getByTestId('decided').classList).not.toContain('unseen');
  });

  it('offer no source where none asks for the value', async () => {
    await problems();
    expect(row(2).queryByTestId('use-source')).toBeNull();
    await fireEvent.keyDown(row(2).getByTestId('keep-plex'), { key: 's' });
    expect(rows()).toHaveLength(3);
  });

  it('are decided all at once after a question', async () => {
    const { backend } = await problems();
    await click('use-source-for-all');
    expect(backend.commands).toEqual([]);
    await click('use-source-for-all-confirm');
    await after(0);
    expect(backend.commands).toEqual([
      { command: 'settle', decision: { choice: 'useSource', item: null, field: null, about: 'conflicts' } },
    ]);
    expect(text('decided')).toBe('2 fields decided: the next sync writes your source’s values.');
  });

  it('show what was kept, and why; titles are text', async () => {
    await problems();
    await click('show-kept');
    expect(rows()).toHaveLength(2);
    expect(rows()[0]?.textContent).toContain('<b>서울의 밤 산책</b>');
    expect(rows()[0]?.textContent).toContain('You edited it in Plex');
    expect(row(1).queryByTestId('use-source')).toBeNull();
    await fireEvent.click(row(0).getByTestId('use-source'));
    await after(0);
    expect(rows()).toHaveLength(1);
  });

  it('put failed jobs back', async () => {
    const { backend } = await problems();
    await click('retry-failed');
    await after(0);
    expect(backend.commands).toEqual([{ command: 'retryFailed' }]);
    expect(screen.queryByTestId('failed-row')).toBeNull();
  });

  it('ask about what was locked before', async () => {
    await problems('lockedBefore');
    expect(text('banner')).toContain('7 values that are locked');
  });

  it('open with a key', async () => {
    await open('conflicts');
    await fireEvent.keyDown(document.body, { key: '4', ctrlKey: true });
    await after(0);
    expect(text('problems-sentence')).toContain('3 fields');
  });
});

describe('what has no match', () => {
  const listed = (name: string) =>
    within(screen.getByRole('region', { name })).getAllByTestId('unmatched-row');

  /** Another film for which something is suggested. */
  function second(): MatchList {
    const list = demoUnmatched();
    const [, first] = list.rows;
    const [suggestion] = first?.suggestions ?? [];
    if (first === undefined || suggestion === undefined) throw new Error('the demo suggests something');
    const item = { ...suggestion.item, ratingKey: 78, title: 'Harbour Nights' };
    const sourceId = 'Harbour Nights (2004)/Harbour Nights.nfo';
    list.rows.push({ ...first, sourceId, suggestions: [{ ...suggestion, item }] });
    return list;
  }
  const choose = (at: number) => {
    const found = screen.getAllByTestId('choose-match')[at];
    if (found === undefined) throw new Error(`there is no suggestion ${at}`);
    return found;
  };
  async function twoSuggestions() {
    const opened = await problems('ready');
    vi.spyOn(opened.backend, 'ask').mockResolvedValueOnce({ answer: 'matches', list: second() });
    await click('show-unmatched');
    await after(0);
    return opened;
  }

  async function unmatched() {
    const opened = await problems('ready');
    expect(opened.backend.questions).toEqual([]);
    await click('show-unmatched');
    await after(1000);
    return opened;
  }

  it('is asked for only when somebody wants to see it, in groups', async () => {
    const { backend } = await unmatched();
    expect(backend.questions).toEqual([{ question: 'matches', which: 'missing', limit: 500 }]);
    expect(text('show-unmatched')).toBe('No match 7');
    expect(listed('Ambiguous')).toHaveLength(1);
    expect(listed('Not found in Plex')).toHaveLength(2);
    expect(listed('No path rule').map((row) => row.textContent)).toEqual([
      expect.stringContaining('No path rule covers'),
    ]);
    expect(listed('Ruled out').map((row) => row.textContent)).toEqual([expect.stringContaining('ruled out')]);
    expect(listed('Ambiguous')[0]?.textContent).toContain('Its files lead to two items in Plex.');
  });

  it('gets its match by a yes', async () => {
    const { backend } = await unmatched();
    await click('choose-match');
    await after(1000);
    expect(backend.questions.at(-1)).toEqual({
      question: 'acceptMatch',
      sourceId: 'Harbour Lights (2003)/Harbour Lights.nfo',
      ratingKey: 77,
    });
    expect(listed('Not found in Plex')).toHaveLength(1);
    expect(screen.getByText(/means “Harbour Lights”: the next sync writes it/)).toBeTruthy();
  });

  it('stays without what a person ruled out', async () => {
    const { backend } = await unmatched();
    await click('reject-match');
    await after(1000);
    expect(backend.questions.at(-1)).toMatchObject({ question: 'rejectMatch', ratingKey: 77 });
    expect(listed('Not found in Plex')).toHaveLength(2);
    expect(screen.queryByTestId('choose-match')).toBeNull();
  });

  it('says that it is being looked for, and reads both sides no second time after an answer', async () => {
    const { backend } = await problems('ready');
    await click('show-unmatched');
    expect(text('looking')).toContain('Looking through your source and Plex.');
    await after(1000);
    expect(text('looking')).toBe('');
    await click('choose-match');
    expect(text('looking')).toContain('Looking through');
    await after(1000);
    expect(text('looking')).toBe('');
    expect(backend.questions.map(({ question }) => question)).toEqual(['matches', 'acceptMatch']);
  });

  it('goes on to the next row after an answer, and takes answers for others meanwhile', async () => {
    const { backend } = await twoSuggestions();
    const next = choose(1);
    choose(0).focus();
    await fireEvent.click(choose(0));
    await fireEvent.click(choose(0));
    expect(document.activeElement).toBe(choose(0));
    await after(1000);
    expect(document.activeElement).toBe(next);
    await fireEvent.click(next);
    await after(1000);
    expect(backend.questions.map((asked) => 'ratingKey' in asked && asked.ratingKey)).toEqual([77, 78]);
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Without a match');
  });

  it('keeps the focus where an answer was refused', async () => {
    const { backend } = await twoSuggestions();
    choose(0).focus();
    vi.spyOn(backend, 'ask').mockRejectedValueOnce({ code: 'busy', message: '' });
    await fireEvent.click(choose(0));
    await after(1000);
    expect(document.activeElement).toBe(choose(0));
    expect(screen.getAllByTestId('choose-match')).toHaveLength(2);
  });

  it('goes on to the next no after a no', async () => {
    await twoSuggestions();
    const [no, next] = screen.getAllByTestId('reject-match');
    no?.focus();
    if (no) await fireEvent.click(no);
    await after(1000);
    expect(document.activeElement).toBe(next);
  });

  it('is asked for at the end of the sync during which it was opened', async () => {
    const { backend } = await problems('ready');
    await click('nav-overview');
    await click('sync');
    await after(700);
    await click('nav-problems');
    await click('show-unmatched');
    await after(1000);
    expect(backend.questions).toEqual([]);
    expect(screen.getByText(/A sync is under way/)).toBeTruthy();
    await after(70_000);
    expect(backend.questions).toHaveLength(1);
    expect(listed('Ambiguous')).toHaveLength(1);
  });

  it('says why it cannot be listed, and is asked for again', async () => {
    const { backend } = await problems('ready');
    vi.spyOn(backend, 'ask').mockRejectedValueOnce({ code: 'unreachable', message: '' });
    await click('show-unmatched');
    await after(1000);
    expect(text('unmatched-trouble')).toContain('Plex does not answer');
    await fireEvent.click(within(screen.getByTestId('unmatched-trouble')).getByRole('button'));
    await after(1000);
    expect(screen.queryByTestId('unmatched-trouble')).toBeNull();
    expect(listed('Ambiguous')).toHaveLength(1);
  });
});
