// Made-up films, pictures and past runs for the fake backend. The same on every start.

import type { CacheStats, Field, OperationStats, RunSummary, Settings } from './backend';

/** A small repeatable source of numbers from 0 to 1 (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SPECIAL = [
  'Above the Tree Line',
  'Harbour Lights: The Restored Long Version With the Ending That Nobody Had Seen',
  'Ночной паром',
  'Die Glasbläser von Süderö',
  '새벽의 정류장',
  '最後の灯台守',
  'L’Été des cerfs-volants',
  'مدينة الريح',
  '🎬 Take Nine',
  'Slow Water',
];
const FIRST = [
  'Silent',
  'Copper',
  'Winter',
  'Northern',
  'Paper',
  'Hollow',
  'Distant',
  'Amber',
  'Salt',
  'Borrowed',
];
const SECOND = [
  'Harbour',
  'Garden',
  'Signal',
  'Orchard',
  'Meridian',
  'Station',
  'Letters',
  'Compass',
  'Rain',
  'Bridge',
];

export function filmTitle(index: number): string {
  if (index % 11 === 0) return SPECIAL[(index / 11) % SPECIAL.length] ?? 'Slow Water';
  const first = FIRST[(index * 7) % FIRST.length] ?? '';
  const second = SECOND[(index * 3 + Math.floor(index / 10)) % SECOND.length] ?? '';
  return index % 9 === 4 ? `${first} ${second} II` : `${first} ${second}`;
}

const FIELDS: Field[] = [
  'summary',
  'genres',
  'actors',
  'title',
  'audienceRating',
  'studio',
  'collections',
  'tagline',
];

export function filmFields(random: () => number): Field[] {
  const fields = FIELDS.filter(() => random() < 0.3);
  if (random() < 0.3) fields.unshift('poster');
  return fields.length > 0 ? fields : ['summary'];
}

export function filmThumb(index: number): string {
  const hue = (index * 47) % 360;
  const sun = 10 + ((index * 13) % 36);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="56" height="84">` +
    `<linearGradient id="g" x2="0" y2="1"><stop stop-color="hsl(${hue},45%,32%)"/><stop offset="1" stop-color="hsl(${(hue + 40) % 360},60%,66%)"/></linearGradient>` +
    `<path fill="url(#g)" d="M0 0h56v84H0z"/><circle cx="${sun}" cy="30" r="9" fill="hsl(${(hue + 60) % 360},80%,86%)"/>` +
    `<path fill="hsl(${hue},40%,20%)" d="M0 ${54 + (index % 9)}l22-14 34 20v24H0z"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export const DEMO_SETTINGS: Settings = {
  plexAddress: 'http://127.0.0.1:32400',
  sections: [{ title: 'Films', policies: {}, listModes: {} }],
  source: { kind: 'nfo', folder: '/srv/media/films' },
  pathRules: [{ from: '/srv/media', to: '/data/media' }],
  policies: {},
  listModes: {},
  lockWritten: true,
  maxConcurrency: 16,
};

export const FILMS = 240;
export const MATCHED = 233;

/** Timings after a share from 0 to 1 of the writing. */
export function operations(written: number, random: () => number): OperationStats[] {
  const around = (value: number) => value * (0.96 + random() * 0.08);
  const row = (operation: string, count: number, p50: number, p95: number, max: number): OperationStats => ({
    operation,
    count,
    p50: around(p50),
    p95: around(p95),
    p99: p95 * 1.2,
    max,
    total: count * p50 * 1.1,
  });
  const rows = [
    row('source_read', 3, 38, 112, 164),
    row('library_read', 2, 61, 148, 151),
    row('match', FILMS, 0.2, 0.9, 14),
    row('compare', MATCHED, 0.4, 1.6, 22),
  ];
  if (written > 0) {
    rows.push(
      row('plex_edit', written, 24, 61, 190),
      row('verify', Math.ceil(written / 50), 9, 21, 74),
      row('plex_image_upload', Math.ceil(written / 3), 72, 141, 233),
    );
  }
  return rows;
}

export function caches(lookups: number): CacheStats[] {
  const cache = (name: string, rate: number, bytes: number): CacheStats => ({
    cache: name,
    hits: Math.round(lookups * rate),
    misses: lookups - Math.round(lookups * rate),
    entries: FILMS,
    bytes,
    evictions: 0,
    staleHits: 0,
  });
  return [cache('library', 0.978, 1_240_000), cache('match', 0.989, 88_000)];
}

export function summary(run: number, startedAt: number, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    run,
    kind: 'sync',
    state: 'done',
    startedAt,
    durationMs: 1200,
    itemsRead: FILMS,
    matched: MATCHED,
    notInPlex: 5,
    ambiguous: 1,
    unreadable: 0,
    changed: 0,
    collectionsChanged: 0,
    written: 0,
    collectionsWritten: 0,
    fieldsWritten: 0,
    kept: 3,
    conflicts: 0,
    failed: 0,
    requests: {},
    timings: [],
    caches: [],
    message: null,
    code: null,
    ...changes,
  };
}

/** Runs of the past, the newest first. */
export function pastRuns(now: number): RunSummary[] {
  const random = dice(4);
  const minute = 60_000;
  const written = [38, 0, 4, 96];
  return Array.from({ length: 16 }, (_, index) => {
    const items = written[index] ?? (random() < 0.5 ? 0 : Math.floor(random() * 40));
    const failed = index === 3 ? 2 : 0;
    const durationMs = 820 + items * 26 + random() * 240;
    return summary(16 - index, now - (12 + index * 61) * minute - durationMs, {
      state: failed > 0 ? 'doneWithFailures' : 'done',
      durationMs,
      changed: items + failed,
      written: items,
      fieldsWritten: Math.round(items * 1.87),
      failed,
      timings: operations(items, random),
      caches: caches(480),
    });
  });
}
