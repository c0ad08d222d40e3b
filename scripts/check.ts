// `npm run check`: everything that can be said without a neighbour. With --fix it mends what it can before.
import { checks, runChecks } from './checks.ts';

const fixes = process.argv.includes('--fix') ? ['generate', 'format:fix', 'lint:fix'] : [];
const failed = await runChecks([...fixes, ...checks, 'test:unit']);
process.exitCode = failed.length === 0 ? 0 : 1;
