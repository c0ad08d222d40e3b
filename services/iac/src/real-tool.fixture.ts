import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import type { Ports } from './ports.ts';

/** The ports of the service with a real program, whose configuration is a text instead of a snapshot. */
export function realPorts(folder: string, path: string, configuration: string): Ports {
  const ports = createPorts({
    ...settings.parse({ IAC_DIR: join(folder, 'iac'), SANDBOX: 'process', PATH: path }),
    passed: {},
  });
  return { ...ports, unpack: (_archive, workspace) => writeFile(join(workspace, 'main.tf'), configuration) };
}

/** A configuration whose making never ends by itself, and says when it has begun. */
export const endless =
  'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = "touch begun; sleep 600"\n  }\n}\n';
