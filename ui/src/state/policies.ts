// What each field may overwrite: the defaults, what is chosen for all libraries, what one library has of its own.
// Mirrors the engine's defaults; only what differs from them is ever stored.

import type { Field, ListMode, Policy, Settings } from '../backend/backend';

/** What is chosen for all libraries, or for one. */
export type Choices = Pick<Settings, 'policies' | 'listModes'>;

export interface FieldGroup {
  name: string;
  fields: Field[];
}

/** Every field, in the order in which a person reads them. */
export const GROUPS: FieldGroup[] = [
  {
    name: 'Text',
    fields: [
      'title',
      'sortTitle',
      'originalTitle',
      'summary',
      'tagline',
      'studio',
      'edition',
      'contentRating',
    ],
  },
  {
    name: 'Dates and ratings',
    fields: ['releaseDate', 'year', 'criticRating', 'audienceRating', 'userRating', 'addedAt', 'watched'],
  },
  { name: 'People', fields: ['actors', 'directors', 'writers', 'producers'] },
  { name: 'Lists', fields: ['genres', 'styles', 'moods', 'countries', 'collections', 'labels'] },
  { name: 'Pictures', fields: ['poster', 'background', 'clearLogo', 'squareArt'] },
];
export const ALL_FIELDS: Field[] = GROUPS.flatMap(({ fields }) => fields);

/** Policies that may hold for all fields at once. */
export const PRESETS = ['keepEdits', 'sourceIsRight', 'fillEmpty'] as const;
export type Preset = (typeof PRESETS)[number];

const LIST_MODES: Partial<Record<Field, ListMode>> = {
  actors: 'mirror',
  directors: 'mirror',
  writers: 'mirror',
  producers: 'mirror',
  genres: 'own',
  styles: 'own',
  moods: 'own',
  countries: 'own',
  collections: 'add',
  labels: 'add',
};

/** *Off* for what moves an item about in Plex's own lists. */
export function defaultPolicy(field: Field): Policy {
  return field === 'addedAt' || field === 'watched' ? 'off' : 'keepEdits';
}

/** `null` for what is no list. */
export function defaultListMode(field: Field): ListMode | null {
  return LIST_MODES[field] ?? null;
}

/** What holds for a field: in one library where `own` is given, else in all. */
export function policyOf(all: Choices, own: Choices | null, field: Field): Policy {
  return own?.policies[field] ?? all.policies[field] ?? defaultPolicy(field);
}

export function listModeOf(all: Choices, own: Choices | null, field: Field): ListMode | null {
  const byDefault = defaultListMode(field);
  return byDefault && (own?.listModes[field] ?? all.listModes[field] ?? byDefault);
}

export function choosePolicy(all: Choices, own: Choices | null, field: Field, policy: Policy): void {
  const without = own ? policyOf(all, null, field) : defaultPolicy(field);
  keep((own ?? all).policies, field, policy, without);
}

export function chooseListMode(all: Choices, own: Choices | null, field: Field, mode: ListMode): void {
  const without = own ? listModeOf(all, null, field) : defaultListMode(field);
  keep((own ?? all).listModes, field, mode, without);
}

/** One policy for every field that is not off by default. */
export function choosePreset(all: Choices, own: Choices | null, preset: Preset): void {
  for (const field of presetFields()) choosePolicy(all, own, field, preset);
}

/** The preset that the policies are, `null` where they are somebody's own mix. */
export function presetOf(all: Choices, own: Choices | null): Preset | null {
  const fields = presetFields();
  return PRESETS.find((preset) => fields.every((field) => policyOf(all, own, field) === preset)) ?? null;
}

/** Whether a library has a choice of its own for a field. */
export function differs(all: Choices, own: Choices, field: Field): boolean {
  return (
    policyOf(all, own, field) !== policyOf(all, null, field) ||
    listModeOf(all, own, field) !== listModeOf(all, null, field)
  );
}

/** The library's field is as in all libraries again. */
export function follow(own: Choices, field: Field): void {
  delete own.policies[field];
  delete own.listModes[field];
}

/** Drops what says no more than what holds without it: a choice for all may have caught up with that of a library. */
export function prune(settings: Settings): void {
  for (const section of settings.sections) {
    for (const field of ALL_FIELDS) {
      keep(section.policies, field, section.policies[field], policyOf(settings, null, field));
      keep(section.listModes, field, section.listModes[field], listModeOf(settings, null, field));
    }
  }
  for (const field of ALL_FIELDS) {
    keep(settings.policies, field, settings.policies[field], defaultPolicy(field));
    keep(settings.listModes, field, settings.listModes[field], defaultListMode(field));
  }
}

function keep<T>(into: Record<string, T>, field: Field, value: T | undefined, without: T | null): void {
  if (value === undefined || value === without) delete into[field];
  else into[field] = value;
}

function presetFields(): Field[] {
  return ALL_FIELDS.filter((field) => defaultPolicy(field) !== 'off');
}
