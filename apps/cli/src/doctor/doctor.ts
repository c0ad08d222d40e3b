import { oneLine } from '@orchestra/contracts';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { harmlessText } from '../render/harmless.ts';
import { plain, type Colour, type Paint } from '../render/paint.ts';
import { renderTable, type Cell } from '../render/render-table.ts';
import type { Check } from './check.ts';

interface Options {
  data: string;
  json?: boolean;
}

/** `orchestra doctor`: what this machine has of what the platform uses. */
export function addDoctor(program: Command, console: Console): void {
  program
    .command('doctor')
    .description('look at what the platform uses on this machine, and say what an absence means')
    .option('--data <folder>', 'the data folder', '.orchestra')
    .option('--json', 'print JSON')
    .action(async ({ data, json }: Options) => {
      const { examine } = await import('./examine.ts');
      const checks = await examine({ environment: console.environment, folder: resolve(data) });
      const healthy = checks.every(({ state, required }) => state === 'ok' || !required);
      console.print(
        json === true
          ? `${JSON.stringify({ healthy, checks })}\n`
          : `${renderChecks(checks, console.paint ?? plain).join('\n')}\n`,
      );
      console.say(healthy ? 'Nothing that is required is missing.' : 'Something that is required is missing.');
      console.finish(healthy ? exitCodes.success : exitCodes.failure);
    });
}

function renderChecks(checks: readonly Check[], paint: Paint): string[] {
  const rows = checks.map((check): Cell[] => [
    { text: check.name },
    { text: check.state === 'ok' ? 'ok' : wordOf(check), colour: colourOf(check) },
    { text: harmlessText(oneLine([check.seen, ...(check.means === null ? [] : [check.means])].join('; '))) },
  ]);
  return renderTable(rows, paint);
}

function wordOf({ state, required }: Check): string {
  if (state === 'broken') return 'broken';
  return required ? 'missing' : 'absent';
}

function colourOf({ state, required }: Check): Colour {
  if (state === 'ok') return 'green';
  return required ? 'red' : 'yellow';
}
