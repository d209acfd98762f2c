// Made-up files of both sides, what path rules make of them, and which rules they suggest. In keeping with the other
// figures of the demo: under its own rule 233 of 240 items match (one of them two items in Plex), 5 are not in Plex, 1 has two files that lead
// to different items, 1 has no rule.

import type { Answer, PathRule, PathTrial, PlexItemRef, RuleTest } from './backend';
import { FILMS, filmTitle } from './demo-data';

interface Sides {
  /** The files of each source item. */
  source: string[][];
  /** The items that hold a path in Plex. */
  plex: Map<string, PlexItemRef[]>;
}

const STICK = 'Winter Ferry (1974)/Winter Ferry (1974).mkv';

function sides(): Sides {
  const source: string[][] = [];
  const plex = new Map<string, PlexItemRef[]>();
  const item = (ratingKey: number, title: string): PlexItemRef => ({ ratingKey, title, section: 'Films' });
  for (let film = 1; film < FILMS; film += 1) {
    const title = filmTitle(film);
    const name = `${title} (${1950 + (film % 70)})`;
    const tail = `films/${name}/${name}.mkv`;
    const files = [tail];
    if (film === 100) files.push(`films/${name}/${name} - remake.mkv`);
    source.push(files.map((file) => `/srv/media/${file}`));
    if (film % 47 === 0) continue;
    plex.set(`/data/media/${tail}`, [item(film, title)]);
    if (film === 50) plex.get(`/data/media/${tail}`)?.push(item(1050, `${title} (second copy)`));
    for (const file of files.slice(1)) plex.set(`/data/media/${file}`, [item(1100, `${title} (remake)`)]);
  }
  source.push([`/srv/usb/${STICK}`]);
  plex.set(`/data/usb/${STICK}`, [item(900, 'Winter Ferry')]);
  for (let film = 301; film <= 309; film += 1) {
    plex.set(`/data/media/archive/${filmTitle(film)}.mkv`, [item(film, filmTitle(film))]);
  }
  return { source, plex };
}

/** What these rules make of the demo's files. Throws where a pattern cannot be read. */
export function testRules(rules: PathRule[], paths: string[], folder: string): Answer {
  const { source, plex } = sides();
  const tryPath = (sourcePath: string): PathTrial => {
    const mapped = apply(rules, sourcePath);
    const items = mapped === null ? [] : (plex.get(mapped.path) ?? []);
    return { sourcePath, rule: mapped?.rule ?? null, plexPath: mapped?.path ?? null, items };
  };
  const tried = source.map((files) => files.map(tryPath));
  const trials = tried.flat();
  const count = (means: (files: PathTrial[]) => boolean) => tried.filter(means).length;
  const ledTo = new Set(trials.map(({ plexPath }) => plexPath));
  const held = [...plex].flatMap(([plexPath, items]) => items.map((item) => ({ plexPath, item })));
  const alone = held.filter(({ plexPath }) => !ledTo.has(plexPath));
  const test: RuleTest = {
    items: tried.length,
    matched: count(isMatched),
    notInPlex: count((files) => !isHeld(files) && files.some(({ plexPath }) => plexPath !== null)),
    noRule: count((files) => files.every(({ plexPath }) => plexPath === null)),
    ambiguous: count((files) => isHeld(files) && !isMatched(files)),
    rules: rules.map((rule, number) => ({
      rule,
      covered: count(([first]) => first?.rule === number),
      matched: count((files) => files[0]?.rule === number && isMatched(files)),
    })),
    plexItems: held.length,
    plexWithoutSource: alone.length,
    paths:
      paths.length > 0
        ? paths.map((path) => tryPath(/^([/\\]|.:)/.test(path) ? path : `${folder}/${path}`))
        : someOfEachKind(trials),
    plexPaths: alone.slice(0, 5),
  };
  return { answer: 'rulesTested', test };
}

/** What the demo's files suggest. */
export function suggestRules(): Answer {
  const { source: items, plex } = sides();
  const source = items.flat();
  const suggestion = (from: string, to: string, instead: string[]) => {
    const covered = source.filter((path) => path.startsWith(`${from}/`));
    const pairs = covered.map((path) => [path, `${to}${path.slice(from.length)}`] as const);
    const led = pairs.filter(([, path]) => plex.has(path));
    const [exampleSource = '', examplePlex = ''] = led[0] ?? [];
    return {
      rule: { from, to },
      files: led.length,
      covered: covered.length,
      sure: led.length,
      exampleSource,
      examplePlex,
      instead,
    };
  };
  return {
    answer: 'rulesSuggested',
    rules: [
      suggestion('/srv/media', '/data/media', ['/mnt/backup/media']),
      suggestion('/srv/usb', '/data/usb', []),
    ],
    files: source.length,
    asTheyAre: 0,
  };
}

/** Plex holds a file of a source item. */
function isHeld(files: PathTrial[]): boolean {
  return files.some(({ items }) => items.length > 0);
}

/** As in the engine: all items that hold a file are matches, unless two files lead to different ones. */
function isMatched(files: PathTrial[]): boolean {
  const [first, ...others] = files.filter(({ items }) => items.length > 0);
  const keys = new Set(first?.items.map(({ ratingKey }) => ratingKey));
  return isHeld(files) && others.every(({ items }) => items.some(({ ratingKey }) => keys.has(ratingKey)));
}

function apply(rules: PathRule[], path: string): { path: string; rule: number | null } | null {
  if (rules.length === 0) return { path, rule: null };
  for (const [rule, { from, to, kind }] of rules.entries()) {
    if (kind === 'regex') {
      const pattern = new RegExp(`^(?:${from})$`);
      if (pattern.test(path)) return { path: path.replace(pattern, to.replaceAll('$0', '$$&')), rule };
    } else {
      const folder = from.replace(/\/+$/, '');
      if (path.startsWith(`${folder}/`)) {
        return { path: to.replace(/\/+$/, '') + path.slice(folder.length), rule };
      }
    }
  }
  return null;
}

function someOfEachKind(trials: PathTrial[]): PathTrial[] {
  const kinds = new Map<string, PathTrial[]>();
  for (const trial of trials) {
    const kind = `${trial.rule} ${trial.plexPath !== null} ${trial.items.length}`;
    const some = kinds.get(kind) ?? [];
    if (some.length < 3) kinds.set(kind, [...some, trial]);
  }
  return [...kinds.values()].flat();
}
