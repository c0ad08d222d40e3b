// The unit tier: no network, no servers. The two other tiers take this and change what differs.
export default {
  rootDir: import.meta.dirname,
  roots: ['packages', 'services', 'apps', 'e2e/src', 'bench/src', 'scripts'].map((folder) => `<rootDir>/${folder}`),
  // Node itself loads what is tested, the sources instead of `dist`: its flag `--conditions=source` says so.
  testRunner: '<rootDir>/scripts/jest-run-file.js',
  testEnvironment: '<rootDir>/scripts/jest-environment.js',
  transform: {},
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.(int|e2e|pods|controllers)\\.test\\.ts$'],
  modulePathIgnorePatterns: ['/dist/'],
  testTimeout: 60_000,
};
