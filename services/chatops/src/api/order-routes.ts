import { resolutions, type RunState } from '@orchestra/contracts';
import { OrchestraError, type Role } from '@orchestra/runtime';
import { z } from 'zod';
import { decideOrder, type Order } from '../decide-order.ts';
import { findRun } from './find-run.ts';
import { keepOrder, type Ordered } from './keep-order.ts';
import { keepRefusal } from './keep-refusal.ts';
import { defineRoute, type Call, type Route } from './route.ts';
import { nothing, ordered, runName } from './shapes.ts';

const reason = z.string().max(500).nullish().describe('Why, for the audit log');
const unit = z.string().min(1).max(300);

const cancelBody = z.strictObject({ reason });
const retryBody = z.strictObject({
  unit: unit.nullish().describe('Absent: the first that went wrong'),
  force: z.boolean().default(false).describe('Also a unit that passed'),
  reason,
});
const answerBody = z.strictObject({
  unit,
  digest: z.string().max(100).nullish().describe('The content that is meant; other content needs another approval'),
  reason,
});

const resolveBody = z.strictObject({
  unit,
  resolution: z.enum(resolutions).describe('What a look at the world has found, or that it is to be tried again'),
  reason,
});

const extendBody = z.strictObject({
  unit: unit.nullish().describe('Such as observe/production/shop. Absent: the only watch that goes on'),
  seconds: z.int().min(1).max(604_800).describe('By how much'),
  reason,
});

const write = {
  method: 'post',
  role: 'operator',
  parameters: runName,
  query: nothing,
  answer: ordered,
} as const satisfies {
  role: Role;
  [key: string]: unknown;
};

/** Orders about a run. Each is kept before it is answered; the addressee's own answer stands in the run's history. */
export const orderRoutes: readonly Route[] = [
  defineRoute({
    ...write,
    path: '/runs/{run}/cancel',
    summary: 'Stops a run',
    body: cancelBody,
    work: (call) => order({ action: 'CANCEL' }, call),
  }),
  defineRoute({
    ...write,
    path: '/runs/{run}/retry',
    summary: 'Makes a unit and all behind it anew, with the inputs that it had',
    body: retryBody,
    work: (call) => order({ action: 'RETRY', unit: call.body.unit ?? null, force: call.body.force }, call),
  }),
  defineRoute({
    ...write,
    path: '/runs/{run}/approve',
    summary: 'Says yes to what a unit waits with',
    body: answerBody,
    work: (call) => order({ action: 'APPROVE', unit: call.body.unit }, call),
  }),
  defineRoute({
    ...write,
    path: '/runs/{run}/reject',
    summary: 'Says no to what a unit waits with',
    body: answerBody,
    work: (call) => order({ action: 'REJECT', unit: call.body.unit }, call),
  }),
  defineRoute({
    ...write,
    path: '/runs/{run}/resolve',
    summary: 'Says what became of a unit whose outcome is unknown',
    body: resolveBody,
    work: (call) => order({ action: 'RESOLVE', unit: call.body.unit, resolution: call.body.resolution }, call),
  }),
  defineRoute({
    ...write,
    path: '/runs/{run}/extend-watch',
    summary: 'Watches a release that serves for longer',
    body: extendBody,
    work: (call) => order({ action: 'EXTEND_WATCH', unit: call.body.unit ?? null, seconds: call.body.seconds }, call),
  }),
];

interface Body {
  reason?: string | null | undefined;
  digest?: string | null | undefined;
}

/** Keeps an order about a run, or refuses it in words that stand in the run's history. */
export async function order(asked: Order, call: Call<{ run: string }, unknown, Body>): Promise<Ordered> {
  const run = await findRun(call.path.run, call.context);
  const decision = decideOrder(asked, run);
  if (decision.kind === 'refuse') {
    await keepRefusal({ order: asked, run, reason: decision.reason }, call);
    throw new OrchestraError('REQUEST_INVALID', decision.message);
  }
  const { addressee, unit: about, environment, service } = decision;
  return keepOrder(
    {
      action: asked.action,
      addressee,
      run,
      about: { unit: about, environment, service, release: null },
      digest: call.body.digest ?? null,
      force: asked.action === 'RETRY' && asked.force,
      resolution: asked.action === 'RESOLVE' ? asked.resolution : null,
      seconds: asked.action === 'EXTEND_WATCH' ? asked.seconds : null,
      reason: call.body.reason ?? null,
      repository: (run satisfies RunState).repository,
    },
    call,
  );
}
