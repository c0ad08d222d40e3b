import e2e from './jest.e2e.config.js';

/** Records the histories of the scenarios anew: `npm run record-histories`. No part of the tests. */
export default { ...e2e, testMatch: ['**/*.record.ts'] };
