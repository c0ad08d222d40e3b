import type { SupervisorState } from './state-file.ts';

/** Reads the supervisor's own state. It alone writes the file, whole and durably, so its form is that of this version. */
export function parseState(text: string): SupervisorState {
  const state = JSON.parse(text) as SupervisorState;
  if (typeof state.targets !== 'object') throw new Error('The state of the local target has no targets');
  return state;
}
