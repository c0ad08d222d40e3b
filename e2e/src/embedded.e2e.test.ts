import { testScenarios } from './test-scenarios.ts';

testScenarios('embedded', { distributed: false, environment: process.env });
