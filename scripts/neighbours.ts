// Brings up the real neighbours of the tests and prints their addresses as variables, one a line, then an empty line.
// They run until Ctrl-C, or with --until-stdin-ends until whoever started this is gone.
import { startNeighbours } from '@orchestra/testkit/neighbours';
import { once } from 'node:events';

const neighbours = await startNeighbours();
for (const [name, value] of Object.entries(neighbours.environment)) process.stdout.write(`${name}=${value}\n`);
process.stdout.write('\n');

const ends = [once(process, 'SIGINT'), once(process, 'SIGTERM')];
// A timer keeps this process alive: signals alone do not.
const alive = setInterval(() => {}, 60_000);
if (process.argv.includes('--until-stdin-ends')) ends.push(once(process.stdin.resume(), 'end'));
await Promise.race(ends);
clearInterval(alive);
await neighbours.stop();
process.exit(0);
