import type { Check, TerminalStatus } from '@orchestra/contracts';

/** A release as the packet names it. */
export interface NamedRelease {
  release: string;
  version: string;
  commit: string;
}

/** Everything that a decision about a rollback was made of, for people who ask later. JSON-safe. */
export interface Packet {
  /** Raised when the form changes. */
  form: 1;
  /** ISO 8601, like all times in it. */
  decidedAt: string;
  repository: string;
  environment: string;
  service: string;
  run: { runId: string; sequence: number; branch: string | null; commit: string; author: string };
  asked: { by: 'person' | 'failed_rollout' | 'alert' | 'group'; cause: string; raisedAt: string };
  decision: { kind: 'restore' | 'refuse'; reason: string; to: string | null };
  /** What came of it. */
  outcome: { status: TerminalStatus; reason: string; message: string | null };
  leaving: NamedRelease | null;
  restored: NamedRelease | null;
  /** `query`: what the metrics server was asked; null: the platform measured it by itself. */
  measured: readonly (Omit<Check, 'verdict'> & { verdict: string; query: string | null })[];
  /** What happened to this target in the run, oldest first; the newest of them where there are many. */
  timeline: readonly {
    at: string;
    service: string;
    unit: string | null;
    what: string;
    reason: string | null;
    id: string;
  }[];
  /** Runs that came after the restored release, up to the one that had to leave, newest first. */
  commits: readonly { sequence: number; commit: string; author: string; subject: string | null }[];
  changedFiles: readonly string[];
  configuration: readonly ChangedSetting[];
  /** Who said yes or no to this run. */
  approvals: readonly { at: string; actor: string; action: string; unit: string | null; reason: string | null }[];
  /** The first lines of its output that tell of a failure. */
  failingLines: readonly string[];
}

/** One setting that differs between two releases; null: it is not there. */
export interface ChangedSetting {
  setting: string;
  before: string | null;
  after: string | null;
}
