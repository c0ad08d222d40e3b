import { createHash } from 'node:crypto';
import { expect, it, describe } from '@jest/globals';
import {
  createLocalCodec,
  environmentReleasesName,
  infrastructureName,
  parseTarget,
  type Payloads,
  type ServiceName,
  type Topic,
} from '@orchestra/contracts';
import {
  createSystemClock,
  readAnswers,
  rebuildStore,
  unaskedJob,
  type ApprovalsOf,
  type Restored,
  type TasksOf,
  writeEnvelope,
  type EventBus,
  type IncomingRecord,
} from '@orchestra/runtime';
import { aCodePush, anAdmission, aPlan, anOperatorCommand, createMemoryArtifacts } from '@orchestra/testkit';
import { openMemoryRebuild } from './open-memory-rebuild.ts';

const codec = createLocalCodec();
const runId = '0197a000-0000-7000-8000-000000000001';

const sources: Partial<Record<Topic, ServiceName>> = {
  code_push: 'gitops',
  iac_ready: 'iac',
  operator_command: 'chatops',
};

async function told<T extends Topic>(topic: T, subject: string, data: Payloads[T]): Promise<IncomingRecord> {
  const source = sources[topic] ?? 'deploy';
  const around = { causeId: null, generation: 1, hops: 1, traceparent: null };
  const headers = writeEnvelope(topic, { id: subject, source, subject, time: new Date(), runId, ...around });
  const value = await codec.encode(topic, data);
  return { topic, partition: 0, offset: '0', key: Buffer.from(runId), value, headers, timestamp: new Date() };
}

async function refuse(): Promise<never> {
  throw new Error('a rebuild only reads');
}

interface Services {
  approvalsOf?: ApprovalsOf;
  tasksOf?: TasksOf;
}

async function rebuildFrom(records: readonly IncomingRecord[], services: Services = {}) {
  const { approvalsOf = () => [], tasksOf = () => [] } = services;
  const rebuild = await openMemoryRebuild(createSystemClock());
  const bus: EventBus = {
    ensureTopics: refuse,
    publish: refuse,
    subscribe: refuse,
    close: async () => {},
    async read({ onRecord }) {
      for (const record of records) await onRecord(record);
    },
  };
  const world = { plannedRelease: () => null, look: async () => null };
  const artifacts = createMemoryArtifacts();
  await artifacts.put(planBytes);
  const asked = { bus, codec, artifacts, world, approvalsOf, tasksOf, rebuild };
  const rebuilt = await rebuildStore({ ...asked, identity: 'new', now: new Date() });
  return { rebuilt, store: rebuild.store, close: rebuild.close };
}

const push = aCodePush({ before: 'c0', commit: 'c1', delivery: 'github:1', content: 'push of c1' });
const planBytes = Buffer.from(JSON.stringify(aPlan()));
const planned = { ...push, planDigest: `sha256:${createHash('sha256').update(planBytes).digest('hex')}` };
const counts = { toAdd: 1, toChange: 0, toDestroy: 0, outputsDigest: null, causes: [] };
const applied = { reason: 'applied', environment: 'production', tool: 'tofu', planDigest: 'sha256:p', ...counts };

describe('a rebuild from the topics', () => {
  it('knows from where the ref was moved, and takes the same push under another delivery for the run that it has', async () => {
    const { store, close } = await rebuildFrom([await told('code_push', 'gitops', push)]);

    expect(await store.readRun(runId)).toMatchObject({ commit: 'c1', before: 'c0' });
    const again = anAdmission({ repository: push.repository }, { delivery: 'github:2', content: 'push of c1' });
    expect(await store.admit(again)).toEqual({ kind: 'known', runId });
    const [fetched] = (await store.readJobs(runId)).filter(({ handler }) => handler === 'fetch');
    expect(fetched).toMatchObject({ status: 'done' });
    await close();
  });

  it('knows what was applied last, which an older run may not go behind, and what a cut apply blocks', async () => {
    const key = `${push.repository}/production/${infrastructureName}`;
    const records = [
      await told('code_push', 'gitops', push),
      await told('iac_ready', 'iac/production', { outcome: 'SUCCESS', ...applied }),
      await told('iac_ready', 'iac/staging', { outcome: 'UNKNOWN', ...applied, environment: 'staging' }),
    ];

    const { store, rebuilt, close } = await rebuildFrom(records);

    const [production, staging] = await Promise.all([
      store.readTarget(key),
      store.readTarget(key.replace('production', 'staging')),
    ]);
    expect(rebuilt.events).toBe(3);
    expect(parseTarget(production?.target ?? '')).toMatchObject({
      infrastructure: { applied: { runId, sequence: push.number, commit: 'c1' }, blocked: null },
      pins: [runId],
    });
    expect(parseTarget(staging?.target ?? '')).toMatchObject({
      infrastructure: { applied: null, blocked: { runId } },
      pins: [runId],
    });
    await close();
  });

  it('knows that people have frozen an environment', async () => {
    const { repository } = push;
    const about = { addressee: 'deploy', repository, environment: 'production', reason: 'Christmas' };
    const frozen = anOperatorCommand({ action: 'FREEZE', ...about });

    const { store, close } = await rebuildFrom([await told('operator_command', 'operator_command', frozen)]);

    const releases = await store.readTarget(`${repository}/production/${environmentReleasesName}`);
    expect(parseTarget(releases?.target ?? '')).toMatchObject({
      releases: { frozen: { actor: 'ada', note: 'Christmas', until: null }, held: [] },
    });
    await close();
  });

  it('keeps what people have said, so that nobody is asked again', async () => {
    const word = { actor: 'ada', eventId: 'e1', at: '2026-01-01T00:00:00.000Z', note: null, generation: 1 };
    const said = { key: 'approval/production/sha256:1', answer: { ...word, says: 'go_on' as const } };
    const also = { ...said, answer: { ...said.answer, actor: 'grace', eventId: 'e2' } };

    const { store, close } = await rebuildFrom([await told('code_push', 'gitops', planned)], {
      approvalsOf: () => [said, also, said],
    });

    expect(await readAnswers(store, { runId, key: said.key })).toEqual([said.answer, also.answer]);
    await close();
  });

  it('queues what services say goes on, of a run that has ended too, and shows them what it has restored', async () => {
    const seen: Restored[] = [];
    const limits = { maxAttempts: 1, maxMs: 1000 };
    const job = unaskedJob({ service: 'iac', runId, handler: 'remove', cause: 'order-1', ...limits });
    const records = [
      await told('code_push', 'gitops', planned),
      await told('iac_ready', 'iac/production', { outcome: 'SUCCESS', ...applied }),
    ];
    const tasksOf: TasksOf = (restored) => {
      seen.push(restored);
      return [job];
    };

    const { store, close } = await rebuildFrom(records, { tasksOf });

    expect(await store.readJob(job.jobId)).toMatchObject({ status: 'queued', handler: 'remove', unit: null });
    expect(seen).toMatchObject([
      {
        identity: 'new',
        runs: [{ plan: aPlan(), events: [{}, {}] }],
        targets: [{ infrastructure: { applied: { runId } } }],
      },
    ]);
    await close();
  });
});
