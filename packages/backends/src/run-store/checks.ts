/** Looks at one value and returns what is wrong with it, one sentence each; empty: nothing. */
export type Check = (value: unknown, path: string) => string[];

// Generous bounds: they keep out mistakes, not work. A step has to fit into one message to the store.
const longestText = 1_048_576;
const longestList = 5_000;
const longestMs = 100 * 366 * 86_400_000;

/** A text of at least one character: ids, keys, words. */
export function text(value: unknown, path: string): string[] {
  const fits = typeof value === 'string' && value.length > 0 && value.length <= longestText;
  return fits ? [] : [`${path} must be a text of 1 to ${longestText} characters`];
}

/** A text that may be empty: what people wrote. */
export function anyText(value: unknown, path: string): string[] {
  const fits = typeof value === 'string' && value.length <= longestText;
  return fits ? [] : [`${path} must be a text of at most ${longestText} characters`];
}

/** A whole number from 0: counts, versions, tokens. */
export function count(value: unknown, path: string): string[] {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? [] : [`${path} must be a whole number from 0`];
}

/** A duration in whole milliseconds, up to a hundred years, so that a due time stays exact. */
export function duration(value: unknown, path: string): string[] {
  const fits = Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= longestMs;
  return fits ? [] : [`${path} must be whole milliseconds from 0 to ${longestMs}`];
}

/** A number that JSON can hold. */
export function finite(value: unknown, path: string): string[] {
  return Number.isFinite(value) ? [] : [`${path} must be a number`];
}

export function flag(value: unknown, path: string): string[] {
  return typeof value === 'boolean' ? [] : [`${path} must be true or false`];
}

/** A text that holds JSON. */
export function json(value: unknown, path: string): string[] {
  if (typeof value !== 'string') return [`${path} must be JSON text`];
  return parses(value) ? [] : [`${path} must be JSON text`];
}

function parses(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** Anything that can be written as JSON. */
export function jsonSafe(value: unknown, path: string): string[] {
  try {
    JSON.stringify(value);
    return [];
  } catch {
    return [`${path} must be writable as JSON`];
  }
}

export function bytes(value: unknown, path: string): string[] {
  return Buffer.isBuffer(value) ? [] : [`${path} must be a Buffer`];
}

export function instant(value: unknown, path: string): string[] {
  const fits = typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return fits ? [] : [`${path} must be a time in ISO 8601`];
}

export function oneOf(words: readonly string[]): Check {
  return (value, path) =>
    typeof value === 'string' && words.includes(value) ? [] : [`${path} must be one of ${words.join(', ')}`];
}

export function nullable(check: Check): Check {
  return (value, path) => (value === null ? [] : check(value, path));
}

/** A field that may be left out. */
export function optional(check: Check): Check {
  return (value, path) => (value === undefined ? [] : check(value, path));
}

export function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > longestList) {
      return [`${path} must be a list of at most ${longestList}`];
    }
    return value.flatMap((element, index) => check(element, `${path}[${index}]`));
  };
}

export function recordOf(check: Check): Check {
  return (value, path) => {
    if (!isRecord(value) || Object.keys(value).length > longestList) return [`${path} must be an object`];
    return Object.entries(value).flatMap(([key, element]) => [
      ...text(key, `a key of ${path}`),
      ...check(element, `${path}.${key}`),
    ]);
  };
}

/** An object with these fields; others are not looked at. */
export function shape(fields: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(fields);
  return (value, path) => {
    if (!isRecord(value)) return [`${path} must be an object`];
    const problems: string[] = [];
    for (const [key, check] of entries) problems.push(...check(value[key], `${path}.${key}`));
    return problems;
  };
}

/** Several checks of one value; a later one is asked only when the earlier ones are content. */
export function all(...checks: readonly Check[]): Check {
  return (value, path) => {
    for (const check of checks) {
      const problems = check(value, path);
      if (problems.length > 0) return problems;
    }
    return [];
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
