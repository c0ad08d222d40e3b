import type { InfrastructureSlice } from '@orchestra/contracts';
import { oneLine } from './harmless.ts';
import type { Paint } from './paint.ts';

/** Counts of the infrastructure plan of an environment, and what it would destroy. */
export function renderInfrastructure(environment: string, slice: InfrastructureSlice, paint: Paint): string[] {
  const { tool, phase, toAdd, toChange, toDestroy, destroys, outputs } = slice;
  return [
    `infrastructure of ${environment}: ${toAdd} to add, ${toChange} to change, ${toDestroy} to destroy; ${phase}${tool === null ? '' : ` (${tool})`}`,
    ...destroys.map((address) => `  ${paint('red', 'destroys')}  ${oneLine(address)}`),
    ...Object.entries(outputs).map(([name, value]) => `  ${oneLine(name)} = ${oneLine(value)}`),
  ];
}
