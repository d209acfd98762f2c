import { describe, expect, it } from 'vitest';
import { cut, formats } from './format';

const f = formats('en');
/** The tests write `_` for the narrow no-break space. */
const plain = (text: string) => text.replaceAll('\u202f', '_');

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [4212, '4,212'],
    [1234567, '1,234,567'],
    [NaN, '0'],
  ])('counts %s as %s', (value, text) => expect(f.count(value)).toBe(text));

  it('follows the thousands separator of the system', () => {
    expect(formats('de').count(4212)).toBe('4.212');
    expect(plain(formats('de').rate(0.983))).toBe('98,3_%');
  });

  it.each([
    [0, '0 items'],
    [1, '1 item'],
    [2, '2 items'],
  ])('joins %s with its noun', (value, text) => expect(f.counted(value, 'item')).toBe(text));

  it.each([
    [0.983, '98.3_%'],
    [0, '0.0_%'],
    [1, '100_%'],
    [0.99999, '99.9_%'],
  ])('writes the rate %s as %s', (share, text) => expect(plain(f.rate(share))).toBe(text));

  it.each([
    [263 / 612, '42_%'],
    [0.43, '43_%'],
    [0.999, '99_%'],
    [1, '100_%'],
    [1.2, '100_%'],
    [NaN, '0_%'],
  ])('writes the progress %s as %s', (share, text) => expect(plain(f.percent(share))).toBe(text));

  it.each([
    [38.4, '38.4'],
    [5, '5.0'],
    [99.94, '99.9'],
    [99.97, '100'],
    [281.4, '281'],
  ])('writes the speed %s as %s', (value, text) => expect(f.speed(value)).toBe(text));

  it.each([
    [0, '0_B'],
    [999, '999_B'],
    [1000, '1_kB'],
    [812_400, '812_kB'],
    [18_240_000, '18.2_MB'],
    [999_999, '1.0_MB'],
    [2_100_000_000, '2.1_GB'],
  ])('writes %s bytes as %s', (value, text) => expect(plain(f.size(value))).toBe(text));
});

describe('times', () => {
  it.each([
    [0.2, '0.2_ms'],
    [9, '9_ms'],
    [9.97, '10_ms'],
    [24.3, '24_ms'],
    [999.7, '1_s'],
    [3100, '3.1_s'],
    [9960, '10_s'],
    [15_000, '15_s'],
    [59_600, '1_min'],
    [112_000, '1_min 52_s'],
    [3_599_600, '1_h'],
    [7_500_000, '2_h 5_min'],
    [90_000_000, '1_d 1_h'],
    [-5, '0_ms'],
  ])('writes %s ms as %s', (value, text) => expect(plain(f.duration(value))).toBe(text));

  it.each([
    [400, '0_s'],
    [21_900, '21_s'],
    [60_000, '1_min'],
    [61_999, '1_min 1_s'],
  ])('ticks %s ms as %s', (value, text) => expect(plain(f.ticking(value))).toBe(text));

  it.each([
    [0.2, '0.2'],
    [1.64, '1.6'],
    [9.96, '10'],
    [233, '233'],
  ])('writes %s in a table as %s', (value, text) => expect(f.millis(value)).toBe(text));

  const now = new Date(2026, 10, 22, 14, 14).getTime();
  const at = (...[year, month, day, hour, minute]: [number, number, number, number, number]) =>
    new Date(year, month, day, hour, minute).getTime();

  it.each([
    [now - 20_000, 'just now', 'just now'],
    [now - 60_000, '1 minute ago', '1 minute ago'],
    [now - 12 * 60_000, '12 minutes ago', '12 minutes ago'],
    [at(2026, 10, 22, 9, 5), '09:05', 'at 09:05'],
    [at(2026, 10, 18, 9, 5), '18 Nov', 'on 18 Nov'],
    [at(2025, 10, 18, 9, 5), '18 Nov 2025', 'on 18 Nov 2025'],
    [now + 5_000, 'just now', 'just now'],
  ])('names a moment', (then, short, sentence) => {
    expect(f.moment(then, now)).toBe(short);
    expect(f.momentInSentence(then, now)).toBe(sentence);
  });

  it.each([
    [300, 'now'],
    [1200, '1_s'],
    [130_000, '2_min'],
  ])('gives the age of %s ms as %s', (past, text) => expect(plain(f.age(now - past, now))).toBe(text));
});

describe('cut', () => {
  it('leaves what fits and shortens what does not, without splitting a character', () => {
    expect(cut('Slow Water')).toBe('Slow Water');
    const long = cut('🎬'.repeat(5000), 10);
    expect(long).toBe(`${'🎬'.repeat(9)}…`);
    expect(cut('x'.repeat(10_000)).length).toBe(160);
  });
});
