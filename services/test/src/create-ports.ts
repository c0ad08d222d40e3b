import { createWorkbench, toWorkbenchOptions } from '@orchestra/adapters/workbench';
import type { Settings } from './config.ts';
import type { Ports } from './ports.ts';

/** Makes the real ports. @throws OrchestraError `SANDBOX_UNAVAILABLE` */
export function createPorts(settings: Settings): Ports {
  return { workbench: createWorkbench(toWorkbenchOptions(settings)) };
}
