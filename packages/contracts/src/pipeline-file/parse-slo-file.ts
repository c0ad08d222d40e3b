import { parse } from 'yaml';
import { z } from 'zod';
import type { ObjectivesPlan } from '../plan/plan.ts';
import { resolveObjectives } from './resolve-objectives.ts';
import { objectives, totalScore } from './section-objectives.ts';

const comparison = z.looseObject({ compare_with: z.enum(['single_result', 'several_results']).optional() });

const sloFile = z.object({
  spec_version: z.union([z.string(), z.number()]).optional(),
  comparison: comparison.optional(),
  objectives: objectives.min(1, 'must have at least one objective'),
  total_score: totalScore.prefault({}),
});

export type ParsedSloFile = { ok: true; objectives: ObjectivesPlan } | { ok: false; problems: string[] };

const maxBytes = 65_536;

/**
 * Parses an SLO file of Keptn (`slo.yaml`, spec versions 0.1.1 and 1.0): objectives, their criteria and weights, and the total score. Never throws.
 * What `comparison` asks for is read over: relative criteria compare with the baseline of the judgement at hand.
 *
 * @param text at most 64 KiB of YAML without aliases
 * @see Keptn specification, "Service Level Objectives (SLO)"
 */
export function parseSloFile(text: string): ParsedSloFile {
  if (Buffer.byteLength(text) > maxBytes) return { ok: false, problems: ['the file is longer than 64 KiB'] };
  const parsed = sloFile.safeParse(readYaml(text));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`);
    return { ok: false, problems };
  }
  const resolved = resolveObjectives(parsed.data);
  return resolved === null ? { ok: false, problems: ['it has no objectives'] } : { ok: true, objectives: resolved };
}

// What is no YAML is no SLO file either, and the schema says so.
function readYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    return null;
  }
}
