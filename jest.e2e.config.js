import integration from './jest.int.config.js';

// The end-to-end tier: the platform, running. One scenario at a time, so that its times mean something.
export default {
  ...integration,
  testMatch: ['**/*.e2e.test.ts'],
  maxWorkers: 1,
  testTimeout: 600_000,
};
