import { fireEvent, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { after, click, inWindow, open, text } from './test-window';

inWindow();

describe('settings', () => {
  const type = (testid: string, value: string) =>
    fireEvent.input(screen.getByTestId(testid), { target: { value } });

  it('lead a newcomer from nothing to a first sync', async () => {
    const { backend } = await open('new');
    await click('set-up');
    await after(0);
    await type('plex-address', '192.168.1');
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
