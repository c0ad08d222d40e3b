import { z } from 'zod';
import { order } from './order-routes.ts';
import { defineRoute, type Route } from './route.ts';
import { nothing, ordered, runName } from './shapes.ts';

const reason = z.string().max(500).nullish().describe('Why, for the audit log');
const promoteBody = z.strictObject({
  environment: z.string().min(1).max(100).describe('Where what the run has built is to serve'),
  reason,
});
const runBody = z.strictObject({ reason });

const write = { method: 'post', role: 'operator', parameters: runName, query: nothing, answer: ordered } as const;

/** Orders that bring something on its way again: what a run has built, or its commit. */
export const promotionRoutes: readonly Route[] = [
  defineRoute({
    ...write,
    path: '/runs/{run}/promote',
    summary: 'Brings what the run has built to an environment, as it is: also again, and also where a newer run serves',
    body: promoteBody,
    work: (call) => order({ action: 'PROMOTE', environment: call.body.environment }, call),
  }),
  defineRoute({
    ...write,
    path: '/runs/{run}/run',
    summary: 'Begins another run of the same commit; its history names the new one',
    body: runBody,
    work: (call) => order({ action: 'RUN' }, call),
  }),
];
