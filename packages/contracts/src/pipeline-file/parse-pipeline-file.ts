import type { Plan } from '../plan/plan.ts';
import type { Problem } from '../plan/problem.ts';
import { remarkEffects } from './check-effects.ts';
import { checkFile, type SoundSections } from './check-file.ts';
import { renderCodeFrame } from './code-frame.ts';
import { describeIssue } from './describe-issue.ts';
import { remarkOlderKeys } from './older-keys.ts';
import { findOffset } from './place.ts';
import { placeAt, readYaml, type Source, type TextTrouble } from './read-yaml.ts';
import { renderKeyPath, type Remark } from './remark.ts';
import { resolvePlan } from './resolve-plan.ts';
import { pipelineFile, type PipelineFile } from './schema.ts';
import { createIsWritten, valueAt } from './written.ts';

/** A plan, or everything that is wrong with the file. Warnings never stop a run. */
export type ParsedPipelineFile =
  | { ok: true; plan: Plan; warnings: Problem[] }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

/**
 * Parses a pipeline file (`devops_orchestra.yaml`). Never throws, whatever the text is.
 *
 * @param text at most 64 KiB of UTF-8; YAML 1.2 without aliases, tags, directives and further documents
 * @returns the plan with every default resolved, or all problems at once, in the order of the file, at most 50
 */
export function parsePipelineFile(text: string): ParsedPipelineFile {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // Only a file that exhausts the stack comes here: the parser itself reports what it refuses.
    return { ok: false, problems: [unreadable(text)], warnings: [] };
  }
}

function parse(text: string): ParsedPipelineFile {
  const source = readYaml(text);
  const rows = text.split(/\r?\n/, maxRows);
  if ('troubles' in source) {
    return { ok: false, problems: arrange(source.troubles.map((trouble) => textProblem(trouble, rows))), warnings: [] };
  }
  const isWritten = createIsWritten(source.value);
  const toProblems = (remarks: readonly Remark[]): Problem[] =>
    arrange(remarks.slice(0, maxRemarks).map((remark) => placeRemark(remark, source, rows)));

  const { file, sections, remarks } = checkSchema(source.value);
  const problems = [...remarks, ...checkFile(sections, isWritten)];
  const warnings = toProblems([...remarkOlderKeys(source.value), ...remarkEffects(sections, isWritten)]);
  if (file === null || problems.length > 0) return { ok: false, problems: toProblems(problems), warnings };
  return { ok: true, plan: resolvePlan(file, isWritten), warnings };
}

interface Checked {
  /** Null when the schema refuses the file. */
  file: PipelineFile | null;
  sections: SoundSections;
  remarks: Remark[];
}

function checkSchema(value: unknown): Checked {
  const parsed = pipelineFile.safeParse(value);
  if (parsed.success) return { file: parsed.data, sections: parsed.data, remarks: [] };
  const remarks = parsed.error.issues.flatMap((issue) => describeIssue(issue, value));
  return { file: null, sections: soundSections(value), remarks };
}

// A wrong key in one section must not hide what is wrong between the keys of the others.
function soundSections(value: unknown): SoundSections {
  const entries = Object.entries(pipelineFile.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(valueAt(value, [name]));
    return parsed.success ? [[name, parsed.data]] : [];
  });
  return Object.fromEntries(entries) as SoundSections;
}

const maxRows = 70_000;
const maxProblems = 50;
// Finding the place of a remark takes a walk through the file; more than these are never shown.
const maxRemarks = 500;

function placeRemark(remark: Remark, source: Source, rows: readonly string[]): Problem {
  const place = placeAt(source.lines, findOffset(source.document.contents, remark));
  const { message, suggestion } = remark;
  return { path: renderKeyPath(remark.path), ...place, message, suggestion, frame: renderCodeFrame(rows, place) };
}

function textProblem({ message, suggestion, line, column }: TextTrouble, rows: readonly string[]): Problem {
  return { path: '', line, column, message, suggestion, frame: renderCodeFrame(rows, { line, column }) };
}

/** In the order of the file, each said once, and not more than anybody reads. */
function arrange(problems: readonly Problem[]): Problem[] {
  const sorted = problems.toSorted((left, right) => left.line - right.line || left.column - right.column);
  const unique = [...new Map(sorted.map((problem) => [JSON.stringify(problem), problem])).values()];
  const last = unique[maxProblems - 1];
  if (last === undefined || unique.length === maxProblems) return unique;
  const message = 'There are more of these; mend those above first';
  return [...unique.slice(0, maxProblems - 1), { ...last, path: '', message, suggestion: null }];
}

function unreadable(text: string): Problem {
  const frame = renderCodeFrame(text.slice(0, 4096).split('\n'), { line: 1, column: 1 });
  const suggestion = 'Write it with fewer levels of nesting.';
  return { path: '', line: 1, column: 1, message: 'The file is nested too deeply', suggestion, frame };
}
