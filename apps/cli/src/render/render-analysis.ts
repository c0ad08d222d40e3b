import { oneLine, type AnalysisSlice, type Finding } from '@orchestra/contracts';
import { counted } from './counted.ts';
import type { Colour, Paint } from './paint.ts';

const severities: Record<Finding['severity'], Colour> = { error: 'red', warning: 'yellow', note: 'dim' };
const shownAtMost = 50;

/** What analysers found, each remark with its file and line, as editors and terminals jump to it; nothing where no tool was needed. */
export function renderAnalysis(what: string, slice: AnalysisSlice, paint: Paint): string[] {
  const { tools, findings, allFindings, newFindings } = slice;
  if (tools.length === 0 && allFindings === 0) return [];
  const ran = tools.filter(({ verdict }) => verdict === 'ran').map(({ name }) => name);
  const rest = allFindings - Math.min(findings.length, shownAtMost);
  return [
    `analysis of the ${what}: ${counted(allFindings, 'finding')}, ${newFindings} new${ran.length === 0 ? '' : ` (${ran.join(', ')})`}`,
    ...tools
      .filter(({ verdict }) => verdict !== 'ran')
      .map(
        ({ name, verdict, detail }) =>
          `  ${name}: ${verdict.replaceAll('_', ' ')}${detail === null ? '' : `, ${oneLine(detail)}`}`,
      ),
    ...findings.slice(0, shownAtMost).map((finding) => renderFinding(finding, paint)),
    ...(rest > 0 ? [paint('dim', `  ${rest} more`)] : []),
  ];
}

function renderFinding({ path, line, severity, rule, message }: Finding, paint: Paint): string {
  const place = `${oneLine(path)}${line === null ? '' : `:${line}`}`;
  return `  ${place}  ${paint(severities[severity], severity)}  ${oneLine(message)}  ${paint('dim', rule)}`;
}
