import { describe, expect, it } from 'vitest';
import type { Policy, Settings } from '../backend/backend';
import { DEMO_SETTINGS } from '../backend/demo-data';
import { FIELDS } from '../text/fields';
import { FieldChoices } from './fields.svelte';
import { plain } from './libraries';
import { ALL_FIELDS, PRESETS, defaultListMode, defaultPolicy, prune } from './policies';

describe('the fields', () => {
  it('are all there, once', () => {
    expect([...ALL_FIELDS].sort()).toEqual(Object.keys(FIELDS).sort());
  });

  it('have the defaults of the engine', () => {
    expect(ALL_FIELDS.filter((field) => defaultPolicy(field) !== 'keepEdits')).toEqual([
      'addedAt',
      'watched',
    ]);
    const by = (mode: string | null) => ALL_FIELDS.filter((field) => defaultListMode(field) === mode);
    expect(by('mirror')).toEqual(['actors', 'directors', 'writers', 'producers']);
    expect(by('own')).toEqual(['genres', 'styles', 'moods', 'countries']);
    expect(by('add')).toEqual(['collections', 'labels']);
    expect(by(null)).toHaveLength(19);
  });
});

describe('choosing', () => {
  function open(change: Partial<Settings> = {}) {
    const form = {
      draft: structuredClone({ ...DEMO_SETTINGS, sections: [plain('Films'), plain('Shows')], ...change }),
      edits: 0,
      edited: () => (form.edits += 1),
    };
    return { form, draft: form.draft, choices: new FieldChoices(form) };
  }

  it('stores only what differs from the default', () => {
    const { draft, choices, form } = open();
    choices.choosePolicy('title', 'off');
    choices.choosePolicy('watched', 'keepEdits');
    choices.chooseListMode('labels', 'mirror');
    expect(draft).toMatchObject({
      policies: { title: 'off', watched: 'keepEdits' },
      listModes: { labels: 'mirror' },
    });
    choices.choosePolicy('title', 'keepEdits');
    choices.choosePolicy('watched', 'off');
    choices.chooseListMode('labels', 'add');
    expect(draft).toMatchObject({ policies: {}, listModes: {} });
    expect(form.edits).toBe(6);
  });

  it('takes a preset for what is not off by default', () => {
    const { draft, choices } = open();
    expect(choices.preset).toBe('keepEdits');
    for (const preset of PRESETS) {
      choices.choosePreset(preset);
      expect(choices.preset).toBe(preset);
      expect(choices.policy('addedAt')).toBe('off');
      expect(Object.keys(draft.policies)).toHaveLength(preset === 'keepEdits' ? 0 : ALL_FIELDS.length - 2);
    }
    choices.choosePolicy('watched', 'sourceIsRight');
    expect(choices.preset).toBe('fillEmpty');
    choices.choosePolicy('year', 'off');
    expect(choices.preset).toBeNull();
  });

  it('lets a library differ from all, and nothing more than that is stored', () => {
    const { draft, choices } = open({ policies: { title: 'sourceIsRight' } });
    choices.chooseFor('Films');
    expect(choices.policy('title')).toBe('sourceIsRight');
    choices.choosePolicy('title', 'keepEdits');
    choices.choosePolicy('summary', 'fillEmpty');
    choices.chooseListMode('genres', 'add');
    expect(draft.policies).toEqual({ title: 'sourceIsRight' });
    expect(draft.sections).toEqual([
      {
        title: 'Films',
        policies: { title: 'keepEdits', summary: 'fillEmpty' },
        listModes: { genres: 'add' },
      },
      plain('Shows'),
    ]);
    expect(choices.own('Films')).toBe(3);
    expect(choices.differs('genres')).toBe(true);
    choices.choosePolicy('title', 'sourceIsRight');
    choices.follow(['genres']);
    expect(draft.sections[0]).toEqual({ ...plain('Films'), policies: { summary: 'fillEmpty' } });
    expect(choices.differs('genres')).toBe(false);
    choices.chooseFor(null);
    expect(choices.policy('summary')).toBe('keepEdits');
    expect(choices.exceptions('summary')).toEqual(['Films']);
    choices.chooseFor('Films');
    choices.follow();
    expect(draft.sections[0]).toEqual(plain('Films'));
  });

  it('takes a preset for one library only', () => {
    const { draft, choices } = open({ policies: { title: 'fillEmpty' } });
    choices.chooseFor('Shows');
    expect(choices.preset).toBeNull();
    choices.choosePreset('keepEdits');
    expect(draft.sections).toEqual([plain('Films'), { ...plain('Shows'), policies: { title: 'keepEdits' } }]);
    expect(choices.preset).toBe('keepEdits');
  });

  it('goes back to what a field was before it was turned off', () => {
    const { choices } = open();
    const seen: Policy[] = [];
    choices.choosePolicy('title', 'fillEmpty');
    choices.choosePolicy('title', 'off');
    seen.push(choices.policyOn('title'));
    choices.chooseFor('Films');
    seen.push(choices.policyOn('title'), choices.policyOn('watched'));
    expect(seen).toEqual(['fillEmpty', 'keepEdits', 'keepEdits']);
  });

  it('drops on saving what a choice for all has caught up with', () => {
    const { draft } = open({
      policies: { title: 'off', year: 'keepEdits', watched: 'off' },
      listModes: { genres: 'own', labels: 'mirror' },
      sections: [
        {
          title: 'Films',
          policies: { title: 'off', year: 'off', summary: 'keepEdits' },
          listModes: { labels: 'mirror', actors: 'add' },
        },
      ],
    });
    prune(draft);
    expect(draft).toMatchObject({ policies: { title: 'off' }, listModes: { labels: 'mirror' } });
    expect(draft.policies).toEqual({ title: 'off' });
    expect(draft.listModes).toEqual({ labels: 'mirror' });
    expect(draft.sections).toEqual([
      { title: 'Films', policies: { year: 'off' }, listModes: { actors: 'add' } },
    ]);
  });
});
