/** What was found before the first step of each rollout, a line each. */
export function renderPreflights(rollouts) {
  return Object.entries(rollouts).flatMap(([name, { preflight }]) => {
    if (!preflight) return [];
    const { reason, to, risk, terms, configuration } = preflight;
    const way =
      reason === 'can_go_back' ? `can go back to ${to}` : `no way back by itself: ${reason.replaceAll('_', ' ')}`;
    const named = terms.map(({ term, points }) => `${term.replaceAll('_', ' ')} ${points}`).join(', ');
    return [
      `${name}: ${way}`,
      `${name}: risk ${risk} of 100${named === '' ? '' : ` (${named})`}`,
      ...(configuration.length === 0
        ? []
        : [`${name}: configuration changed: ${configuration.slice(0, 10).join(', ')}`]),
    ];
  });
}

const because = {
  artifact_changed: 'it was for another artifact',
  configuration_changed: 'it was for another configuration',
  expired: 'it was given too long before',
};

/** Whom each rollout waits or waited for, who has approved what, and how many are missing. */
export function renderApprovals(rollouts) {
  return Object.entries(rollouts).flatMap(([name, { approval }]) => {
    if (!approval) return [];
    const { state, count, approved, approvers, groups, author, until, artifact, digest, voided } = approval;
    const missing = Math.max(0, count - approved.length);
    const all = [...approvers, ...groups.map((group) => `the group ${group}`)];
    const who = all.length === 0 ? 'anybody who may give orders' : all.join(' or ');
    const not = author === null ? '' : `, not of the author ${author}`;
    return [
      `${name}: ${state}, ${approved.length} of ${count} approvals for ${artifact}`,
      ...(state === 'waiting' ? [`${name}: ${missing} missing, of ${who}${not}, until ${until}`] : []),
      ...approved.map(({ actor, at, note }) => `${name}: approved by ${actor} at ${at}${note ? `: ${note}` : ''}`),
      ...voided.map(
        (each) => `${name}: the approval of ${each.actor} in run #${each.run} is void: ${because[each.reason]}`,
      ),
      ...(state === 'waiting' ? [`${name}: an answer is for ${digest}`] : []),
    ];
  });
}

/** What somebody else has changed of each release in the cluster. */
export function renderDrifts(rollouts) {
  return Object.entries(rollouts).flatMap(([name, { drift }]) =>
    (drift?.changes ?? []).map(({ object, field, manager, at }) => {
      if (field === null) return `${name}: ${object} is gone, seen at ${drift.seenAt}`;
      const when = at === null ? `, seen at ${drift.seenAt}` : ` at ${at}`;
      return `${name}: ${object}: ${field} was changed by ${manager ?? 'somebody'}${when}`;
    }),
  );
}
