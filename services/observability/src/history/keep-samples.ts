import type { ObservabilityPlan } from '@orchestra/contracts';
import type { Ended, Result } from '@orchestra/runtime';
import { gatherLook } from '../gather-look.ts';
import { addLook, startWatch, type Watch, type WatchSettings } from '../judge/judge-watch.ts';
import { readTargetOf, type Context, type Watching } from '../look.ts';
import type { Ports } from '../ports.ts';
import { parseReleasePayload } from '../release-payload.ts';
import type { Subject } from '../report.ts';
import { whyGone } from '../watch-release.ts';
import { keepLook } from './keep-look.ts';
import { parseKeeping } from './parse-keeping.ts';

const minuteMs = 60_000;
// Who finds so many minutes in a row taken leaves them to whoever takes them.
const mostTaken = 3;

/**
 * Goes on measuring a release whose watch is over, once a minute for as long as it serves, and judges nothing. Each time it
 * looks twice, as far apart as a watch does: so that its samples are like those that will be compared with them.
 */
export async function keepSamples(given: unknown, context: Context, ports: Ports): Promise<Result<'observability'>> {
  const subject = parseReleasePayload(given);
  const target = await readTargetOf(context, subject);
  const gone = whyGone(target, subject.release);
  if (gone !== null) return ended(subject, gone);

  const plan = await context.plan();
  const { intervalMs } = plan.observability;
  const watching: Watching = { context, ports, subject, plan, target, beside: null, watchMs: 0 };
  const { watch: before, taken } = parseKeeping(context.job.memo);
  const watch = await lookAgain(watching, before);
  if (before === null) return park(intervalMs, { watch, taken });
  const kept = await keepLook(watching, watch.recent);
  const takenNow = kept === 'taken' ? taken + 1 : 0;
  if (takenNow >= mostTaken) return ended(subject, 'kept_by_another');
  return park(Math.max(0, minuteMs - intervalMs), { watch: null, taken: takenNow });
}

async function lookAgain(watching: Watching, before: Watch | null): Promise<Watch> {
  const now = watching.context.clock.now().getTime();
  const watch = before ?? startWatch(now);
  const { look, problems: _problems, ...kept } = await gatherLook(watching, watch, now);
  return addLook({ ...watch, ...kept }, look, settingsOf(watching.plan.observability));
}

function settingsOf({ judgement, ...observability }: ObservabilityPlan): WatchSettings {
  const settings = { ...observability, watchMs: 0, recorded: [], kept: [] };
  return judgement === undefined ? settings : { ...settings, judgement: { ...judgement, warmUpMs: 0 } };
}

function park(delayMs: number, memo: object): Result<'observability'> {
  return { kind: 'park', reason: 'keep', delayMs, memo, status: 'running' };
}

function ended(subject: Subject, reason: string): Ended<'observability'> {
  const decided = [{ what: 'samples no longer kept', reason, facts: subject }];
  return { kind: 'end', status: null, events: [], decided };
}
