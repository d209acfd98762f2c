// What waits for a decision in the backend without an engine, and how deciding moves it.

import type {
  ChosenItem,
  ConflictItem,
  Decision,
  FailedItem,
  Field,
  KeptItem,
  MatchList,
  MatchRow,
  Value,
} from './backend';

export class DemoRows {
  conflicts: ConflictItem[] = [];
  kept: KeptItem[] = [];
  chosen: ChosenItem[] = [];
  failed: FailedItem[] = [];

  constructor(some: boolean) {
    if (!some) return;
    this.conflicts = [
      conflict(11, 'Above the Treeline', 'summary', { text: LONG }, { text: `${LONG} Or so it seems.` }),
      conflict(
        12,
        'Mia’s fifth birthday',
        'title',
        { text: 'Mia turns five' },
        { text: 'Mia’s fifth birthday' },
      ),
      conflict(12, 'Mia’s fifth birthday', 'year', { whole: 2019 }, { whole: 2018 }, 'editedSince'),
    ];
    this.kept = [
      {
        title: '<b>서울의 밤 산책</b>',
        item: 13,
        kept: {
          field: 'genres',
          reason: 'personsEdit',
          plex: { tags: ['Drama'] },
          source: { tags: ['Documentary', 'Travel'] },
        },
      },
      {
        title: 'The Long Field',
        item: 14,
        kept: { field: 'poster', reason: 'refused', plex: { image: '/a' }, source: { image: 'b' } },
      },
    ];
    this.failed = [
      {
        title: 'Halcyon Parade: Live at the Old Velodrome',
        run: 4,
        fields: ['poster', 'summary'],
        message: 'Plex refused the picture because it is too large. Its other values are written.',
        at: 0,
      },
    ];
  }

  /** As the engine does it, as far as a window can tell. Returns how many fields were decided. */
  settle({ choice, item, field, about }: Decision): number {
    const means = (row: number, of: Field) =>
      (item === null || item === row) && (field === null || field === of);
    if (choice === 'keepPlex') {
      const [conflicts, rest] = split(this.conflicts, (row) => means(row.item, row.conflict.field));
      const [withdrawn, waiting] = split(this.chosen, (row) => means(row.item, row.field));
      this.conflicts = rest;
      this.chosen = waiting;
      return conflicts.length + withdrawn.length;
    }
    const [conflicts, rest] = split(
      this.conflicts,
      ({ item: row, conflict: { field: of, kind } }) => kind === 'bothChanged' && means(row, of),
    );
    const [kept, stays] = split(
      this.kept,
      (row) => about === 'conflictsAndKept' && means(row.item, row.kept.field),
    );
    this.conflicts = rest;
    this.kept = stays;
    for (const { title, item: row, conflict: open } of conflicts)
      this.chosen.push({ title, item: row, field: open.field, source: open.source });
    for (const { title, item: row, kept: one } of kept)
      this.chosen.push({ title, item: row, field: one.field, source: one.source });
    return conflicts.length + kept.length;
  }
}

const LONG =
  'A family spends one last summer in the house above the treeline, where the road ends and the radio finds nothing but the weather.\n\nThen the snow comes early.';

/** Source items without a match, of each kind. */
export function unmatched(): MatchList {
  const row = (sourceId: string, changes: Partial<MatchRow>): MatchRow => ({
    sourceId,
    state: 'notInPlex',
    why: 'No library chosen here holds a file of this path.',
    paths: [`/data/media/films/${sourceId.replace(/nfo$/, 'mkv')}`],
    items: [],
    suggestions: [],
    ...changes,
  });
  const rows = [
    row('The Long Field (1998)/The Long Field.nfo', {
      state: 'ambiguous',
      why: 'Its files lead to two items in Plex.',
      paths: [],
    }),
    row('Harbour Lights (2003)/Harbour Lights.nfo', {
      suggestions: [
        {
          item: { ratingKey: 77, title: 'Harbour Lights', section: 'Films' },
          why: 'The same file name, and no other file on either side has it.',
          sourcePath: '/srv/media/films/Harbour Lights (2003)/Harbour Lights.mkv',
          plexPath: '/data/media/archive/Harbour Lights.mkv',
        },
      ],
    }),
    row('Großmutters Garten, Sommer 1987/garten.nfo', {}),
    row('Lantern Bay (2011)/Lantern Bay.nfo', {
      state: 'rejected',
      why: 'A person ruled out the Plex item that holds its file.',
    }),
    row('../usb/Winter Ferry (1974)/Winter Ferry.nfo', {
      state: 'noRule',
      why: 'No path rule covers “/srv/usb/Winter Ferry (1974)/Winter Ferry.mkv”.',
      paths: [],
    }),
  ];
  return {
    items: 240,
    matched: 235,
    alsoHere: 0,
    notInPlex: 2,
    noRule: 1,
    ambiguous: 1,
    rejected: 1,
    suggested: 1,
    rows,
    more: false,
  };
}

function conflict(
  item: number,
  title: string,
  field: Field,
  plex: Value,
  source: Value,
  kind: 'bothChanged' | 'editedSince' = 'bothChanged',
): ConflictItem {
  return { title, item, conflict: { field, kind, plex, source } };
}

function split<T>(rows: T[], means: (row: T) => boolean): [T[], T[]] {
  return [rows.filter(means), rows.filter((row) => !means(row))];
}
