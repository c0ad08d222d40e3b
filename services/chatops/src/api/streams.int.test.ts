import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startService, type StartedService } from '@orchestra/testkit';
import { portsForTests } from '../ports-for-tests.fixture.ts';
import { admitRun, endFirstJob } from '../seeded-store.fixture.ts';
import { createService } from '../service.ts';

let started: StartedService;
let leave: AbortController;

beforeEach(async () => {
  leave = new AbortController();
  started = await startService(createService(portsForTests()));
});

afterEach(async () => {
  leave.abort();
  await started.close();
});

interface Message {
  id: string;
  event: string;
  data: { run: { runId: string; v: number }; text: string };
}

/** Opens a stream and collects its messages until the test is over. */
async function open(path: string, lastId?: string): Promise<Message[]> {
  const messages: Message[] = [];
  const response = await fetch(`${started.url}/api/v1${path}`, {
    headers: { authorization: 'Bearer viewer-token', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
    signal: leave.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  void collect(response, messages);
  return messages;
}

async function collect({ body }: Response, messages: Message[]): Promise<void> {
  let rest = '';
  try {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      messages.push(...blocks.filter((block) => block.includes('data: ')).map(parse));
    }
  } catch (error) {
    if (!leave.signal.aborted) throw error;
  }
}

function parse(block: string): Message {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) };
}

async function seen(messages: Message[], until: (messages: Message[]) => boolean): Promise<Message[]> {
  return eventually({ see: async () => [...messages], until });
}

describe('GET /events', () => {
  it('begins with the runs that there are, and goes on with every new revision', async () => {
    const first = await admitRun(started.backends);
    const messages = await open('/events');
    await seen(messages, (all) => all.length === 1);

    const second = await admitRun(started.backends);
    await endFirstJob(started.backends, first);

    const all = await seen(messages, (each) => each.some(({ data }) => data.run.runId === first && data.run.v > 1));
    expect(all[0]?.data.run).toMatchObject({ runId: first, v: 1 });
    expect(all.map(({ data }) => data.run.runId)).toContain(second);
  });

  it('resumes behind the last id that the reader has', async () => {
    await admitRun(started.backends);
    const messages = await open('/events');
    const [one] = await seen(messages, (all) => all.length === 1);
    const other = await admitRun(started.backends);

    const resumed = await open('/events', one?.id);

    const all = await seen(resumed, (each) => each.length > 0);
    expect(all.map(({ data }) => data.run.runId)).toEqual([other]);
  });

  it('begins anew for an id of another process', async () => {
    const runId = await admitRun(started.backends);

    const messages = await open('/events', 'another-7');

    const all = await seen(messages, (each) => each.length > 0);
    expect(all.map(({ data }) => data.run.runId)).toEqual([runId]);
  });
});

describe('GET /runs/{run}/logs?follow=true', () => {
  it('gives output as it comes, and ends with its unit', async () => {
    const runId = await admitRun(started.backends);
    const key = { runId, unit: 'gitops', generation: 1 };
    await started.backends.logs.append(key, 'first\n');
    const messages = await open(`/runs/${runId}/logs?follow=true&unit=gitops`);
    await seen(messages, (all) => all.length === 1);

    await started.backends.logs.append(key, 'second\n');
    await endFirstJob(started.backends, runId);

    const all = await seen(messages, (each) => each.at(-1)?.event === 'end');
    expect(all.map(({ data }) => data.text ?? '').join('')).toBe('first\nsecond\n');
  });

  it('resumes at the position that the reader has', async () => {
    const runId = await admitRun(started.backends);
    await started.backends.logs.append({ runId, unit: 'gitops', generation: 1 }, 'first\nsecond\n');

    const messages = await open(`/runs/${runId}/logs?follow=true&unit=gitops`, '6');

    const all = await seen(messages, (each) => each.length > 0);
    expect(all[0]?.data.text).toBe('second\n');
  });
});
