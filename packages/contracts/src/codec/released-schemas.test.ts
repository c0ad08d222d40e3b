import { describe, expect, it } from '@jest/globals';
import { releasedSchemas } from '../released-schemas.generated.ts';
import { schemas } from '../schemas.generated.ts';
import { type Topic, topicNames } from '../topics.ts';
import { parseSchema } from './event-type.ts';
import { localSchemaId } from './local-codec.ts';

describe.each(topicNames)('the versions of %s', (topic) => {
  const pairs = versionsOf(topic).flatMap((writer) => versionsOf(topic).map((reader) => [writer, reader] as const));

  it.each(pairs)('lets version $name be read as version $name', (writer, reader) => {
    expect(() => parseSchema(reader.schema).createResolver(parseSchema(writer.schema))).not.toThrow();
  });

  it.each(versionsOf(topic))(
    'gives each enum of version $name the default UNRECOGNIZED as its first symbol',
    ({ schema }) => {
      for (const { symbols, default: fallback } of enumsOf(schema)) {
        expect(fallback).toBe('UNRECOGNIZED');
        expect(symbols[0]).toBe('UNRECOGNIZED');
      }
    },
  );

  it('has a released version', () => {
    expect(releasedSchemas[topic].length).toBeGreaterThan(0);
  });
});

describe('localSchemaId', () => {
  it('tells all versions of all topics apart', () => {
    const latest = topicNames.map((topic) => localSchemaId(schemas[topic]));

    expect(new Set(latest).size).toBe(topicNames.length);
    for (const id of latest) expect(id).toBeGreaterThan(0);
  });

  it('depends on the content alone', () => {
    expect(localSchemaId(structuredClone(schemas.build_ready))).toBe(localSchemaId(schemas.build_ready));
  });
});

interface Enumeration {
  symbols: readonly string[];
  default?: string;
}

function versionsOf(topic: Topic): { name: string; schema: object }[] {
  const released = releasedSchemas[topic].map((schema, index) => ({ name: `${index + 1}`, schema }));
  return [...released, { name: 'current', schema: schemas[topic] }];
}

function enumsOf(schema: unknown): Enumeration[] {
  if (typeof schema !== 'object' || schema === null) return [];

  const within = Object.values(schema).flatMap(enumsOf);
  return 'symbols' in schema ? [schema as Enumeration, ...within] : within;
}
