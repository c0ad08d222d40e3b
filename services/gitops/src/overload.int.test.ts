import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import { startService, type StartedService } from '@orchestra/testkit';
import type { AcceptLimits } from './accept-room.ts';
import { portsForRoutes, webhookSecret as secret } from './ports-for-routes.fixture.ts';
import { createService } from './service.ts';

const pushes = 2000;
const branches = 500;
const connections = 200;

let started: StartedService;

async function start(accepts: AcceptLimits): Promise<void> {
  started = await startService(createService({ ...portsForRoutes(), accepts }));
}

afterEach(() => started.close());

describe('a burst of pushes', () => {
  it('is answered 202 or 503, each push; what is turned away is taken later, and none is lost or doubled', async () => {
    await start({ maxAtOnce: 40, maxBytes: 67_108_864 });
    const deliveries = Array.from({ length: pushes }, (_none, number) => deliveryOf(number));

    const burst = await sendAll(deliveries);
    const accepted = burst.filter(({ status }) => status === 202);
    const turnedAway = burst.filter(({ status }) => status === 503);
    const kept = await runs();

    expect(accepted.length + turnedAway.length).toBe(pushes);
    expect(turnedAway.length).toBeGreaterThan(0);
    expect(turnedAway.every(({ headers }) => Number(headers['retry-after']) > 0)).toBe(true);
    expect(kept.map(({ runId }) => runId).toSorted()).toEqual(accepted.map(({ runId }) => runId).toSorted());

    await sendUntilAccepted(turnedAway.map(({ delivery }) => delivery));
    const all = await runs();

    expect(all).toHaveLength(pushes);
    expect(await astray(all)).toEqual([]);
  }, 120_000);

  it('is turned away before a body is read that there is no room for, on a connection that lives', async () => {
    await start({ maxAtOnce: 40, maxBytes: 10_000 });
    const large = deliveryOf(1, 20_000);
    const small = deliveryOf(2);

    const [refused] = await sendAll([large]);
    const [taken] = await sendAll([small]);

    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(taken?.status).toBe(202);
    expect(await runs()).toHaveLength(1);
  });

  it('is turned away at once while all places are taken by bodies that do not come', async () => {
    await start({ maxAtOnce: 2, maxBytes: 67_108_864 });
    const silent = await Promise.all([1, 2].map(() => beginAndWait()));

    const [refused] = await sendAll([deliveryOf(1)]);
    for (const socket of silent) socket.destroy();

    expect(refused?.status).toBe(503);
    await sendUntilAccepted([deliveryOf(1)]);
    expect(await runs()).toHaveLength(1);
  });
});

interface Delivery {
  id: string;
  body: Buffer;
}

interface Answer {
  delivery: Delivery;
  status: number;
  headers: IncomingHttpHeaders;
  runId: string;
}

/** One push of 7 KB, as GitHub sends it for a few commits; several share a branch, so that newer ones supersede older. */
function deliveryOf(number: number, bytes = 7168): Delivery {
  const payload = {
    ref: `refs/heads/b${number % branches}`,
    before: 'b'.repeat(40),
    after: randomBytes(20).toString('hex'),
    deleted: false,
    repository: { full_name: 'acme/shop' },
    pusher: { name: 'ada' },
    head_commit: { message: 'Change', author: { name: 'Ada' } },
    commits: ['x'.repeat(bytes)],
  };
  return { id: randomUUID(), body: Buffer.from(JSON.stringify(payload)) };
}

async function sendAll(deliveries: readonly Delivery[]): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    return await Promise.all(deliveries.map((delivery) => send(delivery, agent)));
  } finally {
    agent.destroy();
  }
}

/** Sends one delivery. */
function send(delivery: Delivery, agent: Agent): Promise<Answer> {
  const signature = `sha256=${createHmac('sha256', secret).update(delivery.body).digest('hex')}`;
  const headers = {
    'content-type': 'application/json',
    'content-length': delivery.body.length,
    'x-github-event': 'push',
    'x-github-delivery': delivery.id,
    'x-hub-signature-256': signature,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${started.url}/webhooks/github`, { method: 'POST', agent, headers });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { runId = '' } = JSON.parse(Buffer.concat(chunks).toString()) as { runId?: string };
        resolve({ delivery, status: response.statusCode ?? 0, headers: response.headers, runId });
      });
    });
    sent.end(delivery.body);
  });
}

/** Sends again what was turned away, as a forge or a person does. */
async function sendUntilAccepted(deliveries: readonly Delivery[]): Promise<void> {
  let waiting = deliveries;
  while (waiting.length > 0) {
    const answers = await sendAll(waiting);
    waiting = answers.filter(({ status }) => status === 503).map(({ delivery }) => delivery);
  }
}

async function runs(): Promise<RunState[]> {
  return started.backends.store.listRuns({ repository: null, limit: pushes + 1, before: null });
}

/** The runs that nobody works for: neither superseded by a newer one of their branch, nor with a job. */
async function astray(all: readonly RunState[]): Promise<string[]> {
  const newest = new Map<string, number>();
  for (const { ref, sequence } of all) newest.set(ref, Math.max(sequence, newest.get(ref) ?? 0));
  const found: string[] = [];
  for (const { runId, ref, sequence, wishes } of all) {
    const isSuperseded = wishes.some(({ wish }) => wish === 'superseded') && sequence < (newest.get(ref) ?? 0);
    const jobs = await started.backends.store.readJobs(runId);
    if (!isSuperseded && jobs.every(({ status }) => status === 'done')) found.push(runId);
  }
  return found;
}

/** Sends the head of a request and nothing more; resolves when the server has taken it in. */
async function beginAndWait(): Promise<ReturnType<typeof connect>> {
  const { hostname, port } = new URL(started.url);
  const socket = connect(Number(port), hostname);
  const head = 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n';
  await new Promise((resolve) => {
    socket.once('data', resolve);
    socket.write(head);
  });
  return socket;
}
