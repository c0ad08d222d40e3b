import unit from './jest.config.js';

// The tier of the real controllers: `npm run test:controllers`. They are built from Go modules, which takes many minutes once,
// so it is no part of `npm test`. One file after the other: each has a cluster of its own.
export default {
  ...unit,
  testMatch: ['**/*.controllers.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  maxWorkers: 1,
  testTimeout: 180_000,
};
