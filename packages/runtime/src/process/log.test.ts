import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import type { Log } from '../service/context.ts';
import { createLog } from './log.ts';
import { createSecret } from './secret.ts';

const hidden = 'hunter2hunter2';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-log-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function linesOf(write: (log: Log) => void, level: 'debug' | 'info' = 'info'): Promise<string[]> {
  const file = join(folder, 'log');
  write(createLog({ service: 'build', level, destination: file }));
  return (await readFile(file, 'utf8')).trimEnd().split('\n');
}

async function lineOf(data: object, message = 'said'): Promise<Record<string, unknown>> {
  const [line = ''] = await linesOf((log) => log.warn(data, message));
  expect(line).not.toContain(hidden);
  const read: Record<string, unknown> = JSON.parse(line);
  return read;
}

describe('createLog', () => {
  it('writes level, time, service, data and message', async () => {
    expect(await lineOf({ runId: 'r1', count: 2, at: new Date(0), none: null })).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'build',
      runId: 'r1',
      count: 2,
      at: '1970-01-01T00:00:00.000Z',
      none: null,
      msg: 'said',
    });
  });

  it('says each key once, the innermost one', async () => {
    const [line = ''] = await linesOf((log) => {
      log.child({ service: 'deploy', runId: 'r1' }).child({ event: 'e1' }).info({ runId: 'r2' }, 'said');
    });

    expect(line.match(/"service"/g)).toHaveLength(1);
    expect(line.match(/"runId"/g)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ service: 'deploy', runId: 'r2', event: 'e1' });
  });

  it('keeps quiet below its level', async () => {
    const lines = await linesOf((log) => {
      log.debug({}, 'whispered');
      log.info({}, 'said');
    });

    expect(lines).toHaveLength(1);
  });

  it.each([
    'password',
    'passwd',
    'dbPassword',
    'secret',
    'webhookSecret',
    'token',
    'apiToken',
    'GITHUB_TOKEN',
    'apiKey',
    'api_key',
    'x-api-key',
    'Authorization',
    'cookie',
    'set-cookie',
    'signature',
    'x-hub-signature-256',
    'privateKey',
    'private_key',
    'credentials',
    'accessKeyId',
  ])('masks what stands under %s, at any depth', async (name) => {
    const line = await lineOf({ [name]: hidden, a: { b: [{ c: { d: { [name]: { deep: hidden } } } }] } });

    expect(line).toMatchObject({ [name]: '[secret]', a: { b: [{ c: { d: { [name]: '[secret]' } } }] } });
  });

  it('says whether there is a secret at all', async () => {
    expect(await lineOf({ token: null, hasToken: true })).toMatchObject({ token: null, hasToken: true });
  });

  it('masks secrets by their type, under whatever name', async () => {
    expect(await lineOf({ value: createSecret(hidden), list: [createSecret(hidden)] })).toMatchObject({
      value: '[secret]',
      list: ['[secret]'],
    });
  });

  it.each([
    [`no answer from redis://:${hidden}@cache:6379/0`, 'no answer from redis://[secret]@cache:6379/0'],
    [`cloning https://ada:${hidden}@git.example/a.git, again`, 'cloning https://[secret]@git.example/a.git, again'],
    [`https://${hidden}@git.example/a.git`, 'https://[secret]@git.example/a.git'],
    [`https://a:p@${hidden}@git.example/a`, 'https://[secret]@git.example/a'],
    [`Authorization: token ${hidden}\r\nAccept: */*`, 'Authorization: [secret]\r\nAccept: */*'],
    [`sent Bearer ${hidden} twice`, 'sent Bearer [secret] twice'],
    ['http://127.0.0.1:8080/a@b is no secret', 'http://127.0.0.1:8080/a@b is no secret'],
  ])('masks what a text gives away: %s', async (text, shown) => {
    expect(await lineOf({ text, deep: { list: [text] } }, text)).toMatchObject({
      text: shown,
      deep: { list: [shown] },
      msg: shown,
    });
  });

  it('masks errors, their stacks, fields and causes', async () => {
    const cause = Object.assign(new Error(`redis://:${hidden}@cache`), {
      request: { headers: { authorization: hidden }, body: { inner: { password: hidden } } },
    });
    const error = new OrchestraError('STORE_UNAVAILABLE', `redis://u:${hidden}@cache`, { retriable: true, cause });

    expect(await lineOf({ err: error })).toMatchObject({
      err: {
        type: 'OrchestraError',
        code: 'STORE_UNAVAILABLE',
        retriable: true,
        message: 'redis://[secret]@cache',
        stack: expect.stringContaining('log.test.ts'),
        cause: {
          type: 'Error',
          message: 'redis://[secret]@cache',
          request: { headers: { authorization: '[secret]' }, body: { inner: { password: '[secret]' } } },
        },
      },
    });
  });

  it('masks errors that were gathered, and one that is logged by itself', async () => {
    const gathered = new AggregateError([new Error(`//a:${hidden}@b`)], 'all failed');

    expect(await lineOf(gathered)).toMatchObject({ err: { errors: [{ message: '//[secret]@b' }] } });
  });

  it('masks what a child is bound to', async () => {
    const [line = ''] = await linesOf((log) => log.child({ token: hidden, url: `//:${hidden}@b` }).info({}, 'said'));

    expect(JSON.parse(line)).toMatchObject({ token: '[secret]', url: '//[secret]@b' });
  });

  it.each([
    ['a text', 'x'.repeat(1_000_000)],
    ['a list', Array.from({ length: 100_000 }, () => 'x'.repeat(100))],
    ['an object', Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, index]))],
    ['an error', new Error('x'.repeat(1_000_000))],
    ['bytes', Buffer.alloc(1_000_000)],
  ])('cuts %s at 8 KiB and keeps the rest of the line', async (_what, value) => {
    const line = await lineOf({ value, after: 'kept' });

    expect(JSON.stringify(line.value).length).toBeLessThan(9_000);
    expect(line.after).toBe('kept');
  });

  it('cuts a message too, and never inside of a secret', async () => {
    const text = `${'x'.repeat(8_170)} redis://user:${hidden}@cache`;

    const { msg } = await lineOf({}, text);

    expect(String(msg).length).toBeLessThan(8_300);
  });

  it('comes to an end with circles, getters that throw and things that JSON does not know', async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const throwing = {
      get run() {
        throw new Error('there is none');
      },
    };

    const line = await lineOf({ circle, throwing, big: 12n, map: new Map([['token', hidden]]), set: new Set([1]) });

    expect(line).toMatchObject({
      throwing: { run: '[unreadable]' },
      big: '12',
      map: { token: '[secret]' },
      set: [1],
    });
    expect(JSON.stringify(line.circle)).toContain('[too deep]');
  });
});
