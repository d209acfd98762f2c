// The one table from error codes to words. An error that brings its own sentence keeps it.

import type { CommandError } from '../backend/backend';

const WORDS: Record<string, string> = {
  busy: 'A sync is already under way. This one was not started; nothing was changed.',
  settings:
    'The settings are not complete. Nothing was changed. Open the settings and fill in what is missing.',
  sign_in: 'Plex refused the token. Nothing was changed. Enter a valid token in the settings.',
  unreachable:
    'Plex does not answer at this address. Nothing was changed. Check the address and that Plex is running.',
  unknown: 'Syncslate could not do this, and does not know why. Nothing was changed. Try again.',
};

/** The error with a sentence that can be shown. */
export function sayError(error: CommandError): CommandError {
  const own = error.message.trim();
  // A code that is not known here always came with words of its own, unless something below the engine failed.
  if (own !== '' && error.code !== 'unknown') return { code: error.code, message: own };
  const words = WORDS[error.code] ?? WORDS['unknown'] ?? '';
  return { code: error.code, message: own === '' ? words : `${words} (${own})` };
}

/** Whether the settings are where this is mended. */
export function mendedInSettings(code: string): boolean {
  return ['settings', 'sign_in', 'unreachable', 'no_token', 'no_section', 'source'].includes(code);
}
