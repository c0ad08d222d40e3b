// The unit tier: no network, no servers. The two other tiers take this and change what differs.
export default {
  rootDir: import.meta.dirname,
  roots: ['packages', 'services', 'apps', 'e2e/src', 'bench/src', 'scripts'].map((folder) => `<rootDir>/${folder}`),
  testEnvironment: 'node',
  // Sources instead of `dist`: tests need no build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.(int|e2e)\\.test\\.ts$'],
  modulePathIgnorePatterns: ['/dist/'],
  coverageProvider: 'v8',
  testTimeout: 60_000,
};
