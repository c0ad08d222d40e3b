export { settings, type Settings } from './config.ts';
export { createPorts } from './create-ports.ts';
export { restoredWatches } from './restored-watches.ts';
export { createService } from './service.ts';
export { replaySamples, type RecordedSample, type ReplayedRelease } from './judge/replay-samples.ts';
export { describeBreach } from './report.ts';
