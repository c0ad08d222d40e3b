export { OrchestraError, type ErrorCode } from '@orchestra/contracts'; // for adapters, which know no contracts
export * from './ports/artifact-store.ts';
export * from './ports/clock.ts';
export * from './ports/event-bus.ts';
export * from './ports/event-codec.ts';
export * from './ports/jobs.ts';
export * from './ports/log-store.ts';
export * from './ports/run-store.ts';
export type { JobContext, JobView, Log, ServiceContext, ServiceStore } from './service/context.ts';
export * from './service/definition.ts';
