import { describe, expect, it } from 'vitest';
import { libraries, plain } from './libraries';

/** Rows as text: `+` chosen, `?` chosen and gone. */
const rows = (chosen: string[], found: string[] | null) =>
  libraries(chosen.map(plain), found).map(
    ({ title, chosen, gone }) => `${gone ? '?' : chosen ? '+' : ''}${title}`,
  );

describe('the libraries to choose from', () => {
  it.each<[string, string[], string[] | null, string[]]>([
    ['nobody asked, nothing chosen', [], null, []],
    ['nobody asked', ['A', 'B', 'A'], null, ['+A', '+B']],
    ['nothing chosen', [], ['A', 'B'], ['A', 'B']],
    ['in the order in which Plex names them', ['C', 'A'], ['A', 'B', 'C'], ['+A', 'B', '+C']],
    ['one that is gone, at the end', ['Gone', 'A'], ['A', 'B'], ['+A', 'B', '?Gone']],
    ['gone, all of them', ['Gone'], [], ['?Gone']],
    ['one title twice', ['A'], ['A', 'A'], ['+A']],
    ['as the engine finds it: blanks and case aside', [' films'], ['Films'], ['+Films']],
    ['but the exact title before any other', ['films'], ['Films', 'films'], ['Films', '+films']],
  ])('are, where %s', (_, chosen, found, expected) => {
    expect(rows(chosen, found)).toEqual(expected);
  });
});
