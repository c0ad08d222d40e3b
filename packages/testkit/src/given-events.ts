import {
  parsePipelineFile,
  type BuildReady,
  type CodePush,
  type OperatorCommand,
  type Plan,
} from '@orchestra/contracts';
import { packFolder } from '@orchestra/adapters/archive';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/** The plan that a pipeline file gives; the project's name is added. Throws for a file that is not valid. */
export function aPlan(sections = ''): Plan {
  const parsed = parsePipelineFile(`project: {name: shop}\n${sections}\n`);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.plan;
}

/** A push that was accepted; `change` says what differs. */
export function aCodePush(change: Partial<CodePush> = {}): CodePush {
  return {
    outcome: 'SUCCESS',
    reason: null,
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    commit: 'a'.repeat(40),
    baseCommit: null,
    author: 'ada',
    message: 'Change the shop',
    trigger: 'PUSH',
    pullRequest: null,
    number: 1,
    changedFiles: null,
    snapshotDigest: `sha256:${'0'.repeat(64)}`,
    planDigest: `sha256:${'1'.repeat(64)}`,
    environmentLimit: null,
    before: null,
    delivery: null,
    content: null,
    pusher: null,
    ...change,
  };
}

/** A build that made one archive. */
export function aBuildReady(change: Partial<BuildReady> = {}): BuildReady {
  const artifact = {
    name: 'shop',
    kind: 'ARCHIVE',
    digest: `sha256:${'2'.repeat(64)}`,
    sizeBytes: 1,
    reference: null,
  } as const;
  return { outcome: 'SUCCESS', reason: null, artifacts: [artifact], durationMs: 1, ...change };
}

/** A person's order about acme/shop that names nothing yet; `change` says what it is. */
export function anOperatorCommand(
  change: Partial<OperatorCommand> & Pick<OperatorCommand, 'action' | 'addressee'>,
): OperatorCommand {
  return {
    commandId: 'command-1',
    version: 1,
    actor: 'ada',
    source: 'API',
    repository: 'acme/shop',
    runId: null,
    generation: null,
    unit: null,
    environment: null,
    service: null,
    release: null,
    digest: null,
    force: false,
    resolution: null,
    until: null,
    seconds: null,
    reason: null,
    ...change,
  };
}

/** Packs files as a snapshot: path and text, over what stands in the folder `base`. */
export async function packFiles(files: Readonly<Record<string, string>>, base?: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'snapshot-'));
  try {
    if (base !== undefined) await cp(base, folder, { recursive: true, verbatimSymlinks: true });
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await buffer(packFolder(folder, { maxBytes: 64 * 1024 ** 2 }));
  } finally {
    await rm(folder, { recursive: true });
  }
}
