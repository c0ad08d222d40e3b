import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseConfiguration, type Block, type Expression, type Value } from './parse-configuration.ts';

/** A `terraform_data`, as the configuration wants it. */
export interface Wanted {
  input: Value | null;
  triggersReplace: Value | null;
  /** What its `local-exec` runs when it is made. */
  command: string | null;
  /** Whether `triggers_replace` may not be shown. */
  isSecret: boolean;
}

export interface WantedOutput {
  expression: Expression;
  sensitive: boolean;
}

/** What all files of a folder say together. */
export interface Configuration {
  /** Where the state is: the path of the backend `local`. */
  statePath: string;
  variables: Readonly<Record<string, Value>>;
  resources: Readonly<Record<string, Wanted>>;
  outputs: Readonly<Record<string, WantedOutput>>;
  /** Sources of the providers that have to be installed. */
  providers: readonly string[];
}

/** @throws Error in Terraform's words */
export function readConfiguration(folder: string, env: NodeJS.ProcessEnv): Configuration {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tf'));
  if (files.length === 0) throw new Error('No configuration files');
  const blocks = files.flatMap((file) => parseConfiguration(file, readFileSync(join(folder, file), 'utf8')));
  const ofType = (type: string) => blocks.filter((block) => block.type === type);
  const given = ofType('variable').map((block): [string, Value] => [block.labels[0] ?? '', valueOf(block, env)]);
  const variables = Object.fromEntries([
    ...given,
    ...ofType('data').flatMap((block) => readRemoteState(folder, block)),
  ]);
  return {
    statePath: resolve(folder, pathOf(ofType('terraform'))),
    variables,
    resources: Object.fromEntries(ofType('resource').map((block) => [addressOf(block), wantedOf(block, variables)])),
    outputs: Object.fromEntries(ofType('output').map((block) => [block.labels[0], outputOf(block)])),
    providers: ofType('terraform').flatMap(providersOf),
  };
}

function addressOf({ labels: [type, name], line }: Block): string {
  if (type !== 'terraform_data' || name === undefined) {
    throw new Error(`Invalid resource type\n\n  on main.tf line ${line}: the stand-in knows terraform_data only`);
  }
  return `${type}.${name}`;
}

// The outputs of another state, under the names by which the configuration refers to them.
function readRemoteState(folder: string, { labels: [type, name], attributes }: Block): [string, Value][] {
  const path = attributes['config']?.kind === 'map' ? attributes['config'].of['path'] : undefined;
  if (type !== 'terraform_remote_state' || path?.kind !== 'value') throw new Error('Invalid data source');
  const { outputs }: { outputs: Record<string, { value: Value }> } = JSON.parse(
    readFileSync(join(folder, String(path.value)), 'utf8'),
  );
  return Object.entries(outputs).map(([output, { value }]) => [`data.${type}.${name}.outputs.${output}`, value]);
}

function providersOf({ blocks }: Block): string[] {
  const required = blocks.filter(({ type }) => type === 'required_providers');
  return required.flatMap(({ attributes }) =>
    Object.values(attributes).flatMap((provider) => {
      const source = provider.kind === 'map' ? provider.of['source'] : undefined;
      return source?.kind === 'value' ? [String(source.value)] : [];
    }),
  );
}

function valueOf({ labels, attributes }: Block, env: NodeJS.ProcessEnv): Value {
  const given = env[`TF_VAR_${labels[0]}`];
  if (given !== undefined) return given;
  const fallback = attributes['default'];
  if (fallback?.kind === 'value') return fallback.value;
  throw new Error(`No value for required variable\n\nThe root module input variable "${labels[0]}" is not set`);
}

function wantedOf({ attributes, blocks }: Block, variables: Configuration['variables']): Wanted {
  const read = (name: string) => plainOf(attributes[name], variables);
  const provisioner = blocks.find(({ type }) => type === 'provisioner');
  const command = plainOf(provisioner?.attributes['command'], variables);
  const triggers = attributes['triggers_replace'];
  return {
    input: read('input'),
    triggersReplace: read('triggers_replace'),
    command: command === null ? null : String(command),
    isSecret: triggers?.kind === 'value' && triggers.isSensitive === true,
  };
}

function plainOf(expression: Expression | undefined, variables: Configuration['variables']): Value | null {
  if (expression === undefined) return null;
  if (expression.kind === 'value') return expression.value;
  if (expression.kind === 'map') throw new Error('Invalid expression');
  const value = variables[expression.path.replace(/^var\./, '')];
  if (value === undefined) throw new Error(`Reference to undeclared input variable\n\n${expression.path}`);
  return value;
}

function outputOf({ labels, line, attributes: { value, sensitive } }: Block): WantedOutput {
  if (value === undefined) throw new Error(`Missing required argument\n\n  on main.tf line ${line}: ${labels[0]}`);
  return { expression: value, sensitive: sensitive?.kind === 'value' && sensitive.value === true };
}

function pathOf(settings: readonly Block[]): string {
  const backend = settings.flatMap(({ blocks }) => blocks).find(({ type }) => type === 'backend');
  const path = backend?.attributes['path'];
  return path?.kind === 'value' ? String(path.value) : 'terraform.tfstate';
}
