import type { Received } from '@orchestra/contracts';
import { withinAttempts, type Conclusion, type Ended, type JobContext } from '@orchestra/runtime';
import { build } from './build.ts';
import type { Ports } from './ports.ts';
import { report } from './report.ts';

/** A run begins: build its snapshot. A push that was refused has nothing to build. */
export async function handleCodePush(
  event: Received<'code_push'>,
  context: JobContext<'build'>,
  ports: Ports,
): Promise<Ended<'build'>> {
  const { outcome, reason, snapshotDigest } = event.data;
  if (outcome !== 'SUCCESS' || snapshotDigest === null) {
    const message = `The push was not accepted: ${reason ?? outcome}`;
    return report({ ...nothing, status: 'skipped', reason: 'push_refused', message }, null, []);
  }

  const plan = await context.plan();
  if (!plan.build.enabled) {
    const end = {
      ...nothing,
      status: 'not_needed',
      reason: 'switched_off',
      message: 'Builds are switched off',
    } as const;
    return report(end, plan.build, []);
  }
  const request = { event, snapshotDigest, plan: plan.build, name: plan.project.name };
  return withinAttempts(context, plan.build.attempts, () => build(request, context, ports));
}

/** The build ends without its work. */
export async function concludeCodePush(
  conclusion: Conclusion,
  _event: Received<'code_push'>,
  context: JobContext<'build'>,
): Promise<Ended<'build'>> {
  // Without a valid file there is no plan, and nobody whom the end could halt.
  const plan = await context.plan().catch(() => null);
  return report({ ...nothing, ...conclusion }, plan?.build ?? null, []);
}

const nothing = { artifacts: [], durationMs: 0 };
