// Plays seeds with one guarantee broken, until a promise is: `node play-mutant.ts NAME SEEDS`. Writes one line of JSON.
import { join } from 'node:path';
import { mutants } from './mutants.ts';
import { mutate } from './mutate.ts';

const [name = '', seeds = '2000'] = process.argv.slice(2);
const mutant = mutants.find((one) => one.name === name);
if (mutant === undefined) throw new Error(`No mutant ${name}`);
const mutated = mutate(mutant, join(import.meta.dirname, '../../../..', mutant.file));
const { runSeed } = await import('../run-seed.ts');
if (!mutated.isLoaded()) throw new Error(`Mutant "${name}": ${mutant.file} is no part of the simulation`);
Error.stackTraceLimit = 0;

const began = performance.now();
process.stdout.write(`${JSON.stringify({ name, ...(await playUntilCaught(Number(seeds))), ...elapsed() })}\n`);

async function playUntilCaught(count: number): Promise<{ seed: number | null; invariant: string; what: string }> {
  for (let seed = 0; seed < count; seed += 1) {
    const [violation] = (await runSeed(seed)).violations;
    if (violation !== undefined) return { seed, invariant: violation.invariant, what: violation.what };
  }
  return { seed: null, invariant: '', what: '' };
}

function elapsed(): { seconds: number } {
  return { seconds: Math.round((performance.now() - began) / 1000) };
}
