import type { Slices } from '../run-state/slices.ts';
import type { Received, Topic } from '../topics.ts';
import { foldPlaces } from './fold-places.ts';
import { isOf } from './is-of.ts';

/** What events carry of a run's slices; of each part the newest generation, and there the last word. */
export function foldSlices(own: readonly Received<Topic>[]): Slices {
  return {
    gitops: foldSource(own),
    build: foldBuild(own),
    'code-analysis': { ...foldAnalysis(own, 'SOURCE'), ...foldAnalysis(own, 'ARTIFACT') },
    test: foldTests(own),
    ...foldPlaces(own),
    chatops: {},
  };
}

/** The last event of a topic in its newest generation, or null. */
function lastOf<T extends Topic>(
  own: readonly Received<Topic>[],
  topic: T,
  fits: (event: Received<T>) => boolean = () => true,
): Received<T> | null {
  const events = own.filter((event): event is Received<T> => isOf(event, topic) && fits(event));
  return events.toSorted((left, right) => left.generation - right.generation).at(-1) ?? null;
}

function foldSource(own: readonly Received<Topic>[]): Slices['gitops'] {
  const push = lastOf(own, 'code_push');
  if (push === null) return {};
  const { planDigest, snapshotDigest, baseCommit, changedFiles } = push.data;
  const local = { problems: [], warnings: [], licenses: [] };
  return { source: { planDigest, snapshotDigest, baseCommit, changedFiles, ...local } };
}

function foldBuild(own: readonly Received<Topic>[]): Slices['build'] {
  const built = lastOf(own, 'build_ready');
  if (built === null) return {};
  const { artifacts, durationMs } = built.data;
  return { result: { tool: 'unknown', artifacts, durationMs } };
}

function foldAnalysis(own: readonly Received<Topic>[], unit: 'SOURCE' | 'ARTIFACT'): Slices['code-analysis'] {
  const analysed = lastOf(own, 'code_analysis', ({ data }) => data.unit === unit);
  if (analysed === null) return {};
  const { allFindings, newFindings } = analysed.data;
  return { [unit === 'SOURCE' ? 'source' : 'artifact']: { tools: [], findings: [], allFindings, newFindings } };
}

function foldTests(own: readonly Received<Topic>[]): Slices['test'] {
  const tested = lastOf(own, 'test_results');
  if (tested === null) return {};
  const { framework, passed, failed, skipped, flaky, lineCoveragePercent, durationMs } = tested.data;
  const counts = { passed, failed, skipped, flaky, lineCoveragePercent, durationMs };
  return { report: { framework: framework ?? 'none', failures: [], ...counts } };
}
