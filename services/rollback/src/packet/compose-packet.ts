import {
  findRelease,
  unitNames,
  type Check,
  type Manifest,
  type Plan,
  type ReleaseRecord,
  type Rollout,
  type RunState,
  type Target,
  type TerminalStatus,
} from '@orchestra/contracts';
import type { HistoryEntry } from '@orchestra/runtime';
import type { Decision } from '../decide.ts';
import type { Asked } from '../gather-facts.ts';
import { compareConfiguration } from './compare-configuration.ts';
import { findFailingLines } from './find-failing-lines.ts';
import type { NamedRelease, Packet } from './packet.ts';

/** Everything that a packet is made of. */
export interface PacketFacts {
  now: Date;
  asked: Asked;
  decision: Decision;
  outcome: { status: TerminalStatus; reason: string; message: string | null };
  /** As it was decided on. */
  target: Target;
  plan: Plan;
  run: RunState;
  history: readonly HistoryEntry[];
  /** Runs of the repository before this one, newest first. */
  earlierRuns: readonly RunState[];
  /** What the release that had to leave wrote last. */
  output: string;
}

const timelineAtMost = 200;
const filesAtMost = 200;

/** Puts together why a release was taken back, or was not. Pure: the same facts make the same bytes. */
export function composePacket(facts: PacketFacts): Packet {
  const { now, asked, decision, outcome, target, run } = facts;
  const { environment, service, by, cause, raisedAt } = asked;
  const leaving = findLeaving(target, asked.release);
  const restored = decision.kind === 'restore' ? findRelease(target, decision.to) : null;
  const { runId, sequence, branch, commit, author, repository } = run;
  return {
    form: 1,
    decidedAt: now.toISOString(),
    repository,
    environment,
    service,
    run: { runId, sequence, branch, commit, author },
    asked: { by: by.kind, cause, raisedAt: new Date(raisedAt).toISOString() },
    decision: { kind: decision.kind, reason: decision.reason, to: restored?.release ?? null },
    outcome,
    leaving: nameOf(leaving),
    restored: nameOf(restored),
    measured: asked.compared.map((check) => ({ ...check, query: queryOf(check, facts.plan) })),
    timeline: timelineOf(facts),
    commits: commitsOf(facts, restored),
    changedFiles: (run.slices.gitops.source?.changedFiles ?? []).slice(0, filesAtMost).map(({ path }) => path),
    configuration: compareConfiguration(manifestOf(restored), manifestOf(leaving)),
    approvals: approvalsOf(facts),
    failingLines: findFailingLines(facts.output),
  };
}

type Known = Pick<ReleaseRecord | Rollout, 'release' | 'version' | 'commit' | 'manifest' | 'sequence'>;

function findLeaving({ lane, seizure, ...target }: Target, release: string): Known | null {
  const rollout = [lane, seizure?.ousted ?? null].find((one) => one?.release === release) ?? null;
  return rollout ?? findRelease({ lane, seizure, ...target }, release);
}

function nameOf(known: Known | null): NamedRelease | null {
  if (known === null) return null;
  const { release, version, commit } = known;
  return { release, version, commit };
}

function manifestOf(known: Known | null): Manifest | null {
  return known?.manifest ?? null;
}

function queryOf({ metric }: Check, { observability }: Plan): string | null {
  return observability.judgement?.metrics.find(({ name }) => name === metric)?.query ?? null;
}

function timelineOf({ history, asked }: PacketFacts): Packet['timeline'] {
  const place = `${asked.environment}/${asked.service}`;
  return history
    .filter(
      ({ unit, what }) => unit === null || unit.endsWith(`/${place}`) || !unit.includes('/') || what === 'iac_ready',
    )
    .slice(-timelineAtMost)
    .map(({ at, service, unit, what, reason, id }) => ({ at, service, unit, what, reason, id }));
}

// Without a release to go back to it is the run alone.
function commitsOf({ run, earlierRuns }: PacketFacts, restored: Known | null): Packet['commits'] {
  const since = restored?.sequence ?? run.sequence - 1;
  return [run, ...earlierRuns]
    .filter(({ sequence }) => sequence > since && sequence <= run.sequence)
    .map(({ sequence, commit, author, message }) => {
      return { sequence, commit, author, subject: message?.split('\n')[0] ?? null };
    });
}

const answers = new Set(['APPROVE', 'REJECT', 'PROMOTE']);

// Of what was asked before the release those count that were counted: an answer may have been refused.
function approvalsOf({ run, history, asked: { environment, service } }: PacketFacts): Packet['approvals'] {
  const place = `${environment}/${service}`;
  const counted = run.slices.deploy[place]?.approval?.approved ?? null;
  const unit = unitNames.deploy(environment, service);
  const ordered = history
    .filter(({ what }) => what === 'operator_command')
    .flatMap(({ at, detail }) => {
      const { action, actor, unit: about, reason } = readCommand(detail);
      const isCounted = counted !== null && action === 'APPROVE' && about === unit;
      return answers.has(action) && !isCounted
        ? [{ at, actor, action: action.toLowerCase(), unit: about, reason }]
        : [];
    });
  const given = (counted ?? []).map(({ at, actor, note }) => ({ at, actor, action: 'approve', unit, reason: note }));
  return [...given, ...ordered].toSorted((left, right) => left.at.localeCompare(right.at));
}

function readCommand(detail: unknown) {
  const fields = new Map(typeof detail === 'object' && detail !== null ? Object.entries(detail) : []);
  const text = (name: string): string | null => {
    const value: unknown = fields.get(name);
    return typeof value === 'string' ? value : null;
  };
  return {
    action: text('action') ?? '',
    actor: text('actor') ?? 'unknown',
    unit: text('unit'),
    reason: text('reason'),
  };
}
