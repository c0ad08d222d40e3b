import { z } from 'zod';

const objectName = z
  .string()
  .regex(
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    'must be lower-case letters, digits, hyphens and dots, as names of objects are',
  );

/** What shares the traffic of a service in a cluster, where its pods do not. */
export const inFront = {
  route: objectName
    .optional()
    .describe(
      'An HTTPRoute of the Gateway API in the namespace, for `provider: kubernetes`, with a backend of the name of the service: a step is a weight there and not a number of pods, and requests with the header `canary: true` go to the canary. Default: the number of pods.',
    ),
  rollout: objectName
    .optional()
    .describe(
      'An Argo Rollout in the namespace, for `provider: kubernetes`: the platform sets its image and waits until it is healthy (`ready_timeout_seconds`, by itself `step_timeout_seconds`); its own steps hold, and `steps` do not. It is there, or stands in the files of the deployment. Default: the platform makes Deployments.',
    ),
};
