export { createTerraform, type Terraform, type TerraformOptions } from './create-terraform.ts';
export { parsePlan, type PlanSummary } from './parse-plan.ts';
