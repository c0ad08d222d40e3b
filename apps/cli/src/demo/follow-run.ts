import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal, OrchestraError, type RunState, type Status, type UnitState } from '@orchestra/contracts';
import type { ApiClient, ShownRun } from '../client/api-client.ts';

const lookEveryMs = 100;
const patienceMs = 120_000;

interface Follow {
  api: ApiClient;
  runId: string;
  /** Gets a line for each unit that begins or ends. */
  say(line: string): void;
}

/**
 * Shows a run as it goes, until it has ended.
 *
 * @throws OrchestraError `COMMAND_TIMED_OUT` when it does not end in two minutes, with what it waits for
 */
export async function followRun({ api, runId, say }: Follow): Promise<ShownRun> {
  const giveUpAt = performance.now() + patienceMs;
  const shown = new Map<string, Status>();
  for (;;) {
    const seen = await api.readRun(runId);
    for (const line of newsOf(seen.run, shown)) say(line);
    if (seen.overall.kind === 'ended' && seen.run.endedAt !== null) return seen;
    if (performance.now() > giveUpAt) {
      throw new OrchestraError('COMMAND_TIMED_OUT', `The run does not end; it waits for ${seen.overall.reason}`);
    }
    await pause(lookEveryMs);
  }
}

function newsOf({ units }: RunState, shown: Map<string, Status>): string[] {
  return Object.entries(units).flatMap(([name, unit]) => {
    if (shown.get(name) === unit.status || !isTerminal(unit.status)) return [];
    shown.set(name, unit.status);
    return [renderUnit(name, unit)];
  });
}

const marks: Partial<Record<Status, string>> = { success: '✔', not_needed: '–', failure: '✘', error: '✘' };

function renderUnit(name: string, unit: UnitState): string {
  const { status, reason, message } = unit;
  const mark = marks[status] ?? '○';
  const because = status === 'success' ? '' : (message ?? reason ?? '');
  return `   ${mark} ${name.padEnd(26)} ${status.padEnd(10)} ${durationOf(unit)}  ${because}`.trimEnd();
}

/** Seconds from the first attempt to the end, or blanks for a unit that never began. */
export function durationOf({ startedAt, endedAt }: UnitState): string {
  if (startedAt === null || endedAt === null) return ''.padStart(7);
  const ms = new Date(endedAt).getTime() - new Date(startedAt).getTime();
  return `${(ms / 1000).toFixed(2)} s`.padStart(7);
}
