import {
  parsePipelineFile,
  unitNames,
  type OperatorCommand,
  type Plan,
  type PlannedUnit,
  type Received,
  type RunState,
  type UnitState,
  type WishKind,
} from '@orchestra/contracts';
import type { Decided, Result, ServiceStore } from '@orchestra/runtime';
import { aTellingWorld } from './a-world.fixture.ts';
import { anAttempt, aRunOf } from './given-rollout.fixture.ts';
import { keepTargets } from './kept-target.fixture.ts';
import { handleGate } from './handle-gate.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import type { Ports } from './ports.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const unit = unitNames.deploy('production', 'web');
const planned: PlannedUnit = { unit, service: 'deploy', after: [], gate: [], gateDeadlineMs: 1000 };
const begin = '2026-01-01T00:00:00.000Z';

/** A pipeline file whose production asks people. */
export function planAsking(approvals: string): Plan {
  const parsed = parsePipelineFile(`
project: { name: shop, language: javascript }
deployment:
  environments: [production]
  strategy: immediate
  approvals: [{ environment: production, ${approvals} }]
  services:
    - { name: web, command: node main.mjs, port: 4001 }
`);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.plan;
}

type Order = Partial<OperatorCommand> & { id?: string; at?: string };

function anOrder({ id, at = begin, ...change }: Order): Received<'operator_command'> {
  const data: OperatorCommand = {
    commandId: 'c1',
    version: 1,
    action: 'APPROVE',
    actor: 'ada',
    source: 'CLI',
    addressee: 'deploy',
    repository: place.repository,
    runId: 'run-4',
    generation: 1,
    unit,
    environment: null,
    service: null,
    release: null,
    digest: null,
    force: false,
    resolution: null,
    until: null,
    seconds: null,
    reason: null,
    ...change,
  };
  const generation = data.generation ?? 1;
  const envelope = { source: 'chatops', subject: 'command', generation, hops: 0, causeId: null } as const;
  const named = { id: id ?? `order of ${data.actor}`, runId: 'run-4', time: new Date(at) };
  return { topic: 'operator_command', ...envelope, ...named, data };
}

interface Attempt {
  now?: string;
  wish?: WishKind;
}

/** A rollout at its gate in memory: what it shows, what it is told, and every effect in the world. */
export function givenApproval(plan: Plan, change: { earlier?: readonly RunState[]; groups?: Ports['groups'] } = {}) {
  const effects: string[] = [];
  const noted: Decided[] = [];
  const output: string[] = [];
  const kept = keepInMemory(change.earlier ?? []);
  const ports: Ports = {
    releases: aTellingWorld(effects),
    ...(change.groups === undefined ? {} : { groups: change.groups }),
  };
  let run = { ...aRunOf(4, 'sha256:a'), plannedUnits: [planned] };

  const keep = (patch: object): void => {
    run = { ...run, slices: { ...run.slices, deploy: { ...run.slices.deploy, ...patch } } };
  };
  const attempt = ({ now = begin, wish }: Attempt) =>
    anAttempt({
      run,
      unit,
      plan,
      noted,
      output,
      keep,
      now: new Date(now),
      wishes: wish === undefined ? [] : [wish],
      ...kept,
    });
  const shown = () => run.slices.deploy['production/web'];
  return {
    effects,
    noted,
    output,
    ...kept.seen,
    shown,
    run: () => run,
    /** The unit is made anew, with the artifact that is named. */
    retried(artifact = 'sha256:a') {
      const { slices } = aRunOf(4, artifact);
      run = { ...run, generation: run.generation + 1, units: {}, slices: { ...slices, deploy: run.slices.deploy } };
    },
    async work(at: Attempt = {}): Promise<Result<'deploy'>> {
      const result = await handleGate(attempt(at), ports);
      if (result.kind !== 'again') keep(result.slice ?? {});
      if (result.kind !== 'again') run = { ...run, units: { [unit]: standing(run.generation, result) } };
      return result;
    },
    async say(order: Order = {}): Promise<Result<'deploy'>> {
      const digest = shown()?.approval?.digest ?? null;
      const event = kept.noteOrder(anOrder({ generation: run.generation, digest, ...order }));
      return handleOperatorCommand(event, attempt({ now: event.time.toISOString() }), ports);
    },
  };
}

function standing(generation: number, result: Exclude<Result<'deploy'>, { kind: 'again' }>): UnitState {
  const times = { at: begin, startedAt: null, endedAt: null };
  const status = result.kind === 'park' ? 'waiting' : (result.status ?? 'waiting');
  return { generation, status, reason: result.reason ?? null, message: null, ...times };
}

function keepInMemory(earlier: readonly RunState[]) {
  const answers = new Map<string, string>();
  const orders: Received<'operator_command'>[] = [];
  const noteOrder = (order: Received<'operator_command'>) => {
    orders.push(order);
    return order;
  };
  const kept = keepTargets();
  const store: Partial<ServiceStore> = {
    ...kept.store,
    listRuns: async () => [...earlier],
    readAnswer: async (_run, key) => answers.get(key) ?? null,
    answer: async (_run, key, memo) => {
      if (answers.has(key)) return 'already';
      answers.set(key, memo);
      return 'stored';
    },
  };
  return { seen: { answers, orders }, noteOrder, store, changeTarget: kept.changeTarget };
}
