export { aContext, aRun, createMemoryArtifacts, silentLog, type Around } from './given-context.ts';
export { receive, type Receive } from './receive.ts';
export { createFakeClock, type FakeClock } from './fake-clock.ts';
