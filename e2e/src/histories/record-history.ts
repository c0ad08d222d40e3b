import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createFolderArtifactStore } from '@orchestra/backends/filesystem';
import { createLocalCodec, isTopic } from '@orchestra/contracts';
import type { Story } from '../story.ts';
import { historiesFolder, type Line } from './history.ts';
import { createSteady, type Steady } from './steady.ts';

interface Stored {
  topic: string;
  key: string;
  value: Buffer;
  headers: Record<string, string>;
}

const maxPlanBytes = 1_048_576;

/** Writes what was published in a story, with steady names and times: a second apart, in the order of the records. */
export async function recordHistory(name: string, { platform, ...story }: Story): Promise<number> {
  const runs = new Set([...story.runs.values()].map(({ runId }) => runId));
  const records = readRecords(platform.data).filter(({ headers }) => runs.has(headers['ce_correlationid'] ?? ''));
  const words = new Map([
    [story.name, `e2e/${name}`],
    [String(story.ports.staging), '4001'],
    [String(story.ports.production), '4002'],
  ]);
  const steady = createSteady({ words });
  const written: Line[] = [];
  for (const [index, record] of records.entries()) written.push(await lineOf(record, index, steady));
  const plans = await plansOf(records, platform.data);
  const artifacts = plans.map(({ digest, json }): Line => ({
    artifact: steady.text(digest),
    json: steady.payload(json),
  }));
  const text = [...artifacts, ...written].map((line) => JSON.stringify(line)).join('\n');
  writeFileSync(join(historiesFolder, `${name}.jsonl`), `${text}\n`);
  return written.length;
}

// Only read, beside the platform that owns the file.
function readRecords(data: string): Stored[] {
  const file = new DatabaseSync(join(data, 'orchestra.sqlite'), { readOnly: true });
  try {
    const rows = file.prepare('SELECT topic, key, value, headers FROM bus_records ORDER BY position').all();
    return rows.map(({ topic, key, value, headers }) => ({
      topic: String(topic),
      key: bytesOf(key).toString('utf8'),
      value: bytesOf(value),
      headers: JSON.parse(String(headers)),
    }));
  } finally {
    file.close();
  }
}

function bytesOf(value: unknown): Buffer {
  if (!(value instanceof Uint8Array)) throw new TypeError('a record without bytes');
  return Buffer.from(value);
}

async function lineOf({ topic, key, value, headers }: Stored, index: number, steady: Steady): Promise<Line> {
  if (!isTopic(topic)) throw new TypeError(`${topic} is no topic`);
  const codec = createLocalCodec();
  const payload = steady.payload(await codec.decode(topic, value));
  const { traceparent: _traceparent, ...rest } = headers;
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
  const steadied = Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, steady.text(text)]));
  const base64 = (await codec.encode(topic, payload)).toString('base64');
  return { record: { topic, key: steady.text(key), headers: { ...steadied, ce_time: time }, base64 } };
}

async function plansOf(records: readonly Stored[], data: string): Promise<{ digest: string; json: unknown }[]> {
  const artifacts = createFolderArtifactStore({ folder: join(data, 'artifacts') });
  const pushes = records.filter(({ topic }) => topic === 'code_push');
  const found = new Map<string, unknown>();
  for (const { value } of pushes) {
    const { planDigest } = await createLocalCodec().decode('code_push', value);
    if (planDigest === null || found.has(planDigest)) continue;
    found.set(planDigest, JSON.parse((await artifacts.read(planDigest, maxPlanBytes)).toString('utf8')));
  }
  return [...found].map(([digest, json]) => ({ digest, json }));
}
