import { oneLine, explainAsk, renderProposal } from '@orchestra/contracts';
import type { ShownRun } from '../client/api-client.ts';
import { colourOf, type Paint } from './paint.ts';
import { renderAge, renderDuration } from './render-duration.ts';
import { branchOf, nameOf } from './render-run-list.ts';
import { renderSlices } from './render-slices.ts';
import { renderUnits } from './render-units.ts';

export interface RenderedRun {
  shown: ShownRun;
  now: Date;
  paint: Paint;
}

/** One run for people: what it is, its units, and what its services found. */
export function renderRun({ shown, now, paint }: RenderedRun): string[] {
  const { run, overall } = shown;
  const found = renderSlices(run.slices, paint);
  return [
    `${paint('bold', nameOf(run))}  ${paint(colourOf(overall.status), overall.status)}: ${oneLine(overall.reason)}`,
    `${branchOf(run)} ${run.commit.slice(0, 10)}${messageOf(run)}, by ${oneLine(run.author)}`,
    paint('dim', `${run.runId}, began ${renderAge(new Date(run.createdAt), now)} ago${lengthOf(run)}`),
    ...(run.generation === 1 ? [] : [`generation ${run.generation}: it was retried`]),
    ...(run.environmentLimit === null ? [] : [`goes no further than ${run.environmentLimit}`]),
    ...run.notes.map((note) => paint('yellow', `note: ${oneLine(note)}`)),
    '',
    ...renderUnits({ run, now, paint }),
    ...(shown.unattended ?? []).map(({ text }) => paint('yellow', oneLine(text))),
    ...asksOf(run).map((line) => paint('yellow', oneLine(line))),
    ...(found.length === 0 ? [] : ['', ...found]),
    ...proposalsOf(run).map(oneLine),
  ];
}

/** What a language model has proposed, or why it has not. */
function proposalsOf({ runId, slices }: ShownRun['run']): string[] {
  return Object.entries(slices.iac).flatMap(([environment, { proposal }]) =>
    proposal === undefined ? [] : renderProposal({ run: runId, environment, proposal }),
  );
}

/** What a person is asked for, and how to do it. */
function asksOf(run: ShownRun['run']): string[] {
  return Object.keys(run.units).flatMap((unit) => {
    const how = explainAsk(unit, run);
    return how === null ? [] : [`${unit}: ${how}`];
  });
}

function messageOf({ message }: ShownRun['run']): string {
  const first = message?.split('\n')[0]?.trim() ?? '';
  return first === '' ? '' : `, ${first}`;
}

function lengthOf({ createdAt, endedAt }: ShownRun['run']): string {
  return endedAt === null ? '' : `, took ${renderDuration(Date.parse(endedAt) - Date.parse(createdAt))}`;
}
