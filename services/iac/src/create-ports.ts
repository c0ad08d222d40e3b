import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readInside, unpackArchive, usualUnpackLimits } from '@orchestra/adapters/archive';
import { createCloudformation } from '@orchestra/adapters/cloudformation';
import { createWorkspaces } from '@orchestra/adapters/sandbox';
import { createTerraform, restorePlan, writeConfiguration, type Terraform } from '@orchestra/adapters/terraform';
import { toSandboxOptions } from '@orchestra/adapters/workbench';
import type { Settings } from './config.ts';
import type { InfrastructureTool, Ports, Work } from './ports.ts';
import { openProposing } from './propose/open-proposing.ts';

const callOf = ({ repository, ...work }: Work) => ({ ...work, stateName: join(repository, work.environment) });
const maxPlanBytes = 256 * 1024 ** 2;

/** Connects the service to terraform or tofu and to this machine's folders. @throws OrchestraError `SANDBOX_UNAVAILABLE` */
export function createPorts(settings: Settings & { passed: Readonly<Record<string, string>> }): Ports {
  const { sandbox, limits } = toSandboxOptions(settings);
  const workspaces = createWorkspaces(join(settings.IAC_DIR, 'workspaces'));
  const { passed, PATH: path, IAC_DIR: keptIn, IAC_PROVIDER_MIRROR: providerMirror = null } = settings;
  return {
    proposing: openProposing(settings),
    notes: sandbox.notes,
    lookEveryMs: settings.IAC_LOOK_SECONDS * 1000,
    async findTool(tool) {
      if (tool === 'cloudformation') return findCloudformation(passed);
      const options = { sandbox, limits, path, passed, keptIn, scratch: workspaces, providerMirror };
      const terraform = await createTerraform(tool, options);
      return terraform === null ? null : toolOf(terraform);
    },
    openWorkspace: () => workspaces.open(),
    sweep: () => workspaces.sweep(),
    unpack: (archive, folder) => unpackArchive(Readable.from(archive), folder, usualUnpackLimits),
    writeConfiguration,
    readPlan: (workspace, planFile) => readInside(workspace, planFile, maxPlanBytes),
  };
}

function findCloudformation(passed: Readonly<Record<string, string>>): InfrastructureTool | null {
  const cloudformation = createCloudformation({ passed });
  if (cloudformation === null) return null;
  return {
    program: cloudformation.program,
    plan: (work) => cloudformation.plan(callOf(work)),
    restore: (plan, work) => cloudformation.restore(plan, callOf(work)),
    apply: (planFile, work) => cloudformation.apply(planFile, callOf(work)),
    probe: (work) => cloudformation.probe(callOf(work)),
    readOutputs: (work) => cloudformation.readOutputs(callOf(work)),
    resolveOutput: (reference, work) => cloudformation.resolveOutput(reference, callOf(work)),
  };
}

function toolOf(terraform: Terraform): InfrastructureTool {
  return {
    program: terraform.program,
    plan: (work) => terraform.plan(callOf(work)),
    async restore(plan, work) {
      await terraform.prepare(callOf(work));
      return restorePlan(plan, callOf(work));
    },
    probe: (work) => terraform.probe(callOf(work)),
    async readOutputs(work) {
      await terraform.prepare(callOf(work));
      return terraform.readOutputs(callOf(work));
    },
    async resolveOutput(reference, work) {
      await terraform.prepare(callOf(work));
      return terraform.resolveOutput(reference, callOf(work));
    },
    apply: (planFile, work) => terraform.apply(planFile, callOf(work)),
  };
}
