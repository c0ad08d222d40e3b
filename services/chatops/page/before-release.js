import { renderMoment } from './status.js';

/** What was found before the first step of a rollout. */
export function renderPreflight({ preflight }) {
  if (!preflight) return [];
  const { reason, to, risk, terms, configuration } = preflight;
  const way =
    reason === 'can_go_back' ? `can go back to ${to}` : `no way back by itself: ${reason.replaceAll('_', ' ')}`;
  const named = terms.map(({ term, points }) => `${term.replaceAll('_', ' ')} ${points}`).join(', ');
  return [
    way,
    `risk ${risk} of 100${named === '' ? '' : ` (${named})`}`,
    ...(configuration.length === 0 ? [] : [`configuration changed: ${configuration.slice(0, 10).join(', ')}`]),
  ];
}

const because = {
  artifact_changed: 'it was for another artifact',
  configuration_changed: 'it was for another configuration',
  expired: 'it was given too long before',
};

/** Whom a rollout waits or waited for, who has approved what, and how many are missing. */
export function renderApproval({ approval }, { runId, target }) {
  if (!approval) return [];
  const { state, count, approved, approvers, groups, author, until, artifact, digest, voided } = approval;
  const missing = Math.max(0, count - approved.length);
  const all = [...approvers, ...groups.map((group) => `the group ${group}`)];
  const who = all.length === 0 ? 'anybody who may give orders' : all.join(' or ');
  const not = author === null ? '' : `, not of the author ${author}`;
  return [
    `${state}, ${approved.length} of ${count} approvals for ${artifact}`,
    ...(state === 'waiting' ? [`${missing} missing, of ${who}${not}, until ${renderMoment(until)}`] : []),
    ...approved.map(({ actor, at, note }) => `approved by ${actor} at ${renderMoment(at)}${note ? `: ${note}` : ''}`),
    ...voided.map((each) => `the approval of ${each.actor} in run #${each.run} is void: ${because[each.reason]}`),
    ...(state === 'waiting'
      ? [`an answer is for ${digest}`, `orchestra approve ${runId} --unit deploy/${target}`]
      : []),
  ];
}

/** What somebody else has changed of a release in the cluster. */
export function renderDrift({ drift }) {
  return (drift?.changes ?? []).map(({ object, field, manager, at }) => {
    if (field === null) return `${object} is gone, seen at ${renderMoment(drift.seenAt)}`;
    const when = at === null ? `, seen at ${renderMoment(drift.seenAt)}` : ` at ${renderMoment(at)}`;
    return `${object}: ${field} was changed by ${manager ?? 'somebody'}${when}`;
  });
}
