import { readScenarios } from './scenarios.ts';
import { testScenarios } from './test-scenarios.ts';

// A wish is heard at the next renewal, a third of the lease.
const environment = { ...process.env, LEASE_MS: '3000' };

testScenarios('embedded', { distributed: false, environment }, readScenarios());
