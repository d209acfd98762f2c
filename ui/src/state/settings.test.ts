import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Settings } from '../backend/backend';
import { DEMO_SETTINGS } from '../backend/demo-data';
import { FakeBackend } from '../backend/fake';
import { plain } from './libraries';
import { SettingsForm } from './settings.svelte';
import { validate } from './validate';

describe('validation', () => {
  it.each([
    ['', 'Enter the address'],
    ['  ', 'Enter the address'],
    ['192.168.1.10:32400', ''],
    ['192.168.1.10:32400/web', ''],
    ['http://192.168.1.10:32400/web/index.html#!/media?key=1', ''],
    ['plex.example.org', ''],
    ['http://plex:32400/#!/', 'must end before'],
    ['http://plex:32400/web/?', 'must end before'],
    ['not an address', 'should look like'],
    ['ftp://plex', 'should look like'],
    ['http://', 'should look like'],
    ['http:///x', ''],
    ['http://me:secret@plex:32400', 'field of its own'],
    ['http://plex:32400/?X-Plex-Token=abc', 'field of its own'],
    ['http://192.168.1.10:32400', ''],
    [' https://plex.example.org/base/ ', ''],
    ['http://[fd00::1]:32400', ''],
  ])('says of the address %j: %j', (plexAddress, words) => {
    const found = validate({ ...DEMO_SETTINGS, plexAddress }, true).settings.plexAddress ?? '';
    if (words === '') expect(found).toBe('');
    else expect(found).toContain(words);
  });

  it('asks for what is missing', () => {
    const empty: Settings = {
      ...DEMO_SETTINGS,
      sections: [plain(' ')],
      source: { kind: 'nfo', folder: '' },
      maxConcurrency: 0,
    };
    expect(Object.keys(validate(empty, false).settings).sort()).toEqual([
      'folder',
      'maxConcurrency',
      'sections',
      'token',
    ]);
    expect(validate(DEMO_SETTINGS, true).settings).toEqual({});
  });

  it('wants both sides of a rule, or none', () => {
    const pathRules = [
      { from: '/a', to: '/b' },
      { from: '', to: '/b' },
      { from: '/a', to: ' ' },
      { from: '', to: '' },
    ];
    const { rules } = validate({ ...DEMO_SETTINGS, pathRules }, true);
    expect(rules.map((error) => error !== undefined)).toEqual([false, true, true, false]);
  });
});

describe('the form', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function open(scenario: 'ready' | 'new' = 'ready') {
    const backend = new FakeBackend(scenario);
    const form = new SettingsForm(backend);
    form.load((await backend.snapshot()).snapshot.settings);
    await form.loadToken();
    const test = async () => {
      const done = form.test();
      await vi.advanceTimersByTimeAsync(1000);
      await done;
    };
    const stored = async () => (await backend.snapshot()).snapshot.settings;
    return { backend, form, test, stored };
  }

  it('shows an error only once a field was left, or saving was tried', async () => {
    const { form } = await open('new');
    expect(form.error('plexAddress')).toBe('');
    form.touch('plexAddress');
    expect(form.error('plexAddress')).not.toBe('');
    expect(form.error('sections')).toBe('');
    form.tab = 'paths';
    expect(await form.save()).toBe(false);
    expect(form.error('sections')).not.toBe('');
    expect(form.tab).toBe('plex');
  });

  it('saves trimmed, without empty rules, and is clean afterwards', async () => {
    const { form, stored } = await open();
    form.draft.plexAddress = ' http://attic:32400 ';
    form.addRule();
    form.addRule();
    Object.assign(form.draft.pathRules[2] ?? {}, { from: ' /nas ', to: '/media ', kind: 'regex' });
    expect(form.dirty).toBe(true);
    expect(await form.save()).toBe(true);
    expect((await stored()).plexAddress).toBe('http://attic:32400');
    expect((await stored()).pathRules).toEqual([
      ...DEMO_SETTINGS.pathRules,
      { from: '/nas', to: '/media', kind: 'regex' },
    ]);
    expect(form.dirty).toBe(false);
    expect(form.saved).toBe(true);
  });

  it('keeps a token out of the settings and forgets it once it is kept', async () => {
    const { form, stored } = await open('new');
    Object.assign(form.draft, structuredClone(DEMO_SETTINGS));
    form.token = ' s3cret ';
    expect(await form.save()).toBe(true);
    expect(form.token).toBe('');
    expect(form.tokenState?.place).toBe('keychain');
    expect(JSON.stringify(await stored())).not.toContain('s3cret');
  });

  it('tests what is typed, keeps nothing of it, and offers the libraries found', async () => {
    const { form, test, stored } = await open('new');
    await test();
    expect(form.result).toBeNull();
    expect(form.error('token')).not.toBe('');
    form.draft.plexAddress = 'http://attic:32400';
    form.draft.source.folder = '/half/typed';
    form.token = 'right';
    await test();
    expect(form.result).toMatchObject({ kind: 'connected', name: 'Attic' });
    expect(form.libraries.map(({ title }) => title)).toEqual(['Films', 'Documentaries', 'Concerts']);
    // A wrong token must not take the place of a good one: everything waits for Save.
    expect(await stored()).toMatchObject({ plexAddress: '', source: { folder: '' } });
    expect(form.token).toBe('right');
    expect(form.dirty).toBe(true);
  });

  it.each([
    ['http://attic:1', 'right', 'Nothing answers'],
    ['http://attic:32400', 'wrong', 'refused the token'],
  ])('says why a test failed (%s, %s)', async (address, token, words) => {
    const { form, test } = await open('new');
    form.draft.plexAddress = address;
    form.token = token;
    await test();
    expect(form.result).toMatchObject({ kind: 'failed', message: expect.stringContaining(words) });
    form.connectionEdited();
    expect(form.result).toBeNull();
  });

  it('keeps a library that Plex no longer names, and says so', async () => {
    const { form, test } = await open();
    form.draft.sections = [plain('Gone')];
    await test();
    expect(form.libraries).toContainEqual({ title: 'Gone', chosen: true, gone: true });
    expect(await form.save()).toBe(true);
    expect(form.draft.sections).toEqual([plain('Gone')]);
  });

  it('chooses the only library by itself, but none among several', async () => {
    const { backend, form, test } = await open();
    form.draft.sections = [];
    await test();
    expect(form.draft.sections).toEqual([]);
    vi.spyOn(backend, 'testConnection').mockResolvedValue({
      reply: 'connected',
      name: 'Attic',
      version: '1',
      millis: 1,
      sections: ['Films'],
    });
    await test();
    expect(form.draft.sections).toEqual([plain('Films')]);
  });

  it('is clean again once a library is taken out and put back, with what it had of its own', async () => {
    const { form, test } = await open();
    form.draft.sections = [
      { ...plain('Films'), policies: { title: 'off', summary: 'fillEmpty' } },
      plain('Concerts'),
    ];
    await test();
    await form.save();
    form.choose('Films', false);
    expect(form.draft.sections).toEqual([plain('Concerts')]);
    expect(form.dirty).toBe(true);
    form.choose('Films', true);
    expect(form.draft.sections[1]?.policies).toEqual({ title: 'off', summary: 'fillEmpty' });
    expect(form.dirty).toBe(false);
  });

  it('chooses policies for all libraries again once the one in question is taken out', async () => {
    const { form, test, stored } = await open();
    await test();
    form.fields.chooseFor('Films');
    form.fields.choosePolicy('title', 'off');
    expect(form.fields.library).toBe('Films');
    form.choose('Films', false);
    form.choose('Concerts', true);
    expect(form.fields.library).toBeNull();
    expect(form.fields.policy('title')).toBe('keepEdits');
    form.fields.choosePolicy('year', 'off');
    await form.save();
    expect(await stored()).toMatchObject({ policies: { year: 'off' }, sections: [plain('Concerts')] });
  });

  it('does not overwrite what is being edited', async () => {
    const { form } = await open();
    form.draft.sections = [plain('Concerts')];
    form.load({ ...DEMO_SETTINGS, sections: [plain('Other')] });
    expect(form.draft.sections).toEqual([plain('Concerts')]);
    form.discard();
    expect(form.draft).toEqual(DEMO_SETTINGS);
    form.load({ ...DEMO_SETTINGS, sections: [plain('Other')] });
    expect(form.draft.sections).toEqual([plain('Other')]);
  });

  it('says why saving was refused, and keeps the draft', async () => {
    const { backend, form } = await open();
    vi.spyOn(backend, 'saveSettings').mockRejectedValue({
      code: 'settings_not_saved',
      message: 'No room on the disk.',
    });
    form.draft.sections = [plain('Concerts')];
    expect(await form.save()).toBe(false);
    expect(form.refusal).toBe('No room on the disk.');
    expect(form.draft.sections).toEqual([plain('Concerts')]);
    expect(form.dirty).toBe(true);
  });

  it('takes over a chosen folder, and nothing where none was chosen', async () => {
    const { backend, form } = await open('new');
    await form.pickFolder();
    expect(form.draft.source.folder).toBe('/srv/media/films');
    vi.spyOn(backend, 'pickFolder').mockResolvedValue(null);
    await form.pickFolder();
    expect(form.draft.source.folder).toBe('/srv/media/films');
  });
});
