import type { Received } from '@orchestra/contracts';
import { withinAttempts, type Conclusion, type Ended, type JobContext } from '@orchestra/runtime';
import { analyse } from './analyse.ts';
import type { Ports } from './ports.ts';
import { reportWithout } from './report.ts';

const unit = 'source';

/** A run begins: analyse its source. */
export async function handleCodePush(
  event: Received<'code_push'>,
  context: JobContext<'code-analysis'>,
  ports: Ports,
): Promise<Ended<'code-analysis'>> {
  const { outcome, reason, snapshotDigest } = event.data;
  if (outcome !== 'SUCCESS' || snapshotDigest === null) {
    const message = `The push was not accepted: ${reason ?? outcome}`;
    return reportWithout({ unit, status: 'skipped', reason: 'push_refused', message }, null);
  }

  const { codeAnalysis: plan } = await context.plan();
  if (!plan.enabled) {
    const message = 'Code analysis is switched off';
    return reportWithout({ unit, status: 'not_needed', reason: 'switched_off', message }, plan);
  }
  if (plan.tools.length === 0) {
    return reportWithout(
      { unit, status: 'not_needed', reason: 'no_tools', message: 'The file names no analyser' },
      plan,
    );
  }
  const request = { unit, digests: [snapshotDigest], tools: plan.tools, env: {}, plan } as const;
  return withinAttempts(context, plan.attempts, () => analyse(request, context, ports));
}

/** The unit ends without its work. */
export async function concludeCodePush(
  conclusion: Conclusion,
  _event: Received<'code_push'>,
  context: JobContext<'code-analysis'>,
): Promise<Ended<'code-analysis'>> {
  // Without a valid file there is no plan, and nobody whom the end could halt.
  const plan = await context.plan().catch(() => null);
  return reportWithout({ unit, ...conclusion }, plan?.codeAnalysis ?? null);
}
