import unit from './jest.config.js';

// The tier of real pods, within namespaces in which a cluster is ready: `npm run test:pods`. One file after the other, for
// one of them kills the API server.
export default {
  ...unit,
  testMatch: ['**/*.pods.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  maxWorkers: 1,
  testTimeout: 120_000,
};
