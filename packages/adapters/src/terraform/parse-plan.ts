import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import { describeChange, type ResourceChange } from './describe-change.ts';

const values = z.unknown().default(null);

const changeShape = z.object({
  address: z.string(),
  type: z.string().default(''),
  change: z.object({
    actions: z.array(z.string()),
    before: values,
    after: values,
    after_unknown: values,
    before_sensitive: values,
    after_sensitive: values,
  }),
});

const planShape = z.object({
  format_version: z.string().regex(/^1\./, 'is of a major version that we do not know'),
  resource_changes: z.array(changeShape).default([]),
  errored: z.boolean().default(false),
});

/** What a plan would do. A replacement adds and destroys. */
export interface PlanSummary {
  toAdd: number;
  toChange: number;
  toDestroy: number;
  /** Addresses of what would be destroyed, also of what would be made anew. */
  destroys: readonly string[];
  /** Those of `destroys` that would be made anew. */
  replaces: readonly string[];
  /** Each resource that would change, sensitive values redacted. */
  changes: readonly ResourceChange[];
}

/**
 * Summarises what a plan would do. Values that the plan marks as sensitive are not in the result.
 *
 * @param text output of `show -json`, which has sensitive values in clear
 * @throws OrchestraError `INFRASTRUCTURE_TOOL_FAILED` when it is no plan of a version that we know, or one with errors
 * @see Terraform, "JSON Output Format", format version 1.2
 */
export function parsePlan(text: string): PlanSummary {
  const parsed = planShape.safeParse(readJson(text));
  if (!parsed.success) {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', `The plan cannot be read: ${z.prettifyError(parsed.error)}`);
  }
  if (parsed.data.errored) throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'The plan ended with errors');

  const all = parsed.data.resource_changes;
  const having = (action: string) => all.filter(({ change }) => change.actions.includes(action));
  const destroyed = having('delete');
  return {
    toAdd: having('create').length,
    toChange: having('update').length,
    toDestroy: destroyed.length,
    destroys: destroyed.map(({ address }) => address),
    replaces: destroyed.filter(({ change }) => change.actions.includes('create')).map(({ address }) => address),
    changes: all.flatMap(({ address, type, change }) => describeChange({ address, type, ...change }) ?? []),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'The plan is no JSON', { cause });
  }
}
