import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import type { Parsed } from './parsed.ts';
import { shorten } from './test-report.ts';

/** One remark of an analyser. Texts are foreign. */
export interface ReportedFinding {
  tool: string;
  rule: string;
  /** Relative to the workspace where the tool gave it so; empty when it names no file. */
  path: string;
  /** From 1; null: the tool names none. */
  line: number | null;
  severity: 'error' | 'warning' | 'note';
  message: string;
}

export interface SarifReport {
  findings: readonly ReportedFinding[];
  /** Results that say that nothing is wrong, or that the repository suppresses. */
  leftOut: number;
}

/**
 * Reads SARIF 2.1.0. Tolerant: what a tool leaves out gets the standard's default.
 *
 * @param root the folder under which the tool ran, removed from absolute paths
 * @see OASIS SARIF 2.1.0, sections 3.14 (run), 3.27 (result; level: 3.27.10)
 */
export function parseSarif(text: string, root: string): Parsed<SarifReport> {
  try {
    const log = parseLog(text);
    if (log !== null) return { ok: true, value: readLog(log, root) };
  } catch {
    // A part of the log has another shape than the standard's.
  }
  return { ok: false, reason: 'it is no SARIF log with runs' };
}

function readLog({ runs }: Log, root: string): SarifReport {
  const all = runs.flatMap((run) => resultsOf(run).map((result) => ({ run, result })));
  const relevant = all.filter(({ result }) => isRemark(result));
  const findings = relevant.map(({ run, result }) => readFinding(run, result, root));
  return { findings, leftOut: all.length - findings.length };
}

function parseLog(text: string): Log | null {
  const parsed: unknown = JSON.parse(text);
  const isLog = typeof parsed === 'object' && parsed !== null && 'runs' in parsed && Array.isArray(parsed.runs);
  return isLog ? (parsed as Log) : null;
}

// The types promise what the file may not keep.
function resultsOf(run: Run | null): Result[] {
  const results: unknown = run?.results;
  return Array.isArray(results) ? results.filter((result) => typeof result === 'object' && result !== null) : [];
}

function isRemark({ kind, level, suppressions }: Result): boolean {
  if (kind !== undefined && kind !== 'fail' && kind !== 'review' && kind !== 'open') return false;
  return level !== 'none' && (suppressions?.length ?? 0) === 0;
}

function readFinding(run: Run, result: Result, root: string): ReportedFinding {
  const driver = run.tool?.driver;
  const rule = findRule(driver?.rules, result);
  return {
    tool: asText(driver?.name, 'unknown'),
    rule: asText(idOf(result, rule), 'unknown'),
    ...readPlace(result, root),
    severity: asSeverity(result.level ?? rule?.defaultConfiguration?.level),
    message: shorten(asText(result.message?.text, '')),
  };
}

function idOf({ ruleId, rule }: Result, declared: ReportingDescriptor | undefined): string | undefined {
  return ruleId ?? rule?.id ?? declared?.id;
}

function readPlace({ locations }: Result, root: string): { path: string; line: number | null } {
  const place = locations?.[0]?.physicalLocation;
  const path = relativePath(asText(place?.artifactLocation?.uri, ''), root);
  return { path, line: asLine(place?.region?.startLine) };
}

function findRule(
  rules: ReportingDescriptor[] | undefined,
  { ruleId, ruleIndex }: Result,
): ReportingDescriptor | undefined {
  if (!Array.isArray(rules)) return undefined;
  return ruleIndex !== undefined && ruleIndex >= 0 ? rules[ruleIndex] : rules.find(({ id }) => id === ruleId);
}

function asText(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function asLine(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}

function asSeverity(level: unknown): ReportedFinding['severity'] {
  return level === 'error' || level === 'note' ? level : 'warning';
}

function relativePath(uri: string, root: string): string {
  const path = decode(uri.replace(/^file:\/\/[^/]*/, ''));
  const prefix = root.endsWith('/') ? root : `${root}/`;
  return shorten(path.startsWith(prefix) ? path.slice(prefix.length) : path.replace(/^\.\//, ''));
}

function decode(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/** Puts the runs of several SARIF logs into one; what is no log is left out. */
export function mergeSarif(texts: readonly string[]): string {
  const runs = texts.flatMap((text) => readRuns(text));
  const $schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return JSON.stringify({ version: '2.1.0', $schema, runs });
}

function readRuns(text: string): readonly unknown[] {
  try {
    return parseLog(text)?.runs ?? [];
  } catch {
    return [];
  }
}
