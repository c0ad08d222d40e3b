import { hash } from 'node:crypto';

// The namespace of all our names; any constant UUID serves, as long as it never changes.
const namespace = Buffer.from('7b0e3c0e6f6b5d0c9a5f4f7a8d1c2e3b', 'hex');

/**
 * A UUIDv5 of some words, with our namespace. The same words give the same id, in any process and at any time.
 *
 * @see RFC 9562, section 5.5
 */
export function nameId(...words: readonly (string | number)[]): string {
  const digest = hash('sha1', Buffer.concat([namespace, Buffer.from(JSON.stringify(words))]), 'buffer');
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The id of the job that a cause gives to a service for a unit. */
export function jobIdOf(service: string, cause: string, unit: string): string {
  return nameId('job', service, cause, unit);
}

/** The id of an event: a job done twice says the same thing twice. */
export function eventIdOf(jobId: string, topic: string, index: number): string {
  return nameId('event', jobId, topic, index);
}

/** The id of a gate, protocol section 4. */
export function gateIdOf(gate: { service: string; runId: string; generation: number; unit: string }): string {
  return `gate:${gate.service}:${gate.runId}:${gate.generation}:${gate.unit}`;
}
