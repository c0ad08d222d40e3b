import { describeBreach, type ReplayedRelease } from '@orchestra/observability';
import { harmlessText } from '../render/harmless.ts';
import { renderDuration } from '../render/render-duration.ts';

const words: Readonly<Record<ReplayedRelease['verdict'], string>> = {
  rolled_back: 'rolled back',
  not_attributed: 'bad, but not by this release',
  healthy: 'healthy',
  inconclusive: 'cannot be judged',
  undecided: 'not decided when the recording ends',
};

/** One line a release: what would have become of it, when, and why. */
export function renderBacktest(releases: readonly ReplayedRelease[]): string[] {
  return releases.map((one) => {
    const { release, verdict, startedAt, decidedAt, reason, breach, samples } = one;
    const after = renderDuration(decidedAt - startedAt);
    const why = breach === null ? reason.replaceAll('_', ' ') : describeBreach(breach);
    const when = `${new Date(decidedAt).toISOString()}, after ${after} and ${samples} samples`;
    return harmlessText(`${release}: ${words[verdict]} at ${when}: ${why}`);
  });
}

/** All releases in one line. */
export function summarizeBacktest(releases: readonly ReplayedRelease[]): string {
  const count = (verdict: ReplayedRelease['verdict']): number =>
    releases.filter((one) => one.verdict === verdict).length;
  const rest = releases.length - count('rolled_back') - count('healthy');
  const noun = releases.length === 1 ? 'release' : 'releases';
  return `${releases.length} ${noun}: ${count('rolled_back')} rolled back, ${count('healthy')} healthy, ${rest} neither`;
}
