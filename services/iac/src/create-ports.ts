import { join } from 'node:path';
import { Readable } from 'node:stream';
import { resolveInside, unpackArchive, usualUnpackLimits } from '@orchestra/adapters/archive';
import { createWorkspaces } from '@orchestra/adapters/sandbox';
import { createTerraform, type Terraform } from '@orchestra/adapters/terraform';
import type { Settings } from './config.ts';
import type { InfrastructureTool, Ports, Work } from './ports.ts';

const callOf = ({ repository, ...work }: Work) => ({ ...work, stateName: join(repository, work.environment) });

/** Connects the service to terraform or tofu and to this machine's folders. */
export function createPorts(settings: Settings & { passed: Readonly<Record<string, string>> }): Ports {
  const workspaces = createWorkspaces(join(settings.IAC_DIR, 'workspaces'));
  const env = { ...settings.passed, PATH: settings.PATH, HOME: join(settings.IAC_DIR, 'home') };
  return {
    async findTool(tool) {
      const terraform = await createTerraform(tool, { env, stateFolder: join(settings.IAC_DIR, 'state') });
      return terraform === null ? null : toolOf(terraform);
    },
    openWorkspace: () => workspaces.open(),
    unpack: (archive, folder) => unpackArchive(Readable.from(archive), folder, usualUnpackLimits),
    resolveInside,
  };
}

function toolOf(terraform: Terraform): InfrastructureTool {
  return {
    program: terraform.program,
    plan: (work) => terraform.plan(callOf(work)),
    apply: (planFile, work) => terraform.apply(planFile, callOf(work)),
  };
}
