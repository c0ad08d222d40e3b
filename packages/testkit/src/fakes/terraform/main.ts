// A stand-in for terraform: the few commands and options that the driver uses, over `terraform_data` and a state file. It
// passes the suite that the real programs pass, and refuses every option that they might not have.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPlan } from './apply-plan.ts';
import { readConfiguration } from './configuration.ts';
import { initialize } from './initialize.ts';
import { changedOutputs, makePlan, type SavedPlan } from './saved-plan.ts';
import { readState } from './state.ts';

const folder = process.cwd();
const usual = 'input=false|lock-timeout=\\d+s';

const commands: Record<string, { options: string; run(options: readonly string[], file: string): unknown }> = {
  init: { options: `${usual}|no-color|lockfile=readonly`, run: init },
  validate: { options: 'no-color', run: validate },
  plan: { options: `${usual}|json|detailed-exitcode|destroy|refresh-only|lock=false|out=.+`, run: plan },
  show: { options: 'json', run: (_options, file) => show(readPlan(file)) },
  apply: { options: `${usual}|json`, run: (_options, file) => apply(readPlan(file)) },
  output: { options: 'json|no-color', run: showOutputs },
};

const [name = '', ...args] = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('-'));
try {
  const command = commands[name];
  if (command === undefined) throw new Error(`Terraform has no command named "${name}"`);
  const known = new RegExp(`^-(${command.options})$`);
  if (!options.every((option) => known.test(option))) throw new Error('Failed to parse command-line flags');
  await command.run(options, args.at(-1) ?? '');
} catch (error) {
  tellError(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

// Where the stream of JSON is asked for, an error is a part of it.
function tellError(message: string): void {
  const [summary = '', ...detail] = message.split('\n');
  const isStream = options.includes('-json') && (name === 'plan' || name === 'apply');
  if (!isStream) return void process.stderr.write(`\nError: ${message}\n`);
  const file = /on (\S+) line (\d+)/.exec(message);
  const range = file === null ? {} : { range: { filename: file[1], start: { line: Number(file[2]) } } };
  const diagnostic = { severity: 'error', summary, detail: detail.join('\n').trim(), ...range };
  say('diagnostic', `Error: ${summary}`, { diagnostic });
}

function init(given: readonly string[]): void {
  initialize(folder, configuration(), given);
  print('Terraform has been successfully initialized!');
}

function validate(): void {
  configuration();
  print('Success! The configuration is valid.');
}

function plan(given: readonly string[]): void {
  const wanted = configuration();
  if (!existsSync(join(folder, '.terraform')))
    throw new Error('Backend initialization required, please run "terraform init"');
  const state = readState(wanted.statePath);
  if (given.includes('-refresh-only')) return look(changedOutputs(wanted, state));
  const made = makePlan(given.includes('-destroy') ? { ...wanted, resources: {}, outputs: {} } : wanted, state);
  for (const { address, actions } of made.changes) {
    if (actions[0] !== 'no-op') say('planned_change', `${address}: Plan to ${actions.join(' and ')}`, {});
  }
  const out = given.find((option) => option.startsWith('-out='));
  if (out !== undefined) writeFileSync(out.slice('-out='.length), JSON.stringify(made));
  if (given.includes('-detailed-exitcode') && made.changesAnything) process.exitCode = 2;
}

// There is no world but the state, so only what is read from elsewhere can differ.
function look(changed: readonly string[]): void {
  const outputs = Object.fromEntries(changed.map((output) => [output, { sensitive: false, action: 'update' }]));
  say('outputs', `Outputs: ${changed.length}`, { outputs });
  if (changed.length > 0) process.exitCode = 2;
}

function show({ changes }: SavedPlan): void {
  const shown = changes.map(({ address, actions, wanted, made }) => ({
    address,
    type: 'terraform_data',
    change: {
      actions,
      before: valuesOf(made),
      after: valuesOf(wanted),
      after_unknown: made === null ? { id: true } : {},
      before_sensitive: { triggers_replace: made?.isSecret ?? false },
      after_sensitive: { triggers_replace: wanted?.isSecret ?? false },
    },
  }));
  print(JSON.stringify({ format_version: '1.2', resource_changes: shown, errored: false }));
}

function valuesOf(resource: { input: unknown; triggersReplace: unknown } | null): object | null {
  return resource && { input: resource.input, triggers_replace: resource.triggersReplace };
}

async function apply(saved: SavedPlan): Promise<void> {
  await applyPlan(saved, (line) => say('apply_start', line, {}));
  say('change_summary', 'Apply complete!', {});
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

function say(type: string, message: string, more: object): void {
  print(JSON.stringify({ '@level': 'info', '@message': message, type, ...more }));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
