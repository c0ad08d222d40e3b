import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { schemas } from '../schemas.generated.ts';
import { OrchestraError } from '../errors.ts';
import { topicNames } from '../topics.ts';
import { createPayloadDecoder, type PayloadDecoder } from './decode-payload.ts';
import { parseSchema } from './event-type.ts';

const notDecodable = expect.objectContaining({ code: 'EVENT_NOT_DECODABLE', retriable: false });

/** build_ready of an imagined later version, with a list and a map that this version skips. */
const laterBuild = {
  ...schemas.build_ready,
  fields: [
    { name: 'tags', type: { type: 'array', items: 'string' }, default: [] },
    { name: 'labels', type: { type: 'map', values: 'string' }, default: {} },
    ...schemas.build_ready.fields,
  ],
};

describe('createPayloadDecoder', () => {
  it('reads what a later version wrote, without the fields that this one does not know', () => {
    const decoder = decoderFor('build_ready', laterBuild);
    const build = { outcome: 'SUCCESS', reason: null, artifacts: [], durationMs: 1 };
    const body = parseSchema(laterBuild).toBuffer({ ...build, tags: ['a', 'b'], labels: { c: 'd' } });

    expect(decoder.decode('build_ready', { schemaId: 1, body })).toEqual(build);
  });

  it('reads a symbol of a later version as UNRECOGNIZED', () => {
    const [outcome, ...rest] = schemas.build_ready.fields;
    const symbols = [...outcome.type.symbols, 'GREAT'];
    const writer = { ...schemas.build_ready, fields: [{ ...outcome, type: { ...outcome.type, symbols } }, ...rest] };
    const decoder = decoderFor('build_ready', writer);
    const body = parseSchema(writer).toBuffer({ outcome: 'GREAT', reason: null, artifacts: [], durationMs: 1 });

    expect(decoder.decode('build_ready', { schemaId: 1, body }).outcome).toBe('UNRECOGNIZED');
  });

  it('refuses a schema that cannot be read as the topic', () => {
    expect(() => decoderFor('build_ready', schemas.code_push)).toThrow(notDecodable);
    expect(() => decoderFor('build_ready', { type: 'nonsense' })).toThrow(notDecodable);
  });

  it('refuses a writer that it was not told of', () => {
    expect(() => createPayloadDecoder().decode('build_ready', { schemaId: 1, body: Buffer.alloc(4) })).toThrow(
      notDecodable,
    );
  });

  it('knows a writer only for the topic it was learned for', () => {
    const decoder = decoderFor('build_ready', schemas.build_ready);

    expect(decoder.knows('build_ready', 1)).toBe(true);
    expect(decoder.knows('code_push', 1)).toBe(false);
    expect(decoder.knows('build_ready', 2)).toBe(false);
  });
});

describe('createPayloadDecoder on hostile bodies', () => {
  const twoBillion = [0x80, 0xd0, 0xac, 0xf3, 0x0e];
  const minusTwoBillion = [0xff, 0xcf, 0xac, 0xf3, 0x0e];

  // The first bytes are outcome SUCCESS and reason null; then the array of artifacts begins.
  it.each<[string, number[]]>([
    ['an array that claims two billion items', [2, 0, ...twoBillion, 0]],
    ['an array of minus two billion items with a size', [2, 0, ...minusTwoBillion, 2, 0]],
    ['a string of two billion bytes', [2, 2, ...twoBillion]],
    ['a string of negative size', [2, 2, 3, 0, 0]],
    ['a string of negative size that leads back to its own array', [2, 0, 2, 3]],
    ['an unknown branch of a union', [2, 8, 0, 0]],
    ['an unknown symbol', [0x40, 0, 0, 0]],
    ['a number that never ends', [2, 0, 0, ...Array<number>(64).fill(0xff)]],
    ['bytes behind the end', [2, 0, 0, 10, 0]],
    ['no bytes', []],
  ])('refuses %s', (_, bytes) => {
    const decoder = decoderFor('build_ready', schemas.build_ready);

    expect(() => decoder.decode('build_ready', { schemaId: 1, body: Buffer.from(bytes) })).toThrow(notDecodable);
  });

  it.each<[string, number[]]>([
    ['an array that claims two billion items', [...twoBillion, 0]],
    ['an array with a negative block size', [1, 1]],
    ['an array with a negative block size that leads back', [1, 3]],
    ['a map that claims two billion entries', [0, ...twoBillion, 0]],
    ['a map with a negative block size', [0, 1, 1]],
    ['a map whose key has a negative size', [0, 2, 3, 0]],
  ])('refuses %s in a field that it skips', (_, bytes) => {
    const decoder = decoderFor('build_ready', laterBuild);

    expect(() => decoder.decode('build_ready', { schemaId: 1, body: Buffer.from(bytes) })).toThrow(notDecodable);
  });

  it.each(topicNames)('answers every body of %s with a payload or a refusal', (topic) => {
    const decoder = decoderFor(topic, schemas[topic]);

    const anyBody = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.constantFrom(0, 1, 2, 3, 4, 0x7f, 0x80, 0xff)),
    );
    fc.assert(
      fc.property(anyBody, (bytes) => {
        const frame = { schemaId: 1, body: Buffer.from(bytes) };

        expect(['payload', 'EVENT_NOT_DECODABLE']).toContain(answerOf(() => decoder.decode(topic, frame)));
      }),
    );
  });
});

function decoderFor(topic: (typeof topicNames)[number], schema: object): PayloadDecoder {
  const decoder = createPayloadDecoder();
  decoder.learn(topic, { schemaId: 1, schema });
  return decoder;
}

function answerOf(decode: () => unknown): string {
  try {
    decode();
    return 'payload';
  } catch (error) {
    return error instanceof OrchestraError ? error.code : String(error);
  }
}
