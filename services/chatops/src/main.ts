import { openDistributed } from '@orchestra/backends/distributed';
import { runProcess } from '@orchestra/runtime';
import { loadConfig } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';

await runProcess({
  name: 'chatops',
  env: process.env,
  loadConfig,
  openBackends: (config, log) => openDistributed(config, log),
  createService: (config) => createService(createPorts(config)),
});
