import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { z } from 'zod';
import { root, runCommand, say } from './run-command.ts';

/** How many tests, suites or checks passed and failed. */
export interface Count {
  passed: number;
  failed: number;
}

/** A tier of the tests, or a part of one; its limit ends a run in which something was left open. */
export interface Tier {
  name: string;
  config: string;
  timeoutMs: number;
  /** How many files run at once; absent: as the configuration says. */
  workers?: number;
  /** More arguments for jest. */
  args?: readonly string[];
  /** The script inside of which it runs. */
  within?: string;
}

const cores = availableParallelism();
// Those that share the groups and topics of the neighbours have to take turns; the others have a platform each.
const onNeighbours = '/(distributed|drained|replicas-killed|traces)\\.e2e\\.test\\.ts$';
// Each brings servers of its own, which it breaks.
const ofFaults = '/src/faults/';
const endToEnd = { config: 'jest.e2e.config.js', timeoutMs: 1_500_000 };

export const unitTier: Tier = {
  name: 'unit tests',
  config: 'jest.config.js',
  timeoutMs: 900_000,
  workers: Math.max(2, cores),
};

/**
 * One after the other; the parts of one run at once. Tests on neighbours wait more than they compute. Those with real
 * controllers are no tier of `npm test`: `jest.controllers.config.js` says why.
 */
export const neighbourTiers: readonly (readonly Tier[])[] = [
  [{ name: 'integration tests', config: 'jest.int.config.js', timeoutMs: 1_200_000, workers: Math.max(4, cores) }],
  [
    { name: 'end-to-end tests, distributed', ...endToEnd, args: ['--testPathPatterns', onNeighbours] },
    {
      name: 'end-to-end tests, embedded',
      ...endToEnd,
      args: ['--testPathIgnorePatterns', '/node_modules/', onNeighbours, ofFaults],
    },
  ],
  // By themselves: what they break has to be noticed in time by everything else, which a crowded machine delays.
  [{ name: 'end-to-end tests, faults', ...endToEnd, workers: 2, args: ['--testPathPatterns', ofFaults] }],
];

/** With pods that really run, in namespaces of their own. By itself: what is asked of them is asked in time. */
export const podsTier: Tier = {
  name: 'tests with real pods',
  config: 'jest.pods.config.js',
  timeoutMs: 900_000,
  within: 'scripts/with-pods.ts',
};

/** The parts of jest's own report that say how it went. A suite that did not even load has no tests to count. */
const report = z.object({
  success: z.boolean(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
});
export type JestReport = z.output<typeof report>;

/** Runs a tier and counts. Whatever is not known to have passed counts as failed. */
export async function runTier(tier: Tier, env: Record<string, string>): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-tier-'));
  const file = join(folder, 'report.json');
  const { code, durationMs } = await runCommand({
    command: process.execPath,
    args: [...insideOf(tier), ...jestArguments(tier), '--json', `--outputFile=${file}`],
    env,
    shown: 'stderr',
    timeoutMs: tier.timeoutMs,
  });
  const count = await readFile(file, 'utf8').then(
    (text) => countReport(report.parse(JSON.parse(text)), code),
    () => {
      say(`${tier.name} ended without a report, with code ${code}`);
      return { passed: 0, failed: 1 };
    },
  );
  await rm(folder, { recursive: true, force: true });
  say(
    `${count.failed === 0 ? '✓' : '✗'} ${tier.name}: ${count.passed} passed, ${count.failed} failed (${Math.round(durationMs / 1000)} s)`,
  );
  return count;
}

/** Adds up a report. A skipped test failed: nothing here is allowed to be left out. */
export function countReport(jest: JestReport, code: number): Count {
  const left = jest.numPendingTests + jest.numTodoTests;
  const failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites + left;
  const unexplained = failed === 0 && (code !== 0 || !jest.success) ? 1 : 0;
  return { passed: jest.numPassedTests, failed: failed + unexplained };
}

function insideOf({ within }: Tier): string[] {
  return within === undefined ? [] : ['--conditions=source', join(root, within), process.execPath];
}

function jestArguments({ config, workers, args = [] }: Tier): string[] {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const limit = workers === undefined ? [] : [`--maxWorkers=${workers}`];
  return [...flags, join(root, 'node_modules/jest/bin/jest.js'), '-c', join(root, config), ...limit, ...args];
}
