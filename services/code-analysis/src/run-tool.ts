import { parseSarif, type Parsed, type SarifReport } from '@orchestra/adapters/reports';
import type { SandboxResult } from '@orchestra/adapters/sandbox';
import type { Bench, BenchCommand } from '@orchestra/adapters/workbench';
import { OrchestraError, type AnalysisPlan, type Finding } from '@orchestra/contracts';
import type { ToolEnd } from './decide-verdict.ts';
import type { BundledLinter } from './ports.ts';

export type Tool = AnalysisPlan['tools'][number];

export interface ToolRun extends ToolEnd {
  findings: readonly Finding[];
  /** What it wrote, or null. */
  sarif: string | null;
}

export interface ToolSurroundings {
  bench: Bench;
  linter: BundledLinter;
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  signal: AbortSignal;
  say(text: string): void;
}

const maxReportBytes = 64 * 1024 ** 2;

/** Runs one analyser in the sandbox and reads its report. Its exit code says nothing: with findings, most end with another. */
export async function runTool(tool: Tool, around: ToolSurroundings): Promise<ToolRun> {
  const call = findCall(tool, around);
  if (call === null) return without(tool, { verdict: 'not_installed', detail: 'no command is given' });

  const { bench, env, timeoutMs, signal, say } = around;
  say(`$ ${call.argv.join(' ')}\n`);
  const shown = tool.report === null ? {} : { onOutput: say };
  const result = await bench.run({ ...call, env, timeoutMs, signal, ...shown });
  signal.throwIfAborted();
  if (result.outcome === 'aborted')
    throw new OrchestraError('COMMAND_FAILED', 'The analysis was stopped', { retriable: true });
  if (tool.report === null) say(result.stderr);
  if (result.outcome === 'not_found')
    return without(tool, { verdict: 'not_installed', detail: `${call.argv[0]} was not found` });
  if (result.outcome === 'timed_out') return without(tool, { verdict: 'timed_out', detail: null });
  return readReport(tool, result, around);
}

type Call = Pick<BenchCommand, 'argv' | 'readOnlyPaths'>;

function findCall({ name, command }: Tool, { bench, linter }: ToolSurroundings): Call | null {
  if (command !== null) return { argv: command };
  return name === linter.name ? linter.call(bench) : null;
}

function without({ name }: Tool, end: Omit<ToolEnd, 'name'>): ToolRun {
  return { name, ...end, findings: [], sarif: null };
}

async function readReport(tool: Tool, result: SandboxResult, { bench, linter }: ToolSurroundings): Promise<ToolRun> {
  const text = tool.report === null ? result.stdout : await readFile(bench, tool.report);
  const isSilent = text === '' && result.outcome === 'exited' && result.exitCode === 0;
  if (isSilent && tool.command === null && tool.name === linter.name) {
    return without(tool, { verdict: 'ran', detail: 'there is no file that it understands' });
  }
  const parsed: Parsed<SarifReport> =
    text === null ? { ok: false, reason: 'it wrote no report' } : parseSarif(text, bench.insidePath);
  if (!parsed.ok) return without(tool, { verdict: 'failed', detail: describeFailure(parsed.reason, result) });
  return { name: tool.name, verdict: 'ran', detail: null, findings: parsed.value.findings, sarif: text };
}

async function readFile(bench: Bench, path: string): Promise<string | null> {
  if (!(await bench.has(path))) return null;
  return (await bench.read(path, maxReportBytes)).toString('utf8');
}

function describeFailure(reason: string, { outcome, exitCode, stderr, truncatedBytes }: SandboxResult): string {
  const end = outcome === 'exited' ? `exit code ${exitCode}` : outcome;
  const cut = truncatedBytes > 0 ? `; ${truncatedBytes} bytes of its output were cut` : '';
  return `${reason} (${end}${cut})${stderr === '' ? '' : `: ${stderr.trim().slice(0, 500)}`}`;
}
