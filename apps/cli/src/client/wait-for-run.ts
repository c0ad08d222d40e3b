import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal, OrchestraError } from '@orchestra/contracts';
import { harmless } from '../render/harmless.ts';
import { plain } from '../render/paint.ts';
import { renderUnits } from '../render/render-units.ts';
import type { ApiClient, ShownRun } from './api-client.ts';

interface WaitForRun {
  api: ApiClient;
  runId: string;
  /** Gets a line for each unit that ends. */
  say(line: string): void;
}

const lookEveryMs = 500;
// A platform that is started anew is away for a moment; a run outlives that.
const awayAtMostMs = 60_000;

/**
 * Waits for the end of a run, however long it takes: the run has a deadline of its own.
 *
 * @throws OrchestraError `SERVER_UNREACHABLE` when the platform stays away for a minute
 */
export async function waitForRun({ api, runId, say }: WaitForRun): Promise<ShownRun> {
  const told = new Set<string>();
  let seenAt = performance.now();
  for (;;) {
    const shown = await readOrNull(api, runId, seenAt + awayAtMostMs);
    for (const line of newsOf(shown, told)) say(line);
    if (shown !== null && shown.run.endedAt !== null) return shown;
    seenAt = shown === null ? seenAt : performance.now();
    await pause(lookEveryMs);
  }
}

async function readOrNull(api: ApiClient, runId: string, until: number): Promise<ShownRun | null> {
  try {
    return await api.readRun(runId);
  } catch (error) {
    const away = error instanceof OrchestraError && error.code === 'SERVER_UNREACHABLE';
    if (!away || performance.now() > until) throw error;
    return null;
  }
}

function newsOf(shown: ShownRun | null, told: Set<string>): string[] {
  const fresh = Object.entries(shown?.run.units ?? {})
    .filter(([name, { status, generation }]) => isTerminal(status) && !told.has(`${name} ${generation}`))
    .toSorted(([, left], [, right]) => left.at.localeCompare(right.at));
  for (const [name, { generation }] of fresh) told.add(`${name} ${generation}`);
  const units = harmless(Object.fromEntries(fresh));
  const plannedUnits = shown?.run.plannedUnits ?? [];
  return renderUnits({
    run: { plannedUnits, units },
    now: new Date(),
    paint: plain,
    only: new Set(fresh.map(([name]) => name)),
  });
}
