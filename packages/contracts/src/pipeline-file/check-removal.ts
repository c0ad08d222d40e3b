import type { SoundSections } from './check-file.ts';
import type { Remark } from './remark.ts';
import { resolveEnvironments, resolveEphemeral } from './resolve-environments.ts';
import { namedForRemoval } from './resolve-observability.ts';
import { suggestWord } from './suggest.ts';
import type { IsWritten } from './written.ts';

/** What `rollback.infrastructure` may not destroy: what is not made to be thrown away, or what the policy protects. */
export function checkRemoval(sections: SoundSections, isWritten: IsWritten): Remark[] {
  const { rollback, deployment, pipeline, infrastructure } = sections;
  if (rollback === undefined || deployment === undefined) return [];
  const named = namedForRemoval({ rollback, deployment, pipeline });
  if (named.length === 0) return [];
  const environments = resolveEnvironments({ deployment, pipeline });
  const ephemeral = resolveEphemeral(deployment);
  const isMap = rollback.infrastructure !== 'destroy';
  const remarks = named.flatMap((environment): Remark[] => {
    const path = ['rollback', 'infrastructure', ...(isMap ? [environment] : [])];
    if (!environments.includes(environment)) return [unknownEnvironment({ environment, environments, path })];
    return ephemeral.includes(environment) ? [] : [notEphemeral({ environment, ephemeral, path })];
  });
  return [
    ...remarks,
    ...(infrastructure === undefined && isWritten('infrastructure') ? [] : checkPolicy(infrastructure)),
  ];
}

interface Place {
  environment: string;
  path: Remark['path'];
}

function unknownEnvironment({ environment, environments, path }: Place & { environments: readonly string[] }): Remark {
  const message = `\`${environment}\` is none of the environments ${environments.join(', ')}`;
  const meant = suggestWord(environment, environments);
  const suggestion = meant === null ? 'Write it into `environments`.' : `Did you mean \`${meant}\`?`;
  return { path, at: 'key', message, suggestion };
}

function notEphemeral({ environment, ephemeral, path }: Place & { ephemeral: readonly string[] }): Remark {
  const message = `A rollback may not destroy the infrastructure of ${environment}: it is not marked as ephemeral`;
  const map = `{ ${ephemeral.map((name) => `${name}: destroy`).join(', ')} }`;
  const instead = ephemeral.length === 0 ? '`infrastructure: keep`' : `\`infrastructure: ${map}\``;
  const mark = `\`{ name: ${environment}, ephemeral: true }\``;
  const suggestion = `Write ${instead}. If ${environment} is made to be thrown away, write ${mark} in \`deployment.environments\`.`;
  return { path, at: 'value', message, suggestion };
}

function checkPolicy(infrastructure: SoundSections['infrastructure']): Remark[] {
  const path = ['rollback', 'infrastructure'];
  if (infrastructure === undefined || !infrastructure.enabled) {
    const message = 'There is no infrastructure that a rollback could destroy';
    return [{ path, at: 'value', message, suggestion: 'Write the section `infrastructure`, or remove the key.' }];
  }
  if (!infrastructure.policy.deny_destroy) return [];
  const message = '`infrastructure.policy.deny_destroy` refuses what `destroy` would plan';
  return [{ path, at: 'value', message, suggestion: 'Remove one of the two.' }];
}
