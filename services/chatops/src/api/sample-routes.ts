import { targetKey } from '@orchestra/contracts';
import { z } from 'zod';
import { defineRoute, type Route } from './route.ts';
import { nothing, targetName } from './shapes.ts';

const time = z.iso.datetime({ offset: true });

/** What releases that serve measured, as it outlives their watches. */
export const sampleRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/targets/{repository}/{environment}/{service}/samples',
    role: 'viewer',
    summary: 'What was measured of what serves, one sample a minute, oldest first; kept for 15 days',
    parameters: targetName,
    query: z.strictObject({ from: time, to: time }),
    body: nothing,
    answer: z.object({
      samples: z.array(
        z.object({ at: z.string(), release: z.string(), values: z.record(z.string(), z.number()).readonly() }),
      ),
    }),
    work: async ({ path, query, context }) => {
      const { from, to } = query;
      const kept = await context.store.readSamples({ target: targetKey(path), from, to });
      return { samples: kept.map(({ at, release, values }) => ({ at, release, values })) };
    },
  }),
];
