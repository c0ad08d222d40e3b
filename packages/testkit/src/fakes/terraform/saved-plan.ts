import { createHash } from 'node:crypto';
import type { Configuration, Wanted, WantedOutput } from './configuration.ts';
import type { Expression, Value } from './parse-configuration.ts';
import type { Made, State } from './state.ts';

export interface Change {
  address: string;
  actions: readonly ('no-op' | 'create' | 'update' | 'delete')[];
  /** Null: it goes. */
  wanted: Wanted | null;
  /** Null: it is not there. */
  made: Made | null;
}

/** What `plan -out` keeps: all that `apply` needs, and on which state it was decided. */
export interface SavedPlan extends Pick<Configuration, 'statePath' | 'variables' | 'outputs'> {
  lineage: string;
  serial: number;
  changes: readonly Change[];
  /** Whether anything changes, an output included: the exit code 2 of `-detailed-exitcode`. */
  changesAnything: boolean;
}

/** The outputs that a look at the world alone would change. */
export function changedOutputs({ variables, outputs }: Configuration, state: State): string[] {
  const known = Object.entries(outputs).filter(([name]) => state.outputs[name] !== undefined);
  const differing = known.filter(([name, output]) =>
    outputChanges({ output, name, moved: new Set(), variables, state }),
  );
  return differing.map(([name]) => name);
}

/** Compares what is wanted with what was made. */
export function makePlan({ statePath, variables, resources, outputs }: Configuration, state: State): SavedPlan {
  const addresses = [...new Set([...Object.keys(resources), ...Object.keys(state.resources)])];
  const changes = addresses.map((address) =>
    changeOf(address, resources[address] ?? null, state.resources[address] ?? null),
  );
  const moved = new Set(changes.filter(({ actions }) => actions[0] !== 'no-op').map(({ address }) => address));
  const names = [...new Set([...Object.keys(outputs), ...Object.keys(state.outputs)])];
  const changesOutput = names.some((name) => outputChanges({ output: outputs[name], name, moved, variables, state }));
  return {
    statePath,
    variables,
    outputs,
    lineage: state.lineage,
    serial: state.serial,
    changes,
    changesAnything: moved.size > 0 || changesOutput,
  };
}

function changeOf(address: string, wanted: Wanted | null, made: Made | null): Change {
  const change = { address, wanted, made };
  if (wanted === null) return { ...change, actions: ['delete'] };
  if (made === null) return { ...change, actions: ['create'] };
  if (made.tainted || made.triggersReplace !== wanted.triggersReplace) {
    return { ...change, actions: ['delete', 'create'] };
  }
  return { ...change, actions: [made.input === wanted.input ? 'no-op' : 'update'] };
}

interface Compared extends Pick<Configuration, 'variables'> {
  output: WantedOutput | undefined;
  name: string;
  moved: ReadonlySet<string>;
  state: State;
}

function outputChanges({ output, name, moved, variables, state }: Compared): boolean {
  const kept = state.outputs[name];
  if (output === undefined || kept === undefined) return true;
  const { expression } = output;
  if (expression.kind === 'reference' && moved.has(addressIn(expression.path))) return true;
  return evaluate(expression, variables, state) !== kept.value;
}

/** The value of an output, once everything is made. @throws Error on a reference to nothing */
export function evaluate(expression: Expression, variables: Configuration['variables'], state: State): Value {
  if (expression.kind === 'value') return expression.value;
  if (expression.kind === 'map') throw new Error('Invalid expression');
  const made = state.resources[addressIn(expression.path)];
  const attribute = expression.path.split('.').at(-1);
  const value =
    made === undefined
      ? variables[expression.path.replace(/^var\./, '')]
      : attribute === 'id'
        ? made.id
        : (made.input ?? undefined);
  if (value === undefined) throw new Error(`Reference to undeclared resource\n\n${expression.path}`);
  return expression.isHashed === true ? createHash('sha256').update(String(value)).digest('hex') : value;
}

function addressIn(path: string): string {
  return path.split('.').slice(0, 2).join('.');
}
