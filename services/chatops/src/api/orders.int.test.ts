import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aPlan, eventually, startService, type StartedService } from '@orchestra/testkit';
import { portsForTests } from '../ports-for-tests.fixture.ts';
import { aBlockedTarget, admitRun, anAppliedEnvironment, endFirstJob } from '../seeded-store.fixture.ts';
import { createService } from '../service.ts';

let started: StartedService;

beforeEach(async () => {
  started = await startService(createService(portsForTests()));
});

afterEach(() => started.close());

async function order(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: { commandId: string; addressee: string } }> {
  const response = await fetch(`${started.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer admin-token', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as { commandId: string; addressee: string } };
}

async function published(runId: string): Promise<unknown[]> {
  const history = await eventually({
    see: () => started.backends.store.readHistory(runId),
    until: (entries) => entries.some(({ what }) => what === 'operator_command'),
  });
  return history.filter(({ what }) => what === 'operator_command').map(({ detail }) => detail);
}

describe('an order', () => {
  it('is kept, published to one addressee, and in the audit log', async () => {
    const runId = await admitRun(started.backends);

    const { status, answer } = await order(`/runs/${runId}/cancel`, { reason: 'wrong branch' });

    expect([status, answer]).toEqual([202, { commandId: expect.any(String), addressee: 'gitops' }]);
    expect(await published(runId)).toMatchObject([
      {
        commandId: answer.commandId,
        action: 'CANCEL',
        addressee: 'gitops',
        actor: 'admin',
        runId,
        generation: 1,
        reason: 'wrong branch',
      },
    ]);
    expect(await started.backends.store.readAudit(10)).toMatchObject([
      { action: 'cancel', actor: 'admin', id: answer.commandId },
    ]);
  });

  it('is one order under one Idempotency-Key', async () => {
    const runId = await admitRun(started.backends);
    const key = { 'idempotency-key': 'k-1' };

    const first = await order(`/runs/${runId}/cancel`, {}, key);
    const second = await order(`/runs/${runId}/cancel`, {}, key);

    expect(second).toEqual(first);
    expect(await published(runId)).toHaveLength(1);
  });

  it('goes to the service that owns the unit', async () => {
    const runId = await admitRun(started.backends);
    await endFirstJob(started.backends, runId);

    const { answer } = await order(`/runs/${runId}/retry`, { unit: 'test', force: true });

    expect(answer).toMatchObject({ addressee: 'test' });
    expect(await published(runId)).toMatchObject([{ action: 'RETRY', addressee: 'test', unit: 'test', force: true }]);
  });

  it('names the content that is approved', async () => {
    const runId = await admitRun(started.backends);
    await endFirstJob(started.backends, runId);

    await order(`/runs/${runId}/approve`, { unit: 'test', digest: 'sha256:abc' });

    expect(await published(runId)).toMatchObject([{ action: 'APPROVE', digest: 'sha256:abc' }]);
  });

  it('asks for another run, and for no environment that the run does not reach', async () => {
    const runId = await admitRun(started.backends);
    await endFirstJob(started.backends, runId);

    const { answer } = await order(`/runs/${runId}/run`, { reason: 'again' });
    const { status } = await order(`/runs/${runId}/promote`, { environment: 'moon' });

    expect([answer.addressee, status]).toEqual(['gitops', 400]);
    expect(await published(runId)).toMatchObject([{ action: 'RUN', reason: 'again' }]);
  });

  it('carries what a person has found', async () => {
    const runId = await admitRun(started.backends);
    await endFirstJob(started.backends, runId);

    await order(`/runs/${runId}/resolve`, { unit: 'test', resolution: 'happened' });
    const { status } = await order(`/runs/${runId}/resolve`, { unit: 'test', resolution: 'perhaps' });

    expect(status).toBe(400);
    expect(await published(runId)).toMatchObject([{ action: 'RESOLVE', unit: 'test', resolution: 'happened' }]);
  });

  it('to resolve a target goes to deploy, in the run after which it was blocked', async () => {
    const runId = await admitRun(started.backends);
    await endFirstJob(started.backends, runId, { target: aBlockedTarget(runId) });

    const { status, answer } = await order('/targets/acme/shop/production/shop/resolve', { reason: 'it serves' });

    expect([status, answer.addressee]).toEqual([202, 'deploy']);
    expect(await published(runId)).toMatchObject([
      {
        action: 'RESOLVE',
        addressee: 'deploy',
        repository: 'acme/shop',
        unit: 'deploy/production/shop',
        environment: 'production',
        service: 'shop',
        reason: 'it serves',
      },
    ]);
  });

  it('to destroy infrastructure goes to iac, in the run that has applied it', async () => {
    const runId = await givenApplied('{ name: preview, ephemeral: true }');

    const { status, answer } = await order('/infrastructure/acme%2Fshop/preview/destroy', { reason: 'over' });

    expect([status, answer]).toMatchObject([202, { addressee: 'iac', runId }]);
    const about = { action: 'DESTROY', unit: 'iac/preview', environment: 'preview', service: null, reason: 'over' };
    expect(await published(runId)).toMatchObject([about]);
  });

  it('to destroy infrastructure is refused for an environment that is not ephemeral', async () => {
    await givenApplied('preview');

    const { status, answer } = await order('/infrastructure/acme%2Fshop/preview/destroy', {});

    expect([status, answer]).toEqual([
      400,
      { code: 'REQUEST_INVALID', message: expect.stringContaining('preview is not made to be thrown away') },
    ]);
  });

  it.each([
    { path: '/infrastructure/acme%2Fshop/preview/destroy', body: {}, status: 404 },
    { path: '/runs/nothing/cancel', body: {}, status: 404 },
    { path: '/targets/acme/shop/production/shop/rollback', body: {}, status: 404 },
    { path: '/targets/acme%2Fshop/production/shop/rollback', body: {}, status: 404 },
    { path: '/targets/acme/shop/production/shop/resolve', body: {}, status: 404 },
    {
      path: '/quarantine/release',
      body: { repository: 'acme/shop', key: 'sha256:abc', reason: 'looked' },
      status: 404,
    },
    { path: '/quarantine/release', body: { repository: 'acme/shop', key: 'sha256:abc' }, status: 400 },
    { path: '/quarantine/release', body: { repository: 'acme' }, status: 400 },
    { path: '/quarantine/release', body: '{', status: 400 },
    { path: '/quarantine/release', body: [], status: 400 },
  ])('is refused with $status at $path for $body', async ({ path, body, status }) => {
    expect((await order(path, body)).status).toBe(status);
  });

  it('is refused for a unit that the run does not have', async () => {
    const runId = await admitRun(started.backends);
    await endFirstJob(started.backends, runId);

    expect((await order(`/runs/${runId}/retry`, { unit: 'deploy/moon/x' })).status).toBe(400);
    expect((await order(`/runs/${runId}/retry`, {})).status).toBe(400);
    expect((await order(`/runs/${runId}/cancel`, { unit: 'test' })).status).toBe(400);
  });
});

/** A run that has applied the infrastructure of the environment `preview`, which its file writes like this. */
async function givenApplied(preview: string): Promise<string> {
  const { artifacts } = started.backends;
  const deployment = `{ environments: [${preview}, production], services: [{ name: shop, command: run, port: 80 }] }`;
  const plan = aPlan(`infrastructure: { path: infra }\ndeployment: ${deployment}`);
  const { digest: planDigest } = await artifacts.put(Buffer.from(JSON.stringify(plan)));
  const runId = await admitRun(started.backends);
  const target = anAppliedEnvironment(runId, 'preview');
  await endFirstJob(started.backends, runId, { target, slice: { source: JSON.stringify({ planDigest }) } });
  return runId;
}
