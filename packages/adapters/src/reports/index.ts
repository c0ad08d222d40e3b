export { readCoverage } from './parse-coverage.ts';
export { parseJestReport } from './parse-jest-report.ts';
export { parseJunit } from './parse-junit.ts';
export { mergeSarif, parseSarif, type ReportedFinding, type SarifReport } from './parse-sarif.ts';
export type { Parsed } from './parsed.ts';
export type { TestCase, TestReport } from './test-report.ts';
