import { describe, expect, it } from '@jest/globals';
import { releasedSchemas } from '../released-schemas.generated.ts';
import { topicNames } from '../topics.ts';
import { encodePayload } from './encode-payload.ts';
import { parseSchema } from './event-type.ts';
import { writeFrame } from './frame.ts';
import { createLocalCodec, localSchemaId } from './local-codec.ts';

const aBuild = { outcome: 'SUCCESS', reason: null, artifacts: [], durationMs: 5 } as const;

describe('createLocalCodec', () => {
  it.each(topicNames)('knows all released versions of %s', async (topic) => {
    const codec = createLocalCodec();

    for (const schema of releasedSchemas[topic]) {
      const schemaId = localSchemaId(schema);
      const body = parseSchema(schema).toBuffer(parseSchema(schema).random());

      await expect(codec.decode(topic, writeFrame({ schemaId, body }))).resolves.toBeDefined();
    }
  });

  it('reads in one process what another one wrote', async () => {
    const value = await createLocalCodec().encode('build_ready', aBuild);

    expect(await createLocalCodec().decode('build_ready', value)).toEqual(aBuild);
  });

  it('does not know a schema of nobody', async () => {
    const value = writeFrame({ schemaId: 1, body: encodePayload('build_ready', aBuild) });

    await expect(createLocalCodec().decode('build_ready', value)).rejects.toMatchObject({
      code: 'EVENT_SCHEMA_UNKNOWN',
      retriable: false,
    });
  });
});
