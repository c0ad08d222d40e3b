import { z } from 'zod';
import { choice } from './choice.ts';
import { line, targetName } from './fields.ts';
import { older } from './older-key.ts';

/** Stages as the staged form names them. */
const stageName = choice({
  values: ['build', 'test', 'code_analysis', 'infrastructure', 'deploy', 'observability', 'rollback', 'chatops'],
  older: {
    testing: 'test',
    lint: 'code_analysis',
    'code-analysis': 'code_analysis',
    security: 'code_analysis',
    iac: 'infrastructure',
    terraform: 'infrastructure',
    deployment: 'deploy',
    monitoring: 'observability',
  },
});

const parallelAdvice = 'Has no effect: stages start as soon as their inputs are there. Remove it.';
const templateAdvice = 'Has no effect: write the settings of the stage into its own section. Remove it.';

const stage = z.strictObject({
  name: stageName.describe('The stage.'),
  parallel: older(z.union([z.boolean(), z.array(line)]), parallelAdvice),
  halt_on_failure: older(z.boolean(), "Write `halt_on_failure` in the stage's own section."),
  condition: older(line, 'Write `triggers.branches`: conditions hold for the whole run.'),
  template: older(line, templateAdvice),
});

export const pipeline = older(
  z.strictObject({
    stages: older(
      z.array(z.union([stageName, stage])).max(50, 'must have at most 50 stages'),
      'Write `enabled: false` in the section of a stage that shall not run; what is not listed here does not run.',
    ),
    retry_on_failure: older(
      z.union([z.boolean(), z.int().min(0, 'must be 0 to 9').max(9, 'must be 0 to 9')]),
      'Write `attempts` in the sections of the stages.',
    ),
    notify_on_success: older(z.boolean(), 'Write `chatops.notify_on`, with or without `success`.'),
    deploy_environment: older(targetName, 'Write `deployment.environments`.'),
    template: older(line, templateAdvice),
  }),
  'The staged form is understood; write the sections of the stages instead.',
);
