// `npm run test:pods`: the tests with real pods alone. Arguments are for jest.
import { whyNoPods } from '@orchestra/testkit/neighbours';
import { say } from './run-command.ts';
import { podsTier, runTier } from './tiers.ts';

const why = await whyNoPods();
if (why === null) {
  const { failed } = await runTier({ ...podsTier, args: process.argv.slice(2) }, {});
  process.exitCode = failed === 0 ? 0 : 1;
} else {
  say(`pods: not possible here: ${why}`);
  process.exitCode = 1;
}
