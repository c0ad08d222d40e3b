export { createWorkbench, type WorkbenchOptions } from './create-workbench.ts';
export { queueOutput, type OutputQueue } from './queue-output.ts';
export type { Bench, BenchCommand, Workbench } from './workbench.ts';
export { sandboxEnv, toSandboxOptions, toWorkbenchOptions, workbenchEnv } from './workbench-env.ts';
