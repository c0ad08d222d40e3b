import type avsc from 'avsc';
import { OrchestraError } from '../errors.ts';
import type { Payloads } from '../events.generated.ts';
import type { Topic } from '../topics.ts';
import { type AvroType, currentType } from './event-type.ts';

/**
 * Encodes a payload with the current schema of its topic, without a frame. Half of a surrogate pair in a string
 * becomes U+FFFD; longs below -2^52 are not kept exactly by avsc, and no field has any.
 *
 * @throws OrchestraError `EVENT_NOT_VALID`, not retriable; the message names the fields at fault, never their values
 */
export function encodePayload<T extends Topic>(topic: T, payload: Payloads[T]): Buffer {
  const type = currentType(topic);
  const faults: string[] = [];
  // avsc drops undeclared fields without a word, so they are refused before.
  const valid = type.isValid(payload, {
    noUndeclaredFields: true,
    errorHook: (path, value, at) => faults.push(...describeFault(path, value, at)),
  });
  if (!valid) throw new OrchestraError('EVENT_NOT_VALID', `${topic}: ${faults.join('; ')}`);

  return type.toBuffer(payload);
}

function describeFault(path: readonly string[], value: unknown, type: AvroType): string[] {
  const place = path.length === 0 ? 'the payload' : path.join('.');
  if (value === undefined) return [`${place} is missing`];

  const undeclared = undeclaredFields(value, type).map((name) => `${[...path, name].join('.')} is not declared`);
  return undeclared.length > 0 ? undeclared : [`${place} is no ${nameOf(type)}`];
}

function nameOf(type: AvroType): string {
  return 'types' in type
    ? (type as avsc.types.UnwrappedUnionType).types.map(nameOf).join(' or ')
    : (type.name ?? type.typeName);
}

function undeclaredFields(value: unknown, type: AvroType): string[] {
  if (typeof value !== 'object' || value === null || type.typeName !== 'record') return [];

  const declared = new Set((type as avsc.types.RecordType).fields.map(({ name }) => name));
  return Object.keys(value).filter((name) => !declared.has(name));
}
