import { ownMetrics } from '../plan/own-metrics.ts';
import type { JudgementPlan } from '../plan/plan.ts';
import type { Problem } from '../plan/problem.ts';
import type { ParsedPipelineFile } from './parse-pipeline-file.ts';
import { parseSloFile } from './parse-slo-file.ts';
import { suggestWord } from './suggest.ts';

/** Which SLO file is to be read beside a pipeline file; null: none, or nothing would be judged by it. */
export function sloFileOf(parsed: ParsedPipelineFile): string | null {
  if (!parsed.ok || parsed.plan.deployment === null) return null;
  return parsed.plan.observability.judgement?.sloFile?.path ?? null;
}

/**
 * Gives a plan the objectives of its SLO file. What cannot be judged refuses the file, as a key of the pipeline file would.
 *
 * @param text the SLO file, or null where there is none, which only the one that the pipeline file names may not be
 */
export function withSloFile(parsed: ParsedPipelineFile, text: string | null): ParsedPipelineFile {
  const judgement = parsed.ok ? parsed.plan.observability.judgement : undefined;
  if (!parsed.ok || judgement?.sloFile === undefined) return parsed;
  const { path, written } = judgement.sloFile;
  if (text === null && !written) return withObjectives(parsed, judgement, null);
  const read = text === null ? noFile : readObjectives(text, judgement);
  if (read.ok) return withObjectives(parsed, judgement, read.objectives);
  return { ok: false, problems: read.problems.map((problem) => problemOf(path, problem)), warnings: parsed.warnings };
}

type Read = ReturnType<typeof parseSloFile>;

const noFile: Read = { ok: false, problems: ['There is no such file'] };

function readObjectives(text: string, judgement: JudgementPlan): Read {
  const parsed = parseSloFile(text);
  if (!parsed.ok) return parsed;
  const problems = parsed.objectives.objectives.flatMap(({ metric }) => whyUnknown(metric, judgement));
  return problems.length === 0 ? parsed : { ok: false, problems };
}

function whyUnknown(metric: string, { metrics, logPatterns = [] }: JudgementPlan): string[] {
  const known = [...ownMetrics, ...[...metrics, ...logPatterns].map(({ name }) => name)];
  if (known.includes(metric)) return [];
  const meant = suggestWord(metric, known);
  return [
    `Nothing measures \`${metric}\`${meant === null ? ': write a query of this name' : `; did you mean \`${meant}\`?`}`,
  ];
}

function withObjectives(
  parsed: Extract<ParsedPipelineFile, { ok: true }>,
  { sloFile: _read, ...judgement }: JudgementPlan,
  objectives: JudgementPlan['objectives'],
): ParsedPipelineFile {
  const observability = { ...parsed.plan.observability, judgement: { ...judgement, objectives } };
  return { ...parsed, plan: { ...parsed.plan, observability } };
}

function problemOf(path: string, problem: string): Problem {
  const suggestion = 'Mend the file, or write `observability.slo_file: false`.';
  const message = `${path}: ${problem}`;
  return { path: 'observability.slo_file', line: 1, column: 1, message, suggestion, frame: '' };
}
