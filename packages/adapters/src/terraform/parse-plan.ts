import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';

const planShape = z.object({
  format_version: z.string().regex(/^1\./, 'is of a major version that we do not know'),
  resource_changes: z
    .array(z.object({ address: z.string(), change: z.object({ actions: z.array(z.string()) }) }))
    .default([]),
  errored: z.boolean().default(false),
});

/** What a plan would do. A replacement adds and destroys. */
export interface PlanSummary {
  toAdd: number;
  toChange: number;
  toDestroy: number;
  /** Addresses of what would be destroyed or replaced. */
  destroys: readonly string[];
}

/**
 * Counts what a plan would do. Values are not read: they may be secret.
 *
 * @param text output of `show -json`
 * @throws OrchestraError `INFRASTRUCTURE_TOOL_FAILED` when it is no plan of a version that we know, or one with errors
 * @see Terraform, "JSON Output Format", format version 1.2
 */
export function parsePlan(text: string): PlanSummary {
  const parsed = planShape.safeParse(readJson(text));
  if (!parsed.success) {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', `The plan cannot be read: ${z.prettifyError(parsed.error)}`);
  }
  if (parsed.data.errored) throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'The plan ended with errors');

  const changes = parsed.data.resource_changes.map(({ address, change }) => ({ address, actions: change.actions }));
  const having = (action: string) => changes.filter(({ actions }) => actions.includes(action));
  return {
    toAdd: having('create').length,
    toChange: having('update').length,
    toDestroy: having('delete').length,
    destroys: having('delete').map(({ address }) => address),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'The plan is no JSON', { cause });
  }
}
