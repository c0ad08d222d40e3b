import { describe, expect, it } from '@jest/globals';
import type { BuildReady, CodePush } from '../events.generated.ts';
import { encodePayload } from './encode-payload.ts';

const aBuild: BuildReady = {
  outcome: 'SUCCESS',
  reason: null,
  artifacts: [{ name: 'app', kind: 'ARCHIVE', digest: 'sha256:00', sizeBytes: 1, reference: null }],
  durationMs: 5,
};

describe('encodePayload', () => {
  it('encodes a valid payload without a frame', () => {
    expect(encodePayload('build_ready', { ...aBuild, artifacts: [] })).toEqual(Buffer.from([2, 0, 0, 10]));
  });

  it.each<[string, unknown, string]>([
    ['a wrong value', { ...aBuild, durationMs: 'long' }, 'durationMs is no long'],
    ['a fraction for a whole number', { ...aBuild, durationMs: 1.5 }, 'durationMs is no long'],
    ['a number beyond 2^53', { ...aBuild, durationMs: 2 ** 53 }, 'durationMs is no long'],
    [
      'a value deep inside',
      { ...aBuild, artifacts: [{ ...aBuild.artifacts[0], digest: 7 }] },
      'artifacts.0.digest is no string',
    ],
    ['an unknown symbol', { ...aBuild, outcome: 'GREAT' }, 'outcome is no dev.devopsorchestra.events.Outcome'],
    ['a missing field', { ...aBuild, artifacts: undefined }, 'artifacts is missing'],
    ['an undeclared field', { ...aBuild, colour: 'red' }, 'colour is not declared'],
    [
      'an undeclared field deep inside',
      { ...aBuild, artifacts: [{ ...aBuild.artifacts[0], tag: 'x' }] },
      'artifacts.0.tag is not declared',
    ],
    ['no record at all', null, 'the payload is no dev.devopsorchestra.events.BuildReady'],
  ])('refuses %s and names the field', (_, payload, fault) => {
    expect(() => encodePayload('build_ready', payload as BuildReady)).toThrow(
      expect.objectContaining({ code: 'EVENT_NOT_VALID', retriable: false, message: `build_ready: ${fault}` }),
    );
  });

  it('names all fields at fault, and no values', () => {
    const payload = { ...aBuild, reason: 5, durationMs: 'secret' } as unknown as BuildReady;

    expect(() => encodePayload('build_ready', payload)).toThrow(
      'build_ready: reason is no null or string; durationMs is no long',
    );
  });

  it('refuses the payload of another topic', () => {
    expect(() => encodePayload('code_push', aBuild as unknown as CodePush)).toThrow(
      expect.objectContaining({ code: 'EVENT_NOT_VALID' }),
    );
  });
});
