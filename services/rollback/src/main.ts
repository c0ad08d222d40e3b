import { openDistributed } from '@orchestra/backends/distributed';
import { runProcess } from '@orchestra/runtime';
import { loadConfig } from './config.ts';
import { createPorts } from './create-ports.ts';
import { meetCluster } from './meet-cluster.ts';
import { createService } from './service.ts';

await runProcess({
  name: 'rollback',
  env: process.env,
  loadConfig,
  openBackends: openDistributed,
  createService: (config) => {
    void meetCluster(config);
    return createService(createPorts(config));
  },
});
