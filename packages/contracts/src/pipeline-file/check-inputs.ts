import type { SoundSections } from './check-file.ts';
import type { KeyPath, Remark } from './remark.ts';
import { resolveProvider } from './resolve-deployment.ts';
import { resolveEnvironments } from './resolve-environments.ts';
import { suggestWord } from './suggest.ts';

const kinds = ['manifests', 'kustomize', 'helm'] as const;

/** What only a cluster can read, and what goes together. */
export function checkInputs({ deployment, pipeline }: SoundSections): Remark[] {
  if (deployment === undefined) return [];
  const written = kinds.filter((kind) => deployment[kind] !== undefined);
  const isLocal = resolveProvider(deployment) === 'local';
  return [
    ...(isLocal ? checkLocal(deployment) : []),
    ...written.slice(1).map((kind) => {
      const message = `\`${kind}\` and \`${written[0]}\` cannot both say what is released`;
      return remark(['deployment', kind], message, 'Keep one of the two.');
    }),
    ...checkOverlays(deployment, {
      hasFiles: written.length > 0,
      environments: resolveEnvironments({ deployment, pipeline }),
    }),
  ];
}

type Deployment = NonNullable<SoundSections['deployment']>;

function checkLocal(deployment: Deployment): Remark[] {
  const suggestion = 'Write `provider: kubernetes`, or remove it.';
  const files = [...kinds, 'overlays' as const].filter((kind) => deployment[kind] !== undefined);
  const hooks = deployment.services.flatMap(({ hooks: own }, index): Remark[] =>
    own === undefined
      ? []
      : [remark(['deployment', 'services', index, 'hooks'], 'Hooks are Jobs of a cluster', suggestion)],
  );
  return [
    ...files.map((kind) => remark(['deployment', kind], 'Processes on this machine have no objects', suggestion)),
    ...hooks,
  ];
}

function checkOverlays(
  { overlays }: Deployment,
  { hasFiles, environments }: { hasFiles: boolean; environments: readonly string[] },
): Remark[] {
  if (overlays === undefined) return [];
  if (!hasFiles) {
    const suggestion = 'Write `manifests`, `kustomize` or `helm`.';
    return [remark(['deployment', 'overlays'], 'There is nothing that this could be laid over', suggestion)];
  }
  return Object.keys(overlays).flatMap((environment): Remark[] => {
    if (environments.includes(environment)) return [];
    const meant = suggestWord(environment, environments);
    const message = `\`${environment}\` is none of the environments ${environments.join(', ')}`;
    return [
      remark(['deployment', 'overlays', environment], message, meant === null ? null : `Did you mean \`${meant}\`?`),
    ];
  });
}

function remark(path: KeyPath, message: string, suggestion: string | null): Remark {
  return { path, at: 'value', message, suggestion };
}
