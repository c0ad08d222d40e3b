// A stand-in for terraform: the few commands and options that the driver uses, over `terraform_data` and a state file. It
// passes the suite that the real programs pass, and refuses every option that they might not have.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPlan } from './apply-plan.ts';
import { readConfiguration } from './configuration.ts';
import { makePlan, type SavedPlan } from './saved-plan.ts';
import { readState } from './state.ts';

const folder = process.cwd();
const initialized = join(folder, '.terraform');

const commands: Record<string, { options: RegExp; run(options: readonly string[], file: string): unknown }> = {
  init: { options: /^-(input=false|no-color|lock-timeout=\d+s)$/, run: initialize },
  plan: { options: /^-(input=false|no-color|lock-timeout=\d+s|detailed-exitcode|out=.+)$/, run: plan },
  show: { options: /^-(json|no-color)$/, run: (_options, file) => show(readPlan(file)) },
  apply: { options: /^-(input=false|no-color|lock-timeout=\d+s)$/, run: (_options, file) => apply(readPlan(file)) },
  output: { options: /^-(json|no-color)$/, run: showOutputs },
};

try {
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  const options = args.filter((arg) => arg.startsWith('-'));
  if (command === undefined) throw new Error(`Terraform has no command named "${name}"`);
  if (!options.every((option) => command.options.test(option))) throw new Error('Failed to parse command-line flags');
  await command.run(options, args.at(-1) ?? '');
} catch (error) {
  process.stderr.write(`\nError: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function initialize(): void {
  configuration();
  mkdirSync(initialized, { recursive: true });
  print('Terraform has been successfully initialized!');
}

function plan(options: readonly string[]): void {
  const wanted = configuration();
  if (!existsSync(initialized)) throw new Error('Backend initialization required, please run "terraform init"');
  const made = makePlan(wanted, readState(wanted.statePath));
  for (const { address, actions } of made.changes) print(`  # ${address}: ${actions.join(', ')}`);
  const out = options.find((option) => option.startsWith('-out='));
  if (out !== undefined) writeFileSync(out.slice('-out='.length), JSON.stringify(made));
  if (options.includes('-detailed-exitcode') && made.changesAnything) process.exitCode = 2;
}

function show({ changes }: SavedPlan): void {
  const shown = changes.map(({ address, actions }) => ({ address, type: 'terraform_data', change: { actions } }));
  print(JSON.stringify({ format_version: '1.2', resource_changes: shown, errored: false }));
}

async function apply(saved: SavedPlan): Promise<void> {
  await applyPlan(saved);
  print('Apply complete!');
}

function showOutputs(): void {
  print(JSON.stringify(readState(configuration().statePath).outputs));
}

function configuration() {
  return readConfiguration(folder, process.env);
}

function readPlan(file: string): SavedPlan {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
