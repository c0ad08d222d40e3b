import { z } from 'zod';
import { command, targetName, workspacePath } from './fields.ts';

const maxPaths = 50;

/** Files of the repository that say what is released in a cluster; one kind of them. */
export const inputs = {
  manifests: z
    .union([
      workspacePath,
      z.array(workspacePath).min(1, 'must name a file or folder').max(maxPaths, 'must have at most 50 paths'),
    ])
    .optional()
    .describe(
      'Your own manifests, for `provider: kubernetes`: a file, a folder (the files in it, not those of its folders), or a list of both. The Deployment of a service is the template of its releases; all else is applied as it stands. Only one of `manifests`, `kustomize` and `helm`. Default: the Deployment and the Service are made by the platform.',
    ),
  kustomize: workspacePath
    .optional()
    .describe('The folder of a kustomization, in place of `manifests`. Nothing is fetched, and no plugins run.'),
  helm: z
    .strictObject({
      chart: workspacePath.describe(
        'The folder of the chart, with the charts that it depends on in `charts/`. Required.',
      ),
      values: z
        .array(workspacePath)
        .max(maxPaths, 'must have at most 50 files')
        .default([])
        .describe('Files of values, each over the one before.'),
      release: targetName
        .optional()
        .describe(
          'The name of the Helm release, of which charts make the names of objects. Default: the first service.',
        ),
    })
    .optional()
    .describe(
      'A chart of Helm, in place of `manifests`. It is rendered, not installed: hooks of the chart are refused.',
    ),
  overlays: z
    .record(targetName, workspacePath)
    .optional()
    .describe(
      'What an environment has otherwise, laid over what all environments share: a map of environments and files. Such a file holds parts of objects by kind and name; `null` takes a key away.',
    ),
};

const longestSeconds = 1800;

const hook = z.strictObject({
  command: command.describe('What runs, in the container of the release. Required.'),
  timeout_seconds: z
    .number()
    .min(1, 'must be 1 to 1800 seconds')
    .max(longestSeconds, 'must be 1 to 1800 seconds')
    .default(300)
    .describe('How long it may take.'),
});

export const hooks = z
  .strictObject({
    pre: hook.optional().describe('Runs before any traffic moves. When it fails, none does.'),
    post: hook
      .optional()
      .describe('Runs once the release has all traffic. When it fails, the release stays, and the run fails.'),
  })
  .optional()
  .describe(
    'Commands that run as Jobs, once for a run (and once more for each retry of it), for `provider: kubernetes`: such as a migration.',
  );
