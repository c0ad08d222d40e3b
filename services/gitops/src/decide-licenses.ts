import type { Plan, SourceSlice } from '@orchestra/contracts';

/** One package of a lockfile. Null: the lockfile names no licence. */
export interface LockedPackage {
  name: string;
  version: string;
  license: string | null;
}

export type License = SourceSlice['licenses'][number];

/** Judges the licences of locked packages; denied and unknown ones only, denied first. An unknown one never passes for allowed. */
export function decideLicenses(packages: readonly LockedPackage[], policy: Plan['licenses']): License[] {
  const judged = packages.map(({ name, version, license }): License => ({
    name,
    version,
    license: license ?? 'unknown',
    verdict: license === null ? 'unknown' : judge(license, policy),
  }));
  const order = ['denied', 'unknown'];
  const told = judged.filter(({ verdict }) => verdict !== 'allowed');
  return told.toSorted((left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict));
}

function judge(expression: string, { deny, allow }: Plan['licenses']): License['verdict'] {
  const words = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  const allows = (license: string): boolean =>
    !deny.includes(license) && (allow.length === 0 || allow.includes(license));
  const read = readAlternatives(words, 0, allows);
  if (read === null || read.next !== words.length) return 'unknown';
  return read.value ? 'allowed' : 'denied';
}

interface Read {
  value: boolean;
  next: number;
}

type Allows = (license: string) => boolean;

// An SPDX expression: OR binds weaker than AND, WITH belongs to the licence before it.
function readAlternatives(words: readonly string[], start: number, allows: Allows): Read | null {
  let read = readAll(words, start, allows);
  while (read !== null && words[read.next] === 'OR') {
    const other: Read | null = readAll(words, read.next + 1, allows);
    read = other === null ? null : { value: read.value || other.value, next: other.next };
  }
  return read;
}

function readAll(words: readonly string[], start: number, allows: Allows): Read | null {
  let read = readOne(words, start, allows);
  while (read !== null && words[read.next] === 'AND') {
    const other: Read | null = readOne(words, read.next + 1, allows);
    read = other === null ? null : { value: read.value && other.value, next: other.next };
  }
  return read;
}

function readOne(words: readonly string[], start: number, allows: Allows): Read | null {
  const word = words[start];
  if (word === undefined || word === ')' || word === 'OR' || word === 'AND') return null;
  if (word === '(') {
    const inner = readAlternatives(words, start + 1, allows);
    return inner !== null && words[inner.next] === ')' ? { ...inner, next: inner.next + 1 } : null;
  }
  const exception = words[start + 1] === 'WITH' ? 2 : 0;
  return { value: allows(word), next: start + 1 + exception };
}
