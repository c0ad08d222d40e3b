import { type Plan, type Received, type Target } from '@orchestra/contracts';
import type { Result } from '@orchestra/runtime';
import { judgementOf } from './compose-judgement.ts';
import { lookOnce, readTargetOf, tellWait, type Context } from './look.ts';
import type { Ports } from './ports.ts';
import { alertOf, describeBreach, healthOf, sliceOf, type Subject } from './report.ts';

type Triggered = Received<'deployment_triggered'>;

/** Watches one step, look by look, until it can be judged. Its verdict dies with its epoch. */
export async function watchStep(event: Triggered, context: Context, ports: Ports): Promise<Result<'observability'>> {
  const { environment, service, release, epoch, step } = event.data;
  const subject: Subject = { environment, service, release, epoch, step };
  // A rollout that is asked to stop says so itself, and that ends this unit.
  if (context.wishes().length > 0) return left('wished', subject);
  const target = await readTargetOf(context, subject);
  if (target.lane?.epoch !== epoch || target.lane.state !== 'judging') return left('stale_epoch', subject);
  const plan = await context.plan();
  if (!plan.observability.enabled) return unwatched(subject);

  // Behind a flag the release has all of the traffic: nothing beside it can be compared.
  const isShared = event.data.weightPercent < 100 && event.data.strategy !== 'FEATURE_FLAG';
  const beside = isShared ? event.data.previousRelease : null;
  const watchMs = plan.observability.stepWatchMs;
  return judge({ context, ports, subject, plan, target, beside, watchMs });
}

interface StepWatch {
  context: Context;
  ports: Ports;
  subject: Subject;
  plan: Plan;
  target: Target;
  beside: string | null;
  watchMs: number;
}

async function judge(watching: StepWatch): Promise<Result<'observability'>> {
  const { subject, plan } = watching;
  const looked = await lookOnce(watching);
  const { watch, verdict, problems = [] } = looked;
  const judgement = judgementOf(looked);
  const { samples } = watch;
  const { checks, reason } = verdict;
  const decided = [{ what: 'step watched', reason, facts: { verdict, samples, badInARow: watch.badInARow, problems } }];
  switch (verdict.kind) {
    case 'go_on':
      await tellWait(watching, { watch, verdict, problems });
      return {
        kind: 'park',
        reason: 'watch',
        delayMs: plan.observability.intervalMs,
        memo: { watch },
        status: 'running',
        slice: sliceOf(subject, { verdict: 'watching', samples, checks, reason, judgement }),
      };
    case 'breach':
      return {
        kind: 'end',
        status: 'failure',
        reason,
        message: describeBreach(verdict.breach, problems),
        events: [alertOf(subject, verdict, { samples, judgement })],
        slice: sliceOf(subject, { verdict: 'breach', samples, checks, reason, judgement }),
        decided,
      };
    case 'healthy':
    case 'inconclusive': {
      const healthy = verdict.kind === 'healthy';
      const judged = { verdict: healthy ? 'HEALTHY' : 'INCONCLUSIVE', outcome: healthy ? 'SUCCESS' : 'ERROR' } as const;
      return {
        kind: 'end',
        status: 'running',
        reason: verdict.kind,
        events: [healthOf(subject, { ...judged, final: false, reason, samples, checks, judgement })],
        slice: sliceOf(subject, { verdict: verdict.kind, samples, checks, reason, judgement }),
        decided,
      };
    }
  }
}

function unwatched(subject: Subject): Result<'observability'> {
  const reason = 'not_watched';
  const event = healthOf(subject, { verdict: 'HEALTHY', final: false, outcome: 'NOT_NEEDED', reason });
  const decided = [{ what: 'step not watched', reason: 'switched_off', facts: subject }];
  return { kind: 'end', status: 'running', reason, message: 'Watching is switched off', events: [event], decided };
}

function left(reason: string, subject: Subject): Result<'observability'> {
  return {
    kind: 'end',
    status: null,
    events: [],
    decided: [{ what: 'step no longer watched', reason, facts: subject }],
  };
}
