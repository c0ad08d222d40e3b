import { named } from './scenarios.ts';
import { testScenarios } from './test-scenarios.ts';

const environment = { ...process.env, LEASE_MS: '2000', REAP_MS: '500' };

testScenarios('in one process that dies', { distributed: false, environment }, [named('platform-killed')]);
