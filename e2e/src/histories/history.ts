import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalCodec, OrchestraError, type Received, type Topic } from '@orchestra/contracts';
import { createMemoryArtifacts } from '@orchestra/testkit';
import { readEvents, type ArtifactStore, type EventBus, type IncomingRecord } from '@orchestra/runtime';

/** A record as it was published, and the plans that it names; a line of a history is one or the other. */
export type Line =
  | { record: { topic: string; key: string; headers: Record<string, string>; base64: string } }
  | { artifact: string; json: unknown };

export const historiesFolder = join(import.meta.dirname, '../../histories');

// Made once: it learns every schema that was ever released, which takes longer than reading a history.
export const historyCodec = createLocalCodec();

/** The names of the histories that are kept. */
export function listHistories(): string[] {
  return readdirSync(historiesFolder)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted();
}

export interface History {
  events: Received<Topic>[];
  /** Records that this version cannot read. */
  unreadable: number;
  artifacts: ArtifactStore;
}

/** Reads a history as services would: its records decoded with the schemas of this version. */
export async function readHistory(name: string): Promise<History> {
  const text = readFileSync(join(historiesFolder, name), 'utf8').trim();
  const lines = text.split('\n').map((line): Line => JSON.parse(line));
  const records = lines.flatMap((line) => ('record' in line ? [incoming(line.record)] : []));
  const kept = new Map(lines.flatMap((line) => ('artifact' in line ? [[line.artifact, line.json] as const] : [])));
  const { events, unreadable } = await readEvents({ bus: busOf(records), codec: historyCodec });
  return { events, unreadable, artifacts: artifactsOf(kept) };
}

function incoming({ topic, key, headers, base64 }: Extract<Line, { record: unknown }>['record']): IncomingRecord {
  const value = Buffer.from(base64, 'base64');
  return { topic, partition: 0, offset: '0', key: Buffer.from(key), value, headers, timestamp: new Date(0) };
}

// The names are steady, not the digests of the contents; everything that a build made counts as there.
function artifactsOf(kept: ReadonlyMap<string, unknown>): ArtifactStore {
  return {
    ...createMemoryArtifacts(),
    has: async () => true,
    async read(digest) {
      if (!kept.has(digest)) throw new OrchestraError('ARTIFACT_MISSING', `The history has no ${digest}`);
      return Buffer.from(JSON.stringify(kept.get(digest)));
    },
  };
}

function busOf(records: readonly IncomingRecord[]): EventBus {
  return {
    ensureTopics: refuse,
    publish: refuse,
    subscribe: refuse,
    close: async () => {},
    async read({ topics, onRecord }) {
      for (const record of records) if (topics.includes(record.topic)) await onRecord(record);
    },
  };
}

async function refuse(): Promise<never> {
  throw new OrchestraError('BUS_UNAVAILABLE', 'A history is only read');
}
