export { loadConfig, settings, type GitopsConfig } from './config.ts';
export { createPorts } from './create-ports.ts';
export type { Ports } from './ports.ts';
export { createService } from './service.ts';
