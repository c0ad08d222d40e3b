export { loadConfig, settings, type ChatopsConfig } from './config.ts';
export { createPorts } from './create-ports.ts';
export type { Ports } from './ports.ts';
export { createService } from './service.ts';
