import { judgeRun, type RunState, type Slices, type UnitState } from '@orchestra/contracts';
import type { ShownRun } from './client/api-client.ts';

const at = '2026-01-01T10:00:00.000Z';

/** A unit as the API shows it: it took 1.5 seconds. */
export function aUnit(change: Partial<UnitState> = {}): UnitState {
  const times = { at, startedAt: at, endedAt: '2026-01-01T10:00:01.500Z' };
  return { generation: 1, status: 'success', reason: null, message: null, ...times, ...change };
}

export const noSlices: Slices = {
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

/** A run as the API shows it; `change` says what differs. */
export function aShownRun(change: Partial<RunState> = {}): ShownRun {
  const run: RunState = {
    runId: 'run-1',
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    branch: 'main',
    commit: 'a'.repeat(40),
    before: null,
    author: 'ada',
    message: 'Greet faster\n\nAnd better.',
    trigger: 'PUSH',
    pullRequest: null,
    cloneUrl: 'https://github.com/acme/shop.git',
    environmentLimit: null,
    metadata: {},
    v: 7,
    sequence: 3,
    generation: 1,
    createdAt: at,
    deadlineAt: null,
    endedAt: '2026-01-01T10:01:05.000Z',
    hopsLimit: 16,
    plannedUnits: [],
    units: { build: aUnit() },
    wishes: [],
    notes: [],
    slices: noSlices,
    ...change,
  };
  return { run, overall: judgeRun(run) };
}
