import { z } from 'zod';
import { choice } from './choice.ts';
import { line, workspacePath } from './fields.ts';

const upToOneDay = z.number().min(1, 'must be at least 1 second').max(86_400, 'must be at most a day');

const policy = z
  .strictObject({
    deny_types: z
      .array(line)
      .max(200, 'must have at most 200 types')
      .default([])
      .describe('Types of resources that no plan may touch. `*` at the end stands for any text: `aws_iam_*`.'),
    deny_destroy: z
      .boolean()
      .default(false)
      .describe('Whether a plan that destroys or replaces is refused. Without it, such a plan waits for a person.'),
    max_changes: z
      .int()
      .min(1, 'must be at least 1')
      .max(100_000, 'must be at most 100000')
      .optional()
      .describe('The most resources that one plan may add, change, replace and destroy together. Default: any number.'),
  })
  .describe('What no plan may do. A plan against it is refused, and nobody can approve it.');

const quota = z
  .strictObject({
    cpu: z
      .number()
      .gt(0, 'must be above 0')
      .max(10_000, 'must be at most 10000')
      .default(4)
      .describe('Cores that all pods together may ask for.'),
    memory_gib: z
      .number()
      .gt(0, 'must be above 0')
      .max(100_000, 'must be at most 100000')
      .default(8)
      .describe('Memory that all pods together may ask for, in GiB.'),
    pods: z
      .int()
      .min(1, 'must be at least 1')
      .max(100_000, 'must be at most 100000')
      .default(50)
      .describe('How many pods there may be.'),
  })
  .describe('What the namespace of `template: namespace` may use.');

export const infrastructure = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether infrastructure is planned and applied.'),
    tool: choice({
      values: ['auto', 'terraform', 'opentofu', 'cloudformation'],
      older: { tofu: 'opentofu' },
      refused: {
        pulumi: 'Write `tool: terraform` or `tool: opentofu`; Pulumi is not supported.',
        ansible: 'Write `tool: terraform` or `tool: opentofu`; Ansible is not supported.',
      },
    })
      .prefault('auto')
      .describe('What plans and applies. `auto`: terraform or opentofu, whichever is installed.'),
    path: workspacePath
      .prefault('.')
      .describe(
        'The folder with the configuration; for CloudFormation with `template.yaml` and, where it has parameters, `parameters.json`.',
      ),
    template: choice({ values: ['none', 'namespace'] })
      .prefault('none')
      .describe(
        'What is planned where the folder has no configuration: nothing, which fails, or a namespace of Kubernetes with a quota.',
      ),
    quota: quota.prefault({}),
    proposal: z
      .boolean()
      .default(false)
      .describe(
        'Whether a language model is asked for a proposal where the folder has no configuration: a patch for people, which nothing applies. It needs `OPENAI_API_KEY` and `OPENAI_MODEL` in the settings of iac.',
      ),
    plan_timeout_seconds: upToOneDay.default(900).describe('How long planning may take.'),
    apply_timeout_seconds: upToOneDay.default(3600).describe('How long applying may take.'),
    policy: policy.prefault({}),
    approval: choice({ values: ['destroys', 'changes'] })
      .prefault('destroys')
      .describe(
        'Which plans wait for a person: those that destroy or replace something, or all that change anything. What destroys always waits.',
      ),
    approvers: z
      .array(line)
      .max(50, 'must have at most 50 names')
      .default([])
      .describe('Who may approve and reject, by the names of their tokens. Default: everybody who may give orders.'),
    approval_timeout_seconds: z
      .number()
      .min(1, 'must be at least 1 second')
      .max(30 * 86_400, 'must be at most 30 days (2592000 seconds)')
      .default(86_400)
      .describe('How long a plan waits for its answer. The deadline of the run ends it earlier.'),
    drift_check_seconds: z
      .number()
      .min(60, 'must be at least a minute')
      .max(30 * 86_400, 'must be at most 30 days (2592000 seconds)')
      .optional()
      .describe('How often what was applied is compared with the world. Default: never.'),
  })
  .describe('Infrastructure, planned and applied once for each environment. Without this section nothing is.');
