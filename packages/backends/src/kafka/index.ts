export * from './kafka-event-bus.ts';
export * from './settings.ts';
export * from './topic-settings.ts';
