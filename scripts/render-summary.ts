import type { Count } from './tiers.ts';

/**
 * The last line of `npm test`.
 *
 * @param noPods why no real pods can run on this machine: their tests count neither as passed nor as failed, and it is said
 */
export function renderSummary({ passed, failed }: Count, noPods: string | null): string {
  const leftOut = noPods === null ? '' : `; pods: not possible here: ${noPods}`;
  return `${passed} passed, ${failed} failed${leftOut}`;
}
