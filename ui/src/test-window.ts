// The window in a test: a fake backend, a clock that is moved by hand, a console that has to stay clean.

import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import AppView from './App.svelte';
import type { Snapshot } from './backend/backend';
import { FakeBackend } from './backend/fake';
import type { Scenario } from './backend/scenarios';
import { App } from './state/app.svelte';

/** Once per file of tests. */
export function inWindow(): void {
  const complaints: unknown[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    complaints.length = 0;
    // There is no layout here.
    Element.prototype.scrollIntoView = vi.fn();
    for (const level of ['error', 'warn'] as const) {
      vi.spyOn(console, level).mockImplementation((...words: unknown[]) => complaints.push(words));
    }
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
    expect(complaints, 'the console stays clean').toEqual([]);
  });
}

export const after = async (millis: number) => {
  await vi.advanceTimersByTimeAsync(millis);
};
export const text = (testid: string) =>
  (screen.getByTestId(testid).textContent ?? '').trim().replaceAll('\u202f', '_');
export const click = (testid: string) => fireEvent.click(screen.getByTestId(testid));

/** Every element of a kind, and the one at a place. */
export const all = (testid: string) => screen.queryAllByTestId(testid);
export function nth(testid: string, at: number): HTMLElement {
  const found = all(testid)[at];
  if (found === undefined) throw new Error(`there is no ${testid} ${at}`);
  return found;
}
export const texts = (testid: string) =>
  all(testid).map(({ textContent }) => (textContent ?? '').trim().replace(/\s+/g, ' '));
export const values = (testid: string) => all(testid).map((field) => (field as HTMLInputElement).value);
export const clickNth = (testid: string, at: number) => fireEvent.click(nth(testid, at));
export const type = (testid: string, at: number, value: string) =>
  fireEvent.input(nth(testid, at), { target: { value } });

export async function open(scenario: Scenario = 'ready', change?: (snapshot: Snapshot) => void) {
  const backend = new FakeBackend(scenario);
  if (change) {
    const { snapshot } = await backend.snapshot();
    change(snapshot);
    backend.say({ type: 'snapshot', snapshot });
  }
  const app = new App(backend, 'Linux x86_64');
  render(AppView, { app });
  await after(0);
  return { app, backend };
}

/** The page of path rules. */
export async function paths(...opened: Parameters<typeof open>) {
  const window = await open(...opened);
  await click('nav-settings');
  await click('settings-paths');
  await after(0);
  return window;
}
