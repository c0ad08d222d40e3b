import { isTerminal } from '@orchestra/contracts';
import { OrchestraError, type LogKey, type ServiceContext } from '@orchestra/runtime';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { openEventStream, type EventStream } from './event-stream.ts';
import { findRun, showRun } from './find-run.ts';
import { defineRoute, streamed, type Call, type Route } from './route.ts';
import type { RunFeed } from './run-feed.ts';
import { nothing, runName } from './shapes.ts';

const logQuery = z.strictObject({
  unit: z.string().min(1).max(300).optional().describe('Absent: the units that have output'),
  generation: z.coerce.number().int().min(1).optional().describe('Absent: the newest'),
  from: z.coerce.number().int().min(0).default(0).describe('Position in bytes'),
  limit: z.coerce.number().int().min(1).max(1_048_576).default(262_144).describe('At most so many bytes'),
  follow: z.stringbool().default(false).describe('As an event stream, until the unit has ended'),
});

type LogQuery = z.output<typeof logQuery>;

/** Output of stages and live changes, both also as event streams that resume by `Last-Event-ID`. */
export function streamRoutes(feedOf: (context: ServiceContext) => RunFeed): readonly Route[] {
  const read = { method: 'get', role: 'viewer', body: nothing, streams: true } as const;
  return [
    defineRoute({
      ...read,
      path: '/runs/{run}/logs',
      summary: 'Output of a unit, from a position in bytes',
      parameters: runName,
      query: logQuery,
      answer: z.object({
        logs: z.array(z.object({ unit: z.string(), generation: z.int() })).optional(),
        text: z.string().optional(),
        next: z.int().optional(),
      }),
      work: (call) => readLogs(call),
    }),
    defineRoute({
      ...read,
      path: '/events',
      summary: 'Runs as they change, as an event stream: first the newest ones, then every new revision',
      parameters: nothing,
      query: nothing,
      answer: z.object({}),
      work: async ({ context, request, response }) => {
        const stream = openEventStream(response);
        const send = (id: string, run: Parameters<typeof showRun>[0]): void => {
          stream.send({ id, event: 'run', data: showRun(run) });
        };
        await feedOf(context).follow(request.get('last-event-id') ?? null, send, stream.closed);
        stream.end();
        return streamed;
      },
    }),
  ];
}

async function readLogs({ path, query, context, request, response }: Call<{ run: string }, LogQuery, unknown>) {
  const run = await findRun(path.run, context);
  const { unit } = query;
  if (unit === undefined) {
    const logs = await context.logs.list(run.runId);
    return { logs: logs.map(({ unit: name, generation }) => ({ unit: name, generation })) };
  }
  const key = { runId: run.runId, unit, generation: query.generation ?? run.units[unit]?.generation ?? 1 };
  if (!query.follow) return context.logs.read(key, query.from, query.limit);

  const from = resumeFrom(request.get('last-event-id'), query.from);
  await followLog({ key, from, stream: openEventStream(response) }, context);
  return streamed;
}

function resumeFrom(lastId: string | undefined, from: number): number {
  if (lastId === undefined) return from;
  const position = Number(lastId);
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new OrchestraError('REQUEST_INVALID', 'Last-Event-ID is not a position in bytes');
  }
  return position;
}

interface Following {
  key: LogKey;
  from: number;
  stream: EventStream;
}

const lookEveryMs = 250;
const chunkBytes = 65_536;

// The end is looked up before the text is read: what was written before the end is then never missed.
async function followLog({ key, from, stream }: Following, context: ServiceContext): Promise<void> {
  const stop = AbortSignal.any([stream.closed, context.stopping]);
  let position = from;
  while (!stop.aborted) {
    const ended = await hasEnded(key, context);
    const { text, next } = await context.logs.read(key, position, chunkBytes);
    position = next;
    const sent = text === '' || stream.send({ id: String(next), event: 'log', data: { text } });
    if (!sent) return;
    if (text !== '') continue;
    if (ended) {
      stream.send({ id: String(next), event: 'end', data: {} });
      break;
    }
    await pause(lookEveryMs, undefined, { signal: stop, ref: false }).catch(() => {});
  }
  stream.end();
}

async function hasEnded({ runId, unit, generation }: LogKey, { store }: ServiceContext): Promise<boolean> {
  const run = await store.readRun(runId);
  if (run === null || run.endedAt !== null) return true;
  const state = run.units[unit];
  return state !== undefined && (state.generation > generation || isTerminal(state.status));
}
