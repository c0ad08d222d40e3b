import type { Report, Target } from './benchmark.ts';
import type { Machine } from './describe-machine.ts';

/** The one line of figures: what was found, each target with its verdict, and where. */
export function renderReport(name: string, report: Report, machine: Machine): string {
  const figures = report.figures.map(([what, text]) => `${what} ${text}`);
  const versions = Object.entries(report.versions).map(([what, version]) => `${what} ${version}`);
  const { cores, node, loadBefore, loadAfter } = machine;
  const place = [`${cores} cores`, `node ${node}`, ...versions, `load ${loadBefore} to ${loadAfter}`];
  return `${name}: ${[...figures, ...report.targets.map(renderTarget)].join(', ')} (${place.join(', ')})`;
}

function renderTarget(target: Target): string {
  const { what, value, limit, keeps } = target;
  const sign = keeps === 'at_most' ? '<=' : '>=';
  return `${what} ${shorten(value)} [${sign} ${shorten(limit)}: ${isKept(target) ? 'kept' : 'MISSED'}]`;
}

/** Whether a figure keeps its limit. What could not be measured does not. */
export function isKept({ value, limit, keeps }: Target): boolean {
  return keeps === 'at_most' ? value <= limit : value >= limit;
}

function shorten(value: number): string {
  return String(Number(value.toPrecision(3)));
}
