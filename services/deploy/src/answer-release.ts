import { isTerminal, readTargetUnit, type Received, type RunState } from '@orchestra/contracts';
import { giveAnswer, type PersonAnswer } from '@orchestra/runtime';
import { approvalKey, approvalRules } from './ask-approval.ts';
import { approvalSubject } from './approval-subject.ts';
import { plannedRelease } from './candidate.ts';
import { countApprovals } from './count-approvals.ts';
import { decideAnswer, type AnswerFacts } from './decide-answer.ts';
import type { Ports } from './ports.ts';
import type { Context } from './work.ts';

type Command = Received<'operator_command'>;

interface Place {
  environment: string;
  service: string;
}

export interface AnswerRelease {
  event: Command;
  place: Place;
  says: PersonAnswer['says'];
}

export type AnsweredRelease = { kind: 'accepted'; digest: string } | { kind: 'refused'; reason: string };

/**
 * A person says yes or no to what would be released to an environment: while it waits, or before. It is kept for exactly
 * that content, so an answer that comes first is found by the job that asks.
 */
export async function answerRelease(
  { event, place, says }: AnswerRelease,
  context: Context,
  { groups }: Pick<Ports, 'groups'>,
): Promise<AnsweredRelease> {
  const { run, store } = context;
  const { actor, digest: named, reason: note } = event.data;
  const asked = await gatherAsked(context, place);
  const decision = decideAnswer({
    ...asked,
    isOpen: isOpen(run, place.environment),
    named,
    says,
    actor,
    memberOf: groups?.get(actor) ?? [],
    authors: authorsOf(run),
  });
  if (decision.kind === 'refuse') return { kind: 'refused', reason: decision.reason };
  const answer = { says, actor, eventId: event.id, at: event.time.toISOString(), note, generation: run.generation };
  const stored = await giveAnswer(store, { runId: run.runId, key: asked.key }, answer);
  return stored === 'stored' ? { kind: 'accepted', digest: named ?? '' } : { kind: 'refused', reason: stored };
}

type Asked = Pick<AnswerFacts, 'rules' | 'digest' | 'isLate' | 'approved'> & { key: string };

// Also of what nobody has asked yet: as soon as it is built, it is known what would be released.
async function gatherAsked(context: Context, place: Place): Promise<Asked> {
  const { run, now } = context;
  const plan = await context.plan();
  const rules = approvalRules(plan, place.environment);
  const artifact = plannedRelease(plan, run, place)?.manifest.artifactDigest;
  if (rules === undefined || artifact === undefined) {
    return { rules, digest: null, isLate: false, approved: [], key: '' };
  }
  const { digest } = approvalSubject(plan, place.environment, artifact);
  const key = approvalKey(place.environment, { digest });
  const question = questionOf(run, place, digest);
  const { approved, until } = await countApprovals(context, { rules, key, askedAt: question?.askedAt ?? null });
  const isLate = question?.state === 'waiting' && now >= new Date(until);
  return { rules, digest, isLate, approved: approved.map(({ actor }) => actor), key };
}

function questionOf({ slices, generation }: RunState, { environment, service }: Place, digest: string) {
  const question = slices.deploy[`${environment}/${service}`]?.approval;
  return question?.digest === digest && question.generation === generation ? question : null;
}

/** The forge tells the name of the author of the last commit, and who pushed it. */
export function authorsOf({ author, metadata }: Pick<RunState, 'author' | 'metadata'>): string[] {
  return [author, ...Object.entries(metadata).flatMap(([name, value]) => (name === 'pusher' ? [value] : []))];
}

// One whose services have all begun or ended asks nobody any more.
function isOpen({ units, plannedUnits, generation, slices }: RunState, environment: string): boolean {
  return plannedUnits.some(({ unit }) => {
    const place = unit.startsWith('deploy/') ? readTargetUnit(unit) : null;
    if (place?.environment !== environment) return false;
    const status = units[unit]?.status ?? 'queued';
    const approval = slices.deploy[`${environment}/${place.service}`]?.approval;
    const isGranted = approval?.state === 'granted' && approval.generation === generation;
    return !isTerminal(status) && !isGranted;
  });
}
