// Values of fields and why they stay, in words. Never rendered as HTML.

import type { Field, KeptReason, Value } from '../backend/backend';
import { format } from './format';

export const REASONS: Record<KeptReason, string> = {
  personsEdit: 'You edited it in Plex',
  lockedBefore: 'Locked in Plex before Syncslate knew of it',
  handedBack: 'You unlocked it in Plex',
  tugOfWar: 'Something else keeps overwriting it',
  refused: 'Plex does not take your source’s value',
  notEmpty: 'Not empty in Plex',
  foreignRating: 'Plex shows it under another service’s mark',
  lastMember: 'The last item of a collection that Syncslate did not make: Plex would remove that with it',
};

/** Whether a person may have the source's value all the same. */
export function canOverrule(reason: KeptReason): boolean {
  return reason !== 'refused' && reason !== 'foreignRating';
}

/** A value as one text. Pictures have no text; whose they are is what can be said. */
export function valueText(value: Value, side: 'plex' | 'source', field?: Field): string {
  if (value === 'empty') return field === 'watched' ? 'No' : 'Nothing';
  if (value === 'yes') return 'Yes';
  if ('text' in value) return value.text;
  if ('whole' in value) return String(value.whole);
  if ('tenths' in value) return (value.tenths / 10).toFixed(1);
  if ('moment' in value) return format.fullDate(value.moment * 1000);
  if ('tags' in value) return value.tags.join(', ');
  if ('cast' in value) {
    const { names, roles } = value.cast;
    return names.map((name, place) => (roles[place] ? `${name} as ${roles[place]}` : name)).join(', ');
  }
  return side === 'plex' ? 'The picture in Plex' : 'Your source’s picture';
}
