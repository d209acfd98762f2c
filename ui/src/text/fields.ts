// The names of fields, and what may be done with them. Numbers come from format.ts.

import type { CastTaken, Field, ListMode, Policy } from '../backend/backend';

export const FIELDS: Record<Field, string> = {
  title: 'Title',
  sortTitle: 'Sort title',
  originalTitle: 'Original title',
  summary: 'Summary',
  tagline: 'Tagline',
  studio: 'Studio',
  edition: 'Edition',
  contentRating: 'Age rating',
  releaseDate: 'Release date',
  year: 'Year',
  criticRating: 'Critic rating',
  audienceRating: 'Audience rating',
  userRating: 'Your rating',
  addedAt: 'Date added',
  watched: 'Watched',
  genres: 'Genres',
  styles: 'Styles',
  moods: 'Moods',
  countries: 'Countries',
  directors: 'Directors',
  writers: 'Writers',
  producers: 'Producers',
  actors: 'Cast',
  collections: 'Collections',
  labels: 'Labels',
  poster: 'Poster',
  background: 'Background',
  clearLogo: 'Logo',
  squareArt: 'Square background',
};

/** What is worth knowing before a field is turned on. */
export const FIELD_NOTES: Partial<Record<Field, string>> = {
  title: 'Never of artists and albums: Plex merges those that have one title.',
  studio: 'Of an album, its record label.',
  userRating: 'The stars of the server’s owner.',
  addedAt: 'Moves items about in Plex’s “Recently added”.',
  watched:
    'The further side wins; where the source is right, its “not watched” counts too. Undo cannot bring back when and how often something was watched.',
  styles: 'Of artists and albums.',
  moods: 'Of artists and albums.',
  collections: 'Never locked, so that Plex’s own collections go on working.',
};

export const POLICIES: Record<Policy, { name: string; short: string; sentence: string }> = {
  keepEdits: {
    name: 'Keep my Plex edits',
    short: 'My edits stay',
    sentence: 'Follows the source, but leaves what you edited or locked in Plex.',
  },
  sourceIsRight: {
    name: 'Source is right',
    short: 'Source always wins',
    sentence: 'Replaces what you edited in Plex, too. A sync can be taken back.',
  },
  fillEmpty: {
    name: 'Fill only if empty',
    short: 'Never replace',
    sentence: 'Writes only where Plex has nothing yet. Replaces nothing.',
  },
  off: {
    name: 'Off',
    short: 'Never write',
    sentence: 'Left as it is in Plex.',
  },
};

export const LIST_MODES: Record<ListMode, { name: string; sentence: string }> = {
  mirror: {
    name: 'Same as the source',
    sentence: 'What the source does not have is removed in Plex.',
  },
  own: {
    name: 'Only what Syncslate added is removed',
    sentence: 'What was in Plex before stays there.',
  },
  add: {
    name: 'Only add',
    sentence: 'Nothing is removed in Plex.',
  },
};

export const ROLES: Record<CastTaken, string> = {
  unknown:
    'Actors’ roles: whether this Plex server takes them is found out with the first cast that is written.',
  taken: 'This Plex server takes the roles of actors. They follow the source with the actors.',
  ignored: 'This Plex server does not take the roles of actors; they stay as Plex’s agent has them.',
};

export const ACTOR_PICTURES: Record<CastTaken, string> = {
  unknown:
    'Actors’ pictures: whether this Plex server takes them is found out with the first cast that is written with one.',
  taken:
    'This Plex server takes the pictures of actors. Those who have none, or are new in a cast, get your source’s.',
  ignored: 'This Plex server does not take the pictures of actors; they stay as Plex’s agent has them.',
};
