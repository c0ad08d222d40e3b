import { describe, expect, it } from '@jest/globals';
import type { Prometheus } from '@orchestra/adapters/prometheus';
import { createMetricsServer } from './create-metrics-server.ts';

const names = { service: 'web', environment: 'production', release: 'r2', windowMs: 30_000 };
const signal = new AbortController().signal;
const metric = (name: string, query: string) => ({ name, query, better: 'lower' as const, fail: null, warn: null });

function recorded(): { prometheus: Prometheus; asked: string[] } {
  const asked: string[] = [];
  const prometheus: Prometheus = {
    query({ query }) {
      asked.push(query);
      return query.startsWith('bad') ? Promise.reject(new Error('no such thing')) : Promise.resolve(3);
    },
    range({ query }) {
      asked.push(query);
      return Promise.resolve([
        { at: 0, value: 1 },
        { at: 1, value: 2 },
      ]);
    },
  };
  return { prometheus, asked };
}

describe('createMetricsServer', () => {
  it('fills in names and says what was wrong with the rest', async () => {
    const { prometheus, asked } = recorded();
    const metrics = [
      metric('a', 'up{s={{service}},r={{release}}}[{{window}}]'),
      metric('b', 'bad'),
      metric('c', '{{pod}}'),
    ];

    const answers = await createMetricsServer(prometheus).now(metrics, names, signal);

    expect(asked).toEqual(['up{s="web",r="r2"}[30s]', 'bad']);
    expect(answers.values).toEqual({ a: 3, b: null, c: null });
    expect(answers.problems).toEqual(['b: no such thing', expect.stringContaining('c: ')]);
  });

  it('A16: never asks with a name that is none', async () => {
    const { prometheus, asked } = recorded();
    const hostile = { ...names, service: 'web"} or vector(1) #' };

    const { values } = await createMetricsServer(prometheus).now([metric('a', 'up{s={{service}}}')], hostile, signal);

    expect(values).toEqual({ a: null });
    expect(asked).toEqual([]);
  });

  it('reads the past, and has no values of what cannot be asked for', async () => {
    const { prometheus } = recorded();
    const past = { from: new Date(0), to: new Date(1000), stepMs: 500 };
    const asked = { names: { ...names, release: null }, past };

    const values = await createMetricsServer(prometheus).past(
      [metric('a', 'up'), metric('b', 'up{r={{release}}}')],
      asked,
      signal,
    );

    expect(values).toEqual({ a: [1, 2], b: [] });
  });
});
