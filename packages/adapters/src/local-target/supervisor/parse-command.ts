import type { ReleaseSpec } from '../view.ts';

/** What the client asks for. Everything that changes the target carries its epoch. */
export type Command =
  | { kind: 'ping' | 'shutdown' }
  | { kind: 'read' | 'metrics'; target: string }
  | { kind: 'output'; target: string; release: string }
  | { kind: 'lines'; target: string; release: string; from: number | null }
  | { kind: 'pages'; target: string; release: string; path: string }
  | { kind: 'claim'; target: string; epoch: number; port: number }
  | { kind: 'ensure'; target: string; epoch: number; spec: ReleaseSpec }
  | { kind: 'weights'; target: string; epoch: number; weights: Record<string, number> }
  | { kind: 'stop'; target: string; epoch: number; release: string };

const kinds = ['ping', 'shutdown', 'read', 'metrics', 'output', 'lines', 'pages', 'claim', 'ensure', 'weights', 'stop'];
const bare = ['ping', 'shutdown'];
const looks = ['read', 'metrics'];
const ofRelease = ['output', 'lines', 'pages'];
const releaseName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads a command, or says what is wrong with it. Only our own client sends them, so one problem at a time will do. */
export function parseCommand(text: string): { ok: true; command: Command } | { ok: false; problem: string } {
  const fields = parseObject(text);
  const problem = fields === null ? 'The body is no JSON object' : problemOf(fields);
  return problem === null ? { ok: true, command: fields as Command } : { ok: false, problem };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function problemOf(fields: Record<string, unknown>): string | null {
  const { kind, target } = fields;
  if (typeof kind !== 'string' || !kinds.includes(kind)) return 'kind is not known';
  if (bare.includes(kind)) return null;
  if (typeof target !== 'string' || target === '') return 'target is missing';
  if (looks.includes(kind)) return null;
  return ofRelease.includes(kind) ? releaseProblem(kind, fields) : changeProblem(kind, fields);
}

function releaseProblem(kind: string, { release, path, from }: Record<string, unknown>): string | null {
  if (!isName(release)) return 'release is no name';
  if (kind === 'output') return null;
  if (kind === 'lines') return from === null || isCount(from) ? null : 'from is no place';
  return typeof path === 'string' && path.startsWith('/') ? null : 'path is no absolute path';
}

function changeProblem(kind: string, fields: Record<string, unknown>): string | null {
  if (!isCount(fields['epoch'])) return 'epoch is no count';
  if (kind === 'claim') return isCount(fields['port']) ? null : 'port is no port';
  if (kind === 'ensure') return specProblem(fields['spec']);
  if (kind === 'weights') return weightsProblem(fields['weights']);
  return isName(fields['release']) ? null : 'release is no name';
}

function specProblem(spec: unknown): string | null {
  if (typeof spec !== 'object' || spec === null) return 'spec is missing';
  const { release, folder, command, replicas } = spec as Partial<ReleaseSpec>;
  if (!isName(release)) return 'spec.release is no name';
  if (typeof folder !== 'string' || !folder.startsWith('/')) return 'spec.folder is no absolute path';
  if (!Array.isArray(command) || command.length === 0) return 'spec.command is empty';
  return isCount(replicas) && replicas > 0 ? null : 'spec.replicas is no positive count';
}

function weightsProblem(weights: unknown): string | null {
  if (typeof weights !== 'object' || weights === null) return 'weights are missing';
  const values: unknown[] = Object.values(weights);
  return values.every((value) => typeof value === 'number' && value >= 0 && Number.isFinite(value))
    ? null
    : 'a weight is no share';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && releaseName.test(value);
}
