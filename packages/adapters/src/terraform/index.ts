export { createMask, type Mask } from './create-mask.ts';
export { createTerraform, type Terraform } from './create-terraform.ts';
export type { ResourceChange } from './describe-change.ts';
export type { TerraformOptions } from './open-surroundings.ts';
export { parsePlan, type PlanSummary } from './parse-plan.ts';
export { demandOwn, type OutputReference, type RecordedOutputs } from './read-outputs.ts';
export { writeConfiguration } from './write-configuration.ts';
export { restorePlan } from './restore-plan.ts';
