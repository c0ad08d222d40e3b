import { oneLine, renderApproval, renderPreflight, type RolloutSlice } from '@orchestra/contracts';
import type { Paint } from './paint.ts';

/** What was found before the first step of a rollout, and whom it waits or waited for. */
export function renderBeforeRelease(
  target: string,
  { preflight, approval }: Pick<RolloutSlice, 'preflight' | 'approval'>,
  paint: Paint,
): string[] {
  return [
    ...(preflight === undefined ? [] : [`pre-flight of ${target}:`, ...renderPreflight(preflight).map(indented)]),
    ...(approval === undefined
      ? []
      : [
          `approvals of ${target}: ${approval.state === 'waiting' ? paint('yellow', 'waiting') : approval.state}`,
          ...renderApproval(approval).map(indented),
          ...approval.approved.map(({ actor, at, note }) =>
            indented(`${actor} at ${at}${note === null ? '' : `: ${note}`}`),
          ),
          indented(`an answer is for ${approval.digest}`),
        ]),
  ];
}

function indented(line: string): string {
  return `  ${oneLine(line)}`;
}
