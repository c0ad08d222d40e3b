import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type BuildReady,
  readFrame,
  releasedSchemas,
  schemas,
  type Topic,
  topicNames,
  writeFrame,
} from '@orchestra/contracts';
import { eventually, type HttpFake, startHttpFake, testEventCodec } from '@orchestra/testkit';
import { randomUUID } from 'node:crypto';
import { registerSchema, registerSchemas } from './register-schemas.ts';
import { createRegistryClient, type RegistryOptions, subjectOf } from './registry-client.ts';
import { createRegistryCodec } from './registry-codec.ts';

const url = process.env['SCHEMA_REGISTRY_URL'] ?? '';
const aBuild: BuildReady = { outcome: 'SUCCESS', reason: null, artifacts: [], durationMs: 5 };

/** The real registry, under subjects that no other test uses. */
function ownSubjects(): RegistryOptions {
  const prefix = randomUUID();
  return { url, subjectOf: (topic: Topic) => `test-${prefix}-${topic}-value` };
}

testEventCodec('createRegistryCodec', async () => {
  const options = ownSubjects();
  await registerSchemas(options);
  return createRegistryCodec(options);
});

describe('registerSchemas', () => {
  it('registers again without a new version, so the init job may be repeated', async () => {
    const options = ownSubjects();
    await registerSchemas(options);
    const before = readFrame(await createRegistryCodec(options).encode('build_ready', aBuild));

    await registerSchemas(options);

    expect(readFrame(await createRegistryCodec(options).encode('build_ready', aBuild)).schemaId).toBe(before.schemaId);
  });

  it('registers once when init jobs of several machines come at the same time', async () => {
    const options = ownSubjects();

    await Promise.all(Array.from({ length: 6 }, () => registerSchemas(options)));

    expect(readFrame(await createRegistryCodec(options).encode('build_ready', aBuild)).schemaId).toBeGreaterThan(0);
  });

  it('F14 is refused by the registry when old readers could not live with a schema', async () => {
    const options = ownSubjects();
    await registerSchemas(options);
    const [, ...withoutOutcome] = schemas.build_ready.fields;
    const schema = { ...schemas.build_ready, fields: [...withoutOutcome, { name: 'colour', type: 'string' }] };

    const register = registerSchema(createRegistryClient(options), options, { topic: 'build_ready', schema });

    await expect(register).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE', retriable: false });
  });

  it('F14 takes the released versions of every topic one after the other', async () => {
    const options = ownSubjects();
    await registerSchemas(options);
    const client = createRegistryClient(options);
    const versions = topicNames.flatMap((topic) => releasedSchemas[topic].map((schema) => ({ topic, schema })));

    for (const version of versions) await registerSchema(client, options, version);

    expect(versions.length).toBeGreaterThan(topicNames.length);
  });

  it('reports a registry that is away as retriable', async () => {
    await expect(registerSchemas({ url: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
      retriable: true,
    });
  });
});

describe('createRegistryCodec', () => {
  it('reads a version that came later, by the id that its frame names', async () => {
    const options = ownSubjects();
    await registerSchemas(options);
    const codec = createRegistryCodec(options);
    const client = createRegistryClient(options);
    const later = {
      ...schemas.build_ready,
      fields: [...schemas.build_ready.fields, { name: 'tags', type: { type: 'array', items: 'string' }, default: [] }],
    };
    await registerSchema(client, options, { topic: 'build_ready', schema: later });
    const laterId = await client.getLatestSchemaId(subjectOf(options, 'build_ready'));

    const value = await client.encode(laterId, { ...aBuild, tags: ['a'] });

    expect(await codec.decode('build_ready', value)).toEqual(aBuild);
  });

  it('F13 refuses to start without the schemas, and never registers them', async () => {
    const codec = createRegistryCodec(ownSubjects());

    await expect(codec.lookUp()).rejects.toMatchObject({ code: 'SCHEMA_MISSING', retriable: false });
    await expect(codec.encode('build_ready', aBuild)).rejects.toMatchObject({ code: 'SCHEMA_MISSING' });
  });
});

describe('createRegistryCodec with a registry that misbehaves', () => {
  const fakes: HttpFake[] = [];
  const unavailable = { code: 'REGISTRY_UNAVAILABLE', retriable: true };
  const value = writeFrame({ schemaId: 7, body: Buffer.from([2, 0, 0, 10]) });

  afterEach(async () => {
    await Promise.all(fakes.splice(0).map(async (fake) => fake.close()));
  });

  async function startFake(answer: Parameters<typeof startHttpFake>[0]): Promise<HttpFake> {
    const fake = await startHttpFake(answer);
    fakes.push(fake);
    return fake;
  }

  const schemaSeven = { status: 200, body: { schema: JSON.stringify(schemas.build_ready) } };
  const notFound = { status: 404, body: { error_code: 40403, message: 'Schema not found' } };

  it('F13 waits for a registry that refuses the connection', async () => {
    const codec = createRegistryCodec({ url: 'http://127.0.0.1:1' });

    await expect(codec.lookUp(['build_ready'])).rejects.toMatchObject(unavailable);
    await expect(codec.encode('build_ready', aBuild)).rejects.toMatchObject(unavailable);
    await expect(codec.decode('build_ready', value)).rejects.toMatchObject(unavailable);
  });

  it('F13 waits for a registry that takes requests and never answers, up to the limit', async () => {
    const fake = await startFake(() => null);
    const codec = createRegistryCodec({ url: fake.url, timeoutMs: 100 });

    const told = { ...unavailable, cause: { message: expect.stringContaining('Timeout (100ms)') } };
    await expect(codec.decode('build_ready', value)).rejects.toMatchObject(told);
  });

  it.each([400, 401, 403, 429, 500, 503])('F13 takes the status %s for an outage, never for poison', async (status) => {
    const fake = await startFake(() => ({ status, body: { message: 'no' } }));
    const codec = createRegistryCodec({ url: fake.url });

    await expect(codec.decode('build_ready', value)).rejects.toMatchObject(unavailable);
    await expect(codec.encode('build_ready', aBuild)).rejects.toMatchObject(unavailable);
  });

  it('F13 reads on with the ids that it knows while the registry is away', async () => {
    const fake = await startFake(() => schemaSeven);
    const codec = createRegistryCodec({ url: fake.url });
    await codec.decode('build_ready', value);

    await fake.close();

    await expect(codec.decode('build_ready', value)).resolves.toEqual(aBuild);
    const other = writeFrame({ schemaId: 8, body: Buffer.alloc(4) });
    await expect(codec.decode('build_ready', other)).rejects.toMatchObject(unavailable);
  });

  it('F13 asks once for an id that does not exist, and remembers that', async () => {
    const fake = await startFake(() => notFound);
    const codec = createRegistryCodec({ url: fake.url });

    for (let time = 0; time < 3; time += 1) {
      await expect(codec.decode('build_ready', value)).rejects.toMatchObject({ code: 'EVENT_SCHEMA_UNKNOWN' });
    }

    expect(fake.seen).toHaveLength(1);
  });

  it('asks once for an id that exists, however many records come', async () => {
    const fake = await startFake(() => schemaSeven);
    const codec = createRegistryCodec({ url: fake.url });

    await codec.decode('build_ready', value);
    await Promise.all(Array.from({ length: 20 }, async () => codec.decode('build_ready', value)));

    expect(fake.seen.map(({ path }) => path)).toEqual(['/schemas/ids/7']);
  });

  it('never asks for an id that no registry hands out', async () => {
    const fake = await startFake(() => notFound);
    const codec = createRegistryCodec({ url: fake.url });

    for (const schemaId of [0, 2 ** 31, 2 ** 32 - 1]) {
      const hostile = writeFrame({ schemaId, body: Buffer.alloc(0) });
      await expect(codec.decode('build_ready', hostile)).rejects.toMatchObject({ code: 'EVENT_SCHEMA_UNKNOWN' });
    }

    expect(fake.seen).toEqual([]);
  });

  it.each([
    ['of another kind', { schemaType: 'PROTOBUF', schema: 'syntax = "proto3"; message M { string a = 1; }' }],
    ['that is no schema', { schema: '{"type":"nonsense"}' }],
    ['of another record', { schema: JSON.stringify(schemas.code_push) }],
    ['that is no record', { schema: '"string"' }],
  ])('F14 takes a schema %s for poison', async (_, body) => {
    const fake = await startFake(() => ({ status: 200, body }));
    const codec = createRegistryCodec({ url: fake.url });

    await expect(codec.decode('build_ready', value)).rejects.toMatchObject({
      code: 'EVENT_NOT_DECODABLE',
      retriable: false,
    });
  });

  it('F13 finds the registry again by itself', async () => {
    const fake = await startFake(() => schemaSeven);
    fake.next.push({ status: 503 }, { status: 503 }, { status: 503 });
    const codec = createRegistryCodec({ url: fake.url });

    const answers = await eventually({
      see: async () => codec.decode('build_ready', value).catch(() => null),
      until: (answer) => answer !== null,
    });

    expect(answers).toEqual(aBuild);
  });
});
