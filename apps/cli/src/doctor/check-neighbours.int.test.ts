import { describe, expect, it } from '@jest/globals';
import { initFromEnvironment } from '../init.ts';
import { checkNeighbours } from './check-neighbours.ts';

describe('checkNeighbours', () => {
  it('says that the neighbours answer, once the init job has run', async () => {
    await initFromEnvironment({ ...process.env, TOPIC_REPLICAS: '1', LOG_LEVEL: 'error' });

    const checks = await checkNeighbours(process.env);

    expect(checks).toMatchObject([
      { name: 'kafka', state: 'ok' },
      { name: 'schema registry', state: 'ok', seen: 'answers, and has the schemas' },
      { name: 'redis', state: 'ok', seen: expect.stringContaining('run store') },
    ]);
  });
});
