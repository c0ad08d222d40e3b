import { readFile } from 'node:fs/promises';
import {
  explainPlan,
  OrchestraError,
  parsePipelineFile,
  renderExplanation,
  renderProblems,
  type ParsedPipelineFile,
} from '@orchestra/contracts';
import type { Command } from 'commander';
import type { Console } from './console.ts';
import { exitCodes } from './exit-codes.ts';
import { readSloFile } from './read-slo-file.ts';

interface Options {
  json?: boolean;
  explain?: boolean;
}

export function addValidate(program: Command, console: Console): void {
  program
    .command('validate')
    .description('check a pipeline file: every problem at once, with its place and what to write instead')
    .argument('[file]', 'the file; - reads the standard input', 'devops_orchestra.yaml')
    .option('--json', 'print one JSON document')
    .option('--explain', 'print which service will do what')
    .action(async (file: string, options: Options) => {
      const text = file === '-' ? await console.readInput() : await load(file);
      const parsed = await readSloFile(parsePipelineFile(text), file);
      const fileName = file === '-' ? 'standard input' : file;
      if (options.json === true) console.print(renderJson(parsed, options));
      else show({ fileName, parsed, options, console });
      console.finish(parsed.ok ? exitCodes.success : exitCodes.invalidPipelineFile);
    });
}

async function load(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OrchestraError('NOT_FOUND', `The pipeline file cannot be read: ${reason}`, { cause });
  }
}

function renderJson(parsed: ParsedPipelineFile, { explain }: Options): string {
  const { ok, warnings } = parsed;
  const explanation = parsed.ok && explain === true ? { plan: parsed.plan, explanation: explainPlan(parsed.plan) } : {};
  const problems = parsed.ok ? [] : parsed.problems;
  return `${JSON.stringify({ ok, problems, warnings, ...explanation })}\n`;
}

interface Shown {
  fileName: string;
  parsed: ParsedPipelineFile;
  options: Options;
  console: Console;
}

function show({ fileName, parsed, options, console }: Shown): void {
  const problems = parsed.ok ? [] : parsed.problems;
  const report = renderProblems({ fileName, problems, warnings: parsed.warnings });
  // An explanation is the data that was asked for; what stands beside it must not get into a pipe.
  if (parsed.ok && options.explain === true) {
    if (report !== '') console.say(report);
    console.print(renderExplanation(explainPlan(parsed.plan)));
  } else {
    console.print(report);
  }
  console.say(
    `${fileName}: ${parsed.ok ? 'valid' : count(problems.length, 'problem')}, ${count(parsed.warnings.length, 'warning')}`,
  );
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
