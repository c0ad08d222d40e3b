export * from './kafka-event-bus.ts';
export * from './settings.ts';
export * from './topic-settings.ts';
export * from './register-schemas.ts';
export * from './registry-client.ts';
export * from './registry-codec.ts';
