import { describe, expect, it } from '@jest/globals';
import { runProgram } from './run-program.ts';

async function init(): Promise<unknown> {
  const printed: string[] = [];
  let code: number | null = null;
  await runProgram(['init', '--json'], {
    environment: { ...process.env, TOPIC_REPLICAS: '1', LOG_LEVEL: 'error' },
    print: (text) => void printed.push(text),
    say: () => {},
    readInput: () => Promise.resolve(''),
    finish: (given) => void (code = given),
  });
  expect(code).toBe(0);
  return JSON.parse(printed.join(''));
}

describe('orchestra init', () => {
  it('makes the store once, and finds it again when it is repeated', async () => {
    const first = await init();

    expect(first).toEqual({ store: expect.any(String) });
    expect(await init()).toEqual(first);
  });
});
