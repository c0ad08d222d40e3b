import { parseTarget, type ObservabilityAlert, type Target } from '@orchestra/contracts';
import { type Ended, type JobContext, type Log, unaskedJob } from '@orchestra/runtime';
import {
  decideAttribution,
  type AttributionDecision,
  type AttributionSettings,
  type Serving,
} from './decide-attribution.ts';
import { sliceOf } from './report.ts';
import { parseAttributedAlert, parseKeptAlert, type ReceivedAlert } from './parse-alerts.ts';

type Context = Omit<JobContext<'observability'>, 'run'>;

/** Finds the release that an alert from outside belongs to. One that belongs to none goes to people, and to nobody else. */
export async function attributeAlert(
  payload: unknown,
  context: Context,
  settings: AttributionSettings,
): Promise<Ended<'observability'>> {
  const { alert, services } = parseKeptAlert(payload);
  const stored = await context.store.listTargets(null);
  const serving = stored.flatMap(({ key, target }) => readServing(target, { key, log: context.log }));
  const decision = decideAttribution(alert, { serving, services }, settings);
  await context.store.audit({
    at: context.now.toISOString(),
    service: 'observability',
    action: 'alert',
    actor: 'monitoring',
    outcome: decision.kind === 'release' ? 'attributed' : 'forwarded',
    reason: decision.reason,
    alert: alert.name,
    runId: decision.kind === 'release' ? decision.blamed.runId : '',
    environment: alert.environment ?? '',
  });
  if (decision.kind === 'people') return { kind: 'end', status: null, events: [forPeople(alert, decision.reason)] };
  await handOver(alert, decision, context);
  return { kind: 'end', status: null, events: [] };
}

// A document of another version must not keep alerts about every other target from people.
function readServing(text: string, { key, log }: { key: string; log: Log }): Serving[] {
  try {
    return [servingIn(parseTarget(text))];
  } catch (error) {
    log.warn({ err: error, key }, 'target cannot be read, no alert is attributed to it');
    return [];
  }
}

function servingIn(target: Target): Serving {
  const { repository, environment, service, epoch, lane } = target;
  return {
    repository,
    environment,
    service,
    epoch,
    current: currentIn(target),
    unfinished: lane === null ? null : { ...ofRun(lane), since: Date.parse(lane.takenAt), step: lane.step },
  };
}

function currentIn({ current, history, rollbacks }: Target): Serving['current'] {
  const record = history.find(({ release }) => release === current);
  if (record === undefined) return null;
  // What a rollback brought back serves since then: an alert of the time in between was about something else.
  const restored = rollbacks.findLast(({ to }) => to === current);
  const since = Date.parse(record.releasedAt);
  return { ...ofRun(record), since: restored === undefined ? since : Math.max(since, Date.parse(restored.at)) };
}

function ofRun({ release, runId, generation }: { release: string; runId: string; generation: number }) {
  return { release, runId, generation };
}

// The event belongs to the run of the release, so a job of that run publishes it.
async function handOver(
  alert: ReceivedAlert,
  { blamed, reason }: Extract<AttributionDecision, { kind: 'release' }>,
  { store, job }: Context,
): Promise<void> {
  await store.enqueue(
    unaskedJob({
      service: 'observability',
      runId: blamed.runId,
      generation: blamed.generation,
      handler: 'outside_alert',
      payload: JSON.stringify({ alert, blamed, reason }),
      cause: job.cause,
      maxAttempts: 10,
      maxMs: 60_000,
    }),
  );
}

/** Tells that an alert from outside is about a release. */
export async function tellOutsideAlert(payload: unknown): Promise<Ended<'observability'>> {
  const { alert, blamed, reason } = parseAttributedAlert(payload);
  const { environment, service, release, epoch, step } = blamed;
  const data: ObservabilityAlert = {
    ...measured(alert),
    environment,
    service,
    release,
    epoch,
    step,
    attribution: 'RELEASE',
    reason: `alert_${reason}`,
  };
  const decided = [{ what: 'alert from outside attributed', reason, facts: { alert, blamed } }];
  const { samples, checks, reason: shownReason } = data;
  const slice = sliceOf(blamed, { verdict: 'breach', samples, checks, reason: shownReason });
  return { kind: 'end', status: null, events: [{ topic: 'observability_alert', data }], slice, decided };
}

// Without a release nobody acts on it, and without a run nobody's page shows it: chatops tells a channel.
function forPeople(alert: ReceivedAlert, reason: string) {
  const data: ObservabilityAlert = {
    ...measured(alert),
    environment: alert.environment ?? '',
    service: alert.service ?? '',
    release: null,
    epoch: 0,
    step: 0,
    attribution: 'ELSEWHERE',
    reason,
  };
  return { topic: 'observability_alert' as const, data };
}

function measured({ name, value, threshold }: ReceivedAlert) {
  const check = { metric: name, value, threshold: threshold ?? 0, baseline: null, verdict: 'BREACH' as const };
  return {
    source: 'EXTERNAL' as const,
    metric: name,
    // Monitoring often says only that something is wrong: 1 stands for that.
    value: value ?? 1,
    threshold: threshold ?? 0,
    baseline: null,
    samples: 1,
    checks: [check],
    judgement: null,
  };
}
