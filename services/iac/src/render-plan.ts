import type { InfrastructureSlice } from '@orchestra/contracts';
import type { PlannedChange } from './ports.ts';

const signs: Record<PlannedChange['kind'], string> = {
  add: '+',
  change: '~',
  replace: '-/+',
  destroy: '-',
  forget: 'forget',
};

// What people read before they answer; the tool's own output has all of it.
const shownAtMost = 100;

/** The changes of a plan, a line each. */
export function renderChanges(changes: readonly PlannedChange[]): string[] {
  const lines = changes.slice(0, shownAtMost).map(renderChange);
  const left = changes.length - shownAtMost;
  return left > 0 ? [...lines, `and ${left} more`] : lines;
}

function renderChange({ address, kind, attributes }: PlannedChange): string {
  const shown = attributes.map(({ name, before, after }) =>
    before === null ? `${name} = ${after ?? 'null'}` : `${name} = ${before} → ${after ?? 'null'}`,
  );
  const details = kind === 'destroy' || shown.length === 0 ? '' : `: ${shown.join(', ')}`;
  return `${signs[kind]} ${address}${details}`;
}

/** The plan in one line, with what it destroys by name. */
export function renderSummary(slice: Omit<InfrastructureSlice, 'outputs'>): string {
  const { toAdd, toChange, toDestroy, destroys, replaces = [] } = slice;
  const gone = destroys.filter((address) => !replaces.includes(address));
  return [
    `+${toAdd} ~${toChange} -${toDestroy}`,
    ...(gone.length === 0 ? [] : [`destroys ${gone.join(', ')}`]),
    ...(replaces.length === 0 ? [] : [`makes anew ${replaces.join(', ')}`]),
  ].join('; ');
}
