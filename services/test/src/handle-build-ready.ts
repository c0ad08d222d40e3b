import type { Received, TestPlan } from '@orchestra/contracts';
import { withinAttempts, type Conclusion, type Ended, type JobContext } from '@orchestra/runtime';
import type { Ports } from './ports.ts';
import { nothingRan, report } from './report.ts';
import { runTests } from './run-tests.ts';

/** A build ended: test its snapshot with what it made. Behind a bad build there is nothing to test. */
export async function handleBuildReady(
  event: Received<'build_ready'>,
  context: JobContext<'test'>,
  ports: Ports,
): Promise<Ended<'test'>> {
  const { outcome, reason, artifacts } = event.data;
  if (outcome !== 'SUCCESS' && outcome !== 'NOT_NEEDED') {
    const message = `There is no build to test: ${reason ?? outcome.toLowerCase()}`;
    return report({ ...nothingRan, status: 'skipped', reason: 'build_ended_badly', message }, null, []);
  }

  const { testing: plan } = await context.plan();
  if (!plan.enabled) {
    const message = 'Tests are switched off, or none are known for the language';
    return report({ ...nothingRan, status: 'not_needed', reason: 'switched_off', message }, plan, []);
  }
  const archives = artifacts.filter(({ kind }) => kind === 'ARCHIVE').map(({ digest }) => digest);
  return withinAttempts(context, plan.attempts, () => runTests({ plan, archives }, context, ports));
}

/** The tests end without their work. */
export async function concludeBuildReady(
  conclusion: Conclusion,
  _event: Received<'build_ready'>,
  context: JobContext<'test'>,
): Promise<Ended<'test'>> {
  const plan: TestPlan | null = await context.plan().then(
    ({ testing }) => testing,
    () => null,
  );
  return report({ ...nothingRan, ...conclusion }, plan, []);
}
