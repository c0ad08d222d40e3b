import type { InfrastructureSlice } from '@orchestra/contracts';
import { oneLine } from './harmless.ts';
import type { Paint } from './paint.ts';

/** The infrastructure plan of an environment: its counts, what it does, whom it waits for, and what was found since. */
export function renderInfrastructure(environment: string, slice: InfrastructureSlice, paint: Paint): string[] {
  const { tool, phase, toAdd, toChange, toDestroy, destroys, replaces = [], changes = [], outputs } = slice;
  const word = (address: string) => (replaces.includes(address) ? 'makes anew' : 'destroys');
  return [
    `infrastructure of ${environment}: ${toAdd} to add, ${toChange} to change, ${toDestroy} to destroy; ${phase}${tool === null ? '' : ` (${tool})`}`,
    ...destroys.map((address) => `  ${paint('red', word(address))}  ${oneLine(address)}`),
    ...(phase === 'waiting' ? changes.map((change) => `  ${oneLine(change)}`) : []),
    ...renderQuestion(slice),
    ...renderDrift(slice, paint),
    ...Object.entries(outputs).map(([name, value]) => `  ${oneLine(name)} = ${oneLine(value)}`),
  ];
}

function renderQuestion({ question }: InfrastructureSlice): string[] {
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
