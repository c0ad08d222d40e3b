import type { ApprovalRules, ApprovalSlice, LaneRequest, Plan } from '@orchestra/contracts';
import type { Decided, Result } from '@orchestra/runtime';
import { approvalSubject, type ApprovalSubject } from './approval-subject.ts';
import { countApprovals } from './count-approvals.ts';
import type { ApprovalDecision } from './decide-approval.ts';
import { endUnbegun } from './end-unbegun.ts';
import { findVoid } from './find-void.ts';
import { renderQuestion } from './render-question.ts';
import { sliceOf, toldOf } from './report.ts';
import type { Work } from './work.ts';

export interface Asking {
  plan: Plan;
  request: LaneRequest;
}

/** Nobody has to be asked, or all have agreed. `causes`: the orders that said so. */
export interface Granted {
  kind: 'granted';
  work: Work;
  causes: readonly string[];
}

export type Asked = Granted | { kind: 'stop'; result: Result<'deploy'> };

/** Before anything is changed: a release into an environment that asks for approvals sleeps until it has them. */
export async function askApproval(work: Work, { plan, request }: Asking): Promise<Asked> {
  const { context, name } = work;
  const rules = approvalRules(plan, name.environment);
  if (rules === undefined) return { kind: 'granted', work, causes: [] };

  const subject = approvalSubject(plan, name.environment, request.manifest.artifactDigest);
  const known = toldOf(work).approval;
  const before = known?.digest === subject.digest ? known : null;
  const key = approvalKey(name.environment, subject);
  const counted = await countApprovals(context, { rules, key, askedAt: before?.askedAt ?? null });
  const { decision, nextKey, askedAt, until, approved, voided: lapsed } = counted;
  const changed = before?.voided.filter(({ reason }) => reason !== 'expired') ?? (await findVoid(work, subject));
  const approval: ApprovalSlice = {
    ...subject,
    generation: context.job.generation,
    state: stateOf[decision.kind],
    count: rules.count,
    approvers: rules.approvers,
    groups: rules.groups,
    author: rules.allowAuthor ? null : context.run.author,
    askedAt,
    until,
    approved,
    voided: [...changed, ...lapsed],
  };
  const asked: Work = { ...work, told: { ...toldOf(work), approval } };
  await tell(asked, { approval, before, decision });
  return follow(asked, { approval, decision, nextKey });
}

/** Whom an environment asks; undefined: nobody. */
export function approvalRules(
  { deployment }: Pick<Plan, 'deployment'>,
  environment: string,
): ApprovalRules | undefined {
  return new Map(Object.entries(deployment?.approvals ?? {})).get(environment);
}

/** Under what name answers about this content are kept: they are for no other content, and no other environment. */
export function approvalKey(environment: string, { digest }: Pick<ApprovalSubject, 'digest'>): string {
  return `approval/${environment}/${digest}`;
}

const stateOf: Record<ApprovalDecision['kind'], ApprovalSlice['state']> = {
  granted: 'granted',
  reject: 'rejected',
  expire: 'expired',
  wait: 'waiting',
};

interface Following {
  approval: ApprovalSlice;
  decision: ApprovalDecision;
  nextKey: string;
}

function follow(work: Work, { approval, decision, nextKey }: Following): Asked {
  switch (decision.kind) {
    case 'granted':
      return { kind: 'granted', work, causes: decision.approved.map(({ eventId }) => eventId) };
    case 'wait':
      return { kind: 'stop', result: waitForPeople(work, approval, nextKey) };
    case 'reject': {
      const { actor, note, eventId } = decision.word;
      const message = `${actor} rejected the release${note === null ? '' : `: ${note}`}`;
      const { reason } = decision;
      return { kind: 'stop', result: endUnbegun(work, { status: 'failure', reason, message, causes: [eventId] }) };
    }
    case 'expire': {
      const { approved, count, until } = approval;
      const message = `${approved.length} of ${count} approvals were given until ${until}`;
      return { kind: 'stop', result: endUnbegun(work, { status: 'failure', reason: decision.reason, message }) };
    }
  }
}

function waitForPeople(work: Work, approval: ApprovalSlice, answerKey: string): Result<'deploy'> {
  const { context, name } = work;
  return {
    kind: 'park',
    reason: 'approval',
    message: renderQuestion(name.environment, approval),
    delayMs: Math.max(1, Date.parse(approval.until) - context.clock.now().getTime()),
    answerKey,
    slice: sliceOf(work, { state: 'waiting', lane: null, serving: null, waitsFor: 'approval' }),
  };
}

interface Telling {
  approval: ApprovalSlice;
  before: ApprovalSlice | null;
  decision: ApprovalDecision;
}

// Each once: what is asked, which approvals do not hold for it, and that all are there. The end of a unit tells of itself.
async function tell({ context }: Work, { approval, before, decision }: Telling): Promise<void> {
  const { digest, artifact, configuration, count, approvers, groups, until, approved, voided } = approval;
  const question = { digest, artifact, configuration, count, approvers, groups, until };
  const decided: Decided[] = [];
  if (before === null && decision.kind === 'wait') {
    decided.push({ what: 'approval asked', reason: 'approval', facts: question });
  }
  for (const each of before === null ? voided : []) {
    decided.push({ what: 'approval void', reason: each.reason, facts: { ...each, digest } });
  }
  if (decision.kind === 'granted' && before?.state !== 'granted') {
    decided.push({ what: 'release approved', reason: decision.reason, facts: { ...question, approved } });
  }
  if (decided.length > 0) await context.note({}, decided);
}
