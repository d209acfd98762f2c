// The backend of the real window. The only file that speaks with Tauri.

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Answer, Backend, NumberedSnapshot, Numbered, Reply, Report, TokenState } from './backend';

export const tauri: Backend = {
  snapshot: () => invoke<NumberedSnapshot>('snapshot'),
  subscribe: (receive) => listen<Numbered[]>('engine', ({ payload }) => receive(payload)),
  report: () => invoke<Report>('report'),
  ask: (question) => invoke<Answer>('ask', { question }),
  command: (command) => invoke<Reply>('command', { command }),
  testConnection: (address, token) => invoke<Reply>('test_connection', { address, token }),
  tokenState: () => invoke<TokenState>('token_state'),
  setToken: (token) => invoke<TokenState>('set_token', { token }),
  saveSettings: (settings) => invoke<string | null>('save_settings', { settings }),
  pickFolder: () => invoke<string | null>('pick_folder'),
  exportSettings: () => invoke<string | null>('export_settings'),
};
