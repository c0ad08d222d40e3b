export { createImageRegistry, type ImageKnown, type ImageRegistry } from './image-registry.ts';
export { imageRegistryEnv, toRegistryOptions } from './image-registry-env.ts';
