import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Value } from './parse-configuration.ts';

/** A `terraform_data` that was made. */
export interface Made {
  id: string;
  input: Value | null;
  triggersReplace: Value | null;
  /** Its making failed half-way: the next plan replaces it. */
  tainted: boolean;
  isSecret: boolean;
}

export interface State {
  /** Names this history of states; a plan of another one is stale. */
  lineage: string;
  /** Counts the changes. */
  serial: number;
  resources: Record<string, Made>;
  outputs: Record<string, { value: Value; sensitive: boolean }>;
}

/** The state of a backend; an empty one where there is none yet. */
export function readState(path: string): State {
  if (!existsSync(path)) return { lineage: randomUUID(), serial: 0, resources: {}, outputs: {} };
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Keeps a state, as the next of its history. */
export function writeState(path: string, state: State): void {
  state.serial += 1;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(state, null, 2));
}
