import { testScenarios } from './test-scenarios.ts';

testScenarios('distributed', { distributed: true, environment: process.env });
