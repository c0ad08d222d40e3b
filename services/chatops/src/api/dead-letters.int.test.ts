import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeadLetter } from '@orchestra/runtime';
import { eventually, startService, type StartedService } from '@orchestra/testkit';
import { portsForTests } from '../ports-for-tests.fixture.ts';
import { createService } from '../service.ts';

let started: StartedService;

beforeEach(async () => {
  started = await startService(createService(portsForTests()));
});

afterEach(() => started.close());

interface Asked {
  role?: string;
  body?: unknown;
}

async function call(path: string, { role = 'admin', body }: Asked = {}): Promise<Response> {
  return fetch(`${started.url}/api/v1/dead-letters${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${role}-token`, 'content-type': 'application/json', 'x-orchestra-client': 'cli' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function listed(query = ''): Promise<DeadLetter[]> {
  const { letters } = (await (await call(query)).json()) as { letters: DeadLetter[] };
  return letters;
}

/** A record that no service can read, and its dead letter. */
async function refused(): Promise<DeadLetter> {
  await started.backends.bus.publish([{ topic: 'build_ready', key: 'k', value: Buffer.from('poison'), headers: {} }]);
  const [letter] = await eventually({ see: () => listed(), until: ({ length }) => length > 0 });
  if (letter === undefined) throw new Error('No letter came');
  return letter;
}

describe('dead letters', () => {
  it('are shown with the original bytes', async () => {
    const letter = await refused();

    const opened = await (await call(`/${letter.id}`)).json();

    expect(letter).toMatchObject({
      topic: 'build_ready',
      group: 'orchestra.chatops',
      reason: 'EVENT_ENVELOPE_INVALID',
    });
    expect(opened).toMatchObject({
      id: letter.id,
      base64: Buffer.from('poison').toString('base64'),
      hex: Buffer.from('poison').toString('hex'),
      payload: null,
      unreadable: { code: 'EVENT_NOT_FRAMED' },
    });
    expect(await listed('?group=orchestra.test')).toEqual([]);
    expect(await listed('?topic=code_push')).toEqual([]);
  });

  it('that are replayed come back to their group, and are letters anew when it refuses them again', async () => {
    const letter = await refused();

    const answer = await call(`/${letter.id}/replay`, { role: 'operator', body: { reason: 'a new version runs' } });

    expect([answer.status, await answer.json()]).toEqual([200, { letter }]);
    const letters = await eventually({
      see: () => listed(),
      until: (each) => each.length === 1 && each[0]?.id !== letter.id,
    });
    expect(letters).toMatchObject([{ group: letter.group, sizeBytes: letter.sizeBytes }]);
    expect(await started.backends.store.readAudit(10)).toMatchObject([
      {
        action: 'dead_letter_replay',
        actor: 'operator',
        source: 'CLI',
        letter: letter.id,
        reason: 'a new version runs',
      },
    ]);
  });

  it('that are dropped are gone, and the audit log says who did it', async () => {
    const letter = await refused();

    const answer = await call(`/${letter.id}/drop`, { body: { reason: 'a test of ours' } });

    expect(answer.status).toBe(200);
    expect(await listed()).toEqual([]);
    expect(await started.backends.store.readAudit(10)).toMatchObject([
      { action: 'dead_letter_drop', actor: 'admin', letter: letter.id, reason: 'a test of ours' },
    ]);
    expect((await call(`/${letter.id}/replay`, { body: {} })).status).toBe(404);
  });

  it.each([
    { asked: 'viewers', path: '', role: 'viewer', status: 403 },
    { asked: 'operators who drop', path: '/build_ready:0:1/drop', role: 'operator', body: {}, status: 403 },
    { asked: 'another form of an id', path: '/build_ready', role: 'admin', status: 400 },
    { asked: 'a topic that does not exist', path: '?topic=nonsense', role: 'admin', status: 400 },
    { asked: 'a letter that does not exist', path: '/build_ready:0:999', role: 'admin', status: 404 },
  ])('refuse $asked', async ({ path, role, body, status }) => {
    expect((await call(path, { role, body })).status).toBe(status);
  });
});
