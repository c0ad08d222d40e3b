import avsc from 'avsc';
import { schemas } from '../schemas.generated.ts';
import type { Topic } from '../topics.ts';

/** A schema compiled by avsc. */
export type AvroType = avsc.Type;

const currentTypes = new Map<Topic, AvroType>();

/**
 * Compiles a schema. Each call has names of its own, so the `Outcome` of one topic is not that of another.
 *
 * @throws Error of avsc when the text is no schema, or has a union that is not `["null", T]`-like
 */
export function parseSchema(schema: object): AvroType {
  return avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: 'never' });
}

/** The compiled schema of a topic in this version: what we write, and what we read everything as. */
export function currentType(topic: Topic): AvroType {
  const known = currentTypes.get(topic);
  if (known !== undefined) return known;

  const type = parseSchema(schemas[topic]);
  currentTypes.set(topic, type);
  return type;
}
