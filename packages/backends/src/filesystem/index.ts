export { createFolderArtifactStore, type FolderArtifactStoreOptions } from './artifact-store.ts';
export { createFolderLogStore, type FolderLogStoreOptions } from './log-store.ts';
