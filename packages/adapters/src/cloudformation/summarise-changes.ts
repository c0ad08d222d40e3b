import type { Change, ResourceChange as ApiChange } from '@aws-sdk/client-cloudformation';
import type { PlanSummary, ResourceChange } from '../terraform/index.ts';

/** What a change set would do. Values are left out: CloudFormation does not say which of them are secret. */
export function summariseChanges(changes: readonly Change[]): PlanSummary {
  return countChanges(
    changes.flatMap(({ ResourceChange: change }) => (change === undefined ? [] : [describe(change)])),
  );
}

/** The counts and names of changes. */
export function countChanges(described: readonly ResourceChange[]): PlanSummary {
  const having = (...kinds: readonly ResourceChange['kind'][]) => described.filter(({ kind }) => kinds.includes(kind));
  return {
    toAdd: having('add', 'replace').length,
    toChange: having('change').length,
    toDestroy: having('destroy', 'replace').length,
    destroys: names(having('destroy', 'replace')),
    replaces: names(having('replace')),
    changes: described,
  };
}

function names(changes: readonly ResourceChange[]): string[] {
  return changes.map(({ address }) => address);
}

function describe(change: ApiChange): ResourceChange {
  const { LogicalResourceId: address = '', ResourceType: type = '', Details = [] } = change;
  const touched = Details.map(({ Target }) => Target?.Name ?? Target?.Attribute ?? '').filter((name) => name !== '');
  const attributes = [...new Set(touched)].map((name) => ({ name, before: null, after: '(changed)' }));
  return { address, type, kind: kindOf(change), attributes };
}

// What may be replaced is judged as if it were, and an action that this version does not know as a replacement.
function kindOf({ Action, Replacement, PolicyAction }: ApiChange): ResourceChange['kind'] {
  if (Action === 'Add' || Action === 'Import') return 'add';
  if (Action === 'Remove') return PolicyAction === 'Retain' ? 'forget' : 'destroy';
  return Action === 'Modify' && Replacement === 'False' ? 'change' : 'replace';
}
