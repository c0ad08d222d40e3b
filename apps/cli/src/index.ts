export { freePort } from './demo/free-port.ts';
export { createApiClient, type ApiClient, type ShownRun } from './client/api-client.ts';
export { offerPush, sendPush, type PushAnswer, type PushEvent } from './client/send-push.ts';
export { replayService } from './replay/replay-service.ts';
export { createRepository, type Push, type Repository } from './demo/repository.ts';
export { startTraffic, type Traffic } from './demo/traffic.ts';
export { findAddress, removeAddress } from './up/address.ts';
export { ensureCredentials, type Credentials } from './up/credentials.ts';
export { openEmbeddedPlatform, type EmbeddedPlatform } from './up/open-embedded-platform.ts';
