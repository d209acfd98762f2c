import { describe, expect, it } from 'vitest';
import type { PathRule } from '../backend/backend';
import { covers, rewritten, sameFolder } from './folders';

describe('folders', () => {
  it.each([
    ['/srv/media', '/srv/media/', true],
    ['/srv/media', '/srv/Media', false],
    ['D:\\Videos', 'd:/videos\\', true],
    ['\\\\nas\\films', '//NAS/films', false],
    ['\\\\nas\\films', '\\\\NAS\\Films\\', true],
  ])('%s and %s are the same: %s', (one, other, same) => {
    expect(sameFolder(one, other)).toBe(same);
  });

  it.each([
    ['/srv', '/srv/media', true],
    ['/srv/', '/srv/media', true],
    ['/srv', '/srv', false],
    ['/srv', '/srv2/media', false],
    ['D:\\', 'd:/Videos', true],
    // The engine’s rules never fit by nothing at all.
    ['/', '/srv', false],
    ['', '/srv', false],
  ])('%s holds %s: %s', (folder, other, held) => {
    expect(covers(folder, other)).toBe(held);
  });
});

describe('what a rule rewrote', () => {
  it.each<[string, PathRule, string, string, [string, string]]>([
    [
      'a folder',
      { from: '/srv/media', to: '/data/media/' },
      '/srv/media/a.mkv',
      '/data/media/a.mkv',
      ['/data/media', '/a.mkv'],
    ],
    [
      'separators',
      { from: 'D:\\V', to: '/mnt/v' },
      'D:\\V\\Live\\b.mkv',
      '/mnt/v/Live/b.mkv',
      ['/mnt/v', '/Live/b.mkv'],
    ],
    [
      'a pattern',
      { from: '/mnt/disk[0-9]/(.*)', to: '/data/$1', kind: 'regex' },
      '/mnt/disk1/x/c.mkv',
      '/data/x/c.mkv',
      ['/data', '/x/c.mkv'],
    ],
    [
      'a pattern across kinds of separators',
      { from: '[A-Z]:/(.*)', to: '/data/$1', kind: 'regex' },
      'E:\\x\\c.mkv',
      '/data/x/c.mkv',
      ['/data', '/x/c.mkv'],
    ],
    [
      'names',
      { from: '(.*)[.]strm', to: '$1.mkv', kind: 'regex' },
      '/a/b.strm',
      '/a/b.mkv',
      ['/a/b.mkv', ''],
    ],
    ['nothing', { from: '/a', to: '/a' }, '/a/b.mkv', '/a/b.mkv', ['', '/a/b.mkv']],
  ])('is told from what it left: %s', (_, rule, sourcePath, plexPath, parts) => {
    expect(rewritten({ sourcePath, plexPath, rule: 0, items: [] }, rule)).toEqual(parts);
  });
});
