import {
  infrastructureName,
  isOf,
  mayBeDestroyed,
  readInfrastructureUnit,
  readResolution,
  usualInfrastructureRules,
  type EnvironmentInfrastructure,
  type Plan,
  type Received,
  type Topic,
} from '@orchestra/contracts';
import type { NewJob, Restored } from '@orchestra/runtime';
import { decideRemoval } from './decide-removal.ts';
import { removalAfter, removalJob, type Removal } from './handle-rollback-event.ts';

type Run = Restored['runs'][number];
type Applied = EnvironmentInfrastructure['applied'];

interface Asked extends Removal {
  at: Date;
}

/**
 * The removals of infrastructure to begin anew in a store that is rebuilt. No event tells how one ended, so each that may have
 * destroyed something, or may still ask, looks: where nothing is left it says that all is gone, otherwise it asks a person for
 * the new plan. One that people have ended, that nobody answered in time, or behind which somebody has applied, is over.
 */
export function restoredRemovals({ runs, targets, now }: Restored): NewJob[] {
  return runs.flatMap((run) => {
    const { plan } = run;
    if (plan === null) return [];
    const appliedIn = (environment: string): Applied => findApplied(run, environment, targets);
    const open = removalsOf(run, plan).filter((asked) => isOpen(asked, { run, plan, appliedIn, now }));
    // Of several in an environment the newest looks for all.
    return [...new Map(open.map((asked) => [asked.environment, asked])).values()].map(removalJob);
  });
}

function findApplied(run: Run, environment: string, targets: Restored['targets']): Applied {
  const { repository } = run.identity;
  const document = targets.find(
    (target) =>
      target.repository === repository && target.environment === environment && target.service === infrastructureName,
  );
  return document?.infrastructure?.applied ?? null;
}

// One for each cause, with the time at which it was asked for first.
function removalsOf(run: Run, plan: Plan): Asked[] {
  const asked = run.events.flatMap((event) => {
    const removal = askedBy(event, run, plan);
    return removal === null ? [] : [{ ...removal, at: event.time }];
  });
  return asked.filter(({ cause }, index) => asked.findIndex((one) => one.cause === cause) === index);
}

function askedBy(event: Received<Topic>, { folded }: Run, plan: Plan): Removal | null {
  const { runId, generation } = folded;
  if (isOf(event, 'rollback_event')) {
    const { environment } = event.data;
    const { kind } = decideRemoval({ rollback: event.data, plan });
    return kind === 'remove' ? removalAfter({ runId, generation: event.generation, environment }) : null;
  }
  const environment = wordAbout(event, 'DESTROY');
  if (environment === null || !mayBeDestroyed(plan, environment)) return null;
  return { runId, generation, environment, cause: event.id };
}

interface Known {
  run: Run;
  plan: Plan;
  appliedIn(environment: string): Applied;
  now: Date;
}

function isOpen({ environment, at, cause }: Asked, { run, plan, appliedIn, now }: Known): boolean {
  const applied = appliedIn(environment);
  if (applied !== null && Date.parse(applied.at) > at.getTime()) return false;
  const isOrder = run.events.some(({ id }) => id === cause);
  if (isOrder && applied?.runId !== run.folded.runId) return false;
  const said = run.events.filter(({ time }) => time >= at);
  if (said.some((event) => wordAbout(event, 'REJECT') === environment || isTakenBack(event, environment))) return false;
  const { approvalTimeoutMs } = plan.infrastructure?.rules ?? usualInfrastructureRules;
  const isOver = now.getTime() >= at.getTime() + approvalTimeoutMs;
  return !isOver || said.some((event) => wordAbout(event, 'APPROVE') === environment);
}

// A person has looked at a removal that was cut: all is there, and stays.
function isTakenBack(event: Received<Topic>, environment: string): boolean {
  if (!isOf(event, 'operator_command') || wordAbout(event, 'RESOLVE') !== environment) return false;
  return readResolution(event.data.resolution) === 'did_not_happen';
}

/** The environment that an order to iac is about, of this action; null: it is no such order. */
function wordAbout(event: Received<Topic>, action: string): string | null {
  if (!isOf(event, 'operator_command') || event.data.addressee !== 'iac') return null;
  return event.data.action === action ? readInfrastructureUnit(event.data.unit ?? '') : null;
}
