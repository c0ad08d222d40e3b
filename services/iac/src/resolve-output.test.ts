import { describe, expect, it } from '@jest/globals';
import { givenEnvironment } from './given-environment.fixture.ts';
import { fakeTool, portsWith } from './given-tool.fixture.ts';
import type { Ports } from './ports.ts';
import { resolveOutput } from './resolve-output.ts';

async function givenOutputs() {
  const given = givenEnvironment(fakeTool());
  const run = await given.aRun();
  await given.work(run);
  const asked: unknown[] = [];
  const ports: Ports = {
    ...portsWith(null),
    findTool: async (tool) => {
      asked.push(tool);
      return fakeTool();
    },
  };
  const resolve = async (output: string, environment = 'production') => {
    const { run: state, artifacts, plan, signal } = given.attempt(run);
    return resolveOutput({ run: state, artifacts, plan: await plan(), ports, environment, output, signal });
  };
  return { given, run, asked, resolve };
}

describe('resolveOutput', () => {
  it('gives a plain output as it was recorded, without a tool', async () => {
    const { asked, resolve } = await givenOutputs();

    expect(await resolve('name')).toBe('shop');
    expect(asked).toEqual([]);
  });

  it('reads a sensitive one from the state, by the program that wrote it', async () => {
    const { given, run, asked, resolve } = await givenOutputs();

    expect(await resolve('key')).toBe('the value of key');
    expect(asked).toEqual(['opentofu']);
    expect(JSON.stringify([given.attempt(run).run, given.shown])).not.toContain('the value of key');
  });

  it.each([
    ['secret', 'production', 'it has: name, key'],
    ['key', 'staging', 'it has: none'],
  ])('has no %s in %s', async (output, environment, message) => {
    const { resolve } = await givenOutputs();

    await expect(resolve(output, environment)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(message),
    });
  });
});
