import { ok, type Check } from './check.ts';

const wantedMajor = 24;

/** The Node that runs this. */
export function checkNode(version: string): Check {
  if (Number(version.split('.')[0]) >= wantedMajor) return ok('node', true, version);
  const means = `the platform needs Node ${wantedMajor}; \`npm run orchestra\` installs it beside this one`;
  return { name: 'node', state: 'broken', required: true, seen: version, means };
}
