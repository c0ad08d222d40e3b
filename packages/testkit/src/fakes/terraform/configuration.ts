import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseConfiguration, type Block, type Expression, type Value } from './parse-configuration.ts';

/** A `terraform_data`, as the configuration wants it. */
export interface Wanted {
  input: Value | null;
  triggersReplace: Value | null;
  /** What its `local-exec` runs when it is made. */
  command: string | null;
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
}

/** @throws Error in Terraform's words */
export function readConfiguration(folder: string, env: NodeJS.ProcessEnv): Configuration {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tf'));
  if (files.length === 0) throw new Error('No configuration files');
  const blocks = files.flatMap((file) => parseConfiguration(file, readFileSync(join(folder, file), 'utf8')));
  const ofType = (type: string) => blocks.filter((block) => block.type === type);
  const variables = Object.fromEntries(ofType('variable').map((block) => [block.labels[0], valueOf(block, env)]));
  return {
    statePath: resolve(folder, pathOf(ofType('terraform'))),
    variables,
    resources: Object.fromEntries(ofType('resource').map((block) => [addressOf(block), wantedOf(block, variables)])),
    outputs: Object.fromEntries(ofType('output').map((block) => [block.labels[0], outputOf(block)])),
  };
}

function addressOf({ labels: [type, name], line }: Block): string {
  if (type !== 'terraform_data' || name === undefined) {
    throw new Error(`Invalid resource type\n\n  on main.tf line ${line}: the stand-in knows terraform_data only`);
  }
  return `${type}.${name}`;
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
  return {
    input: read('input'),
    triggersReplace: read('triggers_replace'),
    command: command === null ? null : String(command),
  };
}

function plainOf(expression: Expression | undefined, variables: Configuration['variables']): Value | null {
  if (expression === undefined) return null;
  if (expression.kind === 'value') return expression.value;
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
