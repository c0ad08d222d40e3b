import { isOf, type ApprovalRules, type Plan, type Received } from '@orchestra/contracts';
import type { ApprovedRun, RestoredAnswer } from '@orchestra/runtime';
import { authorsOf } from './answer-release.ts';
import { approvalKey, approvalRules } from './ask-approval.ts';
import { approvalSubject } from './approval-subject.ts';
import type { ApproverGroups } from './approver-groups.ts';
import { plannedRelease } from './candidate.ts';
import { commandPlace } from './command-place.ts';
import { decideAnswer } from './decide-answer.ts';

type Command = Received<'operator_command'>;

/**
 * What people said about releases of a run, as its orders tell it, for a store that is rebuilt. Each is judged once more: from
 * somebody who may, for what would be released now. Whether an approval has lapsed is seen when it is counted.
 *
 * @param groups who is in which groups; without them, members of groups are asked again
 */
export function restoredApprovals(run: ApprovedRun, plan: Plan, groups: ApproverGroups): RestoredAnswer[] {
  const orders = run.events
    .filter((event) => isOf(event, 'operator_command'))
    .filter(({ data }) => data.addressee === 'deploy' && (data.action === 'APPROVE' || data.action === 'REJECT'));
  return orders.flatMap((order) => answerOf(order, { run, plan, groups }) ?? []);
}

interface Around {
  run: ApprovedRun;
  plan: Plan;
  groups: ApproverGroups;
}

function answerOf(order: Command, { run, plan, groups }: Around): RestoredAnswer | null {
  const place = commandPlace(order);
  const rules = place === null ? undefined : approvalRules(plan, place.environment);
  const artifact = place === null ? undefined : plannedRelease(plan, run.folded, place)?.manifest.artifactDigest;
  if (place === null || rules === undefined || artifact === undefined) return null;
  const { environment } = place;
  const { digest } = approvalSubject(plan, environment, artifact);
  const { actor, digest: named, reason: note } = order.data;
  const says = order.data.action === 'APPROVE' ? 'go_on' : 'abort';
  const decision = decideAnswer({
    rules,
    isOpen: wasOpen(order, environment, { run, plan }),
    digest,
    named,
    says,
    actor,
    memberOf: groups.get(actor) ?? [],
    authors: whoseYesCounts(run, rules, actor),
    isLate: false,
    // The newest yes of a person stands, however many there are.
    approved: [],
  });
  if (decision.kind === 'refuse') return null;
  const { id: eventId, time, generation } = order;
  const answer = { says, actor, eventId, at: time.toISOString(), note, generation } as const;
  return { key: approvalKey(environment, { digest }), answer };
}

// An older version has not told who pushed: it could have been anybody, and nobody may approve an own push.
function whoseYesCounts({ identity }: ApprovedRun, { allowAuthor }: ApprovalRules, actor: string): string[] {
  const { author, pusher } = identity;
  if (pusher === null) return allowAuthor ? [] : [actor];
  return authorsOf({ author, metadata: pusher === '' ? {} : { pusher } });
}

// As it was when the order was given: once all services of an environment have begun or ended, nobody is asked any more.
function wasOpen(order: Command, environment: string, { run, plan }: Pick<Around, 'run' | 'plan'>): boolean {
  const moves = run.events
    .filter((event) => isOf(event, 'deployment_triggered'))
    .filter(({ generation, time }) => generation >= order.generation && time < order.time)
    .filter(({ data }) => data.environment === environment);
  const services = plan.deployment?.services ?? [];
  return services.some(({ name }) => !moves.some(({ data }) => data.service === name));
}
