import { tmpdir } from 'node:os';
import { z } from 'zod';

/** What one service, or all of them, read from the environment. */
export interface SettingsGroup {
  title: string;
  text: string;
  shape: z.ZodObject;
  /** What each variable is for, by name. */
  comments: ReadonlyMap<string, string>;
}

const property = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  format: z.string().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
});
const schemaOfShape = z.object({
  properties: z.record(z.string(), property),
  required: z.array(z.string()).default([]),
});

type Property = z.output<typeof property>;

/** The reference page of the environment: one table a group. */
export function renderSettingsPage(groups: readonly SettingsGroup[], source: string): string {
  return `${[
    `<!-- ${source} -->`,
    '# Settings',
    'What whoever runs the platform sets, in the environment of each service. It is read once, at the start; everything that is wrong or missing is named in one message, and the process ends with 78. What a team sets stands in its [pipeline file](pipeline-file.md).',
    ...groups.flatMap(renderGroup),
  ].join('\n\n')}\n`;
}

/** The comments above the keys of a schema, from its source. */
export function readComments(text: string): Map<string, string> {
  const found = text.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*([A-Z][A-Z_]*):/g);
  return new Map(
    [...found].map(([, comment = '', name = '']) => [name, comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim()]),
  );
}

function renderGroup({ title, text, shape, comments }: SettingsGroup): string[] {
  const schema = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
  const { properties, required } = schemaOfShape.parse(schema);
  const rows = Object.entries(properties).map(([name, read]) => {
    const each = { ...read, default: read.default ?? switchOf(shape.shape[name]) };
    const fallback = required.includes(name) ? 'required' : renderDefault(each);
    return `| \`${name}\` | ${renderKind(each)} | ${fallback} | ${escapeCell(comments.get(name) ?? '')} |`;
  });
  const table = ['| variable | takes | default | |', '|---|---|---|---|', ...rows].join('\n');
  return [`## ${title}`, text, table];
}

// In an environment a switch is a word, so its default is no part of what goes in.
function switchOf(schema: unknown): boolean | undefined {
  const value = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
  return typeof value === 'boolean' ? value : undefined;
}

function renderKind({ type, format, enum: words, default: fallback }: Property): string {
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(', ');
  if (typeof fallback === 'boolean') return '`true`, `false`';
  if (format === 'uri') return 'address';
  return type === 'integer' || type === 'number' ? 'number' : 'text';
}

// The folder for temporary files differs from machine to machine.
function renderDefault({ default: fallback }: Property): string {
  if (fallback === undefined || fallback === '') return 'none';
  const text = String(fallback);
  return text.startsWith(tmpdir())
    ? `the system's temporary folder${nameIn(text.slice(tmpdir().length))}`
    : `\`${text}\``;
}

function nameIn(rest: string): string {
  return rest === '' ? '' : `, \`${rest.slice(1)}\` in it`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
