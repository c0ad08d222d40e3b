import { parseJestReport, parseJunit, type TestCase } from '@orchestra/adapters/reports';
import type { Bench } from '@orchestra/adapters/workbench';
import { OrchestraError } from '@orchestra/contracts';
import type { ReportPlace } from './decide-command.ts';

/** `none`: no report is expected. */
export type ReportRead =
  | { kind: 'none' }
  | { kind: 'read'; cases: readonly TestCase[]; content: Buffer }
  | { kind: 'unusable'; reason: UnusableReason; message: string };

type UnusableReason = 'report_missing' | 'report_refused' | 'report_too_large' | 'report_unreadable';

const maxReportBytes = 16 * 1024 ** 2;

/** Reads what a command wrote about its tests. Trouble with the report is the repository's, and part of the result. */
export async function readReport(place: ReportPlace | null, bench: Bench): Promise<ReportRead> {
  if (place === null) return { kind: 'none' };
  const { path, format } = place;
  const content = await bench.read(path, maxReportBytes).catch(unusable);
  if (!Buffer.isBuffer(content)) return content;

  const parsed = (format === 'jest' ? parseJestReport : parseJunit)(content.toString('utf8'));
  if (parsed.ok) return { kind: 'read', cases: parsed.value.cases, content };
  return { kind: 'unusable', reason: 'report_unreadable', message: `${path} cannot be read: ${parsed.reason}` };
}

function unusable(error: unknown): ReportRead {
  const reason = error instanceof OrchestraError ? reasons[error.code] : undefined;
  if (reason === undefined || !(error instanceof OrchestraError)) throw error;
  return { kind: 'unusable', reason, message: error.message };
}

const reasons: Partial<Record<string, UnusableReason>> = {
  NOT_FOUND: 'report_missing',
  PATH_OUTSIDE: 'report_refused',
  ARTIFACT_TOO_LARGE: 'report_too_large',
};
