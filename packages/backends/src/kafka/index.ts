export { createKafkaEventBus } from './kafka-event-bus.ts';
export { registerSchemas } from './register-schemas.ts';
export type { RegistryOptions } from './registry-client.ts';
export { createRegistryCodec, type RegistryCodec } from './registry-codec.ts';
export { type BusLog, defaultKafkaSettings, type KafkaOptions, type KafkaSettings } from './settings.ts';
export { deadLetterTopic, platformTopics } from './topic-settings.ts';
