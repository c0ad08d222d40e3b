import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startService, type StartedService } from '@orchestra/testkit';
import { z } from 'zod';
import { portsForTests } from '../ports-for-tests.fixture.ts';
import { admitRun, endFirstJob, seedRollback, seedSlice } from '../seeded-store.fixture.ts';
import { createService } from '../service.ts';
import { readUnattended } from './find-run.ts';
import { routeTable } from './route-table.ts';

const table = routeTable(() => {
  throw new Error('the table is only read');
});
let started: StartedService;

beforeEach(async () => {
  started = await startService(createService(portsForTests()));
});

afterEach(() => started.close());

interface Asked {
  role?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

async function call(path: string, { role = 'viewer', body, headers }: Asked = {}): Promise<Response> {
  return fetch(`${started.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${role}-token`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function read(path: string, asked?: Asked): Promise<Record<string, unknown>> {
  const response = await call(path, asked);
  return (await response.json()) as Record<string, unknown>;
}

/** The answer, held to what the document promises. */
async function readAs(path: string, route: string, role = 'viewer'): Promise<Record<string, unknown>> {
  const answer = await read(path, { role });
  const promised = table.find((each) => each.path === route && each.method === 'get')?.schemas.answer ?? z.never();
  expect(promised.safeParse(answer).error?.issues ?? []).toEqual([]);
  return answer;
}

describe('reading', () => {
  it('lists runs, newest first, page by page', async () => {
    const ids = [await admitRun(started.backends), await admitRun(started.backends), await admitRun(started.backends)];

    const first = (await readAs('/runs?limit=2', '/runs')) as { runs: { run: { runId: string } }[]; next: string };
    const second = await readAs(`/runs?limit=2&before=${first.next}`, '/runs');

    expect(first.runs.map(({ run }) => run.runId)).toEqual([ids[2], ids[1]]);
    expect(second).toMatchObject({ runs: [{ run: { runId: ids[0] } }], next: null });
  });

  it('filters runs by repository, branch and status', async () => {
    const done = await admitRun(started.backends, { branch: 'main' });
    await endFirstJob(started.backends, done);
    await admitRun(started.backends, { branch: 'other' });
    await admitRun(started.backends, { repository: 'acme/site' });

    const counts = await Promise.all(
      ['repository=acme%2Fsite', 'branch=main', 'status=running', 'status=success'].map(async (filter) => {
        const { runs } = await read(`/runs?${filter}`);
        return [filter, (runs as unknown[]).length];
      }),
    );

    expect(Object.fromEntries(counts)).toEqual({
      'repository=acme%2Fsite': 1,
      'branch=main': 1,
      'status=running': 1,
      'status=success': 0,
    });
  });

  it('shows which units nobody attends to, from their jobs and the time', async () => {
    const { store } = started.backends;
    const runId = await admitRun(started.backends);
    const run = await store.readRun(runId);
    if (run === null) throw new Error('no run');
    const later = { ...started.backends.clock, now: () => new Date(Date.parse(run.createdAt) + 40_000) };

    expect(await readAs(`/runs/${runId}`, '/runs/{run}')).toMatchObject({ unattended: [] });
    expect(await readAs(`/runs/${runId}/why`, '/runs/{run}/why')).toMatchObject({ unattended: [] });
    expect(await readUnattended(run, { store, clock: later })).toMatchObject([
      { unit: 'gitops', kind: 'not_begun', text: expect.stringMatching(/^gitops: nobody has picked this up for 40 s/) },
    ]);
    expect(await readUnattended({ ...run, endedAt: run.createdAt }, { store, clock: later })).toEqual([]);
  });

  it('shows a run by id and by number', async () => {
    const runId = await admitRun(started.backends);

    const byId = await readAs(`/runs/${runId}`, '/runs/{run}');
    const byNumber = await readAs(`/runs/${encodeURIComponent('acme/shop#1')}`, '/runs/{run}');

    expect(byId).toMatchObject({ run: { runId }, overall: { status: 'queued' } });
    expect(byNumber).toEqual(byId);
  });

  it('shows history, jobs without their payload, and why', async () => {
    const runId = await admitRun(started.backends);
    await endFirstJob(started.backends, runId);

    const { history } = await readAs(`/runs/${runId}/history`, '/runs/{run}/history');
    const { jobs } = await readAs(`/runs/${runId}/jobs`, '/runs/{run}/jobs');
    const why = await readAs(`/runs/${runId}/why`, '/runs/{run}/why');

    expect(history).toMatchObject([{ what: 'code_push' }]);
    expect(jobs).toMatchObject([{ handler: 'fetch', status: 'done' }]);
    expect(JSON.stringify(jobs)).not.toContain('big');
    expect(why).toMatchObject({ text: expect.stringContaining('gitops: code_push') });
  });

  it('shows output from a position on, and which units have some', async () => {
    const runId = await admitRun(started.backends);
    await started.backends.logs.append({ runId, unit: 'build', generation: 1 }, 'hello ünits\n');

    expect(await readAs(`/runs/${runId}/logs`, '/runs/{run}/logs')).toEqual({
      logs: [{ unit: 'build', generation: 1 }],
    });
    expect(await readAs(`/runs/${runId}/logs?unit=build&from=6`, '/runs/{run}/logs')).toEqual({
      text: 'ünits\n',
      next: 13,
    });
  });

  it('shows what a rollback was decided on, and says that nothing was where nothing was', async () => {
    const { artifacts } = started.backends;
    const runId = await admitRun(started.backends);
    expect((await call(`/runs/${runId}/rollback-packet`)).status).toBe(404);
    const [json, markdown] = [
      await artifacts.put(Buffer.from('{"form":1,"measured":[]}')),
      await artifacts.put(Buffer.from('# Rolled back\n')),
    ];
    const packet = { json: json.digest, markdown: markdown.digest };
    const told = { decision: 'restore', reason: 'threshold_breached', packet };
    await seedRollback(started.backends, runId, { 'production/web': told });

    const answer = await readAs(`/runs/${runId}/rollback-packet`, '/runs/{run}/rollback-packet');

    expect(answer).toMatchObject({
      packets: [{ target: 'production/web', artifacts: packet, packet: { form: 1 }, markdown: '# Rolled back\n' }],
    });
    expect((await call(`/runs/${runId}/rollback-packet?target=staging/web`)).status).toBe(404);
    expect(await readAs(`/runs/${runId}/why`, '/runs/{run}/why')).toMatchObject({
      text: expect.stringContaining(`orchestra packet ${runId}`),
    });
  });

  it('hands out what a model has proposed', async () => {
    const runId = await admitRun(started.backends);
    expect((await call(`/runs/${runId}/proposals`)).status).toBe(404);
    const { digest, sizeBytes } = await started.backends.artifacts.put(Buffer.from('diff --git a/x.tf b/x.tf\n'));
    const proposal = {
      generation: 1,
      state: 'made',
      reason: 'proposed',
      message: null,
      digest,
      files: ['x.tf'],
      sizeBytes,
    };
    const none = { ...proposal, state: 'none', digest: null };
    const slice = { production: { proposal }, staging: { proposal: none } };
    await seedSlice(started.backends, runId, { service: 'iac', unit: 'iac/production', slice });

    expect(await readAs(`/runs/${runId}/proposals`, '/runs/{run}/proposals')).toEqual({
      proposals: [{ environment: 'production', files: ['x.tf'], digest, patch: 'diff --git a/x.tf b/x.tf\n' }],
    });
    expect((await call(`/runs/${runId}/proposals?environment=staging`)).status).toBe(404);
  });

  it('shows what was measured of a target within a time', async () => {
    const kept = { target: 'acme/shop/production/web', release: 'r1', values: { error_ratio: 0.01 } };
    for (const at of ['2026-01-01T10:00:00.000Z', '2026-01-01T10:01:00.000Z', '2026-01-01T12:00:00.000Z']) {
      await started.backends.store.keepSample({ ...kept, at });
    }
    const route = '/targets/{repository}/{environment}/{service}/samples';

    const answer = await readAs(
      '/targets/acme%2Fshop/production/web/samples?from=2026-01-01T10:01:00Z&to=2026-01-01T11:00:00Z',
      route,
    );

    expect(answer).toEqual({
      samples: [{ at: '2026-01-01T10:01:00.000Z', release: 'r1', values: { error_ratio: 0.01 } }],
    });
  });

  it('shows targets and quarantine, and the audit log to admins', async () => {
    expect(await readAs('/targets', '/targets')).toEqual({ targets: [] });
    expect(await readAs('/quarantine?repository=acme%2Fshop', '/quarantine')).toEqual({ quarantine: [], released: [] });
    expect(await readAs('/audit', '/audit', 'admin')).toEqual({ audit: [] });
  });

  it('is described by an OpenAPI document that anybody may read', async () => {
    const response = await fetch(`${started.url}/api/openapi.json`);
    const document = (await response.json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };

    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const names = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(document.openapi).toBe('3.1.1');
    expect(described.toSorted()).toEqual(table.map(({ method, path }) => `${method} ${path}`).toSorted());
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('every route of the table', () => {
  const places = table.map(({ method, path, role }) => ({ method, role, path: path.replaceAll(/\{\w+\}/g, 'x') }));

  it.each(places)('$method $path asks for a token', async ({ method, path }) => {
    const bad = ['', 'Bearer', 'Bearer x', 'Basic viewer-token', 'Bearer viewer-toke', 'bearer viewer-token'];

    const answers = await Promise.all(
      bad.map((authorization) =>
        fetch(`${started.url}/api/v1${path}?token=admin-token`, { method, headers: { authorization } }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(bad.map(() => 401));
    expect(await answers[0]?.json()).toEqual({ code: 'NOT_AUTHORIZED', message: expect.any(String) });
  });

  it.each(places.filter(({ role }) => role !== 'viewer'))(
    '$method $path asks for the role $role',
    async ({ method, path }) => {
      const answer = await call(path, { role: 'viewer', ...(method === 'post' ? { body: {} } : {}) });

      expect(answer.status).toBe(403);
      expect(await answer.json()).toEqual({ code: 'NOT_PERMITTED', message: expect.any(String) });
    },
  );
});

describe('refusals', () => {
  it.each([
    ['/nothing', 404],
    ['/runs/nothing', 404],
    ['/runs/acme%2Fshop%239', 404],
    ['/runs;.jsp', 404],
    ['/runs/..%2f..%2fruns', 404],
    ['/Runs', 404],
    ['/runs/', 404],
    ['/runs?limit=0', 400],
    ['/runs?limit=1e9', 400],
    ['/runs?unknown=1', 400],
    ['/runs?repository=%00', 400],
    ['/runs?repository=a&repository=b', 400],
    ['/quarantine', 400],
  ])('GET %s is answered with %d, in one shape', async (path, status) => {
    const answer = await call(path);

    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ code: expect.any(String), message: expect.any(String) });
  });

  it('lets no other page read it', async () => {
    const { headers } = await call('/runs', { headers: { origin: 'https://evil.example' } });

    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
