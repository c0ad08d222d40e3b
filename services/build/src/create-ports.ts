import { createWorkbench, toWorkbenchOptions } from '@orchestra/adapters/workbench';
import { createProgramImages } from './adapters/program-images.ts';
import type { Settings } from './config.ts';
import type { Ports } from './ports.ts';

/** Makes the real ports. @throws OrchestraError `SANDBOX_UNAVAILABLE` */
export function createPorts(settings: Settings): Ports {
  const { DOCKER_HOST, DOCKER_CONFIG, HOME, IMAGE_PUSH, PATH } = settings;
  const given = Object.entries({ DOCKER_HOST, DOCKER_CONFIG, HOME });
  const env = Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return {
    workbench: createWorkbench(toWorkbenchOptions(settings)),
    images: createProgramImages({ path: PATH, push: IMAGE_PUSH, env }),
  };
}
