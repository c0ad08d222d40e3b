import { infrastructureQuestion, readInfrastructureUnit, readResolution, type Received } from '@orchestra/contracts';
import { giveAnswer, retryByCommand, type Decided, type PersonAnswer, type Result } from '@orchestra/runtime';
import { accepted, refused } from './answer-order.ts';
import { decideAnswer } from './decide-answer.ts';
import { environmentWrite, readEnvironment } from './environment.ts';
import type { Context } from './gather-work.ts';
import { unblock } from './lock.ts';
import { orderRemoval } from './order-removal.ts';
import { answerKey } from './question.ts';
import { resolveRemoval } from './resolve-removal.ts';

type Command = Received<'operator_command'>;

/** A person asks iac: retry, let a plan through, take it back, destroy it all, or say what became of an apply that was cut. */
export async function handleOperatorCommand(event: Command, context: Context): Promise<Result<'iac'>> {
  const { action } = event.data;
  if (action === 'RETRY') return retryByCommand('iac', event, context);
  if (action === 'APPROVE') return answerQuestion(event, context, 'go_on');
  if (action === 'REJECT') return answerQuestion(event, context, 'abort');
  if (action === 'DESTROY') return orderRemoval(event, context);
  return action === 'RESOLVE' ? resolve(event, context) : refused(event, 'not_understood');
}

async function answerQuestion(event: Command, context: Context, says: PersonAnswer['says']): Promise<Result<'iac'>> {
  const { unit, digest, actor } = event.data;
  const slice = context.run.slices.iac[readInfrastructureUnit(unit ?? '') ?? ''];
  const until = infrastructureQuestion(slice)?.until;
  const isLate = until !== undefined && context.now.getTime() >= Date.parse(until);
  const decision = decideAnswer({ slice: slice ?? null, digest, actor, isLate });
  if (decision.kind === 'refuse') return refused(event, decision.reason);
  const { runId } = context.run;
  const { generation, time } = event;
  const answer = { says, actor, eventId: event.id, at: time.toISOString(), note: event.data.reason, generation };
  const key = answerKey(unit ?? '', decision.question);
  const stored = await giveAnswer(context.store, { runId, key, atMost: 1 }, answer);
  return stored === 'stored' ? accepted(event, { digest }) : refused(event, stored);
}

async function resolve(event: Command, context: Context): Promise<Result<'iac'>> {
  const { unit, actor } = event.data;
  const environment = readInfrastructureUnit(unit ?? '');
  const resolution = readResolution(event.data.resolution);
  if (environment === null) return refused(event, 'no_environment');
  if (resolution === null) return refused(event, 'no_resolution');
  const held = await readEnvironment(context, context.run.repository, environment);
  const { blocked } = held.state;
  if (blocked?.runId !== context.run.runId) return refused(event, 'not_blocked');
  const facts = { resolution, environment };
  if (blocked.destroys)
    return { ...accepted(event, facts), ...(await resolveRemoval({ held, resolution }, event, context)) };

  // Made anew first: a crash in between leaves the environment blocked, and the order can be repeated.
  const decided = resolution === 'did_not_happen' ? [] : await madeAnew(event, context, blocked.generation);
  if (decided === null) return refused(event, 'not_retried');
  const { next, wake } = unblock(held.state, { resolution, actor });
  const end = accepted(event, { resolution, environment });
  return { ...end, decided: [...decided, ...(end.decided ?? [])], target: environmentWrite(held, next, wake) };
}

// A generation that is there already was made by this order, before a crash, or by another one: it is as good.
async function madeAnew(event: Command, context: Context, after: number): Promise<readonly Decided[] | null> {
  if (context.run.generation > after) return [];
  const { decided = [] } = await retryByCommand('iac', event, context);
  return decided.some(({ what }) => what === 'retry accepted') ? decided : null;
}
