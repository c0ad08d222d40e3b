import { type Payloads, schemas, type Topic } from '@orchestra/contracts';
import * as fc from 'fast-check';

// avsc refuses longs above this one. Below the other it writes wrong digits, but no long of ours is negative.
const largestLong = 2 ** 53 - 2;
const smallestLong = -(2 ** 52);

// Each is made when it is first asked for: all characters take fast-check most of a second.
const primitives: Record<string, () => fc.Arbitrary<unknown>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  int: () => fc.integer(),
  long: () => fc.maxSafeInteger().map((long) => Math.max(smallestLong, Math.min(largestLong, long))),
  double: () => fc.double(),
  string: () => fc.string({ unit: 'binary' }),
};

/** Draws payloads of a topic from its current schema: every one of them is valid. */
export function arbitraryPayload<T extends Topic>(topic: T): fc.Arbitrary<Payloads[T]> {
  const named = new Map<string, fc.Arbitrary<unknown>>();
  // What is drawn from the schema has the type that is generated from the same schema.
  // eslint-disable-next-line typescript/consistent-type-assertions -- a parser of schemas, in effect
  return arbitraryOf(schemas[topic], named) as fc.Arbitrary<Payloads[T]>;
}

type Named = Map<string, fc.Arbitrary<unknown>>;

function arbitraryOf(schema: unknown, named: Named): fc.Arbitrary<unknown> {
  if (typeof schema === 'string') return known(schema, named);
  if (Array.isArray(schema)) return fc.oneof(...schema.map((branch) => arbitraryOf(branch, named)));
  if (!isComplex(schema)) throw new TypeError(`no schema: ${JSON.stringify(schema)}`);

  const arbitrary = arbitraryOfComplex(schema, named);
  if (schema.name !== undefined) named.set(schema.name, arbitrary);
  return arbitrary;
}

interface Complex {
  type: unknown;
  name?: string;
  symbols?: string[];
  items?: unknown;
  fields?: { name: string; type: unknown }[];
}

function isComplex(schema: unknown): schema is Complex {
  return typeof schema === 'object' && schema !== null && 'type' in schema;
}

function arbitraryOfComplex({ type, symbols, items, fields }: Complex, named: Named): fc.Arbitrary<unknown> {
  if (symbols !== undefined) return fc.constantFrom(...symbols);
  if (items !== undefined) return fc.array(arbitraryOf(items, named), { maxLength: 4 });
  if (fields === undefined) return arbitraryOf(type, named);
  // Without a prototype of null: what the codec reads has one as well.
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, arbitraryOf(field.type, named)])), {
    noNullPrototype: true,
  });
}

function known(name: string, named: Named): fc.Arbitrary<unknown> {
  const arbitrary = named.get(name) ?? primitives[name]?.();
  if (arbitrary === undefined) throw new TypeError(`no schema ${name}`);
  named.set(name, arbitrary);
  return arbitrary;
}
