import { named } from './scenarios.ts';
import { testScenarios } from './test-scenarios.ts';

// Every period as it is in production: nothing but the environment of this process.
testScenarios("with production's periods", { distributed: false, environment: process.env }, [
  named('06-canary-breaches'),
  named('09-cancelled-run'),
]);
