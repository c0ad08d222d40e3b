import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ReleaseSpec } from '../view.ts';
import { parseState } from './parse-state.ts';

/** A released process. The start time tells it from a later process with the same number. */
export interface ProcessState {
  pid: number;
  /** In clock ticks since boot, field 22 of /proc/<pid>/stat. */
  startTicks: number;
  port: number;
}

export interface ReleaseState {
  spec: ReleaseSpec;
  /** Processes asked for. */
  wanted: number;
  crashes: number;
  processes: ProcessState[];
}

export interface TargetState {
  epoch: number;
  /** Where users reach it; kept for ever once it is given. */
  port: number;
  weights: Record<string, number>;
  releases: Record<string, ReleaseState>;
}

/** All that a restarted supervisor has to know. */
export interface SupervisorState {
  targets: Record<string, TargetState>;
}

/** Reads the state; an absent file is an empty state. */
export function readState(file: string): SupervisorState {
  return existsSync(file) ? parseState(readFileSync(file, 'utf8')) : { targets: {} };
}

/** Replaces the state; when it returns, the new one survives a loss of power. */
export function writeState(file: string, state: SupervisorState): void {
  writeDurably(file, JSON.stringify(state));
}

/** Writes a whole file: readers see the old content or the new one, never a part. Only its owner may read it. */
export function writeDurably(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
