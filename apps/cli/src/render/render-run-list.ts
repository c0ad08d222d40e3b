import { oneLine } from '@orchestra/contracts';
import type { ShownRun } from '../client/api-client.ts';
import { colourOf, type Paint } from './paint.ts';
import { renderAge } from './render-duration.ts';
import { renderTable, type Cell } from './render-table.ts';

interface RunList {
  runs: readonly ShownRun[];
  now: Date;
  paint: Paint;
}

const head = ['RUN', 'BRANCH', 'COMMIT', 'STATUS', 'AGE', 'BECAUSE'].map((text): Cell => ({ text, colour: 'dim' }));

/** A line for each run, below a head; the first column is what other commands take as RUN. */
export function renderRunList({ runs, now, paint }: RunList): string[] {
  const rows = runs.map(({ run, overall }): Cell[] => [
    { text: nameOf(run) },
    { text: branchOf(run) },
    { text: run.commit.slice(0, 10) },
    { text: overall.status, colour: colourOf(overall.status) },
    { text: renderAge(new Date(run.createdAt), now) },
    { text: overall.status === 'success' ? '' : oneLine(overall.reason), colour: 'dim' },
  ]);
  return renderTable([head, ...rows], paint);
}

/** The name of a run for people: `owner/name#number`. */
export function nameOf({ repository, sequence }: ShownRun['run']): string {
  return `${repository}#${sequence}`;
}

/** The branch of a run; a tag or a bare commit by its ref. */
export function branchOf({ branch, ref }: ShownRun['run']): string {
  return oneLine(branch ?? ref);
}
