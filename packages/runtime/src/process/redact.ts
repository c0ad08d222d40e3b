/** What stands in a log line where a secret was. */
const redacted = '[secret]';

/** Longest text of one value of a line, in characters; everything that is nested in it counts. */
const maxValueChars = 8192;

const maxDepth = 8;
const maxKeyChars = 128;
// What a key, a number or a bracket costs, so that a value of a million empty objects is cut as well.
const nodeChars = 8;

const secretKey =
  /passw|passphrase|^pwd$|secret|token|authorization|^auth$|cookie|signature|credential|api[-_]?key|access[-_]?key|private[-_]?key|signing[-_]?key/i;
// The part of an address before the last @: `user:password` or a bare token.
const userOfUrl = /\/\/[^\s/"<>]+@/g;
const secretHeader = /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(["']?\s*[:=]\s*)[^\r\n]+/gi;
const scheme = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;

interface Budget {
  charsLeft: number;
}

/**
 * Turns what is logged into plain JSON data without secrets: values under a key that names a secret, users and passwords
 * of URLs, headers with credentials inside of texts. Errors become their type, message, stack, cause and own fields.
 * Each value of the outermost object is cut at `maxValueChars`; getters that throw are said, never passed on.
 */
export function redactLine(line: object): Record<string, unknown> {
  if (line instanceof Error) return { err: shown(line, { charsLeft: maxValueChars }, 0) };
  return fieldsOf(Object.keys(line), (key) => {
    if (isSecret(key)) return censor(read(line, key));
    return shown(read(line, key), { charsLeft: maxValueChars }, 0);
  });
}

/** Masks the secrets that a text carries in itself, and cuts it at `maxValueChars`. */
export function redactText(text: string): string {
  return shownText(text, { charsLeft: maxValueChars });
}

function shown(value: unknown, budget: Budget, depth: number): unknown {
  budget.charsLeft -= nodeChars;
  if (typeof value === 'string') return shownText(value, budget);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return '[too deep]';
  if (budget.charsLeft <= 0) return '[cut]';
  return shownObject(value, budget, depth + 1);
}

function shownText(text: string, budget: Budget): string {
  // Masked first: a cut in the middle of a secret would hide it from the patterns.
  const masked = text
    .replace(userOfUrl, `//${redacted}@`)
    .replace(secretHeader, `$1$2${redacted}`)
    .replace(scheme, `$1 ${redacted}`);
  const room = Math.max(0, budget.charsLeft);
  budget.charsLeft -= masked.length;
  return masked.length <= room ? masked : `${masked.slice(0, room)} [cut]`;
}

function shownObject(value: object, budget: Budget, depth: number): unknown {
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value) || value instanceof Set) return shownList(value, budget, depth);
  if (value instanceof Map) return shownFields(Object.fromEntries(value), { budget, depth });
  if (value instanceof Error) return shownFields(value, { budget, depth, first: errorFields });
  const written = writtenBy(value);
  return written === value ? shownFields(value, { budget, depth }) : shown(written, budget, depth);
}

const errorFields = ['type', 'message', 'stack', 'cause', 'errors'];

// Dates, URLs and secrets write themselves.
function writtenBy(value: object): unknown {
  try {
    return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
  } catch {
    return '[unreadable]';
  }
}

function shownList(values: Iterable<unknown>, budget: Budget, depth: number): unknown[] {
  const list: unknown[] = [];
  for (const value of values) {
    if (budget.charsLeft <= 0) return [...list, '[cut]'];
    list.push(shown(value, budget, depth));
  }
  return list;
}

interface Fields {
  budget: Budget;
  depth: number;
  first?: readonly string[];
}

function shownFields(value: object, { budget, depth, first = [] }: Fields): Record<string, unknown> {
  return fieldsOf(new Set([...first, ...Object.keys(value)]), (key) => {
    if (budget.charsLeft <= 0) return undefined;
    const field = key === 'type' && value instanceof Error ? value.name : read(value, key);
    if (field === undefined) return undefined;
    budget.charsLeft -= key.length;
    return isSecret(key) ? censor(field) : shown(field, budget, depth);
  });
}

function fieldsOf(keys: Iterable<string>, valueOf: (key: string) => unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of keys) {
    const value = valueOf(key);
    if (value !== undefined) fields[key.slice(0, maxKeyChars)] = value;
  }
  return fields;
}

function isSecret(key: string): boolean {
  return secretKey.test(key);
}

// That there is none, or that there is one, is worth knowing and harmless.
function censor(value: unknown): unknown {
  return value === null || value === undefined || typeof value === 'boolean' ? value : redacted;
}

// A getter may throw; a log line never does.
function read(value: object, key: string): unknown {
  try {
    const field: unknown = Reflect.get(value, key);
    return field;
  } catch {
    return '[unreadable]';
  }
}
