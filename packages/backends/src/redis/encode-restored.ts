import { isTerminal } from '@orchestra/contracts';
import type { RestoredRun, RestoredUnit } from '@orchestra/runtime';
import type { Arguments } from './script-caller.ts';

/** A folded run as the script takes it: times in milliseconds, and as text what it does not look into. */
export function encodeRestored({ identity, ...run }: RestoredRun): Arguments {
  const { runId, repository, ref } = identity;
  const { sequence, generation, createdAt, deadlineAt, endedAt, hopsLimit, plannedUnits, notes } = run;
  const made = Map.groupBy(run.made, ({ unit }) => unit);
  return {
    runId,
    repository,
    ref,
    names: namesOf(run),
    identity: JSON.stringify(identity),
    sequence,
    generation,
    createdAt: toMs(createdAt),
    deadlineAt: deadlineAt === null ? null : toMs(deadlineAt),
    endedAt: endedAt === null ? null : toMs(endedAt),
    hopsLimit,
    planned: { names: plannedUnits.map(({ unit }) => unit), json: JSON.stringify(plannedUnits) },
    units: run.units.map((unit) => ({ unit: unit.unit, json: encodeUnit(unit), open: !isTerminal(unit.status) })),
    made: [...made].map(([unit, rows]) => ({ unit, generations: rows.map((row) => row.generation).join(',') })),
    slices: run.slices.map(({ service, key, value }) => ({ field: `sl:${service}:${key}`, value })),
    notes,
    history: run.history.map((entry) => ({ id: entry.id, json: JSON.stringify(entry), at: toMs(entry.at) })),
    seen: run.seen.map(({ service, eventId }) => `${service} ${eventId}`),
  };
}

function namesOf({ delivery, content }: Pick<RestoredRun, 'delivery' | 'content'>): string[] {
  const names = { delivery, content };
  return Object.entries(names).flatMap(([kind, name]) => (name === null ? [] : [`${kind}:${name}`]));
}

// Null fields are left out, as the scripts write them: cjson's null counts as true in Lua.
function encodeUnit({ generation, status, reason, at }: RestoredUnit): string {
  const atMs = toMs(at);
  const ended = isTerminal(status) ? { endedAt: atMs } : {};
  return JSON.stringify({ generation, status, ...(reason === null ? {} : { reason }), at: atMs, ...ended });
}

function toMs(at: string): number {
  return new Date(at).getTime();
}
