// Runs a command where real pods are: `node scripts/with-pods.ts node …`.
import { runWithPods } from '@orchestra/testkit/neighbours';

process.exitCode = await runWithPods(process.argv.slice(2));
