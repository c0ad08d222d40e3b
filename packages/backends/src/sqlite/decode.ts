import {
  isServiceName,
  outcomes,
  type ServiceName,
  type Slices,
  type Status,
  type TerminalStatus,
} from '@orchestra/contracts';
import type { PlannedUnit, RunIdentity, WishKind } from '@orchestra/contracts';
import type { GateVerdict, HistoryEntry, JobRecord, Quarantined } from '@orchestra/runtime';
import { remember } from './remember.ts';

// What this store wrote as JSON or as a word of a closed list, and reads back.

// Who reads shares it with others, so that nobody may change it.
const readShared = remember((json: string): unknown => JSON.parse(json, (_key, value) => Object.freeze(value)), 2_000);
const longestShared = 4_096;

function readJson(json: string): unknown {
  return json.length > longestShared ? JSON.parse(json) : readShared(json);
}

export function decodeTexts(json: string): readonly string[] {
  return JSON.parse(json) as readonly string[];
}

export function decodeHeaders(json: string): Readonly<Record<string, string>> {
  return JSON.parse(json) as Readonly<Record<string, string>>;
}

export function decodeIdentity(json: string): RunIdentity {
  return readJson(json) as RunIdentity;
}

export function decodePlannedUnits(json: string): readonly PlannedUnit[] {
  return readJson(json) as readonly PlannedUnit[];
}

export function decodeVerdict(json: string | null): GateVerdict | null {
  return json === null ? null : (JSON.parse(json) as GateVerdict);
}

export function decodeHistoryEntry(json: string): HistoryEntry {
  return JSON.parse(json) as HistoryEntry;
}

export function decodeQuarantined(json: string): Quarantined {
  return JSON.parse(json) as Quarantined;
}

/** The slices of a run from their rows; a service that wrote nothing has an empty one. */
export function decodeSlices(rows: readonly { service: string; key: string; value: string }[]): Slices {
  const slices: Record<string, Record<string, unknown>> = {
    gitops: {},
    build: {},
    'code-analysis': {},
    test: {},
    iac: {},
    deploy: {},
    observability: {},
    rollback: {},
    chatops: {},
  };
  for (const { service, key, value } of rows) {
    const slice = slices[service];
    // A key such as `__proto__` would set something else by assignment.
    if (slice)
      Object.defineProperty(slice, key, {
        value: readJson(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return slices as unknown as Slices;
}

export function decodeStatus(word: string): Status {
  return word as Status;
}

export function decodeOutcome(word: string): TerminalStatus {
  const outcome = outcomes.find((known) => known === word);
  if (outcome === undefined) throw new TypeError(`${word} is no terminal status`);
  return outcome;
}

export function decodeJobStatus(word: string): JobRecord['status'] {
  return word as JobRecord['status'];
}

export function decodeWishKind(word: string): WishKind {
  return word as WishKind;
}

export function decodeService(word: string): ServiceName {
  if (!isServiceName(word)) throw new TypeError(`${word} is no service`);
  return word;
}
