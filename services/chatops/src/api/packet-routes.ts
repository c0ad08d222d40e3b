import type { RunState } from '@orchestra/contracts';
import { OrchestraError, type ServiceContext } from '@orchestra/runtime';
import { z } from 'zod';
import { findRun } from './find-run.ts';
import { defineRoute, type Route } from './route.ts';
import { nothing, runName } from './shapes.ts';

const shownPacket = z.object({
  target: z.string().describe('environment/service'),
  decision: z.enum(['restore', 'refuse']),
  reason: z.string(),
  artifacts: z.object({ json: z.string(), markdown: z.string() }).describe('Digests'),
  packet: z
    .looseObject({ form: z.int() })
    .describe('What was measured, the timeline, commits, configuration, approvals'),
  markdown: z.string().describe('The same for people'),
});

type ShownPacket = z.output<typeof shownPacket>;

const maxBytes = 4 * 1024 ** 2;

/** Why releases of a run were taken back, or were not. */
export const packetRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/runs/{run}/rollback-packet',
    role: 'viewer',
    summary: 'The decision packets of the rollbacks of a run, of each target the last',
    parameters: runName,
    query: z.strictObject({
      target: z.string().min(3).max(201).optional().describe('environment/service; absent: all'),
    }),
    body: nothing,
    answer: z.object({ packets: z.array(shownPacket) }),
    work: async ({ path, query, context }) => {
      const packets = await readPackets(await findRun(path.run, context), query.target ?? null, context);
      if (packets.length === 0) throw new OrchestraError('NOT_FOUND', 'No decision packet was written in this run');
      return { packets };
    },
  }),
];

async function readPackets(
  { slices }: RunState,
  wanted: string | null,
  { artifacts }: ServiceContext,
): Promise<ShownPacket[]> {
  const told = Object.entries(slices.rollback).filter(([target]) => wanted === null || target === wanted);
  const shown = told.map(async ([target, { decision, reason, packet }]): Promise<ShownPacket[]> => {
    if (packet === undefined) return [];
    const [json, markdown] = await Promise.all(
      [packet.json, packet.markdown].map(async (digest) => (await artifacts.read(digest, maxBytes)).toString('utf8')),
    );
    const parsed = z.looseObject({ form: z.int() }).parse(JSON.parse(json ?? '{}'));
    return [{ target, decision, reason, artifacts: packet, packet: parsed, markdown: markdown ?? '' }];
  });
  return (await Promise.all(shown)).flat();
}
