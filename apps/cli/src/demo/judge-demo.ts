import { isTerminal } from '@orchestra/contracts';
import type { ShownRun } from '../client/api-client.ts';
import { durationOf } from './follow-run.ts';

/** What one push came to, and what users met meanwhile. */
export interface Chapter {
  shown: ShownRun;
  /** The explanation of the run, as the API gives it. */
  why: string;
  /** From the push to the end of the run. */
  seconds: number;
  users: { requests: number; errors: number };
  /** What a user read last. */
  latest: string | null;
}

export interface Summary {
  /** True: everything that the demo promises was seen. */
  kept: boolean;
  promises: readonly { promise: string; kept: boolean; seen: string }[];
  text: string;
}

interface Played {
  chapters: readonly Chapter[];
  infrastructure: string | null;
}

/** Share of the requests that the bad version fails. */
const brokenRatio = 0.2;

/** Compares what was seen with what the demo promises. */
export function judgeDemo({ chapters, infrastructure }: Played): Summary {
  const [first, second, third] = chapters;
  if (first === undefined || second === undefined || third === undefined) throw new RangeError('A chapter is missing');
  const promises = [
    promise('the first push is promoted', first.shown.overall.status === 'success', first.shown.overall.status),
    promise(
      'its infrastructure is planned where a program for it is there',
      first.shown.run.units['iac/production']?.status === (infrastructure === null ? 'not_needed' : 'success'),
      first.shown.run.units['iac/production']?.status ?? 'nothing',
    ),
    promise(
      'the second push goes back by itself',
      second.shown.overall.status === 'rolled_back',
      second.shown.overall.status,
    ),
    promise('users read the first version again', second.latest === 'hello from v1', second.latest ?? 'nothing'),
    promise('most users never met the bad version', second.users.errors < spared(second) / 2, errorsOf(second)),
    promise('the third push is refused by quarantine', isRefused(third), third.shown.overall.reason),
  ];
  return { kept: promises.every(({ kept }) => kept), promises, text: render(promises, chapters) };
}

function promise(text: string, kept: boolean, seen: string): Summary['promises'][number] {
  return { promise: text, kept, seen };
}

function isRefused({ shown, why }: Chapter): boolean {
  const deploy = shown.run.units['deploy/production/shop'];
  return deploy !== undefined && isTerminal(deploy.status) && deploy.status !== 'success' && why.includes('quarantine');
}

// Errors that the same traffic would have met had the bad version served everybody.
function spared({ users }: Chapter): number {
  return users.requests * brokenRatio;
}

function errorsOf(chapter: Chapter): string {
  const { requests, errors } = chapter.users;
  return `${errors} of ${requests} requests failed; without the canary it would have been about ${Math.round(spared(chapter))}`;
}

function render(promises: Summary['promises'], chapters: readonly Chapter[]): string {
  const [, second] = chapters;
  const lines = promises.map(({ promise: text, kept, seen }) => `  ${kept ? '✔' : '✘'} ${text} (${seen})`);
  const stages = chapters.map(
    ({ shown, seconds }, index) => `  push ${index + 1}: ${seconds.toFixed(1)} s; ${stagesOf(shown)}`,
  );
  const why = (second?.why ?? '').split('\n').map((line) => `  ${line}`);
  return ['Promises', ...lines, 'Times per stage', ...stages, 'Why the second release went back', ...why].join('\n');
}

function stagesOf({ run }: ShownRun): string {
  const units = Object.entries(run.units).filter(([, unit]) => unit.startedAt !== null);
  return units.map(([name, unit]) => `${name} ${durationOf(unit).trim()}`).join(', ');
}
