// The states that the fake backend can begin in. `?scenario=` names one in a browser.

import type { Snapshot } from './backend';
import { DEMO_SETTINGS, FILMS, MATCHED, caches, pastRuns } from './demo-data';

export type Scenario =
  | 'ready'
  | 'first'
  | 'new'
  | 'away'
  | 'signIn'
  | 'failed'
  | 'problems'
  | 'lockedBefore'
  | 'conflicts'
  | 'stopped'
  | 'broken';
export const SCENARIOS: Scenario[] = [
  'ready',
  'first',
  'new',
  'away',
  'signIn',
  'failed',
  'problems',
  'lockedBefore',
  'conflicts',
  'stopped',
  'broken',
];

export const SERVER = {
  name: 'Attic',
  version: '1.43.1',
  sections: ['Films', 'Documentaries', 'Concerts'],
  millis: 3.1,
};

/** Values that were locked before anything was known of them. */
export const LOCKED_BEFORE = 7;

/** What there is when the window opens. */
export function begin(scenario: Scenario, now: number): Snapshot {
  const recent = scenario === 'new' || scenario === 'first' ? [] : pastRuns(now);
  const snapshot: Snapshot = {
    settings: DEMO_SETTINGS,
    settingsSince: null,
    connection: { state: 'connected', name: SERVER.name, version: SERVER.version, millis: SERVER.millis },
    roles: recent.length > 0 ? 'ignored' : 'unknown',
    actorPictures: recent.length > 0 ? 'ignored' : 'unknown',
    run: null,
    recent,
    totals:
      recent.length > 0
        ? { sourceItems: FILMS, plexItems: 246, matched: MATCHED, notInPlex: 5, notInSource: 13 }
        : { sourceItems: 0, plexItems: 0, matched: 0, notInPlex: 0, notInSource: 0 },
    failed: 0,
    conflicts: 0,
    caches: recent.length > 0 ? caches(8511) : [],
    problems: [],
  };
  const first = recent[0];
  switch (scenario) {
    case 'new':
      snapshot.settings = {
        ...DEMO_SETTINGS,
        plexAddress: '',
        sections: [],
        source: { kind: 'nfo', folder: '' },
        pathRules: [],
      };
      snapshot.connection = { state: 'notSetUp' };
      break;
    case 'away':
      snapshot.connection = {
        state: 'away',
        since: now - 40_000,
        message: 'Nothing answers at http://127.0.0.1:32400. Changes wait until Plex is back',
      };
      break;
    case 'signIn':
      snapshot.connection = { state: 'signInNeeded' };
      break;
    case 'failed':
      snapshot.failed = 2;
      if (first) Object.assign(first, { state: 'doneWithFailures', failed: 2 });
      break;
    case 'problems':
      snapshot.problems = [
        {
          code: 'token_in_memory',
          message:
            'Your system has no keychain that answers, so the Plex token is kept in memory only. It has to be entered again after Syncslate is closed.',
          action: 'openSettings',
        },
        {
          code: 'cache_unavailable',
          message: 'The cache folder cannot be written to. Syncs work, but take longer. Nothing is lost.',
          action: 'none',
        },
        {
          code: 'jobs_failed',
          message: '2 items could not be written. Your library is as it was there.',
          action: 'retryFailed',
        },
      ];
      snapshot.failed = 2;
      break;
    case 'lockedBefore':
      snapshot.problems = [
        {
          code: 'locked_before',
          message: `${LOCKED_BEFORE} values that are locked in Plex differ from your source. Syncslate does not know who locked them: you, in Plex, or an earlier Syncslate whose records are gone. They stay as they are until you decide.`,
          action: 'decideLocked',
        },
      ];
      break;
    case 'conflicts':
      snapshot.conflicts = 3;
      snapshot.failed = 1;
      break;
    case 'stopped':
      if (first) {
        Object.assign(first, {
          state: 'stopped',
          code: 'source',
          message:
            'The folder /srv/media/films cannot be read. Nothing was changed. Check that the disk is connected',
        });
      }
      break;
    default:
  }
  return snapshot;
}
