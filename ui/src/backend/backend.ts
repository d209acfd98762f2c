// What the window asks of the program around it. Two implementations: tauri.ts (the real one), fake.ts (a browser, tests).
// Not here: state (../state) and words (../text).

import type {
  Answer,
  Command,
  CommandError,
  Numbered,
  NumberedSnapshot,
  Question,
  Reply,
  Report,
  Settings,
  TokenState,
} from './generated/engine';

export type * from './generated/engine';

export interface Backend {
  /** The whole state now. */
  snapshot(): Promise<NumberedSnapshot>;
  /** Events in order. Called before {@link snapshot}, so that nothing falls between. Returns what ends it. */
  subscribe(receive: (batch: Numbered[]) => void): Promise<() => void>;
  /** Rejects with a {@link CommandError}. */
  command(command: Command): Promise<Reply>;
  /** What failed, what was kept, and what waits for a decision, in rows. */
  report(): Promise<Report>;
  /** Asks about path rules and matches, and keeps a person's yes or no to a match. Reads both sides; refused during a run. */
  ask(question: Question): Promise<Answer>;
  /** Tries an address and a token without keeping them; an empty token stands for the one that is kept. */
  testConnection(address: string, token: string): Promise<Reply>;
  /** Where the Plex token is kept; never the token itself. */
  tokenState(): Promise<TokenState>;
  /** Keeps a new token; an empty one removes it. */
  setToken(token: string): Promise<TokenState>;
  /** Stores the settings and puts them in force. Answers what a person should know of them all the same, if anything. */
  saveSettings(settings: Settings): Promise<string | null>;
  /** Lets the person choose a folder; `null` where they chose none. */
  pickFolder(): Promise<string | null>;
  /** Writes what is saved as the command line's config file, and says where; `null` where the person chose no place. */
  exportSettings(): Promise<string | null>;
}

/** Whatever was thrown, as the error that the window shows. */
export function commandError(thrown: unknown): CommandError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
    const { code, message } = thrown;
    if (typeof code === 'string' && typeof message === 'string') return { code, message };
  }
  const detail = thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : '';
  return { code: 'unknown', message: detail };
}
