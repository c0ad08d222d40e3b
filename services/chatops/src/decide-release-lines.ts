import { renderApproval, renderPreflight, type ApprovalSlice, type RunState } from '@orchestra/contracts';
import type { Line } from './decide-messages.ts';

/** What was found before each rollout, and whom it waits for: the state as it is now, for the message that is edited in place. */
export function decideReleaseLines({ slices }: Pick<RunState, 'slices'>): Line[] {
  return Object.entries(slices.deploy).flatMap(([target, { preflight, approval }]): Line[] => [
    ...(preflight === undefined ? [] : [lineOf(':mag: pre-flight of ', target, renderPreflight(preflight))]),
    ...(approval === undefined ? [] : [lineOf(':raised_hand: approvals of ', target, renderApproval(approval))]),
  ]);
}

/** The question of a unit, a line for each thing that is said about it. */
export function decideQuestionLines(unit: string, approval: ApprovalSlice): Line[] {
  const title: Line = [{ ours: '*' }, { foreign: unit }, { ours: '* waits for approvals' }];
  return [title, ...renderApproval(approval).map((foreign): Line => [{ foreign }])];
}

function lineOf(title: string, target: string, lines: readonly string[]): Line {
  // Each cut by itself, so that a long one hides no other.
  const parts = lines.flatMap((foreign, index) => [{ ours: index === 0 ? ': ' : '; ' }, { foreign }]);
  return [{ ours: title }, { foreign: target }, ...parts];
}
