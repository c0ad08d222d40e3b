export { aContext, aRun, createMemoryArtifacts, silentLog, type Around } from './given-context.ts';
export { receive, type Receive } from './receive.ts';
