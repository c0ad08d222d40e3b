import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePipelineFile, type ObservabilityPlan } from '@orchestra/contracts';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { readPrometheus } from './read-prometheus.ts';

let server: HttpFake;
const asked = {
  token: undefined,
  service: 'web',
  environment: 'production',
  release: 'r2',
  beside: 'r1',
  from: new Date('2026-01-01T12:00:00Z'),
  to: new Date('2026-01-01T12:01:00Z'),
};

beforeEach(async () => {
  server = await startHttpFake(({ body }) => {
    const query = new URLSearchParams(body).get('query') ?? '';
    const value = query.includes('"r1"') ? '1' : '9';
    const points = [1_767_268_800, 1_767_268_810].map((at) => [at, value]);
    return {
      status: 200,
      body: { status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values: points }] } },
    };
  });
});

afterEach(() => server.close());

function planOf(observability: object): ObservabilityPlan {
  const parsed = parsePipelineFile(JSON.stringify({ project: { name: 'shop' }, observability }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.plan.observability;
}

describe('readPrometheus', () => {
  it('makes a sample of the values of each moment, and of what served beside it', async () => {
    const queries = [{ name: 'queue', query: 'queue{r={{release}}}' }];
    const plan = planOf({ prometheus: { queries } });

    const samples = await readPrometheus({ ...asked, url: server.url }, plan);

    expect(samples).toHaveLength(2);
    expect(samples[0]).toMatchObject({
      at: Date.parse('2026-01-01T12:00:00Z'),
      release: 'r2',
      values: { queue: 9 },
      beside: { queue: 1 },
    });
    expect(new URLSearchParams(server.seen.at(-1)?.body).get('step')).toBe('5.000');
  });

  it('refuses a policy that asks for nothing', async () => {
    await expect(readPrometheus({ ...asked, url: server.url }, planOf({}))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });
});
