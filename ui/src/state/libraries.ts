// Which libraries there are to choose from, and which are chosen: the settings' sections met with what Plex named.

import type { SectionSettings } from '../backend/backend';

export interface Library {
  title: string;
  chosen: boolean;
  /** Chosen, but not among those that Plex named. */
  gone: boolean;
}

/** `found` are the titles that Plex named, `null` while nobody asked. What is chosen is never dropped. */
export function libraries(chosen: SectionSettings[], found: string[] | null): Library[] {
  if (found === null) return unique(titlesOf(chosen)).map((title) => ({ title, chosen: true, gone: false }));
  // Plex lets two libraries have one title.
  const titles = unique(found);
  const rows = titles.map((title) => ({
    title,
    chosen: chosen.some((section) => means(section.title, title, titles)),
    gone: false,
  }));
  const gone = chosen.filter((section) => !titles.some((title) => means(section.title, title, titles)));
  return [...rows, ...unique(titlesOf(gone)).map((title) => ({ title, chosen: true, gone: true }))];
}

/** Whether a title in the settings means the library of that title, as the engine finds it. */
export function means(wanted: string, title: string, found: string[]): boolean {
  if (wanted.trim() === title) return true;
  return fold(wanted) === fold(title) && !found.includes(wanted.trim());
}

/** A library in which nothing differs from the others. */
export function plain(title: string): SectionSettings {
  return { title, policies: {}, listModes: {} };
}

function fold(title: string): string {
  return title.trim().normalize('NFC').toLowerCase();
}

function titlesOf(sections: SectionSettings[]): string[] {
  return sections.map(({ title }) => title);
}

function unique(titles: string[]): string[] {
  return [...new Set(titles)];
}
