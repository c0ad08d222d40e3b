import type { Artifact, Received } from '@orchestra/contracts';
import { withinAttempts, type Conclusion, type Ended, type JobContext } from '@orchestra/runtime';
import { analyse } from './analyse.ts';
import { decideScan } from './decide-scan.ts';
import type { Ports } from './ports.ts';
import { reportWithout } from './report.ts';

const unit = 'artifact';

/** A build ended: scan what it made, if the file names a scanner. */
export async function handleBuildReady(
  event: Received<'build_ready'>,
  context: JobContext<'code-analysis'>,
  ports: Ports,
): Promise<Ended<'code-analysis'>> {
  const { outcome, artifacts } = event.data;
  const plan = outcome === 'SUCCESS' || outcome === 'NOT_NEEDED' ? (await context.plan()).codeAnalysis : null;
  const decision = decideScan({ outcome, artifacts: artifacts.length }, plan);
  if (decision.kind === 'none') return reportWithout({ unit, ...decision }, plan);

  const { command, report, settings } = decision;
  const tools = [{ name: command[0] ?? 'scanner', command, report }];
  const digests = artifacts.filter(({ kind }) => kind === 'ARCHIVE').map(({ digest }) => digest);
  const request = { unit, digests, tools, env: describeArtifacts(artifacts), plan: settings } as const;
  return withinAttempts(context, settings.attempts, () => analyse(request, context, ports));
}

/** The unit ends without its work. */
export async function concludeBuildReady(
  conclusion: Conclusion,
  _event: Received<'build_ready'>,
  context: JobContext<'code-analysis'>,
): Promise<Ended<'code-analysis'>> {
  const plan = await context.plan().catch(() => null);
  return reportWithout({ unit, ...conclusion }, plan?.codeAnalysis ?? null);
}

// An image cannot be unpacked into a folder: a scanner of images gets its name.
function describeArtifacts(artifacts: readonly Artifact[]): Record<string, string> {
  const image = artifacts.find(({ kind }) => kind === 'IMAGE');
  return image === undefined ? {} : { ORCHESTRA_IMAGE: image.reference ?? image.digest };
}
