import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InfrastructureTool, Planned, Ports } from './ports.ts';

export interface FakeTool extends InfrastructureTool {
  applied: string[];
  restored: string[];
}

const hidden = { tool: 'tofu', state: 'acme/shop/production', output: 'key' };

/** A tool whose every plan is the one that is given, and that writes down what it applies. */
export function fakeTool(summary: Partial<Planned> = {}): FakeTool {
  const nothing = { toAdd: 0, toChange: 0, toDestroy: 0, destroys: [], replaces: [], changes: [] };
  const tool: FakeTool = {
    program: 'tofu',
    applied: [],
    restored: [],
    async plan({ workspace, folder }) {
      const planFile = join(folder, 'plan');
      await writeFile(join(workspace, planFile), `the plan ${JSON.stringify(summary)}`);
      return { ...nothing, changesAnything: true, ...summary, planFile };
    },
    async restore(plan, { workspace, folder }) {
      const planFile = join(folder, 'plan');
      await writeFile(join(workspace, planFile), plan);
      tool.restored.push(plan.toString('utf8'));
      return planFile;
    },
    async apply(planFile, { workspace }) {
      tool.applied.push(await readFile(join(workspace, planFile), 'utf8'));
      return { values: { name: 'shop' }, sensitive: [hidden] };
    },
    probe: async () => ({ drifted: [] }),
    readOutputs: async () => ({ values: { name: 'shop as recorded' }, sensitive: [hidden] }),
    resolveOutput: async ({ output }) => `the value of ${output}`,
  };
  return tool;
}

/** Ports around a tool, with real folders for workspaces. */
export function portsWith(tool: InfrastructureTool | null): Ports {
  return {
    findTool: async () => tool,
    proposing: {
      model: { missing: ['OPENAI_API_KEY', 'OPENAI_MODEL'] },
      listFiles: async () => [],
      lookAround: async () => ({ files: [], manifests: {} }),
      checkPatch: async () => [],
      hide: (text) => text,
    },
    openWorkspace: async () => {
      const path = await mkdtemp(join(tmpdir(), 'iac-test-'));
      return { path, close: () => rm(path, { recursive: true }) };
    },
    notes: [],
    lookEveryMs: 60_000,
    sweep: async () => {},
    unpack: async () => {},
    writeConfiguration: async () => false,
    readPlan: async (workspace, planFile) => readFile(join(workspace, planFile)),
  };
}
