import { setTimeout as pause } from 'node:timers/promises';
import { OrchestraError } from '@orchestra/contracts';
import type { ApiClient, Message } from '../client/api-client.ts';
import { runPath } from '../platform-options.ts';

/** A piece of the output of a unit, as the platform keeps it. */
export interface LogPart {
  unit: string;
  text: string;
  /** Byte position behind the text. */
  next: number;
}

/** Absent: the newest generation. */
export interface Log {
  unit: string;
  generation?: number;
}

const lookEveryMs = 500;
const reconnectsAtMost = 5;

/** What a unit has written so far. */
export async function* readLog(api: ApiClient, path: string, log: Log): AsyncIterable<LogPart> {
  let from = 0;
  for (;;) {
    const { text, next } = await api.read<{ text: string; next: number }>(`${path}?${queryOf(log, from)}`);
    if (next <= from) return;
    yield { unit: log.unit, text, next };
    from = next;
  }
}

/** What all units have written so far, one after the other. */
export async function* readLogs(api: ApiClient, path: string): AsyncIterable<LogPart> {
  const { logs } = await api.read<{ logs: Required<Log>[] }>(path);
  for (const log of newestOf(logs)) yield* readLog(api, path, log);
}

/**
 * What a unit writes, until it has ended. A connection that breaks is opened again where it broke.
 *
 * @throws OrchestraError `SERVER_UNREACHABLE`, and what the API answers
 */
export async function* followLog(api: ApiClient, path: string, log: Log): AsyncIterable<LogPart> {
  let from = 0;
  for (let broken = 0; broken < reconnectsAtMost; broken += 1) {
    const stream = untilBroken(api.follow(`${path}?${queryOf(log, from)}&follow=true`, new AbortController().signal));
    const reading = readStream(log.unit, stream);
    let part = await reading.next();
    for (; part.done !== true; part = await reading.next()) {
      from = part.value.next;
      broken = 0;
      yield part.value;
    }
    if (part.value === 'ended') return;
    await pause(lookEveryMs);
  }
  throw new OrchestraError('SERVER_UNREACHABLE', `The connection to ${api.url} breaks again and again`);
}

async function* readStream(
  unit: string,
  stream: AsyncIterable<Message>,
): AsyncGenerator<LogPart, 'ended' | 'broken', undefined> {
  for await (const { id, event, data } of stream) {
    if (event === 'end') return 'ended';
    const { text }: { text: string } = JSON.parse(data);
    yield { unit, text, next: Number(id) };
  }
  return 'broken';
}

/** What all units write, one after the other, until the run has ended; of a unit that is retried both generations. */
export async function* followRun(api: ApiClient, runId: string): AsyncIterable<LogPart> {
  const path = runPath(runId, '/logs');
  const shown = new Set<string>();
  for (;;) {
    // The end is looked up first: what was written before it is then never missed.
    const { run } = await api.readRun(runId);
    const { logs } = await api.read<{ logs: Required<Log>[] }>(path);
    const fresh = logs.filter((log) => !shown.has(keyOf(log)));
    for (const log of fresh) {
      shown.add(keyOf(log));
      yield* followLog(api, path, log);
    }
    if (run.endedAt !== null && fresh.length === 0) return;
    if (fresh.length === 0) await pause(lookEveryMs);
  }
}

// What the server refused has a code; what the network did has none, and only it is tried again.
async function* untilBroken(messages: AsyncIterable<Message>): AsyncIterable<Message> {
  try {
    yield* messages;
  } catch (error) {
    if (error instanceof OrchestraError) throw error;
  }
}

function newestOf(logs: readonly Required<Log>[]): Required<Log>[] {
  return logs.filter(({ unit, generation }) => !logs.some((log) => log.unit === unit && log.generation > generation));
}

function keyOf({ unit, generation }: Required<Log>): string {
  return `${unit} ${generation}`;
}

function queryOf({ unit, generation }: Log, from: number): string {
  const query = new URLSearchParams({ unit, from: String(from) });
  if (generation !== undefined) query.set('generation', String(generation));
  return query.toString();
}
