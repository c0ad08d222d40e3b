import type { HistoryEntry, OutboxRecord, Quarantined, StoredTarget } from '@orchestra/runtime';
import { decodeCount, decodeJson, decodeList, decodeText } from './decode-reply.ts';

/** A stored record of the outbox: its position in the stream, and its fields as bytes. */
export function decodeOutboxRecord(reply: unknown): { position: string; record: OutboxRecord } {
  const [position, words] = decodeList(reply);
  const fields = new Map<string, Buffer>();
  const list = decodeList(words).map(decodeBytes);
  for (let i = 0; i + 1 < list.length; i += 2) fields.set(decodeBytes(list[i]).toString(), decodeBytes(list[i + 1]));
  const text = (name: string): string => decodeBytes(fields.get(name)).toString();
  return {
    position: decodeBytes(position).toString(),
    record: {
      id: text('id'),
      topic: text('topic'),
      key: text('key'),
      value: decodeBytes(fields.get('value')),
      headers: decodeJson(text('headers')) as Record<string, string>,
    },
  };
}

function decodeBytes(reply: unknown): Buffer {
  if (!Buffer.isBuffer(reply)) throw new TypeError(`expected bytes, got ${String(reply)}`);
  return reply;
}

/** A line of the history. A step that writes its own entry leaves `at` empty: it is the store's time before the space. */
export function decodeHistoryEntry(reply: unknown): HistoryEntry {
  const line = decodeText(reply);
  const space = line.indexOf(' ');
  const entry = decodeJson(line.slice(space + 1)) as HistoryEntry;
  return entry.at === '' ? { ...entry, at: new Date(Number(line.slice(0, space))).toISOString() } : entry;
}

/** Entries of the quarantine, oldest first. */
export function decodeQuarantine(reply: unknown): Quarantined[] {
  const entries = decodeList(reply).map((entry) => decodeJson(entry) as Quarantined);
  return entries.toSorted((a, b) => (`${a.at} ${a.key}` < `${b.at} ${b.key}` ? -1 : 1));
}

/** Targets by key; those of one repository when it is given. A key is `<repository>/<environment>/<service>`. */
export function decodeTargets(reply: unknown, repository: string | null): StoredTarget[] {
  const targets = decodeList(reply).map((entry) => {
    const [key, version, target] = decodeList(entry);
    return { key: decodeText(key), version: decodeCount(version), target: decodeText(target) };
  });
  return targets.filter(({ key }) => repository === null || key.split('/').slice(0, -2).join('/') === repository);
}

/** An entry of the audit log: its position in the stream, and its fields. */
export function decodeAuditEntry(reply: unknown): Readonly<Record<string, string>> {
  const [, words] = decodeList(reply);
  return decodeJson(decodeList(words)[1]) as Record<string, string>;
}
