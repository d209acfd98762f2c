// What is said of path rules that were tried, and of those that are suggested.

import type { PathTrial, PlexItemRef, RuleSuggestion, RuleTest } from '../backend/backend';
import type { Suggested } from '../state/rules.svelte';
import { cut, format } from './format';

/** Why rules cannot be tried. */
export const HINDRANCES = {
  run: 'A sync is under way. Rules can be tried after it.',
  unsaved: 'Save first',
};

/** How a pattern is read, beside it. */
export const PATTERN_NOTE =
  'A pattern fits whole paths. Between folders write / or \\\\. Case says nothing in Windows paths. $1 stands for the first group in round brackets ( ).';

/** What both questions do while they are answered. */
export const READING = 'Reading the paths of your source and of Plex. A sync begins after that.';

/** How many source items Plex would be found to hold. */
export function found({ items, matched }: RuleTest): string {
  if (items === 0) return 'Your source has no items to try this on.';
  return `${format.count(matched)} of ${format.counted(items, 'source item')} would be found in Plex.`;
}

/** What would be left over on both sides. */
export function leftOver(test: RuleTest): string {
  return [leftInSource(test), leftInPlex(test)].filter((sentence) => sentence !== '').join(' ');
}

/** Empty where nothing is. */
function leftInSource({ notInPlex, noRule, ambiguous }: RuleTest): string {
  const left = [
    notInPlex > 0 ? `${format.count(notInPlex)} not in Plex` : '',
    noRule > 0 ? `${format.count(noRule)} under no rule` : '',
    ambiguous > 0 ? `${format.count(ambiguous)} whose files lead to different items` : '',
  ].filter((part) => part !== '');
  return left.length > 0 ? `The rest: ${left.join(', ')}.` : '';
}

function leftInPlex({ plexItems, plexWithoutSource }: RuleTest): string {
  if (plexItems === 0) return 'The libraries chosen here hold no files.';
  return plexWithoutSource === 0
    ? 'Every item in Plex has its source.'
    : `${format.count(plexWithoutSource)} of ${format.counted(plexItems, 'item')} in Plex would have no source.`;
}

/** A Plex item, as it is named beside a path. */
export function itemName({ title, section }: PlexItemRef): string {
  return section === '' ? cut(title) : `${cut(title)}, ${cut(section)}`;
}

/** What became of a path, without the items that were found: each of them is a match. */
export function outcome({ plexPath, items }: PathTrial): string {
  if (plexPath === null) return 'No rule fits this path.';
  if (items.length === 0) return 'Not found. The libraries chosen here hold no file of this path.';
  return items.length === 1 ? 'Found.' : `Found in ${items.length} items.`;
}

/** What the suggestions would do together, or why there is none. */
export function suggestionsSentence({ rules, files, asTheyAre }: Suggested, hasRules: boolean): string {
  if (rules.length > 0) {
    const led = rules.reduce((sum, one) => sum + one.files, 0);
    const who = rules.length === 1 ? 'It leads' : 'Together they lead';
    return `${who} ${format.count(led)} of ${format.counted(files, 'file')} to one in Plex. Nothing is saved until you save.`;
  }
  if (asTheyAre > 0) {
    const needless = `No rule is needed: Plex holds ${format.count(asTheyAre)} of ${format.counted(files, 'file')} under the very same path.`;
    return hasRules ? `${needless} The rules here may lead them elsewhere; try them.` : needless;
  }
  if (files === 0)
    return 'No rule could be found: your source folder holds no media files beside its .nfo files.';
  return 'No rule could be found: no file of your source looks like one in Plex. Check that folder and libraries are the right ones, and that Plex has scanned them.';
}

/** What happened to a rule that was taken away, where so many are left. */
export function removed(number: number | null, left: number): string {
  const rest = left === 0 ? 'none is left' : `${format.count(left)} ${left === 1 ? 'is' : 'are'} left`;
  return `${ruleName(number)} is removed, ${rest}. Not saved yet.`;
}

/** Where a rule stands that was moved. */
export function moved(number: number | null, row: number, rows: number): string {
  return `${ruleName(number)} stands in row ${row} of ${rows} now. Not saved yet.`;
}

function ruleName(number: number | null): string {
  return number === null ? 'The empty rule' : `Rule ${number}`;
}

/** How much a suggestion explains. */
export function fits({ files, covered }: RuleSuggestion): string {
  return covered > files
    ? `Fits ${format.count(files)} of ${format.counted(covered, 'file')}`
    : `Fits ${format.counted(files, 'file')}`;
}
