import { oneLine, type RunState, type UnitState } from '@orchestra/contracts';
import { colourOf, type Paint } from './paint.ts';
import { renderDuration } from './render-duration.ts';
import { renderTable, type Cell } from './render-table.ts';

// Of `not_needed`: who follows a run sees one column.
const longestStatus = 10;

interface Units {
  run: Pick<RunState, 'plannedUnits' | 'units'>;
  now: Date;
  paint: Paint;
  /** Only these get a line; the columns stay where they would be with all. Absent: all. */
  only?: ReadonlySet<string>;
}

/** A line for each unit: status, how long it took or has taken so far, and what it says. In the order of the plan. */
export function renderUnits({ run, now, paint, only }: Units): string[] {
  const names = [...new Set([...run.plannedUnits.map(({ unit }) => unit), ...Object.keys(run.units)])];
  const rows = names.map((name) => renderUnit(name, run.units[name], now));
  return renderTable(rows, paint).filter((_, index) => only?.has(names[index] ?? '') ?? true);
}

// A planned unit without a status is queued.
function renderUnit(name: string, unit: UnitState | undefined, now: Date): Cell[] {
  if (unit === undefined) return [{ text: name }, { text: 'queued', colour: colourOf('queued') }];
  const { status, message, reason } = unit;
  return [
    { text: name },
    { text: status, colour: colourOf(status), fill: longestStatus },
    { text: timeOf(unit, now).padStart(10) },
    { text: oneLine(message ?? reason ?? '') },
  ];
}

function timeOf({ startedAt, endedAt }: UnitState, now: Date): string {
  if (startedAt === null) return '';
  const end = endedAt === null ? now.getTime() : Date.parse(endedAt);
  return renderDuration(Math.max(0, end - Date.parse(startedAt)));
}
