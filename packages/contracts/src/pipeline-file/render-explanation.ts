import type { PlanLine } from './explain-plan.ts';
import { printable } from './remark.ts';

/** The lines of a plan as an aligned table for a terminal, one line a unit. */
export function renderExplanation(lines: readonly PlanLine[]): string {
  const names = lines.map(({ unit, service }) => unit ?? service);
  const width = Math.max(0, ...names.map((name) => name.length));
  return lines
    .map(({ after, does }, index) => {
      const waits = after.length === 0 ? '' : ` (after ${after.join(', ')})`;
      return `${(names[index] ?? '').padEnd(width)}  ${printable(does, 400)}${waits}\n`;
    })
    .join('');
}
