import type { Problem } from '../plan/problem.ts';

interface Report {
  /** What the file is called in each first line. */
  fileName: string;
  problems: readonly Problem[];
  warnings: readonly Problem[];
}

/**
 * Renders problems and warnings as text for a terminal, each with its place, code frame and suggestion.
 *
 * @returns lines joined by line feeds, with one at the end; empty when there is nothing to say
 */
export function renderProblems({ fileName, problems, warnings }: Report): string {
  const blocks = [
    ...problems.map((problem) => renderProblem(fileName, 'error', problem)),
    ...warnings.map((warning) => renderProblem(fileName, 'warning', warning)),
  ];
  return blocks
    .map((block) => `${block}\n\n`)
    .join('')
    .replace(/\n\n$/, '\n');
}

function renderProblem(fileName: string, level: 'error' | 'warning', problem: Problem): string {
  const { line, column, message, suggestion, frame } = problem;
  const advice = suggestion === null ? [] : [`  = ${suggestion}`];
  return [`${fileName}:${line}:${column}: ${level}: ${message}`, frame, ...advice].join('\n');
}
