/** An alert of somebody else's monitoring. */
export interface OutsideAlert {
  name: string;
  /** Null: its labels name none. */
  service: string | null;
  environment: string | null;
  /** The release that it names; null: none. */
  release: string | null;
  /** Milliseconds since 1970. */
  startsAt: number;
  severity: string | null;
}

/** A release with the run that brought it. */
interface ServingRelease {
  release: string;
  runId: string;
  generation: number;
  /** Since when it could have caused anything. Milliseconds since 1970. */
  since: number;
}

/** What serves somewhere, or is on its way to. */
export interface Serving {
  repository: string;
  environment: string;
  service: string;
  epoch: number;
  /** Null: nothing was released. */
  current: ServingRelease | null;
  /** The rollout that is not finished; null: none. */
  unfinished: (ServingRelease & { step: number }) | null;
}

export interface AttributionFacts {
  serving: readonly Serving[];
  /** Services that the same delivery calls ill. */
  services: number;
}

export interface AttributionSettings {
  /** Ill services at once from which no one release is to blame. */
  blastLimit: number;
}

interface Blamed {
  repository: string;
  environment: string;
  service: string;
  release: string;
  runId: string;
  generation: number;
  epoch: number;
  step: number;
}

export type AttributionDecision =
  | { kind: 'release'; reason: 'named' | 'newest_change' | 'serves'; blamed: Blamed }
  | {
      kind: 'people';
      reason:
        | 'no_service'
        | 'only_informs'
        | 'service_unknown'
        | 'several_targets'
        | 'wide_blast'
        | 'nothing_released'
        | 'other_release'
        | 'older_than_release';
    };

const harmless = new Set(['info', 'none', 'debug']);

/**
 * Which release could have caused an alert: the one that serves the named service, or is on its way to, if the alert began after
 * it did, and if not half the world is ill at the same time. An alert counts as long as that release serves, a week later too.
 * Everything else is for people.
 */
export function decideAttribution(
  alert: OutsideAlert,
  { serving, services }: AttributionFacts,
  { blastLimit }: AttributionSettings,
): AttributionDecision {
  if (alert.service === null) return people('no_service');
  if (harmless.has(alert.severity ?? '')) return people('only_informs');
  const places = serving.filter((one) => isMeant(one, alert));
  const [place] = places;
  if (place === undefined) return people('service_unknown');
  if (places.length > 1) return people('several_targets');
  if (services > blastLimit) return people('wide_blast');
  return decideRelease(alert, place);
}

function isMeant({ service, environment }: Serving, alert: OutsideAlert): boolean {
  return service === alert.service && (alert.environment === null || environment === alert.environment);
}

function decideRelease(alert: OutsideAlert, place: Serving): AttributionDecision {
  const { current, unfinished } = place;
  if (current === null && unfinished === null) return people('nothing_released');
  if (alert.release !== null) return decideNamed(alert, place);
  // The newest change is the likeliest cause, and the one that costs least to take back.
  if (unfinished !== null && alert.startsAt >= unfinished.since) return blame('newest_change', place, unfinished);
  return decideCurrent('serves', alert, place);
}

function decideNamed(alert: OutsideAlert, place: Serving): AttributionDecision {
  const { current, unfinished } = place;
  if (unfinished !== null && alert.release === unfinished.release) return blame('named', place, unfinished);
  return alert.release === current?.release ? decideCurrent('named', alert, place) : people('other_release');
}

function decideCurrent(reason: 'named' | 'serves', { startsAt }: OutsideAlert, place: Serving): AttributionDecision {
  const { current } = place;
  if (current === null || startsAt < current.since) return people('older_than_release');
  return blame(reason, place, { ...current, step: 0 });
}

function blame(
  reason: 'named' | 'newest_change' | 'serves',
  { repository, environment, service, epoch }: Serving,
  { release, runId, generation, step }: Omit<ServingRelease, 'since'> & { step: number },
): AttributionDecision {
  const blamed = { repository, environment, service, release, runId, generation, epoch, step };
  return { kind: 'release', reason, blamed };
}

function people(reason: Extract<AttributionDecision, { kind: 'people' }>['reason']): AttributionDecision {
  return { kind: 'people', reason };
}
