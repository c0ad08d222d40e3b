import type { SoundSections } from './check-file.ts';
import type { Remark } from './remark.ts';
import { repeated } from './repeated.ts';
import { resolveEnvironments } from './resolve-environments.ts';
import { suggestWord } from './suggest.ts';

/** Approvals of an environment that there is not, or that could never be complete. */
export function checkApprovals({ deployment, pipeline }: SoundSections): Remark[] {
  const written = deployment?.approvals ?? [];
  const environments = resolveEnvironments({ deployment, pipeline });
  const twice = repeated(written.map(({ environment }) => environment));
  return written.flatMap((rules, index) => [
    ...checkEnvironment(rules.environment, { index, environments }),
    ...(twice.includes(index) ? [environmentTwice(index)] : []),
    ...checkCount(rules, index),
  ]);
}

function checkEnvironment(
  environment: string,
  { index, environments }: { index: number; environments: readonly string[] },
): Remark[] {
  if (environments.includes(environment)) return [];
  const message = `\`${environment}\` is none of the environments ${environments.join(', ')}`;
  const meant = suggestWord(environment, environments);
  const suggestion = meant === null ? 'Write it into `environments`.' : `Did you mean \`${meant}\`?`;
  return [{ path: inApproval(index, 'environment'), at: 'value', message, suggestion }];
}

function environmentTwice(index: number): Remark {
  const message = 'This environment stands here twice';
  return { path: inApproval(index, 'environment'), at: 'value', message, suggestion: 'Keep one of the two.' };
}

interface Written {
  count: number;
  approvers: readonly string[];
  groups: readonly string[];
}

// How many are in a group, only the installation knows.
function checkCount({ count, approvers, groups }: Written, index: number): Remark[] {
  const people = new Set(approvers).size;
  if (people === 0 || groups.length > 0 || count <= people) return [];
  const message = `${count} approvals are needed, but only ${people} may approve`;
  const suggestion = 'Name more `approvers`, or a group, or write a smaller `count`.';
  return [{ path: inApproval(index, 'count'), at: 'value', message, suggestion }];
}

function inApproval(index: number, key: string): (string | number)[] {
  return ['deployment', 'approvals', index, key];
}
