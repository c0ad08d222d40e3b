import { readResolution, unitNames, type Received, type Rollout } from '@orchestra/contracts';
import { readHeldTarget, retryByCommand, type Ended, type Result } from '@orchestra/runtime';
import { answerKeys, type Answer } from './answer.ts';
import { answerRelease } from './answer-release.ts';
import { commandPlace } from './command-place.ts';
import { freezeEnvironment, unfreezeEnvironment } from './freeze-environment.ts';
import type { Ports } from './ports.ts';
import { promote } from './promote.ts';
import { resolveTarget } from './resolve-target.ts';
import type { Context } from './work.ts';

type Command = Received<'operator_command'>;

/** A person asks deploy: retry, go on with a step, take it back, or resolve a blocked target. */
export async function handleOperatorCommand(event: Command, context: Context, ports: Ports): Promise<Result<'deploy'>> {
  const { action } = event.data;
  if (action === 'RETRY') return retryByCommand('deploy', event, context);
  if (action === 'APPROVE' || action === 'PROMOTE') return answer(event, context, { ports, says: 'go_on' });
  if (action === 'REJECT') return answer(event, context, { ports, says: 'abort' });
  if (action === 'FREEZE') return freezeEnvironment(event, context);
  if (action === 'UNFREEZE') return unfreezeEnvironment(event, context);
  return action === 'RESOLVE' ? resolve(event, context, ports) : refused(event, 'not_ours');
}

interface Answering {
  ports: Ports;
  says: 'go_on' | 'abort';
}

/** To the step that is judged, where the rollout has begun; else to the question whether it may begin. */
async function answer(event: Command, context: Context, { ports, says }: Answering): Promise<Result<'deploy'>> {
  const place = commandPlace(event);
  if (place === null) return refused(event, 'no_target');
  const { target } = await readHeldTarget(context, { repository: context.run.repository, ...place });
  const { lane } = target;
  if (lane?.runId === context.run.runId) return answerStep(event, context, { lane, place, says });
  if (event.data.action === 'PROMOTE') return promote(event, context);
  const answered = await answerRelease({ event, place, says }, context, ports);
  if (answered.kind === 'refused') return refused(event, answered.reason);
  return accepted(event, { environment: place.environment, digest: answered.digest });
}

interface AnswerStep {
  lane: Rollout;
  place: { environment: string; service: string };
  says: 'go_on' | 'abort';
}

async function answerStep(
  event: Command,
  context: Context,
  { lane, place, says }: AnswerStep,
): Promise<Result<'deploy'>> {
  if (lane.state !== 'judging') return refused(event, 'nothing_waits');
  // An approval is for content: another version needs another one.
  if (event.data.digest !== null && event.data.digest !== lane.version) return refused(event, 'other_version');

  const unit = unitNames.deploy(place.environment, place.service);
  const said: Answer = { kind: 'person', eventId: event.id, says, actor: event.data.actor };
  for (const key of [answerKeys.judge(unit, lane.epoch), answerKeys.held(unit, lane.epoch)]) {
    await context.store.answer(context.run.runId, key, JSON.stringify(said));
  }
  return accepted(event, { release: lane.release, epoch: lane.epoch });
}

async function resolve(event: Command, context: Context, ports: Ports): Promise<Result<'deploy'>> {
  const place = commandPlace(event);
  if (place === null) return refused(event, 'no_target');
  // The run after which the target was blocked may be gone; the order names its repository.
  const repository = event.data.repository ?? context.run.repository;
  const { runId, resolution } = event.data;
  const word = readResolution(resolution);
  // What a rollout has begun is never begun again by a word: RETRY makes the unit anew.
  if (word === 'try_again' || (resolution !== null && word === null)) return refused(event, 'no_resolution');
  const name = { repository, ...place };
  const about = word === null ? null : runId;
  const resolved = await resolveTarget({ name, word, runId: about }, context, ports);
  if (resolved.kind === 'again') return resolved;
  if (resolved.kind === 'refused') return refused(event, resolved.reason);
  return { ...accepted(event, { serving: resolved.serving, resolution: word }), target: resolved.write };
}

function accepted({ data }: Command, facts: object): Ended<'deploy'> {
  const decided = [
    { what: 'command accepted', reason: 'ordered', facts: { action: data.action, actor: data.actor, ...facts } },
  ];
  return { kind: 'end', status: null, events: [], decided };
}

function refused({ data }: Command, reason: string): Ended<'deploy'> {
  const decided = [{ what: 'command refused', reason, facts: { action: data.action, actor: data.actor } }];
  return { kind: 'end', status: null, events: [], decided };
}
