import { describe, expect, it } from '@jest/globals';
import { runProgram } from './run-program.ts';

describe('orchestra init', () => {
  it('ends with 78 and names every setting that is missing or wrong', async () => {
    const said: string[] = [];
    let code: number | null = null;
    await runProgram(['init'], {
      environment: { REDIS_URL: 'nowhere', TOPIC_REPLICAS: '0' },
      print: (text) => void said.push(text),
      say: (line) => void said.push(line),
      readInput: () => Promise.resolve(''),
      finish: (given) => void (code = given),
    });

    expect(code).toBe(78);
    expect(said).toHaveLength(1);
    for (const name of ['KAFKA_BROKERS: missing', 'SCHEMA_REGISTRY_URL: missing', 'REDIS_URL:', 'TOPIC_REPLICAS:'])
      expect(said[0]).toContain(name);
  });
});
