import { mergeSarif } from '@orchestra/adapters/reports';
import { queueOutput, type Bench } from '@orchestra/adapters/workbench';
import type { AnalysisPlan, Finding } from '@orchestra/contracts';
import { limitLeftMs, type Decided, type Ended, type JobContext } from '@orchestra/runtime';
import { decideSummary } from './decide-summary.ts';
import { decideVerdict } from './decide-verdict.ts';
import type { Ports } from './ports.ts';
import { report } from './report.ts';
import { runTool, type Tool, type ToolRun } from './run-tool.ts';

export interface Analysis {
  unit: 'source' | 'artifact';
  /** Archives by digest: what the workspace holds. */
  digests: readonly string[];
  tools: readonly Tool[];
  /** What the tools are told beside the workspace. */
  env: Readonly<Record<string, string>>;
  plan: AnalysisPlan;
}

/** Runs analysers over a fresh workspace: gather, decide, report. */
export async function analyse(
  analysis: Analysis,
  context: JobContext<'code-analysis'>,
  ports: Ports,
): Promise<Ended<'code-analysis'>> {
  const { unit, digests, plan } = analysis;
  const archives = await Promise.all(digests.map(async (digest) => context.artifacts.open(digest)));
  const bench = await ports.workbench.open(archives, context.signal);
  try {
    const runs = await runAll(analysis, bench, { context, ports });
    const findings = runs.flatMap((run) => run.findings);
    const verdict = decideVerdict({ tools: runs, findings }, plan.failOn);
    const summary = decideSummary(findings, context.run.slices.gitops.source?.changedFiles ?? null);
    const tools = runs.map(({ name, verdict: how, detail }) => ({ name, verdict: how, detail }));
    const reportDigest = await storeReport(runs, context);
    const ended = report({ unit, ...verdict, tools, summary, reportDigest }, plan, ports.workbench.notes);
    return { ...ended, decided: [decidedOf(analysis), ...(ended.decided ?? [])] };
  } finally {
    await bench.close();
  }
}

function decidedOf({ unit, digests, tools, plan }: Analysis): Decided {
  const { failOn, timeoutMs } = plan;
  const facts = { unit, digests, tools: tools.map(({ name }) => name), failOn, timeoutMs };
  return { what: `analysis of ${unit} decided`, reason: 'tools_named', facts };
}

interface Around {
  context: JobContext<'code-analysis'>;
  ports: Ports;
}

async function runAll({ tools, env, plan }: Analysis, bench: Bench, { context, ports }: Around): Promise<ToolRun[]> {
  const output = queueOutput(context.output);
  const endsAtMs = context.clock.monotonicMs() + limitLeftMs(context, plan.timeoutMs);
  const runs: ToolRun[] = [];
  for (const tool of tools) {
    const timeoutMs = Math.max(1, Math.round(endsAtMs - context.clock.monotonicMs()));
    const around = { bench, linter: ports.linter, env, timeoutMs, signal: context.signal, say: output.write };
    const run = await runTool(tool, around);
    output.write(describe(run));
    runs.push(run);
  }
  await output.flush();
  return runs;
}

const maxLines = 200;

function describe({ name, verdict, detail, findings }: ToolRun): string {
  const lines = findings.slice(0, maxLines).map(describeFinding);
  const more = findings.length > maxLines ? [`… and ${findings.length - maxLines} more`] : [];
  const end = verdict === 'ran' ? `${name}: ${findings.length} findings` : `${name}: ${verdict.replace('_', ' ')}`;
  return [...lines, ...more, detail === null ? end : `${end} (${detail})`, ''].join('\n');
}

function describeFinding({ path, line, severity, rule, message }: Finding): string {
  return `${path}:${line ?? 1} ${severity} ${rule}: ${message}`;
}

async function storeReport(
  runs: readonly ToolRun[],
  { artifacts }: JobContext<'code-analysis'>,
): Promise<string | null> {
  const texts = runs.flatMap(({ sarif }) => (sarif === null ? [] : [sarif]));
  if (texts.length === 0) return null;
  return (await artifacts.put(Buffer.from(mergeSarif(texts)))).digest;
}
