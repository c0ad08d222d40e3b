import {
  describeJudgement,
  explainAsk,
  isTerminal,
  judgeRun,
  oneLine,
  opensGate,
  renderProposal,
  type Overall,
  type RunState,
  type ShownUnattended,
} from '@orchestra/contracts';
import type { HistoryEntry } from '@orchestra/runtime';

/** One link of the chain behind a state: an event or a decision, with the ids it follows from. */
export interface Step {
  id: string;
  at: string;
  kind: HistoryEntry['kind'];
  service: string;
  unit: string | null;
  what: string;
  reason: string | null;
  causes: readonly string[];
  /** The sentence with which the unit stands now; null: it has none, or this is not its last event. */
  message: string | null;
}

/** What an open unit waits for. */
export interface Wait {
  unit: string;
  service: string;
  status: string;
  reason: string | null;
  since: string;
  /** The sentence for people; null: it says nothing. */
  message: string | null;
  /** Units whose outcomes are missing. */
  missing: readonly string[];
}

export interface Explanation {
  overall: Overall;
  /** The unit that decided the state; null: none did yet, or all passed. */
  about: string | null;
  /** From the push to what decided the state. */
  steps: readonly Step[];
  waits: readonly Wait[];
  /** Units for which somebody should be at work, and nobody is. */
  unattended: readonly ShownUnattended[];
  /** All of it as text, for people. */
  text: string;
}

/** The chain of events behind the state of a run, from ids alone. Pure: the same facts give the same explanation. */
export function explainRun(
  history: readonly HistoryEntry[],
  run: RunState,
  unattended: readonly ShownUnattended[],
): Explanation {
  const overall = judgeRun(run);
  const about = findDecisive(run);
  const last = findLast(history, run, about);
  const steps =
    last === null ? [] : walkBack(history, last).map((entry) => stepOf(entry, messageAt(entry, history, run)));
  const waits = overall.kind === 'open' ? findWaits(run) : [];
  const found = { overall, about, steps, waits, unattended };
  return { ...found, text: renderText(run, found) };
}

const worstFirst = ['unknown', 'failure', 'error', 'timed_out', 'cancelled', 'skipped'] as const;

// A rollback tells more than what it followed from; else the unit that went wrong first among the worst.
function findDecisive({ units }: RunState): string | null {
  const all = Object.entries(units);
  const rollback = all.find(([name, { status }]) => name.startsWith('rollback/') && isTerminal(status));
  if (rollback) return rollback[0];
  for (const status of worstFirst) {
    const bad = all.filter(([, unit]) => unit.status === status).toSorted(([, a], [, b]) => a.at.localeCompare(b.at));
    if (bad[0]) return bad[0][0];
  }
  return null;
}

// Without a decisive unit it is the newest event of the run: how far it has come.
function findLast(history: readonly HistoryEntry[], run: RunState, about: string | null): HistoryEntry | null {
  const events = history.filter(({ kind }) => kind === 'event');
  if (about === null) return events.at(-1) ?? null;
  const generation = run.units[about]?.generation;
  const own = history.filter((entry) => entry.unit === about && entry.generation === generation);
  return own.findLast(({ kind }) => kind === 'event') ?? own.at(-1) ?? null;
}

function walkBack(history: readonly HistoryEntry[], last: HistoryEntry): HistoryEntry[] {
  const byId = new Map(history.map((entry) => [entry.id, entry]));
  const found = new Set([last]);
  // A set may grow while it is walked through: each entry brings its causes.
  for (const entry of found) {
    for (const before of entry.causes.flatMap((cause) => byId.get(cause) ?? [])) found.add(before);
    for (const decision of decisionsBeside(history, entry)) found.add(decision);
  }
  return history.filter((entry) => found.has(entry));
}

// The decisions of the job that published the event: same unit, same causes.
function decisionsBeside(history: readonly HistoryEntry[], event: HistoryEntry): HistoryEntry[] {
  if (event.kind !== 'event') return [];
  const causes = event.causes.join();
  return history.filter(
    (entry) =>
      entry.kind === 'decision' &&
      entry.service === event.service &&
      entry.unit === event.unit &&
      entry.generation === event.generation &&
      entry.causes.join() === causes,
  );
}

function stepOf(entry: HistoryEntry, message: string | null): Step {
  const { id, at, kind, service, unit, what, reason, causes } = entry;
  return { id, at, kind, service, unit, what, reason, causes, message };
}

// The state keeps one message a unit: that of its last event.
function messageAt(entry: HistoryEntry, history: readonly HistoryEntry[], { units }: RunState): string | null {
  const { id, unit, generation } = entry;
  const last = history.findLast((other) => other.kind === 'event' && other.unit === unit);
  if (unit === null || last?.id !== id || units[unit]?.generation !== generation) return null;
  return units[unit].message;
}

function findWaits({ units, plannedUnits }: RunState): Wait[] {
  return plannedUnits.flatMap(({ unit, service, after, gate }): Wait[] => {
    const state = units[unit];
    if (state !== undefined && isTerminal(state.status)) return [];
    const missing = (gate ?? after).filter((input) => !passed(units[input]));
    const { status = 'queued', reason = null, message = null, at = '' } = state ?? {};
    return [{ unit, service, status, reason, since: at, message, missing }];
  });
}

function passed(unit: RunState['units'][string] | undefined): boolean {
  return unit !== undefined && isTerminal(unit.status) && opensGate(unit.status);
}

// What does not read well behind an "is".
const standing: Partial<Record<Overall['status'], string>> = {
  waiting_for_person: 'waits for a person',
  success: 'succeeded',
  failure: 'failed',
  error: 'ended in an error',
};

function renderText(run: RunState, { overall, about, steps, waits, unattended }: Omit<Explanation, 'text'>): string {
  const unit = about === null ? undefined : run.units[about];
  const message =
    unit === undefined ? [] : [`${about}: ${unit.status}, ${unit.message ?? unit.reason ?? 'no reason given'}`];
  return [
    `Run ${run.sequence} of ${run.repository} ${standing[overall.status] ?? `is ${overall.status.replaceAll('_', ' ')}`}: ${overall.reason}`,
    ...message,
    ...(run.slices.gitops.source?.problems ?? []).map(
      // What no line of the pipeline file shows is named by its text.
      ({ line, column, frame, message: text }) => `  ${frame === '' ? '' : `${line}:${column} `}${text}`,
    ),
    ...steps.map(
      (step) =>
        `${step.at.slice(11, 23)} ${step.service}: ${step.what}${named(step.unit)}${because(step.reason)}${saying(step.message)}`,
    ),
    ...waits.map(
      ({ unit: name, status, reason, missing, message: text }) =>
        `${name} is ${status}${because(reason)}${waitsFor(missing)}${saying(text)}`,
    ),
    ...unattended.map(({ text }) => text),
    ...Object.keys(run.units).flatMap((name) => explainAsk(name, run) ?? []),
    ...judgementLines(run),
    ...proposalLines(run),
    ...packetLines(run),
  ].join('\n');
}

// What a pod printed may have several lines; each sentence here is one.
function judgementLines({ slices }: RunState): string[] {
  return Object.entries(slices.observability).flatMap(([target, { judgement }]) =>
    describeJudgement(judgement).map((text) => `${target}: ${oneLine(text)}`),
  );
}

function proposalLines({ runId, slices }: RunState): string[] {
  return Object.entries(slices.iac).flatMap(([environment, { proposal }]) =>
    proposal === undefined ? [] : renderProposal({ run: runId, environment, proposal }),
  );
}

// An id of a run is ours; the name of a target is the repository's.
function packetLines({ runId, slices }: RunState): string[] {
  return Object.entries(slices.rollback)
    .filter(([, { packet }]) => packet !== undefined)
    .map(([target]) => `All that the rollback of ${target} was decided on: orchestra packet ${runId}`);
}

function saying(message: string | null): string {
  return message === null ? '' : `: ${message}`;
}

function named(unit: string | null): string {
  return unit === null ? '' : ` ${unit}`;
}

function because(reason: string | null): string {
  return reason === null ? '' : ` (${reason})`;
}

function waitsFor(missing: readonly string[]): string {
  return missing.length === 0 ? '' : `; it waits for ${missing.join(', ')}`;
}
