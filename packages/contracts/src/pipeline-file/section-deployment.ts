import { z } from 'zod';
import { choice } from './choice.ts';
import { command, line, percent, port, seconds, targetName, urlPath } from './fields.ts';
import { older } from './older-key.ts';
import { hooks, inputs } from './section-inputs.ts';
import { inFront } from './section-in-front.ts';
import { windows } from './section-windows.ts';
import { approvals } from './section-approvals.ts';

const elsewhere =
  'Write `provider: local` and run `orchestra up` on the machine that serves, or `provider: kubernetes` with a `namespace`.';
const cluster = 'Write `provider: kubernetes` and the `namespace`; which cluster it is, the installation knows.';
const functions =
  'Write `provider: local` and give the service a `command` that answers HTTP on `PORT`, or `provider: kubernetes`; functions are no target.';

/** Words for places that are no target, and what to write instead. */
export const refusedProviders = {
  ec2: elsewhere,
  ecs: elsewhere,
  fargate: elsewhere,
  aws: elsewhere,
  gcp: elsewhere,
  azure: elsewhere,
  vm: elsewhere,
  lambda: functions,
  serverless: functions,
};

const provider = choice({
  values: ['local', 'kubernetes'],
  refused: {
    k8s: cluster,
    eks: cluster,
    gke: cluster,
    aks: cluster,
    helm: `${cluster} The chart stands in \`helm: { chart: … }\`.`,
    ...refusedProviders,
    docker: 'Write `provider: local` and the `command` that starts the service, or `provider: kubernetes`.',
  },
});

const variableName = z
  .string()
  .regex(/^(?!__)[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'must be letters, digits and underscores, with no digit first');
const variableValue = z
  .string()
  .max(4096, 'must have at most 4096 characters')
  .refine((text) => !text.includes('\0'), 'must not hold a NUL character');
const scalar = z.union([variableValue, z.number(), z.boolean()]);

const olderVariable = z.union([
  variableValue.regex(/^(?!__)[A-Za-z_][A-Za-z0-9_]{0,127}(=[^]*)?$/, 'must be NAME=value'),
  z.strictObject({ name: variableName.describe('The name.'), value: scalar.describe('The value.') }),
]);

const environmentVariables = z.union([
  z.record(variableName, scalar),
  z.array(olderVariable).max(200, 'must have at most 200 variables').meta({
    description: 'Older form.',
    deprecationMessage: 'Write `env` as a map, `NAME: value`. A name without a value has no effect.',
  }),
]);

const service = z.strictObject({
  name: targetName.describe('The name of the service. Required.'),
  command: command
    .optional()
    .describe(
      'What starts it, in the unpacked artifact. Required unless `runtime` is node. On Kubernetes it replaces the command of the image. Default there: that of the image.',
    ),
  port: z
    .union([port, z.record(targetName, port)])
    .describe(
      'Where users reach it: a port, or a map of environments and ports. A plain port holds in the last environment; one without a port gets any free one. The processes get a port of their own in `PORT`. On Kubernetes it is the port of the Service, a plain one in every environment. Required.',
    ),
  container_port: port
    .optional()
    .describe('Where the container listens, for `provider: kubernetes`; it is told so in `PORT`. Default: 8080.'),
  env: environmentVariables.optional().describe('Environment variables, `NAME: value`. No place for secrets.'),
  replicas: z
    .int()
    .min(1, 'must be 1 to 20')
    .max(20, 'must be 1 to 20')
    .default(1)
    .describe(
      'How many processes or pods serve. With files of your own: those of its Deployment, unless this is written.',
    ),
  health_path: urlPath.default('/').describe('The path that answers below 400 once the service is ready.'),
  metrics_path: urlPath.optional().describe("The path of the service's own Prometheus metrics. Default: it has none."),
  ready_timeout_seconds: seconds.default(30).describe('How long a process may take until `health_path` answers.'),
  hooks,
  ...inFront,
  flag: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be letters, digits, dots, hyphens and underscores')
    .optional()
    .describe(
      'The feature flag of what is new, for `strategy: feature_flag`. A release of the same flag as the one before comes in one step. Default: the name of the service.',
    ),
  depends_on: z
    .array(targetName)
    .max(19, 'must have at most 19 services')
    .optional()
    .describe(
      'Services of this file that have to be healthy in the environment before this one moves. They are one group with it: when a member fails or is rolled back, all go back, in the reverse order. Default: none.',
    ),
  runtime: older(line, 'Write `command`, the line that starts the service. Only node is understood, as `npm start`.'),
});

const step = z.union([
  percent.gt(0, 'must be above 0'),
  z.strictObject({ weight_percent: percent.gt(0, 'must be above 0').describe('Share of the traffic.') }),
]);

export const deployment = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether anything is deployed.'),
    provider: provider
      .optional()
      .describe(
        'Where it runs. Default: `local`, as processes behind a router on the machine of the platform. `kubernetes` runs the image of the build in a cluster.',
      ),
    namespace: z
      .union([targetName, z.record(targetName, targetName)])
      .optional()
      .describe(
        'The namespace, for `provider: kubernetes`: one, or a map of environments and namespaces; each environment has its own. It has to be there, and on the list of the installation (`KUBERNETES_NAMESPACES`). Required there.',
      ),
    ...inputs,
    type: older(provider, 'Write `provider`.'),
    region: older(line, 'Has no effect: where the target is, the installation knows. Remove it.'),
    strategy: choice({
      values: ['immediate', 'rolling', 'blue_green', 'canary', 'feature_flag'],
      older: {
        recreate: 'immediate',
        'blue-green': 'blue_green',
        'feature-flag': 'feature_flag',
      },
    })
      .prefault('rolling')
      .describe('How a release replaces the one before it.'),
    steps: z
      .array(step)
      .min(1, 'must have at least one step')
      .max(20, 'must have at most 20 steps')
      .optional()
      .describe(
        'Shares of the traffic in percent, growing, or shares of the users for whom the flag is on; 100 follows by itself. Default: 10, 50, 100 for canary and feature_flag, 25, 50, 100 for rolling. Each is watched before the next.',
      ),
    environments: z
      .array(
        z.union([
          targetName,
          z.strictObject({
            name: targetName.describe('The name of the environment. Required.'),
            ephemeral: z
              .boolean()
              .default(false)
              .describe(
                'Whether it is made to be thrown away, such as a preview: only there may `rollback.infrastructure`, or a person, destroy anything.',
              ),
          }),
        ]),
      )
      .min(1, 'must name at least one environment')
      .max(10, 'must have at most 10 environments')
      .optional()
      .describe(
        'Environments in the order of promotion, by name, or with a mark: `{ name: preview, ephemeral: true }`. Default: `production`.',
      ),
    approvals,
    services: z
      .array(service)
      .min(1, 'must have at least one service')
      .max(20, 'must have at most 20 services')
      .describe('What is deployed. Required.'),
    step_timeout_seconds: seconds
      .optional()
      .describe(
        'How long one step may take with its watch. Default: 600, or more where `observability` watches for longer.',
      ),
    on_inconclusive: choice({ values: ['extend', 'ask', 'abort'] })
      .prefault('abort')
      .describe('What happens to a step that cannot be judged: watch it once more, ask a person, or take it back.'),
    windows: windows.optional(),
  })
  .describe('Where and how it is released. Without this section the run ends behind the checks.');
