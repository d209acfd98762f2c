// What can be said about settings without asking anybody. Mirrors the engine's own check, so that errors show while
// typing; the engine checks again.

import type { Settings } from '../backend/backend';

export type Setting = 'plexAddress' | 'token' | 'sections' | 'folder' | 'maxConcurrency';

export interface Errors {
  settings: Partial<Record<Setting, string>>;
  /** By the rule's place. */
  rules: (string | undefined)[];
}

export function validate(settings: Settings, hasToken: boolean): Errors {
  const found: Partial<Record<Setting, string>> = {};
  const address = addressError(settings.plexAddress.trim());
  if (address !== '') found.plexAddress = address;
  if (!hasToken) found.token = 'Enter a Plex token.';
  if (settings.sections.every(({ title }) => title.trim() === '')) {
    found.sections = 'Choose at least one library to write to.';
  }
  if (settings.source.folder.trim() === '') found.folder = 'Choose the folder that holds your .nfo files.';
  const { maxConcurrency } = settings;
  if (!Number.isInteger(maxConcurrency) || maxConcurrency < 1 || maxConcurrency > 64) {
    found.maxConcurrency = 'Enter a whole number between 1 and 64.';
  }
  const rules = settings.pathRules.map(({ from, to, kind }) => {
    const pattern = kind === 'regex';
    if (from.trim() === '' && to.trim() !== '') {
      return pattern
        ? 'Enter the pattern of the path in the source.'
        : 'Enter the beginning of the path in the source.';
    }
    if (from.trim() !== '' && to.trim() === '') {
      return pattern ? 'Enter the path in Plex.' : 'Enter the beginning of the path in Plex.';
    }
    return undefined;
  });
  return { settings: found, rules };
}

function addressError(address: string): string {
  const shape = 'This is not an address. It should look like http://192.168.1.10:32400.';
  if (address === '') return 'Enter the address of your Plex server.';
  let url: URL;
  try {
    url = withoutWebApp(new URL(address.includes('://') ? address : `http://${address}`));
  } catch {
    return shape;
  }
  if (!/^https?:$/.test(url.protocol) || url.hostname === '') return shape;
  if (url.username !== '' || url.password !== '') {
    return 'The address must not hold a name or a password. The token has a field of its own.';
  }
  if (/[?#]/.test(url.href)) {
    return 'The address must end before the “?”. The token has a field of its own.';
  }
  return '';
}

/** As a browser that shows Plex's own web app has it: `…/web/index.html#!/`. */
function withoutWebApp(url: URL): URL {
  const path = url.pathname.replace(/\/+$/, '').replace(/\/index\.html$/, '');
  if (path.endsWith('/web')) {
    url.pathname = path.slice(0, -'/web'.length);
    url.hash = '';
  }
  return url;
}
