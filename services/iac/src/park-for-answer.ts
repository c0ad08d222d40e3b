import type { InfrastructureSlice, RemovalSlice } from '@orchestra/contracts';
import type { Result } from '@orchestra/runtime';
import { askerOf, environmentOf, environmentWrite, readEnvironment } from './environment.ts';
import type { Context } from './gather-work.ts';
import { beginApply } from './lock.ts';
import { answerKey, renderQuestion } from './question.ts';

interface Waiting {
  /** What the question is about. */
  asking: InfrastructureSlice | RemovalSlice;
  /** What people see of the environment meanwhile. */
  shown: InfrastructureSlice;
}

/** Sleeps until a person has answered, the question has expired, or a newer run wants the infrastructure. */
export async function parkForAnswer(context: Context, { asking, shown }: Waiting): Promise<Result<'iac'>> {
  const { question } = asking;
  if (!question) throw new TypeError('A plan waits for an answer to no question');
  const environment = environmentOf(context);
  const held = await readEnvironment(context, context.run.repository, environment);
  // A newer run has come meanwhile: asked for again, the lock is refused.
  if (beginApply(held.state, askerOf(context)) === null) return { kind: 'again' };
  return {
    kind: 'park',
    reason: 'plan_approval',
    message: renderQuestion(environment, asking),
    delayMs: Math.max(1, Date.parse(question.until) - context.clock.now().getTime()),
    answerKey: answerKey(context.job.unit ?? '', question),
    slice: { [environment]: shown },
    target: environmentWrite(held, held.state),
  };
}
