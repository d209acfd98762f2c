// The backend that fits where the window runs. Outside of Tauri there is one in development and in the demo build only.

import type { Backend } from './backend';

export async function chooseBackend(): Promise<Backend> {
  if (import.meta.env.DEV || import.meta.env.MODE === 'demo') {
    if (!('__TAURI_INTERNALS__' in window)) {
      const { FakeBackend } = await import('./fake');
      const { SCENARIOS } = await import('./scenarios');
      const wanted = new URLSearchParams(location.search);
      const theme = wanted.get('theme');
      if (theme !== null) document.documentElement.dataset['theme'] = theme;
      return new FakeBackend(SCENARIOS.find((scenario) => scenario === wanted.get('scenario')) ?? 'ready');
    }
  }
  const { tauri } = await import('./tauri');
  return tauri;
}
