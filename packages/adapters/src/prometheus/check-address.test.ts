import { describe, expect, it } from '@jest/globals';
import { checkAddress } from './check-address.ts';

describe('checkAddress', () => {
  it.each([
    ['http://127.0.0.1:9090/', 'http://127.0.0.1:9090'],
    ['https://metrics.internal/prometheus/', 'https://metrics.internal/prometheus'],
    ['http://10.0.0.7:9090', 'http://10.0.0.7:9090'],
  ])('takes %s', (given, address) => {
    expect(checkAddress(given)).toBe(address);
  });

  it.each([
    'gopher://127.0.0.1:70/',
    'file:///etc/passwd',
    'prometheus:9090',
    'not an address',
    'http://user:secret@prometheus:9090',
    'http://prometheus:9090/?target=x',
    'http://169.254.169.254/latest',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]:9090/',
    'http://metadata.google.internal/',
  ])('A15: refuses %s', (given) => {
    expect(() => checkAddress(given)).toThrow(expect.objectContaining({ code: 'METRICS_REFUSED', retriable: false }));
  });
});
