import { fireEvent, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { Snapshot } from './backend/backend';
import type { Scenario } from './backend/scenarios';
import { PRESETS, ALL_FIELDS } from './state/policies';
import { after, click, inWindow, open, text } from './test-window';

inWindow();

describe('settings', () => {
  const type = (testid: string, value: string) =>
    fireEvent.input(screen.getByTestId(testid), { target: { value } });

  it('lead a newcomer from nothing to a first sync', async () => {
    const { backend } = await open('new');
    await click('set-up');
    await after(0);
    await type('plex-address', 'ftp://attic');
    await click('settings-save');
    await after(0);
    expect(text('plex-address-note')).toContain('should look like');
    expect(document.activeElement).toBe(screen.getByTestId('plex-address'));
    await type('plex-address', 'http://attic:32400');
    expect(text('plex-address-note')).toContain('For example');
    await type('plex-token', 'right');
    await click('test-connection');
    await after(1000);
    expect(screen.getByTestId('test-result').dataset['result']).toBe('connected');
    expect(text('test-result')).toContain('Attic answers');
    await click('section-Films');
    await click('settings-source');
    await click('pick-folder');
    await after(0);
    await click('settings-paths');
    await click('rule-add');
    await after(0);
    expect(document.activeElement).toBe(screen.getByTestId('rule-from'));
    await type('rule-from', '/srv/media');
    await type('rule-to', '/data');
    await click('settings-writing');
    await click('lock-written');
    await click('settings-save');
    await after(0);
    expect(text('settings-state')).toBe('Saved');
    expect((await backend.snapshot()).snapshot.settings).toMatchObject({
      plexAddress: 'http://attic:32400',
      sections: [{ title: 'Films', policies: {}, listModes: {} }],
      source: { kind: 'nfo', folder: '/srv/media/films' },
      pathRules: [{ from: '/srv/media', to: '/data' }],
      lockWritten: false,
    });
    await click('nav-overview');
    expect(text('status')).toBe('Ready for the first sync');
  });

  it('leave no trace of a token on the page once it is kept', async () => {
    await open();
    await click('nav-settings');
    await after(0);
    await type('plex-token', 's3cret');
    await click('test-connection');
    await after(1000);
    await click('settings-save');
    await after(1000);
    expect((screen.getByTestId('plex-token') as HTMLInputElement).value).toBe('');
    expect(document.documentElement.outerHTML).not.toContain('s3cret');
  });

  it('are exported as they are saved, without the token', async () => {
    const { backend } = await open();
    await click('nav-settings');
    await after(0);
    await type('plex-token', 's3cret');
    expect(screen.getByTestId('settings-export')).toHaveProperty('disabled', true);
    await click('settings-discard');
    await click('settings-export');
    await after(0);
    expect(text('settings-state')).toBe('Exported to /home/me/syncslate.toml. The token is not in it.');
    backend.exportPlace = null;
    await click('settings-export');
    await after(0);
    expect(text('settings-state')).toBe('');
    backend.exportSettings = () =>
      Promise.reject({ code: 'not_exported', message: 'The settings were not exported.' });
    await click('settings-export');
    await after(0);
    expect(text('settings-state')).toBe('The settings were not exported.');
  });

  it('are saved with a warning where the source folder is not there', async () => {
    const { backend } = await open();
    await click('nav-settings');
    await click('settings-source');
    await type('source-folder', '/nowhere/films');
    await click('settings-save');
    await after(0);
    expect(text('settings-state')).toMatch(/^Saved\. The source folder \/nowhere\/films is not there\./);
    expect(text('settings-state')).toContain('changes nothing');
    expect((await backend.snapshot()).snapshot.settings.source.folder).toBe('/nowhere/films');
    await type('source-folder', '/srv/media/films');
    expect(text('settings-state')).toBe('Not saved yet');
    await click('settings-save');
    await after(0);
    expect(text('settings-state')).toBe('Saved');
  });

  it('take away what was refused because of those before', async () => {
    const { backend } = await open();
    vi.spyOn(backend, 'command').mockRejectedValueOnce({
      code: 'source',
      message: 'The source folder /srv/media/films is not there.',
    });
    await click('sync');
    await after(0);
    expect(text('banner')).toContain('is not there');
    await click('nav-settings');
    await click('settings-writing');
    await click('lock-written');
    expect(text('banner')).toContain('is not there');
    await click('settings-save');
    await after(0);
    expect(screen.queryByTestId('banner')).toBeNull();
  });

  it.each<[Scenario, string, (snapshot: Snapshot) => void]>([
    ['stopped', 'That one stopped.', () => undefined],
    [
      'ready',
      'That one matched nothing in Plex.',
      ({ recent, problems }) => {
        if (recent[0]) recent[0].matched = 0;
        problems.push({ code: 'nothing_matched', message: 'None is in Plex.', action: 'openSettings' });
      },
    ],
  ])('make the last sync the one with other settings: %s', async (scenario, how, change) => {
    await open(scenario, change);
    expect(text('status')).not.toContain('new settings');
    await click('nav-settings');
    await click('settings-writing');
    await click('lock-written');
    await click('settings-save');
    await after(0);
    await click('nav-overview');
    expect(text('status')).toBe('Ready to sync with the new settings');
    expect(text('status-detail')).toContain('The settings have changed since the last sync');
    expect(text('status-detail')).toContain(how);
    expect(screen.queryByTestId('banner')).toBeNull();
  });

  it('stay where they are when something is to be known of them', async () => {
    const { backend } = await open();
    await click('nav-settings');
    await after(0);
    const message = 'No keychain answered, so the Plex token is kept in memory.';
    vi.spyOn(backend, 'setToken').mockImplementation(async () => {
      const { snapshot } = await backend.snapshot();
      snapshot.problems = [{ code: 'token_in_memory', message, action: 'none' }];
      backend.say({ type: 'snapshot', snapshot });
      return { place: 'memory', message };
    });
    await type('plex-token', 'right');
    await click('settings-save');
    await after(0);
    // Below the fields, and once: a second time under the field would move what is below that.
    const banner = screen.getByTestId('banner');
    const fields = screen.getByTestId('plex-address');
    expect(fields.compareDocumentPosition(banner) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    expect(banner.closest('.scroll'), 'outside of what scrolls').toBeNull();
    expect(banner.textContent).toContain(message);
    expect(text('plex-token-note')).toBe('Kept in memory until Syncslate is closed.');
  });

  it('leave the question about locked values, and what failed, to the pages that have them', async () => {
    await open('lockedBefore');
    expect(screen.getByTestId('banner')).toBeTruthy();
    await click('nav-settings');
    expect(screen.queryByTestId('banner')).toBeNull();
    await click('nav-problems');
    expect(text('banner')).toContain('7 values that are locked in Plex');
  });

  it('keep what settings can mend, whatever stands before it', async () => {
    await open('lockedBefore', ({ problems }) => {
      problems.push({ code: 'nothing_matched', message: 'None is in Plex.', action: 'openSettings' });
    });
    await click('nav-settings');
    expect(text('banner')).toBe('None is in Plex.');
  });

  it('take rules away', async () => {
    await open();
    await click('nav-settings');
    await click('settings-paths');
    expect(screen.getAllByTestId('path-rule')).toHaveLength(1);
    await click('rule-remove');
    expect(screen.queryByTestId('path-rule')).toBeNull();
    expect(text('settings-state')).toBe('Not saved yet');
    await click('settings-discard');
    expect(screen.getAllByTestId('path-rule')).toHaveLength(1);
  });

  it('do not let the token of the demo be changed', async () => {
    const { backend } = await open();
    vi.spyOn(backend, 'tokenState').mockResolvedValue({ place: 'demo', message: null });
    await click('nav-settings');
    await after(0);
    expect((screen.getByTestId('plex-token') as HTMLInputElement).disabled).toBe(true);
    expect(text('plex-token-note')).toBe('The demo brings its own.');
  });
});

const ticked = (testid: string) => screen.getByTestId<HTMLInputElement>(testid).checked;
const off = (testid: string) => screen.getByTestId<HTMLInputElement>(testid).disabled;

describe('the libraries', () => {
  it('are those that were chosen, until Plex has named all of them', async () => {
    await open();
    await click('nav-settings');
    await after(0);
    expect(text('section-note')).toBe('Test the connection to see your libraries.');
    expect([ticked('section-Films'), off('section-Films')]).toEqual([true, true]);
    expect(screen.getByTestId('section-Films').closest('label')?.title).toContain(
      'Test the connection first',
    );
    expect(screen.queryByTestId('section-Concerts')).toBeNull();
    await click('test-connection');
    await after(1000);
    expect([ticked('section-Films'), off('section-Films')]).toEqual([true, false]);
    expect([ticked('section-Concerts'), off('section-Concerts')]).toEqual([false, false]);
  });

  it('can be several, and the overview says how many', async () => {
    const { backend } = await open();
    expect(text('pipeline-library')).toBe('Films');
    await click('nav-settings');
    await click('test-connection');
    await after(1000);
    await fireEvent.click(screen.getByText('Concerts'));
    await click('section-Documentaries');
    await click('settings-save');
    await after(0);
    const { settings } = (await backend.snapshot()).snapshot;
    expect(settings.sections.map(({ title }) => title)).toEqual(['Films', 'Concerts', 'Documentaries']);
    await click('nav-overview');
    expect(text('pipeline-library')).toBe('3 libraries');
    expect(screen.getByTestId('pipeline-library').title).toBe('Films, Concerts, Documentaries');
  });

  it('must be at least one', async () => {
    const { backend } = await open();
    vi.spyOn(backend, 'saveSettings');
    await click('nav-settings');
    await click('test-connection');
    await after(1000);
    await click('section-Films');
    expect(text('section-note')).toBe('Libraries of photos are left out.');
    await click('settings-save');
    await after(0);
    expect(text('section-note')).toContain('Choose at least one library');
    expect(document.activeElement).toBe(screen.getByTestId('section-Films'));
    expect(backend.saveSettings).not.toHaveBeenCalled();
  });

  it('that are gone stay chosen until somebody takes them out', async () => {
    await open('ready', ({ settings }) => {
      settings.sections.push({ title: '<b>Old</b>', policies: {}, listModes: {} });
    });
    await click('nav-settings');
    await click('test-connection');
    await after(1000);
    expect(ticked('section-<b>Old</b>')).toBe(true);
    expect(text('section-note')).toContain('<b>Old</b>: not among the libraries');
    expect(screen.getByTestId('section-<b>Old</b>').closest('label')?.textContent).toContain(
      'Not on this server',
    );
    await click('section-<b>Old</b>');
    expect(screen.queryByTestId('section-<b>Old</b>')).toBeNull();
    expect(text('section-note')).toBe('Libraries of photos are left out.');
  });
});

describe('fields and policies', () => {
  async function fields(change?: Parameters<typeof open>[1]) {
    const opened = await open('ready', change);
    await click('nav-settings');
    await click('settings-fields');
    const saved = async () => {
      await click('settings-save');
      await after(0);
      return (await opened.backend.snapshot()).snapshot.settings;
    };
    const choose = (testid: string, value: string) =>
      fireEvent.change(screen.getByTestId(testid), { target: { value } });
    return { ...opened, saved, choose };
  }

  it('have a row with a name for everything in it', async () => {
    await fields();
    for (const field of ALL_FIELDS) {
      const row = within(screen.getByTestId(`field-${field}`));
      const name = row.getByRole('switch').closest('label')?.textContent?.trim() ?? '';
      expect(name).not.toBe('');
      expect(row.getByRole('radiogroup').getAttribute('aria-label')).toContain(name);
      expect(row.getAllByRole('radio').map((radio) => radio.getAttribute('aria-label'))).toEqual([
        `${name}: Keep my Plex edits`,
        `${name}: Source is right`,
        `${name}: Fill only if empty`,
      ]);
    }
    for (const group of ['Text', 'Dates and ratings', 'People', 'Lists', 'Pictures', 'All fields at once']) {
      expect(screen.getByRole('group', { name: group })).toBeTruthy();
    }
  });

  it('say whether this Plex server takes the roles and the pictures of actors', async () => {
    const { backend } = await fields();
    expect(text('roles-taken')).toContain('does not take the roles of actors');
    const { snapshot } = await backend.snapshot();
    backend.say({ type: 'snapshot', snapshot: { ...snapshot, roles: 'taken' } });
    await after(300);
    expect(text('roles-taken')).toContain('takes the roles of actors');
    expect(text('actor-pictures-taken')).toContain('does not take the pictures of actors');
  });

  it('change one by one, and only what differs is stored', async () => {
    const { saved, choose } = await fields();
    expect(ticked('preset-keepEdits')).toBe(true);
    expect(text('preset-mix')).toBe('');
    await click('policy-summary-sourceIsRight');
    await click('on-poster');
    await choose('mode-genres', 'mirror');
    expect(text('preset-mix')).toBe('Your own mix');
    expect(PRESETS.some((preset) => ticked(`preset-${preset}`))).toBe(false);
    expect(off('policy-poster-keepEdits')).toBe(true);
    const settings = await saved();
    expect(settings.policies).toEqual({ summary: 'sourceIsRight', poster: 'off' });
    expect(settings.listModes).toEqual({ genres: 'mirror' });
    await click('preset-keepEdits');
    await choose('mode-genres', 'own');
    expect(await saved()).toMatchObject({ policies: {}, listModes: {} });
    expect(ticked('on-poster')).toBe(true);
  });

  it('can be a library’s own, and follow the others again', async () => {
    const { saved, choose } = await fields();
    await choose('fields-for', 'Films');
    await click('policy-title-fillEmpty');
    expect(within(screen.getByTestId('field-title')).getByText(/Its own choice/)).toBeTruthy();
    expect(within(screen.getByTestId('field-summary')).getByText('As in all libraries')).toBeTruthy();
    expect(await saved()).toMatchObject({
      policies: {},
      sections: [{ title: 'Films', policies: { title: 'fillEmpty' }, listModes: {} }],
    });
    await choose('fields-for', '');
    expect(ticked('policy-title-keepEdits')).toBe(true);
    expect(text('except-title')).toBe('Differs in Films');
    await choose('fields-for', 'Films');
    await click('as-all-title');
    await after(0);
    expect(document.activeElement).toBe(screen.getByTestId('on-title'));
    expect(ticked('policy-title-keepEdits')).toBe(true);
    expect((await saved()).sections).toEqual([{ title: 'Films', policies: {}, listModes: {} }]);
  });

  it('cannot be a library’s own where none is chosen', async () => {
    await fields(({ settings }) => {
      settings.sections = [];
    });
    expect(off('fields-for')).toBe(true);
    expect(screen.getByTestId('fields-for').title).toContain('Choose a library');
  });
});
