import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const composeService = z.object({
  image: z.string(),
  build: z.object({ dockerfile: z.string(), args: z.object({ SERVICE: z.string() }) }).optional(),
  restart: z.string(),
  read_only: z.boolean().default(false),
  user: z.string().optional(),
  privileged: z.boolean().default(false),
  cap_drop: z.array(z.string()),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()),
  mem_limit: scalar,
  pids_limit: scalar,
  stop_grace_period: z.string().optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  environment: z.record(z.string(), scalar.nullable()).default({}),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  deploy: z.object({ replicas: z.number() }).optional(),
});

const composeFile = z.object({
  services: z.record(z.string(), composeService),
  networks: z.record(z.string(), z.object({ internal: z.union([z.boolean(), z.string()]).default(false) })),
});

export type ComposeService = z.output<typeof composeService>;

/** compose.yaml as it is written: merged, but with its variables. @throws Error when it has another shape than ours */
export function readComposeFile(): z.output<typeof composeFile> {
  return composeFile.parse(parse(readText('compose.yaml'), { merge: true }));
}

export function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

const variable = /\$\{(?<name>\w+)(?::(?<kind>[-?])(?<rest>[^}]*))?\}/g;

/** The variables that a text takes from outside; `required` ones end compose when they are missing. */
export function listVariables(text: string): { name: string; required: boolean }[] {
  return [...text.matchAll(variable)].map(({ groups }) => ({
    name: groups?.['name'] ?? '',
    required: groups?.['kind'] === '?',
  }));
}

/** What a service gets, as compose does it: a variable without a value is taken from outside, or is not there. */
export function environmentOf(
  { environment }: ComposeService,
  outside: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]) => {
    const given = value === null ? outside[name] : interpolate(value, outside);
    return given === undefined ? [] : [[name, given] as const];
  });
  return Object.fromEntries(entries);
}

/** A text with its variables filled in. */
export function interpolate(text: string, outside: Readonly<Record<string, string>>): string {
  return text.replaceAll(variable, (match) => {
    const { name = '', kind, rest = '' } = [...match.matchAll(variable)][0]?.groups ?? {};
    return outside[name] ?? (kind === '-' ? rest : '');
  });
}
