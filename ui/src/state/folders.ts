// What rules for folders have to do with each other and with the paths that they rewrite. Only as good as what it is for:
// the order in which suggestions are put among the rules, and what is marked in a path. The engine applies the rules.

import type { PathRule, PathTrial } from '../backend/backend';

/** Whether a rule speaks of a folder and all that is in it. */
export function isFolder({ kind }: PathRule): boolean {
  return kind !== 'regex';
}

/** Whether two texts name the same folder. */
export function sameFolder(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

/** Whether a folder holds another one. */
export function covers(folder: string, other: string): boolean {
  return normal(folder) !== '' && normal(other).startsWith(`${normal(folder)}/`);
}

/** A path in Plex, in what a rule put there and what it left as it was. */
export function rewritten({ sourcePath, plexPath }: PathTrial, rule: PathRule): [string, string] {
  if (plexPath === null || plexPath === sourcePath) return ['', plexPath ?? ''];
  const to = rule.to.trim().replace(/[/\\]+$/, '');
  if (isFolder(rule) && plexPath.startsWith(to)) return [to, plexPath.slice(to.length)];
  let same = 0;
  while (same < plexPath.length && alike(sourcePath.at(-same - 1), plexPath.at(-same - 1))) same += 1;
  const tail = plexPath.slice(plexPath.length - same);
  const boundary = tail.search(/[/\\]/);
  const kept = boundary === -1 ? '' : tail.slice(boundary);
  return [plexPath.slice(0, plexPath.length - kept.length), kept];
}

function alike(one: string | undefined, other: string | undefined): boolean {
  return one === other || (/^[/\\]$/.test(one ?? '') && /^[/\\]$/.test(other ?? ''));
}

/** Case says nothing in a Windows path. */
function normal(path: string): string {
  const trimmed = path.trim();
  const slashed = trimmed.replaceAll('\\', '/').replace(/\/+$/, '');
  return slashed !== trimmed.replace(/\/+$/, '') || /^[a-z]:/i.test(trimmed)
    ? slashed.toLowerCase()
    : slashed;
}
