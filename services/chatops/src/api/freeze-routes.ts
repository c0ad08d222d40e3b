import { activeFreeze, environmentReleasesName, everyRepository, parseTarget, targetName } from '@orchestra/contracts';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import { keepOrder, type Ordered } from './keep-order.ts';
import { defineRoute, type Call, type Route } from './route.ts';
import { nothing, ordered, repositoryName } from './shapes.ts';

const place = {
  environment: targetName,
  repository: repositoryName.nullish().describe('Absent: every repository'),
};
const freezeBody = z.strictObject({
  ...place,
  until: z.iso.datetime({ offset: true }).nullish().describe('When it ends by itself; absent: when a person ends it'),
  note: z.string().trim().min(1).max(500).describe('Why; shown to everybody who waits'),
});
const unfreezeBody = z.strictObject({
  ...place,
  note: z.string().max(500).nullish().describe('Why, for the audit log'),
});

const freeze = z.object({
  repository: z.string().nullable().describe('Null: every repository'),
  environment: z.string(),
  until: z.string().nullable(),
  note: z.string().nullable(),
  actor: z.string(),
  at: z.string(),
});

const waiting = z.object({
  repository: z.string(),
  environment: z.string(),
  service: z.string(),
  runId: z.string(),
  sequence: z.int(),
  since: z.string(),
});

/** When nobody releases to an environment, who waits for it, and the orders about it. */
export const freezeRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/freezes',
    role: 'viewer',
    summary: 'The freezes that people ordered and that go on, and the releases that wait for an environment to open',
    parameters: nothing,
    query: z.strictObject({ repository: repositoryName.optional() }),
    body: nothing,
    answer: z.object({ freezes: z.array(freeze), waiting: z.array(waiting) }),
    work: (call) => listFreezes(call),
  }),
  defineRoute({
    method: 'post',
    path: '/freezes',
    role: 'operator',
    summary: 'Freezes an environment: releases that come wait, those under way go on, and rollbacks are never held up',
    parameters: nothing,
    query: nothing,
    body: freezeBody,
    answer: ordered,
    work: async (call) => {
      const { until = null, note } = call.body;
      if (until !== null && new Date(until) <= call.context.clock.now())
        throw new OrchestraError('REQUEST_INVALID', 'That time is over');
      return order(call, { action: 'FREEZE', until, note });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/freezes/end',
    role: 'operator',
    summary: 'Ends a freeze: whoever waits goes on, unless something else holds it up',
    parameters: nothing,
    query: nothing,
    body: unfreezeBody,
    answer: ordered,
    work: (call) => order(call, { action: 'UNFREEZE', until: null, note: call.body.note ?? null }),
  }),
];

interface Body {
  environment: string;
  repository?: string | null | undefined;
}

interface FreezeOrder {
  action: 'FREEZE' | 'UNFREEZE';
  until: string | null;
  note: string | null;
}

async function order(call: Call<unknown, unknown, Body>, { action, until, note }: FreezeOrder): Promise<Ordered> {
  const { environment, repository } = call.body;
  return keepOrder(
    {
      action,
      addressee: 'deploy',
      repository: repository ?? everyRepository,
      run: null,
      about: { unit: null, environment, service: null, release: null },
      digest: null,
      force: false,
      until,
      reason: note,
    },
    call,
  );
}

async function listFreezes({ query, context }: Call<unknown, { repository?: string | undefined }, unknown>) {
  const stored = await context.store.listTargets(null);
  const wanted = [query.repository, everyRepository];
  const documents = stored
    .map(({ target }) => parseTarget(target))
    .filter(({ service }) => service === environmentReleasesName)
    .filter(({ repository }) => query.repository === undefined || wanted.includes(repository));
  const now = context.clock.now();
  return {
    freezes: documents.flatMap(({ repository, environment, releases }) => {
      const frozen = releases === undefined ? null : activeFreeze(releases, now);
      const named = repository === everyRepository ? null : repository;
      return frozen === null ? [] : [{ repository: named, environment, ...frozen }];
    }),
    waiting: documents.flatMap(({ repository, environment, releases }) =>
      (releases?.held ?? []).map(({ service, runId, sequence, since }) => {
        return { repository, environment, service, runId, sequence, since };
      }),
    ),
  };
}
