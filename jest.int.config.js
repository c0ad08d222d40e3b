import unit from './jest.config.js';

// The integration tier: real neighbours and real programs. Their addresses come from the environment, or from the set-up.
export default {
  ...unit,
  testMatch: ['**/*.int.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  testSequencer: '<rootDir>/scripts/jest-longest-first.js',
  globalSetup: '<rootDir>/scripts/jest-neighbours.js',
  globalTeardown: '<rootDir>/scripts/jest-neighbours-end.js',
  testTimeout: 60_000,
};
