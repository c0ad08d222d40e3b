import { createWorkbench, toWorkbenchOptions } from '@orchestra/adapters/workbench';
import { createOxlintLinter } from './adapters/oxlint-linter.ts';
import type { Settings } from './config.ts';
import type { Ports } from './ports.ts';

/** Makes the real ports. @throws OrchestraError `SANDBOX_UNAVAILABLE`, `COMMAND_NOT_FOUND` */
export function createPorts(settings: Settings): Ports {
  return { workbench: createWorkbench(toWorkbenchOptions(settings)), linter: createOxlintLinter() };
}
