import { fireEvent, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { Snapshot } from './backend/backend';
import { after, click, clickNth, inWindow, nth, paths, text, texts, values } from './test-window';

inWindow();

describe('suggested rules', () => {
  async function suggested(change?: (snapshot: Snapshot) => void) {
    const opened = await paths('ready', change);
    await click('rules-suggest');
    expect(text('rules-suggest')).toBe('Stop');
    expect(text('suggesting')).toBe(
      'Reading the paths of your source and of Plex. A sync begins after that.',
    );
    await after(400);
    return opened;
  }

  it('say how much each explains and where else it could lead', async () => {
    await suggested();
    const [media, usb] = texts('suggestion');
    expect(media).toContain('/srv/media leads to /data/media Fits 235 of 240 files');
    expect(media).toMatch(/For example \/srv\/media\/films\/.* is \/data\/media\/films\//);
    expect(media).toContain('Nearly the same files are also in /mnt/backup/media');
    expect(usb).toContain('/srv/usb leads to /data/usb Fits 1 file');
    expect(text('suggestions-sentence')).toContain('Together they lead 236 of 241 files to one in Plex.');
  });

  it('go into the draft one by one, and are not saved', async () => {
    const { backend } = await suggested();
    expect(texts('use-rule')).toEqual(['Used', 'Use']);
    nth('use-rule', 1).focus();
    await clickNth('use-rule', 1);
    expect(values('rule-from')).toEqual(['/srv/media', '/srv/usb']);
    expect(values('rule-to')).toEqual(['/data/media', '/data/usb']);
    expect(texts('use-rule')).toEqual(['Used', 'Used']);
    expect(document.activeElement).toBe(nth('use-rule', 1));
    expect(text('rules-said')).toBe('/srv/usb leads to /data/usb now. Not saved yet.');
    await clickNth('use-rule', 1);
    expect(values('rule-from')).toHaveLength(2);
    expect(text('settings-state')).toBe('Not saved yet');
    expect((await backend.snapshot()).snapshot.settings.pathRules).toHaveLength(1);
  });

  it('go before a rule that would leave them nothing, and in place of one for the same folder', async () => {
    await suggested(({ settings }) => {
      settings.pathRules = [
        { from: '/srv/', to: '/wrong' },
        { from: '/srv/media/', to: '/old' },
        { from: '/srv/(.*)', to: '/x/$1', kind: 'regex' },
      ];
    });
    await click('use-all');
    expect(values('rule-from')).toEqual(['/srv/media', '/srv/usb', '/srv/', '/srv/(.*)']);
    expect(values('rule-to')).toEqual(['/data/media', '/data/usb', '/wrong', '/x/$1']);
    expect(texts('use-rule')).toEqual(['Used', 'Used']);
  });

  it('go before a pattern, and are not used while one stands before them', async () => {
    await suggested(({ settings }) => {
      settings.pathRules = [
        { from: '/other', to: '/o' },
        { from: '(.*)', to: '/x$1', kind: 'regex' },
        { from: '/srv/media', to: '/data/media' },
        { from: '/srv/usb', to: '/data/usb' },
      ];
    });
    expect(texts('use-rule')).toEqual(['Use', 'Use']);
    await clickNth('use-rule', 1);
    expect(values('rule-from')).toEqual(['/other', '/srv/usb', '(.*)', '/srv/media']);
    expect(texts('use-rule')).toEqual(['Use', 'Used']);
    await clickNth('use-rule', 0);
    expect(values('rule-from')).toEqual(['/other', '/srv/usb', '/srv/media', '(.*)']);
    expect(texts('use-rule')).toEqual(['Used', 'Used']);
  });

  it('stay where they are if nothing hinders them there', async () => {
    await suggested(({ settings }) => {
      settings.pathRules = [
        { from: '/srv/media', to: '/old' },
        { from: '/other', to: '/o' },
      ];
    });
    await clickNth('use-rule', 0);
    expect(values('rule-from')).toEqual(['/srv/media', '/other']);
    expect(values('rule-to')).toEqual(['/data/media', '/o']);
  });

  it('go when they are refused', async () => {
    const { backend } = await suggested();
    vi.spyOn(backend, 'ask').mockRejectedValueOnce({ code: 'source', message: 'The folder is not there.' });
    await click('rules-suggest');
    await after(0);
    expect(text('suggest-refused')).toBe('The folder is not there.');
    expect(screen.queryByTestId('suggestions')).toBeNull();
  });

  it('can lead elsewhere', async () => {
    await suggested();
    await click('use-instead');
    expect(values('rule-to')).toEqual(['/mnt/backup/media']);
    expect(texts('use-instead')).toEqual(['Used']);
    expect(texts('use-rule')[0]).toBe('Use');
  });

  it('can be hidden, and go where the folder is another', async () => {
    await suggested();
    await click('suggestions-hide');
    await after(0);
    expect(screen.queryByTestId('suggestions')).toBeNull();
    expect(document.activeElement).toBe(screen.getByTestId('rules-suggest'));
    await click('rules-suggest');
    await after(400);
    await click('settings-source');
    await fireEvent.input(screen.getByTestId('source-folder'), { target: { value: '/other' } });
    await click('settings-paths');
    expect(screen.queryByTestId('suggestions')).toBeNull();
  });

  it.each([
    [
      240,
      235,
      /^No rule is needed: Plex holds 235 of 240 files under the very same path\. The rules here may/,
    ],
    [240, 0, /^No rule could be found: no file of your source looks like one in Plex\. Check that folder/],
    [0, 0, /your source folder holds no media files/],
  ])('say honestly that there is none (%i files, %i as they are)', async (files, asTheyAre, words) => {
    const { backend } = await paths();
    vi.spyOn(backend, 'ask').mockResolvedValueOnce({ answer: 'rulesSuggested', rules: [], files, asTheyAre });
    await click('rules-suggest');
    await after(400);
    expect(text('suggestions-sentence')).toMatch(words);
    expect(screen.queryByTestId('suggestions')).toBeNull();
  });
});
