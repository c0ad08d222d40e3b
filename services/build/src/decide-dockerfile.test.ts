import { describe, expect, it } from '@jest/globals';
import { decideDockerfile, type ProjectFacts } from './decide-dockerfile.ts';

const nothing: ProjectFacts = {
  hasPackageJson: false,
  hasLockfile: false,
  hasBuildScript: false,
  hasRequirements: false,
  hasGoModule: false,
};

describe('decideDockerfile', () => {
  it.each([
    [
      { hasPackageJson: true, hasLockfile: true, hasBuildScript: true },
      /FROM docker\.io\/library\/node[^]*npm ci[^]*npm run build[^]*USER node/,
    ],
    [{ hasPackageJson: true }, /FROM docker\.io\/library\/node[^]*npm install/],
    [{ hasRequirements: true }, /FROM docker\.io\/library\/python[^]*USER nobody/],
    [{ hasGoModule: true }, /FROM docker\.io\/library\/golang[^]*FROM scratch[^]*USER 65534/],
  ])('knows %j', (change, content) => {
    expect(decideDockerfile({ ...nothing, ...change })).toMatch(content);
  });

  it('does not build what there is no script for', () => {
    expect(decideDockerfile({ ...nothing, hasPackageJson: true })).not.toContain('npm run build');
  });

  it('knows nothing else', () => {
    expect(decideDockerfile(nothing)).toBeNull();
  });
});
