export { beginSqliteRebuild } from './rebuild/begin-sqlite-rebuild.ts';
export { openMemoryRebuild } from './rebuild/open-memory-rebuild.ts';
export { openDatabase, type Database, type DatabaseOptions } from './database.ts';
export { createSqliteEventBus, type SqliteEventBusOptions } from './event-bus/event-bus.ts';
export { createSqliteRunStore, type SqliteRunStoreOptions } from './run-store/run-store.ts';
