import type { CommitCopy } from '@orchestra/adapters/git';
import {
  parsePipelineFile,
  sloFileOf,
  withSloFile,
  type ChangedFile,
  type ParsedPipelineFile,
  type RunState,
  type SourceSlice,
} from '@orchestra/contracts';
import { OrchestraError, type Conclusion, type Decided, type Ended, type JobContext } from '@orchestra/runtime';
import { auditLicenses, type LicenseAudit } from './audit-licenses.ts';
import { decidePlan, planWithoutFile, type PlanDecision } from './decide-plan.ts';
import { endConcluded, endNotNeeded, endRefused, endReady } from './end-fetch.ts';
import { matchesBranch } from './match-branch.ts';
import type { Ports } from './ports.ts';

const pipelineFileName = 'devops_orchestra.yaml';
const pipelineFileLimit = 65_536;

/** A run's first job: fetches the commit, reads the pipeline file, keeps plan and snapshot, and says that the run begins. */
export async function fetchSource(context: JobContext<'gitops'>, ports: Ports): Promise<Ended<'gitops'>> {
  const { run, signal } = context;
  const request = { url: run.cloneUrl, commit: run.commit, base: run.before, signal };
  return ports.git.withCommit(request, async (copy, scratch) => {
    await context.output(`Fetched ${run.commit} of ${run.repository}: ${copy.entries.size} files\n`);
    const parsed = await readPipelineFile(copy);
    const decision = decidePlan({
      trigger: run.trigger,
      branch: run.branch,
      environmentLimit: run.environmentLimit,
      branchFits: parsed?.ok === true && fitsBranch(parsed.plan.triggers.branches, run.branch),
      parsed,
    });
    const source = sourceOf(copy, parsed, decision);
    const ended = await endWith({ copy, scratch, source }, decision, { context, ports });
    return { ...ended, decided: [planDecided(decision, run), ...(ended.decided ?? [])] };
  });
}

async function endWith(
  reading: Omit<Reading, 'decision'>,
  decision: PlanDecision,
  { context, ports }: { context: JobContext<'gitops'>; ports: Ports },
): Promise<Ended<'gitops'>> {
  const { run } = context;
  const { source } = reading;
  switch (decision.kind) {
    case 'not_needed':
      return endNotNeeded(decision, { run, source });
    case 'refuse':
      return endRefused(decision.reason, { run, source });
    case 'run':
      return keepSource({ ...reading, decision }, context, ports);
  }
}

function planDecided(decision: PlanDecision, run: RunState): Decided {
  const { trigger, branch, environmentLimit, commit } = run;
  const units = decision.kind === 'run' ? decision.units.map(({ unit }) => unit) : [];
  const problems = decision.kind === 'refuse' ? decision.problems.map(({ message }) => message) : [];
  const reason = decision.kind === 'run' ? 'file_valid' : decision.reason;
  const facts = {
    kind: decision.kind,
    trigger,
    branch,
    commit,
    environmentLimit,
    units,
    problems: problems.slice(0, 10),
  };
  return { what: 'plan decided', reason, facts };
}

/** How the run begins when it cannot: the same event, without a snapshot, so that every stage ends. */
export function concludeFetch(conclusion: Conclusion, { run }: JobContext<'gitops'>): Ended<'gitops'> {
  const { units, deadlineMs, hopsLimit } = planWithoutFile();
  const plan = { units: run.plannedUnits.length > 0 ? run.plannedUnits : units, deadlineMs, hopsLimit };
  return endConcluded(conclusion, { run, plan });
}

interface Reading {
  copy: CommitCopy;
  scratch: string;
  decision: Extract<PlanDecision, { kind: 'run' }>;
  source: SourceSlice;
}

async function keepSource(
  { copy, scratch, decision, source }: Reading,
  { run, artifacts, signal }: JobContext<'gitops'>,
  ports: Ports,
): Promise<Ended<'gitops'>> {
  const { plan } = decision;
  const [audit, changed, snapshotDigest, { digest: planDigest }] = await Promise.all([
    auditLicenses(copy, plan.licenses),
    copy.changedFiles(),
    keepSnapshot(),
    artifacts.put(Buffer.from(JSON.stringify(plan))),
  ]);
  const audited = withAudit(source, audit);
  const decided = [licensesDecided(audit)];
  if (audit.denied > 0) return { ...endRefused('license_denied', { run, source: audited }), decided };
  const kept = { ...audited, planDigest, snapshotDigest, changedFiles: capChanged(changed) };
  return { ...endReady(decision, { run, source: kept }), decided };

  async function keepSnapshot(): Promise<string> {
    await copy.exportTo(scratch);
    const { digest } = await artifacts.put(ports.pack(scratch, signal));
    return digest;
  }
}

function licensesDecided({ licenses, denied }: LicenseAudit): Decided {
  const unknown = licenses.filter(({ verdict }) => verdict === 'unknown').length;
  const reason = denied > 0 ? 'license_denied' : 'nothing_denied';
  return { what: 'licences judged', reason, facts: { denied, unknown, licenses: licenses.slice(0, 20) } };
}

function withAudit(source: SourceSlice, { licenses, problems, warnings }: LicenseAudit): SourceSlice {
  return { ...source, licenses, problems, warnings: [...source.warnings, ...warnings] };
}

async function readPipelineFile(copy: CommitCopy): Promise<ParsedPipelineFile | null> {
  try {
    const text = await copy.readText(pipelineFileName, pipelineFileLimit);
    if (text === null) return null;
    const parsed = parsePipelineFile(text);
    const sloFile = sloFileOf(parsed);
    return sloFile === null ? parsed : withSloFile(parsed, await copy.readText(sloFile, pipelineFileLimit));
  } catch (error) {
    // A link, or more than a pipeline file can be: the repository's mistake, not ours.
    if (!(error instanceof OrchestraError) || error.retriable) throw error;
    const problem = { path: '', line: 1, column: 1, message: error.message, suggestion: null, frame: '' };
    return { ok: false, problems: [problem], warnings: [] };
  }
}

function sourceOf(copy: CommitCopy, parsed: ParsedPipelineFile | null, decision: PlanDecision): SourceSlice {
  return {
    planDigest: null,
    snapshotDigest: null,
    baseCommit: copy.baseCommit,
    changedFiles: null,
    problems: decision.kind === 'refuse' ? decision.problems : [],
    warnings: parsed?.warnings ?? [],
    licenses: [],
  };
}

function fitsBranch(patterns: readonly string[], branch: string | null): boolean {
  return branch !== null && patterns.some((pattern) => matchesBranch(pattern, branch));
}

// An event stays small; a longer list means as much as none: everything may have changed.
const changedLimitBytes = 32_768;

function capChanged(changed: readonly ChangedFile[] | null): readonly ChangedFile[] | null {
  if (changed === null) return null;
  return Buffer.byteLength(JSON.stringify(changed)) <= changedLimitBytes ? changed : null;
}
