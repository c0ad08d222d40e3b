import type { z } from 'zod';
import { lastKey, printable, type KeyPath, type Remark } from './remark.ts';
import { nodesAt } from './schema-tree.ts';
import { suggestWord } from './suggest.ts';
import { valueAt } from './written.ts';

type Issue = z.core.$ZodIssue;

/** What a problem of the schema means for people: one remark a key. */
export function describeIssue(issue: Issue, file: unknown): Remark[] {
  const path = toKeyPath(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, maxKeys).map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_union') return describeUnion(issue, file);
  if (issue.code === 'invalid_type') return [wrongType(path, [issue.expected], file)];
  if (issue.code === 'custom') return [refusedWord(issue, path)];
  const isKey = issue.code === 'invalid_key';
  // What is left carries a message of ours, because the schema gives one to each of its limits.
  const message = isKey ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [{ path, at: isKey ? 'key' : 'value', message: about(path, message), suggestion: null }];
}

// Nobody reads more, and each costs a search for the word that was meant.
const maxKeys = 100;

function toKeyPath(path: readonly PropertyKey[]): KeyPath {
  return path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
}

function about(path: KeyPath, what: string): string {
  if (path.length === 0) return `The file ${what}`;
  const entry = typeof path.at(-1) === 'number' ? 'An entry of ' : '';
  return `${entry}\`${lastKey(path)}\` ${what}`;
}

function unknownKey(path: KeyPath, key: string): Remark {
  const keys = nodesAt(path).flatMap(({ properties }) => Object.entries(properties));
  const current = keys.filter(([, node]) => node.olderAdvice === null).map(([name]) => name);
  const older = keys.map(([name]) => name);
  const meant = suggestWord(key, current) ?? suggestWord(key, older);
  const place = path.length === 0 ? 'at the top of the file' : `in \`${lastKey(path)}\``;
  const merge = key === '<<' ? 'Merge keys are not supported: write the keys out.' : null;
  const list = `Known here: ${current.join(', ')}.`;
  return {
    path: [...path, key],
    at: 'key',
    message: `Unknown key \`${printable(key, 60)}\` ${place}`,
    suggestion: merge ?? (meant === null ? list : `Did you mean \`${meant}\`?`),
  };
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

function wrongType(path: KeyPath, expected: readonly string[], file: unknown): Remark {
  const value = valueAt(file, path);
  const wanted = [...new Set(expected.map((type) => typeNames[type] ?? type))].join(' or ');
  if (value === undefined)
    return { path, at: 'key', message: about(path, 'is missing'), suggestion: `Write ${wanted}.` };
  if (value === null) {
    return {
      path,
      at: 'key',
      message: about(path, `is empty, but must be ${wanted}`),
      suggestion: 'Write it, or remove the key.',
    };
  }
  const message = about(path, `must be ${wanted}, not ${nameOf(value)}`);
  return { path, at: 'value', message, suggestion: suggestSpelling(value, expected) };
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'this number';
  return typeNames[typeof value] ?? typeof value;
}

const yes = new Set(['yes', 'on', 'y']);
const no = new Set(['no', 'off', 'n']);

function suggestSpelling(value: unknown, expected: readonly string[]): string | null {
  if (expected.includes('string') && typeof value !== 'object') return 'Put it in quotes.';
  if (typeof value !== 'string') return null;
  if (expected.includes('boolean')) {
    if (yes.has(value.toLowerCase())) return 'Write `true`.';
    if (no.has(value.toLowerCase())) return 'Write `false`.';
  }
  const isNumber = expected.includes('number') || expected.includes('int');
  if (isNumber && /^-?\d{1,15}(\.\d{1,15})?%?$/.test(value))
    return `Write \`${value.replace('%', '')}\`, without quotes or unit.`;
  return null;
}

function describeUnion(issue: z.core.$ZodIssueInvalidUnion, file: unknown): Remark[] {
  const path = toKeyPath(issue.path);
  const fitting = issue.errors.find((issues) => !issues.some(isOtherType));
  if (fitting !== undefined) {
    return fitting.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, file));
  }
  const expected = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []));
  return [wrongType(path, expected, file)];
}

function isOtherType(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function refusedWord(issue: z.core.$ZodIssueCustom, path: KeyPath): Remark {
  const { word, words, instead }: { word?: string; words?: readonly string[]; instead?: string | null } =
    issue.params ?? {};
  if (word === undefined || words === undefined) {
    return { path, at: 'value', message: about(path, issue.message), suggestion: null };
  }
  const meant = suggestWord(word, words);
  const shown = printable(word, 60);
  return {
    path,
    at: 'value',
    message: instead ? about(path, `cannot be \`${shown}\``) : about(path, `${issue.message}, not \`${shown}\``),
    suggestion: instead ?? (meant === null ? null : `Did you mean \`${meant}\`?`),
  };
}
