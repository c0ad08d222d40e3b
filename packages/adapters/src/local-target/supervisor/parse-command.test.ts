import { describe, expect, it } from '@jest/globals';
import { parseCommand } from './parse-command.ts';

const spec = {
  release: 'r1',
  folder: '/a',
  command: ['node'],
  env: {},
  replicas: 1,
  healthPath: '/',
  readyTimeoutMs: 1,
};

describe('parseCommand', () => {
  it.each([
    { kind: 'ping' },
    { kind: 'read', target: 'a/b/c' },
    { kind: 'pages', target: 'a', release: 'r1', path: '/metrics' },
    { kind: 'lines', target: 'a', release: 'r1', from: null },
    { kind: 'claim', target: 'a', epoch: 1, port: 0 },
    { kind: 'ensure', target: 'a', epoch: 1, spec },
    { kind: 'weights', target: 'a', epoch: 1, weights: { r1: 10 } },
    { kind: 'stop', target: 'a', epoch: 1, release: 'r1' },
  ])('reads $kind', (command) => {
    expect(parseCommand(JSON.stringify(command))).toEqual({ ok: true, command });
  });

  it.each([
    { when: 'text is no JSON', text: '{' },
    { when: 'the kind is not known', text: '{"kind":"format"}' },
    { when: 'the epoch is missing', text: '{"kind":"stop","target":"a","release":"r1"}' },
    { when: 'a release leaves its folder', text: '{"kind":"stop","target":"a","epoch":1,"release":"../x"}' },
    { when: 'a page is not one of the app', text: '{"kind":"pages","target":"a","release":"r1","path":"@b/c"}' },
    { when: 'a place in the output is none', text: '{"kind":"lines","target":"a","release":"r1","from":-1}' },
    { when: 'a share is negative', text: '{"kind":"weights","target":"a","epoch":1,"weights":{"r1":-1}}' },
    {
      when: 'a folder is relative',
      text: JSON.stringify({ kind: 'ensure', target: 'a', epoch: 1, spec: { ...spec, folder: 'a' } }),
    },
    {
      when: 'no process is asked for',
      text: JSON.stringify({ kind: 'ensure', target: 'a', epoch: 1, spec: { ...spec, replicas: 0 } }),
    },
  ])('says what is wrong when $when', ({ text }) => {
    expect(parseCommand(text)).toMatchObject({ ok: false });
  });
});
