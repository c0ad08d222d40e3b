import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { targetKey } from '@orchestra/contracts';
import { apiTokens, digestToken, jobIdOf, type Backends } from '@orchestra/runtime';
import { aFinish, aNewJob, anAdmission, eventually, startService, type StartedService } from '@orchestra/testkit';
import { startAlertmanager } from '@orchestra/testkit/neighbours';
import { grafanaDelivery } from './grafana-delivery.fixture.ts';
import { createService } from './service.ts';
import { firing, servingTarget, shopPlace } from './serving-target.fixture.ts';

const alertTokens = apiTokens.parse(`alerts:operator:${digestToken('t1')},reader:viewer:${digestToken('t2')}`);
let started: StartedService;

beforeEach(async () => {
  const measurements = { measure: async () => null };
  started = await startService(createService({ measurements, alertTokens }));
});

afterEach(() => started.close());

async function send(
  body: unknown,
  { path = '/alerts/alertmanager', authorization = 'Bearer t1' } = {},
): Promise<{ status: number; answer: unknown }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${started.url}${path}`, { method: 'POST', body: text, headers: { authorization } });
  return { status: response.status, answer: await response.json() };
}

async function audited(outcome: string): Promise<unknown> {
  const entries = await eventually({
    see: () => started.backends.store.readAudit(10),
    until: (all) => all.some((entry) => entry['outcome'] === outcome),
  });
  return entries.find((entry) => entry['outcome'] === outcome);
}

/** What the history of a run says of an alert, once it does. */
async function untilTold(runId: string) {
  const history = await eventually({
    see: () => started.backends.store.readHistory(runId),
    until: (entries) => entries.some(({ what }) => what === 'observability_alert'),
  });
  return history.find(({ what }) => what === 'observability_alert');
}

describe('POST /alerts/…', () => {
  it.each(['alertmanager', 'grafana'])(
    'tells of an alert of %s an hour after the release, on the run of that release',
    async (source) => {
      const runId = await givenRelease(started.backends);

      const { status, answer } = await send({ alerts: [firing] }, { path: `/alerts/${source}` });

      expect([status, answer]).toEqual([202, { accepted: 1, known: 0, resolved: 0 }]);
      expect((await untilTold(runId))?.detail).toMatchObject({
        environment: 'production',
        service: 'web',
        release: 'r2',
        epoch: 7,
        step: 0,
        attribution: 'RELEASE',
        source: 'EXTERNAL',
        reason: 'alert_serves',
        metric: 'HighErrorRate',
        value: 0.42,
        threshold: 0.05,
      });
      const { slices } = (await started.backends.store.readRun(runId)) ?? {};
      expect(slices?.observability['production/web']).toMatchObject({ release: 'r2', verdict: 'breach' });
      expect(await audited('attributed')).toMatchObject({ action: 'alert', alert: 'HighErrorRate', runId });
    },
  );

  it('takes what a real Alertmanager sends: of a release of an hour ago, and what is for people', async () => {
    const runId = await givenRelease(started.backends);
    const manager = await startAlertmanager({ url: `${started.url}/alerts/alertmanager`, token: 't1' });
    try {
      const { labels, annotations, startsAt } = firing;
      const foreign = { labels: { alertname: 'Elsewhere', service: 'nobody-knows-it' }, annotations: { summary: 'x' } };
      const body = JSON.stringify([{ labels, annotations, startsAt }, foreign]);
      const headers = { 'content-type': 'application/json' };
      const sent = await fetch(`${manager.url}/api/v2/alerts`, { method: 'POST', body, headers });

      expect(sent.status).toBe(200);
      expect(await audited('attributed')).toMatchObject({ alert: 'HighErrorRate', reason: 'serves', runId });
      expect(await audited('forwarded')).toMatchObject({ alert: 'Elsewhere', reason: 'service_unknown' });
      const told = { release: 'r2', source: 'EXTERNAL', value: 0.42, threshold: 0.05 };
      expect((await untilTold(runId))?.detail).toMatchObject(told);
    } finally {
      await manager.stop();
    }
  });

  it('takes what Grafana sends in full an hour after the release, once for its fingerprint and start', async () => {
    const runId = await givenRelease(started.backends);
    const path = '/alerts/grafana';

    const first = await send(grafanaDelivery, { path });
    const again = await send(grafanaDelivery, { path });
    const anew = grafanaDelivery.alerts.map((alert) => ({ ...alert, startsAt: '2026-01-01T16:00:00.157076+02:00' }));
    const later = await send({ ...grafanaDelivery, alerts: anew }, { path });

    expect(first).toEqual({ status: 202, answer: { accepted: 1, known: 0, resolved: 1 } });
    expect(again.answer).toEqual({ accepted: 0, known: 1, resolved: 1 });
    expect(later.answer).toEqual({ accepted: 1, known: 0, resolved: 1 });
    expect(await audited('attributed')).toMatchObject({ alert: 'CheckoutErrors', runId });
  });

  it('F22: keeps an alert once, however often it is sent', async () => {
    const first = await send({ alerts: [firing] });
    const again = await send({ alerts: [firing, { ...firing, startsAt: '2026-01-02T00:00:00Z' }] });

    expect(first.answer).toEqual({ accepted: 1, known: 0, resolved: 0 });
    expect(again.answer).toEqual({ accepted: 1, known: 1, resolved: 0 });
  });

  it('F22: leaves a stale alert to people', async () => {
    await givenRelease(started.backends);

    await send({ alerts: [{ ...firing, startsAt: '2025-12-31T00:00:00Z' }] });

    expect(await audited('forwarded')).toMatchObject({ reason: 'older_than_release', runId: '' });
  });

  it('needs nothing of what is over', async () => {
    const { answer } = await send({ alerts: [{ ...firing, status: 'resolved' }] });

    expect(answer).toEqual({ accepted: 0, known: 0, resolved: 1 });
  });

  it.each([
    { what: 'no token', options: { authorization: '' }, status: 401 },
    { what: 'another token', options: { authorization: 'Bearer nope' }, status: 401 },
    { what: 'a token that may only read', options: { authorization: 'Bearer t2' }, status: 403 },
  ])('answers $status to $what, before it reads the body', async ({ options, status }) => {
    expect((await send('{', options)).status).toBe(status);
  });

  it.each([
    { what: 'what is no JSON', body: '{', status: 400 },
    { what: 'what is no delivery', body: { alerts: 'many' }, status: 400 },
    { what: 'a body that is too long', body: { alerts: [], more: 'x'.repeat(1_100_000) }, status: 413 },
  ])('answers $status to $what', async ({ body, status }) => {
    expect((await send(body)).status).toBe(status);
  });
});

/** A run whose release serves. */
async function givenRelease({ store, ids }: Backends): Promise<string> {
  const runId = ids.next();
  const job = aNewJob({ jobId: jobIdOf('gitops', runId, 'gitops'), service: 'gitops', runId, unit: 'gitops' });
  await store.admit(anAdmission({ runId, repository: shopPlace.repository }, { job }));
  const claimed = await store.claim({ service: 'gitops', owner: 'test', leaseMs: 30_000, except: [], maxStalls: 5 });
  if (claimed === null) throw new Error('the run has no job');
  const { jobId, service, token } = claimed;
  const target = JSON.stringify(servingTarget(runId));
  const change = { key: targetKey(shopPlace), expected: 0, target, wake: [], quarantine: [], unlessQuarantined: null };
  const plan = { units: [], deadlineMs: 3_600_000, hopsLimit: 100 };
  await store.finish({ jobId, service, token }, aFinish({ status: 'success', plan, target: change }));
  return runId;
}
