import type { Finish, GateInput, HistoryEntry, TargetChange } from '@orchestra/runtime';

// How parts of a step look to the scripts. What a script does not look into is handed over as text: cjson would turn an
// empty list into an object.

type Patch = Readonly<Record<string, string | null>>;

/** A slice's rows to write, and the names of those to remove. */
export function encodeSlice(slice: Patch): { set: Patch; remove: readonly string[] } {
  const rows = Object.entries(slice);
  return {
    set: Object.fromEntries(rows.filter(([, value]) => value !== null)),
    remove: rows.filter(([, value]) => value === null).map(([name]) => name),
  };
}

export function encodeHistory(entries: readonly HistoryEntry[]): { id: string; json: string }[] {
  return entries.map((entry) => ({ id: entry.id, json: JSON.stringify(entry) }));
}

export function encodeTarget(change: TargetChange | null): unknown {
  if (change === null) return null;
  return {
    ...change,
    pins: pinsOf(change.target),
    quarantine: change.quarantine.map((entry) => ({
      repository: entry.repository,
      key: entry.key,
      json: JSON.stringify(entry),
    })),
  };
}

/** A finish without the values of its outbox, which go beside it as bytes. */
export function encodeFinish({
  slice,
  outbox,
  history,
  plan,
  target,
  ...rest
}: Finish): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    slice: encodeSlice(slice),
    outbox: outbox.map(({ id, topic, key, headers }) => ({ id, topic, key, headers: JSON.stringify(headers) })),
    history: encodeHistory(history),
    plan: plan === null ? null : encodePlan(plan),
    target: encodeTarget(target),
  };
}

function encodePlan({ units, deadlineMs, hopsLimit }: NonNullable<Finish['plan']>): unknown {
  return { names: units.map(({ unit }) => unit), json: JSON.stringify(units), deadlineMs, hopsLimit };
}

export function encodeInput(input: GateInput | null): unknown {
  return input === null ? null : { unit: input.unit, generation: input.generation, json: JSON.stringify(input) };
}

// The runs that a target keeps from expiring; the check of the arguments has seen that these are texts.
function pinsOf(target: string): readonly string[] {
  const parsed: unknown = JSON.parse(target);
  if (typeof parsed !== 'object' || parsed === null || !('pins' in parsed) || !Array.isArray(parsed.pins)) return [];
  return parsed.pins.filter((run) => typeof run === 'string');
}
