import type { Violation, WorldFacts } from '@orchestra/testkit/world';

/** What was taken back stays in quarantine, by its version and by its commit, until a person lets it out. */
export function checkQuarantine(facts: WorldFacts): Violation[] {
  const kept = new Set(facts.quarantine.map(({ repository, key }) => `${repository} ${key}`));
  const letOut = new Set(facts.records.flatMap(({ event }) => keyLetOut(event)));
  return facts.targets.flatMap(({ key: target, target: { repository, rollbacks, history } }) =>
    rollbacks.flatMap(({ from, at, cause }): Violation[] => {
      const release = history.find((one) => one.release === from);
      if (release === undefined) return [];
      const keys = [release.version, release.commit];
      // A person names one of them, and both come out.
      if (keys.some((key) => letOut.has(`${repository} ${key}`))) return [];
      const missing = keys.find((key) => !kept.has(`${repository} ${key}`));
      if (missing === undefined) return [];
      const what = `${from} was taken back, and ${missing} is not in quarantine`;
      const line = { at, id: cause, what: `${from} was taken back` };
      return [{ invariant: 'I3', what, run: release.runId, target, history: [line] }];
    }),
  );
}

function keyLetOut(event: WorldFacts['records'][number]['event']): string[] {
  if (event === null || !('action' in event.data) || event.data.action !== 'RELEASE_QUARANTINE') return [];
  return [`${event.data.repository ?? ''} ${event.data.digest ?? ''}`];
}
