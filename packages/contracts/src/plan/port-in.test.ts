import { describe, expect, it } from '@jest/globals';
import { portIn } from './port-in.ts';

describe('portIn', () => {
  it.each([
    [{ port: 1, environmentPorts: { staging: 2 } }, 'staging', 2],
    [{ port: 1, environmentPorts: { staging: 0 } }, 'staging', 0],
    [{ port: 1, environmentPorts: {} }, 'constructor', 1],
    [{ port: 1 }, 'production', 1],
  ])('of %j in %s is %i', (service, environment, port) => {
    expect(portIn(service, environment)).toBe(port);
  });
});
