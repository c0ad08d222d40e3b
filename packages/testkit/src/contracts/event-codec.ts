import { beforeAll, describe, expect, it } from '@jest/globals';
import { type BuildReady, readFrame, topicNames, writeFrame } from '@orchestra/contracts';
import type { EventCodec } from '@orchestra/runtime';
import * as fc from 'fast-check';
import { arbitraryPayload } from '../arbitrary-payload.ts';

const aBuild: BuildReady = { outcome: 'SUCCESS', reason: null, artifacts: [], durationMs: 5 };
// No registry hands out ids that high.
const unusedId = 2 ** 31 - 2;

/**
 * The promises of the port `EventCodec`. Every codec passes it.
 *
 * @param create called once, before the first test; the codec knows the current schemas
 */
export function testEventCodec(name: string, create: () => Promise<EventCodec>): void {
  describe(`${name} as an event codec`, () => {
    let codec: EventCodec;

    beforeAll(async () => {
      codec = await create();
    });

    it.each(topicNames)('reads every payload of %s as it was written', async (topic) => {
      const writeAndRead = fc.asyncProperty(arbitraryPayload(topic), async (payload) => {
        expect(await codec.decode(topic, await codec.encode(topic, payload))).toEqual(payload);
      });

      await fc.assert(writeAndRead);
    });

    it('frames values with the same schema id each time', async () => {
      const one = readFrame(await codec.encode('build_ready', aBuild));
      const other = readFrame(await codec.encode('build_ready', { ...aBuild, durationMs: 6 }));

      expect(one.schemaId).toBeGreaterThan(0);
      expect(one.schemaId).toBeLessThan(2 ** 31);
      expect(other.schemaId).toBe(one.schemaId);
    });

    it('refuses to write what is not valid, and names the field', async () => {
      // eslint-disable-next-line typescript/consistent-type-assertions -- what the compiler would refuse
      const wrong = { ...aBuild, durationMs: 'long', tag: 'v1' } as unknown as BuildReady;

      const encode = codec.encode('build_ready', wrong);

      await expect(encode).rejects.toMatchObject({ code: 'EVENT_NOT_VALID', retriable: false });
      await expect(encode).rejects.toThrow(/durationMs|tag/);
    });

    it.each([
      ['no bytes', Buffer.alloc(0)],
      ['a frame cut short', Buffer.from([0, 0, 0, 0])],
      ['magic byte 1', Buffer.from([1, 0, 0, 0, 1, 0])],
    ])('refuses to read %s', async (_, value) => {
      await expect(codec.decode('build_ready', value)).rejects.toMatchObject({
        code: 'EVENT_NOT_FRAMED',
        retriable: false,
      });
    });

    it.each([0, unusedId, 2 ** 31, 2 ** 32 - 1])('refuses to read the unknown schema %s', async (schemaId) => {
      const value = writeFrame({ schemaId, body: Buffer.from([2, 0, 0, 10]) });

      await expect(codec.decode('build_ready', value)).rejects.toMatchObject({
        code: 'EVENT_SCHEMA_UNKNOWN',
        retriable: false,
      });
    });

    it.each<[string, number[]]>([
      ['that is cut short', [2, 0, 0]],
      ['with bytes behind its end', [2, 0, 0, 10, 0]],
      ['whose array claims two billion items', [2, 0, 0x80, 0xd0, 0xac, 0xf3, 0x0e, 0]],
      ['with a string of negative size', [2, 2, 3, 0, 0]],
    ])('refuses to read a body %s', async (_, bytes) => {
      const { schemaId } = readFrame(await codec.encode('build_ready', aBuild));
      const value = writeFrame({ schemaId, body: Buffer.from(bytes) });

      await expect(codec.decode('build_ready', value)).rejects.toMatchObject({
        code: 'EVENT_NOT_DECODABLE',
        retriable: false,
      });
    });

    it('refuses to read the record of another topic', async () => {
      const value = await codec.encode('build_ready', aBuild);

      await expect(codec.decode('code_push', value)).rejects.toMatchObject({
        code: 'EVENT_NOT_DECODABLE',
        retriable: false,
      });
    });
  });
}
