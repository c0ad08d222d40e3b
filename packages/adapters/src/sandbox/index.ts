export { createSandbox, type SandboxSettings } from './create-sandbox.ts';
export { placeForSteps } from './place-for-steps.ts';
export { createProcessSandbox } from './process-sandbox.ts';
export {
  defaultLimits,
  type KeptFolder,
  type ReadOnlyPath,
  type Sandbox,
  type SandboxLimits,
  type SandboxOutcome,
  type SandboxResult,
  type SandboxRun,
} from './sandbox.ts';
export { createWorkspaces, type Workspace, type Workspaces } from './workspace.ts';
