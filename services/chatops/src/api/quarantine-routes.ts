import { OrchestraError, type Quarantined, type ServiceContext } from '@orchestra/runtime';
import { z } from 'zod';
import { keepOrder, type Ordered } from './keep-order.ts';
import { defineRoute, type Call, type Route } from './route.ts';
import { nothing, ordered, repositoryName } from './shapes.ts';

const releaseBody = z.strictObject({
  repository: repositoryName,
  key: z.string().min(1).max(100).describe('The digest or commit to let out'),
  reason: z.string().trim().min(1).max(500).describe('Why it may serve again; the note is kept, and shown'),
});

const quarantined = z.looseObject({
  key: z.string().describe('A digest or a commit'),
  reason: z.string(),
  alertId: z.string().nullable().describe('The event that led to it'),
  breach: z
    .object({
      metric: z.string(),
      value: z.number().nullable(),
      threshold: z.number(),
      baseline: z.number().nullable(),
    })
    .nullish()
    .describe('What was measured'),
});

const letOut = z.object({
  key: z.string(),
  actor: z.string(),
  at: z.string(),
  note: z.string().describe('Why it may serve again'),
});

type Released = z.output<typeof letOut>;

type ReleaseCall = Call<unknown, unknown, z.output<typeof releaseBody>>;

// Orders are few: who asks why a version is out again asks soon.
const newest = 1_000;

/** What may not serve again, what may once more, and the order between the two. */
export const quarantineRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/quarantine',
    role: 'viewer',
    summary:
      'The versions of a repository that are not deployed again until a person releases them, and which were released, by whom and why',
    parameters: nothing,
    query: z.strictObject({ repository: repositoryName }),
    body: nothing,
    answer: z.object({ quarantine: z.array(quarantined), released: z.array(letOut) }),
    work: async ({ query, context }) => {
      const { store } = context;
      const audit = await store.readAudit(newest);
      return {
        quarantine: await store.readQuarantine(query.repository),
        released: releasedOf(query.repository, audit),
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/quarantine/release',
    role: 'admin',
    summary: 'Lets a version out of quarantine',
    parameters: nothing,
    query: nothing,
    body: releaseBody,
    answer: ordered,
    work: (call) => release(call),
  }),
];

// Rollback writes what it let out; the order alone says only what somebody wanted.
function releasedOf(repository: string, audit: readonly Readonly<Record<string, string>>[]): Released[] {
  return audit
    .filter((entry) => entry['service'] === 'rollback' && entry['action'] === 'release_quarantine')
    .filter((entry) => entry['repository'] === repository && entry['answer'] === 'accepted')
    .map(({ digest = '', actor = '', at = '', note = '' }) => ({ key: digest, actor, at, note }));
}

async function release(call: ReleaseCall): Promise<Ordered> {
  const { repository, key } = call.body;
  const entry = await findQuarantined(repository, key, call.context);
  return keepOrder(
    {
      action: 'RELEASE_QUARANTINE',
      addressee: 'rollback',
      repository,
      run: await call.context.store.readRun(entry.runId),
      about: { unit: null, environment: null, service: null, release: entry.release },
      digest: key,
      force: false,
      reason: call.body.reason,
    },
    call,
  );
}

async function findQuarantined(repository: string, key: string, { store }: ServiceContext): Promise<Quarantined> {
  const entry = (await store.readQuarantine(repository)).find((each) => each.key === key);
  if (entry === undefined) throw new OrchestraError('NOT_FOUND', 'Nothing by this key is in quarantine');
  return entry;
}
