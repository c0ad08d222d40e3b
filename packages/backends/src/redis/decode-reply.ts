// What the scripts reply. They are ours, so a reply of another form is a mistake of ours: a TypeError.

/** A reply that is one of some words. */
export function decodeWord<const W extends string>(reply: unknown, words: readonly W[]): W {
  const found = words.find((word) => word === reply);
  if (found === undefined) throw new TypeError(`expected one of ${words.join(', ')}, got ${String(reply)}`);
  return found;
}

export function decodeList(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new TypeError(`expected a list, got ${String(reply)}`);
  return reply;
}

export function decodeText(reply: unknown): string {
  if (typeof reply !== 'string') throw new TypeError(`expected a text, got ${String(reply)}`);
  return reply;
}

export function decodeTextOrNull(reply: unknown): string | null {
  return reply === null || reply === undefined ? null : decodeText(reply);
}

/** A whole number, as Redis writes it: a number, or its digits. */
export function decodeCount(reply: unknown): number {
  const value = typeof reply === 'string' && reply !== '' ? Number(reply) : reply;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new TypeError(`expected a number, got ${String(reply)}`);
  return value;
}

/** ISO 8601 of milliseconds; null: not set. */
export function decodeInstant(reply: unknown): string | null {
  return reply === null || reply === undefined ? null : new Date(decodeCount(reply)).toISOString();
}

/** The fields of a hash, which Redis replies as key, value, key, value. */
export function decodeFields(reply: unknown): ReadonlyMap<string, string> {
  const words = decodeList(reply).map(decodeText);
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2) fields.set(words[i] ?? '', words[i + 1] ?? '');
  return fields;
}

/** JSON that this store wrote, or took from a caller: the types of the port say what it is. */
export function decodeJson(reply: unknown): unknown {
  return JSON.parse(decodeText(reply));
}
