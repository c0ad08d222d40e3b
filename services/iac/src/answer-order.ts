import type { Received } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';

type Command = Received<'operator_command'>;

/** An order that is carried out. */
export function accepted({ data }: Command, facts: object): Ended<'iac'> {
  const { action, actor } = data;
  const decided = [{ what: 'command accepted', reason: 'ordered', facts: { action, actor, ...facts } }];
  return { kind: 'end', status: null, events: [], decided };
}

/** An order that is not; the reason stands in the history of the run. */
export function refused({ data }: Command, reason: string): Ended<'iac'> {
  const { action, actor, unit } = data;
  return {
    kind: 'end',
    status: null,
    events: [],
    decided: [{ what: 'command refused', reason, facts: { action, actor, unit } }],
  };
}
