import { isTerminal, judgeRun, type Overall, type RunState, type Status, type UnitState } from '@orchestra/contracts';

/** A commit status as it should be now. */
export interface WantedStatus {
  context: string;
  state: 'pending' | 'success' | 'failure' | 'error';
  description: string;
}

/** What the forge shows for a run: one status for each of its stages, and one for all of it. From the run's state alone. */
export function decideStatuses(run: RunState): WantedStatus[] {
  const services = [...new Set(run.plannedUnits.map(({ service }) => service))];
  const stages = services.map((service): WantedStatus => {
    const names = run.plannedUnits.filter((planned) => planned.service === service).map(({ unit }) => unit);
    return { context: `orchestra/${service}`, ...judgeStage(names.map((unit) => [unit, run.units[unit]])) };
  });
  return [...stages, { context: 'orchestra', ...renderOverall(judgeRun(run), run) }];
}

type Named = [string, UnitState | undefined];

const worstFirst: readonly Status[] = ['failure', 'error', 'timed_out', 'skipped', 'cancelled', 'unknown'];

// A bad unit is shown at once, also while its siblings still work.
function judgeStage(units: readonly Named[]): Omit<WantedStatus, 'context'> {
  for (const status of worstFirst) {
    const bad = units.find(([, unit]) => unit?.status === status);
    if (bad) return { state: stateOf[status], description: describe(bad) };
  }
  const open = units.find(([, unit]) => unit === undefined || !isTerminal(unit.status));
  if (open) return { state: 'pending', description: describe(open) };
  const worked = units.find(([, unit]) => unit?.status === 'success') ?? units[0];
  return { state: 'success', description: worked === undefined ? 'Not needed' : describe(worked) };
}

// A required check never turns green behind anything but a pass.
const stateOf: Record<Status, WantedStatus['state']> = {
  queued: 'pending',
  running: 'pending',
  waiting: 'pending',
  success: 'success',
  not_needed: 'success',
  failure: 'failure',
  skipped: 'failure',
  error: 'error',
  timed_out: 'error',
  cancelled: 'error',
  unknown: 'pending',
};

const words: Record<Status, string> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  success: 'Passed',
  not_needed: 'Not needed',
  failure: 'Failed',
  skipped: 'Skipped',
  error: 'Could not be done',
  timed_out: 'Timed out',
  cancelled: 'Cancelled',
  unknown: 'Unknown: a person has to look',
};

function describe([name, unit]: Named): string {
  const word = words[unit?.status ?? 'queued'];
  const because = unit?.message ?? unit?.reason ?? null;
  const where = name.includes('/') ? `${name.slice(name.indexOf('/') + 1)}: ` : '';
  return because === null ? `${where}${word}` : `${where}${word}: ${because}`;
}

function renderOverall(overall: Overall, { sequence, units }: RunState): Omit<WantedStatus, 'context'> {
  const message = overall.kind === 'ended' ? units['gitops']?.message : null;
  const text = `Run ${sequence} ${overall.status.replaceAll('_', ' ')}: ${message ?? overall.reason}`;
  return { state: overallState[overall.status], description: text };
}

const overallState: Record<Overall['status'], WantedStatus['state']> = {
  queued: 'pending',
  running: 'pending',
  waiting_for_person: 'pending',
  success: 'success',
  rolled_back: 'failure',
  failure: 'failure',
  error: 'error',
  unknown: 'pending',
  cancelled: 'error',
  superseded: 'error',
  timed_out: 'error',
};
