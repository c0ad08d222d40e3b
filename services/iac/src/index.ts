export { passedFrom, settings, type Settings } from './config.ts';
export { createPorts } from './create-ports.ts';
export { resolveOutput } from './resolve-output.ts';
export { restoredRemovals } from './restored-removals.ts';
export { createService } from './service.ts';
