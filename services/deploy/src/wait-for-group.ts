import { findCurrent, isTerminal, opensGate, unitNames, type Plan, type Target } from '@orchestra/contracts';
import { readHeldTarget, type ParkedResult } from '@orchestra/runtime';
import { decideDependency, type Dependency } from './decide-dependency.ts';
import { sliceOf } from './report.ts';
import type { Unbegun } from './end-unbegun.ts';
import type { Context, Work } from './work.ts';

// A wake-up that got lost, or a dependency that goes another way, costs this long.
const lookAgainMs = 5_000;

export type GroupTurn =
  | { kind: 'ready' }
  | { kind: 'ended'; end: Unbegun }
  | { kind: 'waits'; parked: ParkedResult<'deploy'> };

/** A member of a release group moves once the run has brought everything that it depends on, and that is healthy. */
export async function waitForGroup(work: Work, { deployment }: Pick<Plan, 'deployment'>): Promise<GroupTurn> {
  const own = deployment?.services.find(({ name }) => name === work.name.service);
  for (const service of own?.dependsOn ?? []) {
    const { kind } = await lookAtDependency(work, service);
    if (kind === 'waits') return { kind: 'waits', parked: await waitFor(work, service) };
    if (kind === 'failed') return { kind: 'ended', end: failed(service) };
  }
  return { kind: 'ready' };
}

async function lookAtDependency({ context, name }: Work, service: string): Promise<Dependency> {
  const { environment, repository } = name;
  const { target } = await readHeldTarget(context, { repository, environment, service });
  const unit = context.run.units[unitNames.deploy(environment, service)];
  const hasEnded = unit !== undefined && isTerminal(unit.status);
  return decideDependency({
    hasEnded,
    isGood: hasEnded && opensGate(unit.status),
    serves: servesOf(target, context),
    isLeaving: target.seizure !== null || target.blocked !== null,
  });
}

function servesOf(target: Target, { run }: Context): 'good' | 'bad' | 'no' {
  const current = findCurrent(target);
  if (current === null || current.runId !== run.runId) return 'no';
  return current.health === 'bad' ? 'bad' : 'good';
}

function failed(service: string): Unbegun {
  const message = `${service}, which it depends on, is not healthy`;
  return { status: 'skipped', reason: 'dependency_failed', message };
}

async function waitFor(work: Work, service: string): Promise<ParkedResult<'deploy'>> {
  const { context, unit } = work;
  const answerKey = groupKey(unit, service, context.job.generation);
  const isAnswered = (await context.store.readAnswer(context.run.runId, answerKey)) !== null;
  return {
    kind: 'park',
    reason: 'release_group',
    message: `Waits for ${service} to be healthy, which it depends on`,
    delayMs: lookAgainMs,
    ...(isAnswered ? {} : { answerKey }),
    slice: sliceOf(work, { state: 'waiting', lane: null, serving: null, waitsFor: 'release_group' }),
  };
}

/** Wakes those who depend on a service that was released just now. */
export async function tellGroup({ context, name }: Work, { deployment }: Pick<Plan, 'deployment'>): Promise<void> {
  // Each was told at the first look.
  if (context.job.parks > 0) return;
  const { environment, service } = name;
  const { runId, generation } = { runId: context.run.runId, generation: context.job.generation };
  for (const one of deployment?.services ?? []) {
    if (one.dependsOn?.includes(service) !== true) continue;
    const key = groupKey(unitNames.deploy(environment, one.name), service, generation);
    const answer = { kind: 'member', eventId: context.job.cause };
    await context.store.answer(runId, key, JSON.stringify(answer));
  }
}

function groupKey(unit: string, dependency: string, generation: number): string {
  return `group/${unit}/${dependency}/${generation}`;
}
