import { describe, expect, it } from '@jest/globals';
import { createMask } from './create-mask.ts';
import { readOutputs, resolveOutput } from './read-outputs.ts';
import type { RunTool } from './run-tool.ts';

const place = { tool: 'tofu', state: 'acme/shop/production' };
const state = {
  plain: { sensitive: false, value: 'shop' },
  list: { sensitive: false, value: [1, 2] },
  key: { sensitive: true, value: 'hunter2' },
  keys: { sensitive: true, value: { a: 1 } },
  url: { sensitive: false, value: 'https://passed-token@host' },
};

const run: RunTool = async (args) => {
  expect(args).toEqual(['output', '-json', '-no-color']);
  const said = { outcome: 'exited', exitCode: 0, stdout: JSON.stringify(state), stderr: '' };
  return Object.assign(Object.create(null), said);
};

describe('readOutputs', () => {
  it('leaves out the values of what is sensitive, or holds the value of a passed variable', async () => {
    const read = await readOutputs(run, { ...place, mask: createMask(['passed-token']) });

    expect(read).toEqual({
      values: { plain: 'shop', list: '[1,2]' },
      sensitive: ['key', 'keys', 'url'].map((output) => ({ ...place, output })),
    });
  });
});

describe('resolveOutput', () => {
  it.each([
    ['key', 'hunter2'],
    ['keys', '{"a":1}'],
    ['url', 'https://passed-token@host'],
  ])('gives the value of %s', async (output, value) => {
    expect(await resolveOutput(run, { ...place, output }, place)).toBe(value);
  });

  it.each([{ output: 'other' }, { output: 'toString' }, { state: 'acme/shop/staging' }, { tool: 'terraform' }])(
    'finds nothing for %j',
    async (change) => {
      const resolving = resolveOutput(run, { ...place, output: 'key', ...change }, place);

      await expect(resolving).rejects.toMatchObject({ code: 'NOT_FOUND' });
    },
  );
});
