export { createTerraform, type Terraform } from './create-terraform.ts';
export type { TerraformOptions } from './open-surroundings.ts';
export { parsePlan, type PlanSummary } from './parse-plan.ts';
