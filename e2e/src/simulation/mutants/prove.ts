// Breaks ten guarantees one by one and looks whether the simulation notices: `npm run simulate:mutants`. Writes the table into
// docs/reliability.md.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { mutants } from './mutants.ts';
import { renderTable, replaceBlock, type Caught } from './render-table.ts';

const run = promisify(execFile);
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '2000' }, only: { type: 'string' } } });
const shape = z.object({
  name: z.string(),
  seed: z.int().nullable(),
  invariant: z.string(),
  what: z.string(),
  seconds: z.number(),
});
const page = join(import.meta.dirname, '../../../../docs/reliability.md');

const results: Caught[] = [];
for (const mutant of mutants.filter(({ name }) => values.only === undefined || name === values.only)) {
  const { seed, invariant, what, seconds } = await play(mutant.name);
  results.push({ ...mutant, seed, invariant, what });
  const word =
    seed === null ? `NOT CAUGHT within ${values.seeds} seeds` : `caught by seed ${seed}: ${invariant}, ${what}`;
  process.stdout.write(`${mutant.name}: ${word} (${seconds} s)\n`);
}
if (values.only === undefined) await writeFile(page, replaceBlock(await readFile(page, 'utf8'), renderTable(results)));
process.exitCode = results.every(({ seed }) => seed !== null) ? 0 : 1;

async function play(name: string): Promise<z.output<typeof shape>> {
  const child = join(import.meta.dirname, 'play-mutant.ts');
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', child, name, values.seeds];
  const { stdout } = await run(process.execPath, args);
  return shape.parse(JSON.parse(stdout));
}
