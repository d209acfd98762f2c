import { fireEvent, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { Snapshot } from './backend/backend';
import { after, all, click, clickNth, inWindow, nth, paths, text, texts, type, values } from './test-window';

inWindow();

async function tried(...opened: Parameters<typeof paths>) {
  const window = await paths(...opened);
  await click('rules-try');
  await after(400);
  return window;
}

const TWO = ({ settings }: Snapshot) => {
  settings.pathRules = [
    { from: '/srv/media', to: '/data/media' },
    { from: '/srv/usb', to: '/data/usb' },
  ];
};

describe('trying rules', () => {
  it('says how many items they match, rule by rule, before anything is saved', async () => {
    const { backend } = await paths();
    await click('rule-add');
    await type('rule-from', 1, ' /srv/usb');
    await type('rule-to', 1, '/data/usb');
    await click('rules-try');
    await after(400);
    expect(backend.questions).toEqual([
      {
        question: 'testRules',
        rules: [
          { from: '/srv/media', to: '/data/media' },
          { from: '/srv/usb', to: '/data/usb' },
        ],
        paths: [],
      },
    ]);
    expect(text('rules-found')).toBe('234 of 240 source items would be found in Plex.');
    expect(text('rules-left')).toBe(
      'The rest: 5 not in Plex, 1 whose files lead to different items. 9 of 246 items in Plex would have no source.',
    );
    expect(texts('rule-used')).toEqual(['Used by 239 items', 'Used by 1 item']);
    expect(texts('rule-matched')).toEqual(['233 found in Plex', '1 found in Plex']);
    expect(text('settings-state')).toBe('Not saved yet');
    expect((await backend.snapshot()).snapshot.settings.pathRules).toHaveLength(1);
  });

  it('counts past a rule that is still empty', async () => {
    await paths('ready', ({ settings }) => {
      settings.pathRules = [
        { from: '', to: '' },
        { from: '/srv/usb', to: '/data/usb' },
      ];
    });
    await click('rules-try');
    await after(400);
    expect(texts('rule-used')).toEqual(['', 'Used by 1 item']);
    const outcomes = all('tried-path').map((path) => within(path).getByTestId('tried-rule').textContent);
    expect(outcomes.map((one) => one?.replace(/\s+/g, ' ').trim())).toContain('/srv/usb leads to /data/usb');
  });

  it('shows real paths of both sides: found, not found, under no rule', async () => {
    await tried();
    const outcomes = texts('tried-outcome');
    expect(outcomes).toContain('Found. Amber Orchard, Films');
    expect(outcomes).toContain('Not found. The libraries chosen here hold no file of this path.');
    expect(outcomes).toContain('No rule fits this path.');
    expect(outcomes.find((one) => one.startsWith('Found in 2 items.'))).toMatch(
      /^Found in 2 items\. (.+), Films; \1 \(second copy\), Films$/,
    );
    const held = all('tried-outcome').filter((one) => one.textContent?.includes('Found'));
    expect(held.filter((one) => one.querySelector('.ok') === null)).toEqual([]);
    const first = within(nth('tried-path', 0));
    expect(first.getByTestId('tried-plex').querySelector('ins')?.textContent).toBe('/data/media');
    expect(first.getByTestId('tried-plex').textContent).toMatch(/^\/data\/media\/films\//);
    expect(all('plex-path')).toHaveLength(5);
  });

  it('takes its figures away as soon as a rule is edited, and shows them again for the same rules', async () => {
    await tried();
    await type('rule-to', 0, '/data/medi');
    expect(screen.queryByTestId('rules-found')).toBeNull();
    expect(texts('rule-used')).toEqual(['']);
    expect(all('tried-path')).toHaveLength(0);
    expect(all('plex-path')).toHaveLength(0);
    expect(text('rules-verdict')).toBe('The rules have changed since they were tried.');
    await type('rule-to', 0, '/data/media');
    expect(text('rules-found')).toContain('233 of 240');
  });

  it('shows no answer to rules that were edited while it was asked', async () => {
    await paths();
    await click('rules-try');
    await after(0);
    await type('rule-to', 0, '/elsewhere');
    await after(400);
    expect(screen.queryByTestId('rules-found')).toBeNull();
    expect(text('rules-verdict')).toBe('The rules have changed since they were tried.');
  });

  it('asks nothing twice at once, says so on the button, and leaves the focus there', async () => {
    const { backend } = await paths();
    screen.getByTestId('rules-try').focus();
    await click('rules-try');
    await after(0);
    expect(text('rules-try')).toBe('Stop');
    await fireEvent.click(screen.getByTestId('rules-try'), { detail: 2 });
    await fireEvent.input(screen.getByTestId('try-path'), { target: { value: '/a' } });
    await fireEvent.keyDown(screen.getByTestId('try-path'), { key: 'Enter' });
    for (const other of ['try-path-go', 'rules-suggest'])
      expect(screen.getByTestId(other)).toHaveProperty('disabled', true);
    await after(400);
    expect(backend.questions).toHaveLength(1);
    expect(document.activeElement).toBe(screen.getByTestId('rules-try'));
    expect(text('rules-try')).toBe('Try these rules');
  });

  it('has a rule mended first that lacks a side', async () => {
    const { backend } = await paths();
    await type('rule-to', 0, ' ');
    await click('rules-try');
    await after(400);
    expect(backend.questions).toEqual([]);
    expect(document.activeElement).toBe(screen.getByTestId('rule-to'));
    expect(text('path-rule')).toContain('Enter the beginning of the path in Plex.');
  });

  it('says in place why it was refused, and tries what Plex holds without rules', async () => {
    await paths('new');
    expect(text('rules-try')).toBe('Try without rules');
    await click('rules-try');
    await after(400);
    expect(text('rules-refused')).toBe('Enter the address of your Plex server.');
    await click('rules-suggest');
    await after(400);
    expect(screen.queryByTestId('rules-refused')).toBeNull();
    expect(text('suggest-refused')).toBe('Enter the address of your Plex server.');
  });

  it('waits for the end of a run, after which figures from before are gone', async () => {
    const { app, backend } = await tried();
    await app.engine.sync();
    await after(1000);
    const sentence = 'A sync is under way. Rules can be tried after it.';
    expect(text('rules-verdict')).toBe(sentence);
    await fireEvent.input(screen.getByTestId('try-path'), { target: { value: '/a' } });
    await fireEvent.keyDown(screen.getByTestId('try-path'), { key: 'Enter' });
    for (const button of ['rules-try', 'rules-suggest', 'try-path-go']) {
      expect(screen.getByTestId(button)).toHaveProperty('disabled', true);
      expect(screen.getByTestId(button).title).toBe(sentence);
    }
    expect(backend.questions).toHaveLength(1);
    await app.engine.cancel();
    await after(2000);
    expect(app.engine.running).toBe(false);
    expect(text('rules-verdict')).toBe('See how many items these rules match before you save them.');
    expect(texts('rule-used')).toEqual(['']);
    await click('rules-try');
    await after(400);
    expect(text('rules-found')).toContain('233 of 240');
  });

  it('keeps no refusal beyond the run that it speaks of', async () => {
    const { app, backend } = await paths();
    vi.spyOn(backend, 'ask').mockRejectedValueOnce({ code: 'busy', message: 'A run is under way.' });
    await click('rules-try');
    await after(0);
    expect(text('rules-refused')).toBe('A run is under way.');
    await app.engine.sync();
    await after(1000);
    await app.engine.cancel();
    await after(2000);
    expect(screen.queryByTestId('rules-refused')).toBeNull();
  });

  it('shows a refusal alone, without what was answered before it', async () => {
    const { backend } = await tried();
    vi.spyOn(backend, 'ask').mockRejectedValueOnce({ code: 'source', message: 'The folder is not there.' });
    await click('rules-try');
    await after(0);
    expect(text('rules-verdict')).toBe('The folder is not there.');
    expect(texts('rule-used')).toEqual(['']);
    expect(all('tried-path')).toHaveLength(0);
  });

  it('can be stopped, which says nothing', async () => {
    const { backend } = await paths();
    await click('rules-try');
    await after(0);
    await click('rules-try');
    await after(0);
    expect(backend.commands).toEqual([{ command: 'cancel' }]);
    expect(text('rules-try')).toBe('Try these rules');
    expect(screen.queryByTestId('rules-refused')).toBeNull();
    await after(400);
    expect(screen.queryByTestId('rules-found')).toBeNull();
    await click('rules-try');
    await after(400);
    expect(screen.getByTestId('rules-found')).toBeTruthy();
  });

  it('shows nothing that was read with another token', async () => {
    const { app } = await tried();
    app.settings.token = 'another';
    expect(await app.settings.save()).toBe(true);
    await after(0);
    expect(screen.queryByTestId('rules-found')).toBeNull();
    expect(text('rules-verdict')).toBe('See how many items these rules match before you save them.');
    await click('rules-try');
    await after(0);
    app.settings.token = 'a third one';
    expect(await app.settings.save()).toBe(true);
    await after(400);
    expect(screen.queryByTestId('rules-found')).toBeNull();
  });

  it('shows nothing of a folder that was in force before another one', async () => {
    const { app } = await tried();
    const { folder } = app.settings.draft.source;
    for (const other of ['/srv/other', folder]) {
      app.settings.draft.source.folder = other;
      expect(await app.settings.save()).toBe(true);
      await after(0);
    }
    expect(screen.queryByTestId('rules-found')).toBeNull();
  });

  it('shows no answer to what was asked before the page was left', async () => {
    const { backend } = await paths();
    await click('rules-try');
    await click('nav-overview');
    await click('nav-settings');
    await after(400);
    expect(screen.queryByTestId('rules-found')).toBeNull();
    let refuse: (error: unknown) => void = () => undefined;
    vi.spyOn(backend, 'ask').mockReturnValueOnce(new Promise((_, reject) => (refuse = reject)));
    await click('rules-try');
    await click('nav-overview');
    await click('nav-settings');
    refuse({ code: 'source', message: 'The folder is not there.' });
    await after(0);
    expect(screen.queryByTestId('rules-refused')).toBeNull();
  });

  it('waits for a server, a library and a folder to be saved', async () => {
    const { backend, app } = await tried();
    await click('settings-source');
    await fireEvent.input(screen.getByTestId('source-folder'), { target: { value: '/srv/other' } });
    await click('settings-paths');
    expect(screen.queryByTestId('rules-found')).toBeNull();
    expect(text('save-first')).toContain('Save yours first.');
    for (const button of ['rules-try', 'rules-suggest', 'try-path-go'])
      expect(screen.getByTestId(button)).toHaveProperty('disabled', true);
    await click('settings-save');
    await after(0);
    expect(screen.queryByTestId('save-first')).toBeNull();
    await click('rules-try');
    await after(400);
    expect(backend.questions).toHaveLength(2);
    expect(screen.getByTestId('rules-found')).toBeTruthy();
    app.settings.token = 'another';
    await after(0);
    expect(text('save-first')).toContain('Save yours first.');
  });

  it('holds a sync up, which says so, and is done anew when the page is opened again', async () => {
    await tried();
    await click('rules-unmatched');
    expect(screen.getByTestId('nav-problems').getAttribute('aria-current')).toBe('page');
    await after(400);
    expect(screen.getByTestId('show-unmatched').getAttribute('aria-pressed')).toBe('true');
    expect(all('unmatched-row').length).toBeGreaterThan(0);
    await click('nav-problems');
    expect(all('unmatched-row').length, 'the list stays').toBeGreaterThan(0);
    await click('nav-settings');
    await after(0);
    expect(screen.queryByTestId('rules-found')).toBeNull();
    await click('rules-try');
    await click('nav-overview');
    await click('sync');
    await after(0);
    expect(text('status-detail')).toBe('The sync begins once the paths of both sides have been read.');
    await after(400);
  });
});

describe('a path of one’s own', () => {
  const tryPath = async (path: string) => {
    await fireEvent.input(screen.getByTestId('try-path'), { target: { value: path } });
    const goesOn = await fireEvent.keyDown(screen.getByTestId('try-path'), { key: 'Enter' });
    expect(goesOn, 'the form would be saved').toBe(false);
    await after(400);
  };
  const own = () => within(screen.getByTestId('own-path'));

  it('is found, or not, and Enter does not save', async () => {
    const { backend } = await paths();
    await type('rule-to', 0, '/data/media/');
    await tryPath('Amber Orchard (1951)/Amber Orchard (1951).mkv');
    expect(own().getByTestId('tried-outcome').textContent).toMatch(/Found\.\s+Amber Orchard, Films/);
    expect(own().getByTestId('tried-plex').innerHTML).toContain('<ins');
    expect(screen.queryByTestId('rules-found'), 'the rules were not tried on everything').toBeNull();
    expect(all('plex-path')).toHaveLength(0);
    expect(texts('rule-used')).toEqual(['']);
    const { contexts, calls } = vi.mocked(Element.prototype.scrollIntoView).mock;
    expect((contexts[0] as Element).contains(screen.getByTestId('own-path'))).toBe(true);
    expect(calls).toEqual([[{ block: 'nearest' }]]);
    await tryPath('/srv/media/films/<img src=x>/no.mkv');
    expect(own().getByTestId('tried-outcome').textContent).toContain('Not found.');
    expect(own().getByTestId('tried-plex').textContent).toBe('/data/media/films/<img src=x>/no.mkv');
    expect(screen.getByTestId('own-path').querySelector('img')).toBeNull();
    await tryPath('/elsewhere/a.mkv');
    expect(own().getByTestId('tried-rule').textContent).toContain('None');
    expect(own().getByTestId('tried-outcome').textContent).toContain('No rule fits');
    expect(backend.questions.at(-1)).toMatchObject({ paths: ['/elsewhere/a.mkv'] });
    expect(text('settings-state')).toBe('Not saved yet');
  });

  it('keeps no answer once it or a rule is another, and leaves the list of paths alone', async () => {
    await tried();
    const before = all('tried-path').length;
    await tryPath('/srv/media/films/a.mkv');
    expect(all('tried-path')).toHaveLength(before);
    await fireEvent.input(screen.getByTestId('try-path'), { target: { value: '/srv/media/films/b.mkv' } });
    expect(own().queryByTestId('tried-outcome')).toBeNull();
    expect(all('tried-path')).toHaveLength(before);
    await tryPath('/srv/media/films/b.mkv');
    await type('rule-from', 0, '/srv');
    expect(own().queryByTestId('tried-outcome')).toBeNull();
  });

  it('says why it was refused', async () => {
    const { backend } = await paths();
    vi.spyOn(backend, 'ask').mockRejectedValueOnce({ code: 'source', message: 'The folder is not there.' });
    await tryPath('/a');
    expect(text('path-refused')).toBe('The folder is not there.');
    expect(screen.queryByTestId('rules-refused')).toBeNull();
    await tryPath('/a');
    expect(own().getByTestId('tried-outcome')).toBeTruthy();
    vi.spyOn(backend, 'ask').mockRejectedValueOnce({ code: 'source', message: 'It is gone again.' });
    await tryPath('/a');
    expect(text('own-path')).toBe('It is gone again.');
  });
});

describe('the rules', () => {
  it('change their order by buttons, which keep the focus on the rule', async () => {
    const { backend } = await tried('ready', TWO);
    expect(nth('rule-up', 0)).toHaveProperty('disabled', true);
    expect(nth('rule-down', 1)).toHaveProperty('disabled', true);
    await clickNth('rule-up', 1);
    await after(0);
    expect(values('rule-from')).toEqual(['/srv/usb', '/srv/media']);
    expect(document.activeElement).toBe(nth('rule-down', 0));
    expect(text('rules-said')).toBe('Rule 2 stands in row 1 of 2 now. Not saved yet.');
    expect(screen.queryByTestId('rules-found')).toBeNull();
    await clickNth('rule-down', 0);
    await after(0);
    expect(text('rules-said'), 'as it is saved').toBe('');
    expect(values('rule-from')).toEqual(['/srv/media', '/srv/usb']);
    expect(document.activeElement).toBe(nth('rule-up', 1));
    await clickNth('rule-up', 1);
    await click('settings-save');
    await after(0);
    const { pathRules } = (await backend.snapshot()).snapshot.settings;
    expect(pathRules.map(({ from }) => from)).toEqual(['/srv/usb', '/srv/media']);
  });

  it('have no order where there is one, and hand the focus on when one goes', async () => {
    await paths('ready', TWO);
    await clickNth('rule-remove', 1);
    await after(0);
    expect(text('rules-said')).toBe('Rule 2 is removed, 1 is left. Not saved yet.');
    expect(document.activeElement).toBe(screen.getByTestId('rule-remove'));
    expect(screen.queryByTestId('rule-up')).toBeNull();
    await click('rule-remove');
    await after(0);
    expect(text('rules-said')).toBe('Rule 1 is removed, none is left. Not saved yet.');
    expect(document.activeElement).toBe(screen.getByTestId('rule-add'));
    await click('settings-discard');
    await after(0);
    expect(text('rules-said')).toBe('');
  });

  it('say something else each time one is removed', async () => {
    await paths('ready', (snapshot) => {
      TWO(snapshot);
      snapshot.settings.pathRules.push({ from: '/srv/old', to: '/data/old' });
    });
    await clickNth('rule-remove', 0);
    expect(text('rules-said')).toBe('Rule 1 is removed, 2 are left. Not saved yet.');
    await clickNth('rule-remove', 0);
    expect(text('rules-said')).toBe('Rule 1 is removed, 1 is left. Not saved yet.');
  });

  it('are numbered as the engine counts them, which names the one that it refuses', async () => {
    const { backend } = await paths('ready', TWO);
    await click('rule-add');
    await clickNth('rule-up', 2);
    await after(0);
    await clickNth('rule-up', 1);
    await after(0);
    expect(values('rule-from')).toEqual(['', '/srv/media', '/srv/usb']);
    expect(texts('rule-number')).toEqual(['', '1', '2']);
    expect(screen.getByLabelText('Path in the source, empty rule')).toBe(nth('rule-from', 0));
    expect(screen.getByLabelText('Path in Plex, rule 2')).toBe(nth('rule-to', 2));
    const invalid = () =>
      [...all('rule-from'), ...all('rule-to')].filter((side) => side.getAttribute('aria-invalid') === 'true');
    const refuse = async (message: string) => {
      vi.spyOn(backend, 'ask').mockRejectedValueOnce({ code: 'settings', message });
      await click('rules-try');
      await after(0);
    };
    await refuse('Path rule 2: at character 3 of the pattern, a bracket is opened and never closed.');
    expect(invalid()).toEqual([nth('rule-from', 2)]);
    expect(texts('rule-note')).toEqual([
      '',
      '',
      'At character 3 of the pattern, a bracket is opened and never closed.',
    ]);
    await refuse('Path rule 1: at character 4 of the right side, “${” is never closed.');
    expect(invalid()).toEqual([nth('rule-to', 1)]);
    await type('rule-to', 1, '/data');
    expect(invalid()).toEqual([]);
    vi.spyOn(backend, 'saveSettings').mockRejectedValueOnce({
      code: 'settings',
      message: 'Path rule 2: the pattern is longer than 2000 characters.',
    });
    await click('settings-save');
    await after(0);
    expect(invalid()).toEqual([nth('rule-from', 2)]);
  });

  it('can be patterns, which are tried and saved as such', async () => {
    const { backend } = await paths();
    const choose = (value: string) =>
      fireEvent.change(screen.getByTestId('rule-kind'), { target: { value } });
    await choose('regex');
    await choose('prefix');
    expect(text('settings-state'), 'a folder as before').toBe('');
    await choose('regex');
    expect(text('rule-note')).toBe(
      'A pattern fits whole paths. Between folders write / or \\\\. Case says nothing in Windows paths. $1 stands for the first group in round brackets ( ).',
    );
    await type('rule-from', 0, '/srv/(media|usb)/(.*)');
    await type('rule-to', 0, '/data/$1/$2');
    expect(screen.getByLabelText('Pattern of the path in the source, rule 1')).toBe(
      screen.getByTestId('rule-from'),
    );
    await click('rules-try');
    await after(400);
    expect(text('rules-found')).toContain('234 of 240');
    await click('settings-save');
    await after(0);
    expect((await backend.snapshot()).snapshot.settings.pathRules).toEqual([
      { from: '/srv/(media|usb)/(.*)', to: '/data/$1/$2', kind: 'regex' },
    ]);
    await type('rule-from', 0, '/srv/(');
    await click('rules-try');
    await after(400);
    expect(text('rules-refused')).toBe('Path rule 1: the pattern cannot be read.');
    expect(text('rule-note')).toMatch(/^The pattern cannot be read\. A pattern fits whole paths\./);
  });
});
