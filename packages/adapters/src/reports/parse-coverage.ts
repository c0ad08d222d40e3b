import type { Parsed } from './parsed.ts';
import { parseXml } from './parse-xml.ts';

/**
 * Reads the share of covered lines from lcov or Cobertura, told apart by content.
 *
 * @returns percent, 0 to 100
 * @see geninfo(1), "TRACEFILE FORMAT"; Cobertura's coverage-04.dtd
 */
export function readCoverage(text: string): Parsed<number> {
  return text.trimStart().startsWith('<') ? parseCobertura(text) : parseLcov(text);
}

// The DA lines are counted, for not every writer gives the sums LF and LH. A file may have several records: a line that
// any of them reached is covered.
function parseLcov(text: string): Parsed<number> {
  const lines = new Map<string, boolean>();
  let file = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('SF:')) file = line.slice(3).trim();
    const [, number, hits] = /^DA:(\d+),(-?\d+)/.exec(line) ?? [];
    const key = `${file}:${number}`;
    if (number !== undefined) lines.set(key, lines.get(key) === true || Number(hits) > 0);
  }
  const covered = [...lines.values()].filter(Boolean).length;
  if (lines.size === 0) return { ok: false, reason: 'it holds no lines' };
  return { ok: true, value: (100 * covered) / lines.size };
}

function parseCobertura(text: string): Parsed<number> {
  const root = parseXml(text)?.find(({ name }) => name === 'coverage');
  const rate = Number(root?.attributes['line-rate'] ?? Number.NaN);
  if (!(rate >= 0 && rate <= 1)) return { ok: false, reason: 'it holds no line rate' };
  return { ok: true, value: 100 * rate };
}
