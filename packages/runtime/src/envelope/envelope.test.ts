import { describe, expect, it } from '@jest/globals';
import { readEnvelope, writeEnvelope, type Envelope } from './envelope.ts';
import { eventIdOf, jobIdOf, nameId } from './identity.ts';

const envelope: Envelope = {
  id: 'e1',
  source: 'build',
  subject: 'build',
  time: new Date('2026-01-01T00:00:00Z'),
  runId: 'r1',
  causeId: 'e0',
  generation: 2,
  hops: 3,
  traceparent: null,
};

describe('the envelope', () => {
  it('reads back what it wrote', () => {
    expect(readEnvelope(writeEnvelope('build_ready', envelope))).toEqual(envelope);
  });

  it('may belong to no run', () => {
    const written = writeEnvelope('operator_command', { ...envelope, runId: null });

    expect(readEnvelope(written).runId).toBeNull();
  });

  it('names every header at fault', () => {
    const headers = { ...writeEnvelope('build_ready', envelope), ce_id: '', ce_hops: 'many' };

    expect(() => readEnvelope(headers)).toThrow(/ce_id.*ce_hops/s);
  });

  it('refuses a source that is no service', () => {
    const headers = { ...writeEnvelope('build_ready', envelope), ce_source: '/orchestra/intruder' };

    expect(() => readEnvelope(headers)).toThrow(expect.objectContaining({ code: 'EVENT_ENVELOPE_INVALID' }));
  });
});

describe('ids', () => {
  it('are UUIDs of version 5 that depend on every word', () => {
    expect(jobIdOf('build', 'e1', 'build')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(new Set([nameId('a', 'bc'), nameId('ab', 'c'), nameId('a', 'b', 'c')]).size).toBe(3);
  });

  it('are the same for a job that is done twice', () => {
    expect(eventIdOf('j1', 'build_ready', 0)).toBe(eventIdOf('j1', 'build_ready', 0));
  });
});
