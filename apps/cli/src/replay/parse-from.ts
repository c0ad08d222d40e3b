import type { RangeStart } from '@orchestra/runtime';
import { InvalidArgumentError } from 'commander';

/** Where a replay begins: `oldest`, a time, an offset of the first partition, or `partition:offset`. */
export function parseFrom(text: string): RangeStart {
  if (text === 'oldest') return { kind: 'oldest' };
  const { partition = '0', offset } = /^(?:(?<partition>\d{1,6}):)?(?<offset>\d{1,19})$/.exec(text)?.groups ?? {};
  if (offset !== undefined) return { kind: 'offset', partition: Number(partition), offset };
  const at = new Date(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(at.getTime())) return { kind: 'time', at };
  throw new InvalidArgumentError('It is oldest, a time such as 2030-01-31T12:00:00Z, an offset, or partition:offset.');
}
