import { renderLocalTime, type Opening } from '@orchestra/contracts';
import type { SetFreeze } from './ports.ts';

/** A freeze that a person ordered. */
interface OrderedFreeze {
  /** Null: until a person ends it. */
  until: Date | null;
  note: string | null;
  actor: string;
}

export interface HoldFacts {
  now: Date;
  environment: string;
  /** What the pipeline file says; null: it names no windows of this environment. */
  windows: { opening: Opening; timeZone: string } | null;
  /** Freezes that people ordered and that go on. */
  ordered: readonly OrderedFreeze[];
  /** Freezes of the settings of the platform, also those of other times and environments. */
  set: readonly SetFreeze[];
}

/** What holds a rollout up. `until`: when it is worth another look; null: when a person says so. */
export interface Hold {
  reason: 'window' | 'freeze';
  until: Date | null;
  message: string;
}

/** Why a rollout may not begin now, or null. Of several reasons the one that goes on for longest. */
export function decideHold(facts: HoldFacts): Hold | null {
  const holds = [...byWindows(facts), ...facts.ordered.map((freeze) => byOrder(freeze, facts)), ...bySettings(facts)];
  const [first = null, ...rest] = holds;
  return rest.reduce((longest, hold) => (longest === null || isLonger(hold, longest) ? hold : longest), first);
}

function isLonger({ until }: Hold, other: Hold): boolean {
  if (other.until === null) return false;
  return until === null || until > other.until;
}

function byWindows({ windows, environment }: HoldFacts): Hold[] {
  if (windows === null || windows.opening.kind === 'open') return [];
  const { reason, note, opensAt } = windows.opening;
  const why = reason === 'freeze' ? `${environment} is frozen` : `${environment} is outside its windows`;
  const until =
    opensAt === null ? ' and does not open within a year' : `, until ${renderLocalTime(opensAt, windows.timeZone)}`;
  return [{ reason, until: opensAt, message: `Waits: ${why}${until}${noted(note)}` }];
}

function byOrder({ until, note, actor }: OrderedFreeze, { environment }: HoldFacts): Hold {
  const told = until === null ? 'until a person ends it' : `until ${renderLocalTime(until, 'UTC')}`;
  return { reason: 'freeze', until, message: `Waits: ${actor} has frozen ${environment} ${told}${noted(note)}` };
}

function bySettings({ set, environment, now }: HoldFacts): Hold[] {
  const active = set.filter((one) => one.environment === environment || one.environment === '*');
  return active
    .filter(({ from, until }) => from <= now && now < until)
    .map(({ until, note }) => {
      const told = `the platform freezes ${environment} until ${renderLocalTime(until, 'UTC')}`;
      return { reason: 'freeze', until, message: `Waits: ${told}${noted(note)}` };
    });
}

function noted(note: string | null): string {
  return note === null ? '' : ` (${note})`;
}
