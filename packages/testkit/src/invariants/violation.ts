/** The promises that must hold in every world, whatever happened in it. */
export const invariants = {
  I1: 'every accepted push reaches exactly one terminal state',
  I2: 'each side effect happens at most once per run, unit and generation',
  I3: 'never an older commit over a newer one in an environment',
  I4: 'no process, workspace, lease, timer or lock is left after the end',
  I5: 'the state equals the fold of the events',
  I6: 'no record is stuck, and the dead letters hold every refused one with its reason',
} as const;

export type InvariantId = keyof typeof invariants;

/** One line of the history that shows a violation. */
export interface Shown {
  /** ISO 8601. */
  at: string;
  /** An event's id, a job's, a unit: what the line is about. */
  id: string;
  what: string;
}

export interface Violation {
  invariant: InvariantId;
  /** What is wrong, in one sentence with names. */
  what: string;
  run: string | null;
  target: string | null;
  /** The shortest history that shows it: without one of these lines it would be no violation. */
  history: readonly Shown[];
}

/** A violation as a test prints it: the promise, what is wrong, and the history that shows it. */
export function describeViolation({ invariant, what, run, target, history }: Violation): string {
  const about = [run === null ? null : `run ${run}`, target === null ? null : `target ${target}`];
  const place = about.filter((word) => word !== null).join(', ');
  const lines = history.map((line) => `  ${line.at}  ${line.what}  [${line.id}]`);
  return [`${invariant}: ${invariants[invariant]}`, `${what}${place === '' ? '' : ` (${place})`}`, ...lines].join('\n');
}
