import { z } from 'zod';

const field = z.object({ name: z.string(), doc: z.string().optional(), type: z.json() });
const record = z.object({
  type: z.literal('record'),
  name: z.string(),
  doc: z.string().optional(),
  fields: z.array(field),
});
const enumeration = z.object({ type: z.literal('enum'), name: z.string(), symbols: z.array(z.string()) });
const list = z.object({ type: z.literal('array'), items: z.json() });
const optional = z.tuple([z.literal('null'), z.json()]);

const primitives: Record<string, string> = {
  string: 'string',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  bytes: 'Buffer',
};

type Json = z.core.util.JSONType;

/** Renders one TypeScript declaration a named Avro type; the same name in two schemas has to mean the same type. */
export function renderEventTypes(schemas: Record<string, Json>): string {
  const declared = new Map<string, string>();
  for (const schema of Object.values(schemas)) renderType(schema, declared);
  const payloads = Object.entries(schemas).map(([topic, schema]) => `  ${topic}: ${record.parse(schema).name};`);
  return `${[...declared.values()].join('\n')}\n/** The payload of each topic. */\nexport interface Payloads {\n${payloads.join('\n')}\n}\n`;
}

function renderType(type: Json, declared: Map<string, string>): string {
  if (typeof type === 'string') return primitives[type] ?? type;
  const nullable = optional.safeParse(type);
  if (nullable.success) return `${renderType(nullable.data[1], declared)} | null`;
  const array = list.safeParse(type);
  if (array.success) return `readonly ${renderType(array.data.items, declared)}[]`;
  const choice = enumeration.safeParse(type);
  if (choice.success) return declareEnum(choice.data, declared);
  return declareRecord(record.parse(type), declared);
}

function declareEnum({ name, symbols }: z.infer<typeof enumeration>, declared: Map<string, string>): string {
  declare(name, `export type ${name} =\n${symbols.map((symbol) => `  | '${symbol}'`).join('\n')};\n`, declared);
  return name;
}

function declareRecord({ name, doc, fields }: z.infer<typeof record>, declared: Map<string, string>): string {
  const lines = fields.flatMap((each) => [
    ...(each.doc ? [`  /** ${each.doc} */`] : []),
    `  ${each.name}: ${renderType(each.type, declared)};`,
  ]);
  const comment = doc ? `/** ${doc} */\n` : '';
  declare(name, `${comment}export interface ${name} {\n${lines.join('\n')}\n}\n`, declared);
  return name;
}

function declare(name: string, text: string, declared: Map<string, string>): void {
  const before = declared.get(name);
  if (before !== undefined && before !== text) throw new Error(`Two schemas declare ${name} differently`);
  declared.set(name, text);
}
