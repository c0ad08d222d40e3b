// `npm test`: all checks and all tests, on real neighbours. What fails does not keep the rest from being reported.
// The last line is `N passed, N failed`: every check counts as one, every test as one. It also says when no real pods can
// run on this machine.
import { startNeighbours, whyNoPods, type Neighbours } from '@orchestra/testkit/neighbours';
import { checks, runChecks } from './checks.ts';
import { keepCompiled } from './keep-compiled.ts';
import { renderSummary } from './render-summary.ts';
import { say } from './run-command.ts';
import { neighbourTiers, podsTier, runTier, unitTier, type Count } from './tiers.ts';

const compiled = await keepCompiled();
// They come up while the checks run. A failure is looked at when they are needed.
const starting = startNeighbours().then(
  (neighbours) => ({ neighbours }),
  (error: unknown) => ({ error }),
);
const failed = await runChecks(checks);
const counts: Count[] = [{ passed: checks.length - failed.length, failed: failed.length }];
counts.push(await runTier(unitTier, {}));

const result = await starting;
if ('neighbours' in result) await runOnNeighbours(result.neighbours);
else giveUp(result.error);
const noPods = await whyNoPods();
if (noPods === null) counts.push(await runTier(podsTier, {}));

await compiled.drop();

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failures = counts.reduce((sum, count) => sum + count.failed, 0);
process.exitCode = failures === 0 ? 0 : 1;
process.stdout.write(`${renderSummary({ passed, failed: failures }, noPods)}\n`);

async function runOnNeighbours(neighbours: Neighbours): Promise<void> {
  try {
    for (const parts of neighbourTiers) {
      counts.push(...(await Promise.all(parts.map((tier) => runTier(tier, neighbours.environment)))));
    }
  } finally {
    await neighbours.stop();
  }
}

function giveUp(error: unknown): void {
  const tiers = neighbourTiers.flat();
  say(`✗ ${tiers.map(({ name }) => name).join(' and ')} cannot run`);
  say(error instanceof Error ? error.message : String(error));
  counts.push({ passed: 0, failed: tiers.length });
}
