import {
  OrchestraError,
  parsePipelineFile,
  parseSloFile,
  renderProblems,
  type ObservabilityPlan,
} from '@orchestra/contracts';
import { readSloFile } from '../read-slo-file.ts';

/**
 * Reads how to judge: a pipeline file with the SLO file beside it, or an SLO file of Keptn, whose objectives then are all that counts.
 *
 * @throws OrchestraError `REQUEST_INVALID` with every problem
 */
export async function parsePolicy(text: string, fileName: string): Promise<ObservabilityPlan> {
  if (/^objectives:/m.test(text) && !/^project:/m.test(text)) return parseObjectives(text, fileName);
  const parsed = await readSloFile(parsePipelineFile(text), fileName);
  if (parsed.ok) return parsed.plan.observability;
  throw refused(renderProblems({ fileName, problems: parsed.problems, warnings: [] }));
}

function parseObjectives(text: string, fileName: string): ObservabilityPlan {
  const slo = parseSloFile(text);
  if (!slo.ok) throw refused(slo.problems.map((problem) => `${fileName}: ${problem}`).join('\n'));
  const usual = parsePipelineFile('project: {name: slo}');
  if (!usual.ok || usual.plan.observability.judgement === undefined) throw refused('There is no usual judgement');
  const { observability } = usual.plan;
  return {
    ...observability,
    releaseWatchMs: evaluationMs,
    thresholds: { ...observability.thresholds, errorRatio: null },
    judgement: { ...usual.plan.observability.judgement, objectives: slo.objectives },
  };
}

// An SLO file does not say over which time it is evaluated.
const evaluationMs = 300_000;

function refused(message: string): OrchestraError {
  return new OrchestraError('REQUEST_INVALID', message);
}
