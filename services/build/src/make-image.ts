import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@orchestra/contracts';
import type { Building, Made } from './build.ts';
import type { BuildDecision } from './decide-build.ts';

type ImageDecision = Extract<BuildDecision, { kind: 'image' }>;

const templateName = '.orchestra.Dockerfile';

/** Makes an image of the workspace, with the repository's Dockerfile or one from a template. */
export async function makeImage({ program, template }: ImageDecision, building: Building): Promise<Made> {
  const { request, bench, context, ports, say, remainingMs } = building;
  const { plan, name, event } = request;
  const folder = join(bench.path, plan.context);
  const dockerfile = join(folder, template === null ? plan.dockerfile : templateName);
  if (template !== null) await writeTemplate(dockerfile, template, say);

  const image = plan.image ?? name;
  const { commit } = event.data;
  const order = { program, context: folder, dockerfile, image, commit, runId: event.runId, timeoutMs: remainingMs() };
  const end = await ports.images.build({ ...order, signal: context.signal, onOutput: say });
  switch (end.kind) {
    case 'built': {
      const { digest, sizeBytes, reference } = end;
      const artifact: Artifact = { name, kind: 'IMAGE', digest, sizeBytes, reference };
      return { kind: 'made', artifacts: [artifact] };
    }
    case 'timed_out':
      return {
        kind: 'ended',
        status: 'timed_out',
        reason: 'build_time_limit',
        message: 'The image took longer than the build may',
      };
    case 'failed':
      return {
        kind: 'ended',
        status: 'failure',
        reason: 'command_failed',
        message: `${program} ended with exit code ${end.exitCode}`,
      };
  }
}

async function writeTemplate(file: string, template: string, say: (text: string) => void): Promise<void> {
  say(`There is no Dockerfile; this one is used:\n${template}\n`);
  // `wx`: the repository cannot have put a link there.
  await writeFile(file, template, { flag: 'wx' });
}
