import { oneLine, type InfrastructureSlice } from '@orchestra/contracts';
import type { Paint } from './paint.ts';

/** The infrastructure plan of an environment: its counts, what it does, whom it waits for, and what was found since. */
export function renderInfrastructure(environment: string, slice: InfrastructureSlice, paint: Paint): string[] {
  const { tool, phase, toAdd, toChange, toDestroy, destroys, replaces = [], changes = [] } = slice;
  // Nothing was planned: what was proposed in its place is said of the run.
  if (slice.planDigest === null && slice.proposal !== undefined) return [];
  const word = (address: string) => (replaces.includes(address) ? 'makes anew' : 'destroys');
  return [
    `infrastructure of ${environment}: ${toAdd} to add, ${toChange} to change, ${toDestroy} to destroy; ${phase}${tool === null ? '' : ` (${tool})`}`,
    ...destroys.map((address) => `  ${paint('red', word(address))}  ${oneLine(address)}`),
    ...(phase === 'waiting' ? changes.map((change) => `  ${oneLine(change)}`) : []),
    ...renderQuestion(slice),
    ...renderDrift(slice, paint),
    ...renderOutputs(slice),
    ...renderRemoval(environment, slice, paint),
  ];
}

function renderOutputs({ outputs, sensitiveOutputs = [] }: InfrastructureSlice): string[] {
  return [
    ...Object.entries(outputs).map(([name, value]) => `  ${oneLine(name)} = ${oneLine(value)}`),
    ...sensitiveOutputs.map(
      ({ output, state, tool }) => `  ${oneLine(output)}: sensitive, in the state of ${oneLine(state)} (${tool})`,
    ),
  ];
}

const removalPhases: Readonly<Record<InfrastructureSlice['phase'], string>> = {
  planned: 'planned',
  waiting: 'waits',
  applying: 'under way',
  applied: 'gone',
};

function renderRemoval(environment: string, { removal }: InfrastructureSlice, paint: Paint): string[] {
  if (removal === undefined) return [];
  const { phase, destroys, ended } = removal;
  const why = ended === null ? '' : `: ${oneLine(ended.message ?? ended.reason)}`;
  return [
    `destroying the infrastructure of ${environment}: ${removalPhases[phase]}${why}`,
    ...destroys.map(
      (address) => `  ${paint('red', phase === 'applied' ? 'destroyed' : 'destroys')}  ${oneLine(address)}`,
    ),
    ...renderQuestion(removal),
  ];
}

function renderQuestion({ question }: Pick<InfrastructureSlice, 'question'>): string[] {
  if (!question) return [];
  const who = question.approvers.length === 0 ? 'a person' : question.approvers.map(oneLine).join(' or ');
  return [`  waits for ${who} until ${question.until}, to approve ${question.digest}`];
}

function renderDrift({ drift }: InfrastructureSlice, paint: Paint): string[] {
  if (!drift) return [];
  const { at, found, drifted, message } = drift;
  if (found === 'none') return [`  as recorded at ${at}`];
  const what = found === 'drifted' ? drifted.map(oneLine).join(', ') : oneLine(message ?? '');
  return [`  ${paint('yellow', found === 'drifted' ? 'drifted' : 'not compared')}  ${what} (${at})`];
}
