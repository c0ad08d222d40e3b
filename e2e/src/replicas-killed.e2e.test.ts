import { named } from './scenarios.ts';
import { testScenarios } from './test-scenarios.ts';

// Short periods: the sibling has the job as soon as the lease is over.
const environment = { ...process.env, LEASE_MS: '2000', REAP_MS: '500', SESSION_MS: '2000' };
const replicas = ['build=2', 'rollback=2'];

testScenarios('with replicas that die', { distributed: true, replicas, environment }, [
  named('replicas-killed'),
  named('deploy-killed'),
]);
