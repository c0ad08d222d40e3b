import { describe, expect, it } from '@jest/globals';
import { fillQuery } from './fill-query.ts';

const names = { service: 'web', environment: 'production', release: '7-1.web', windowSeconds: 30 };

describe('fillQuery', () => {
  it('writes names as quoted label values, and the window as a duration', () => {
    const template =
      'sum(rate(http_requests_total{service={{service}},env={{ environment }},release={{release}}}[{{window}}]))';

    expect(fillQuery(template, names)).toBe(
      'sum(rate(http_requests_total{service="web",env="production",release="7-1.web"}[30s]))',
    );
  });

  it('leaves a query without placeholders as it is', () => {
    expect(fillQuery('up{job="shop"}', names)).toBe('up{job="shop"}');
  });

  it.each([
    'web"} or vector(1) #',
    'web",env=~".*',
    'web\\',
    'web\nor vector(1)',
    'WEB',
    '-web',
    '',
    'a'.repeat(64),
    '{{release}}',
  ])('A16: refuses to ask for the service %j', (service) => {
    expect(() => fillQuery('up{service={{service}}}', { ...names, service })).toThrow(
      expect.objectContaining({ code: 'METRICS_REFUSED' }),
    );
  });

  it.each(['r"', 'a b', '', '{x}'])('A16: refuses to ask for the release %j', (release) => {
    expect(() => fillQuery('up{release={{release}}}', { ...names, release })).toThrow(
      expect.objectContaining({ code: 'METRICS_REFUSED' }),
    );
  });

  it('refuses a placeholder that nobody knows', () => {
    expect(() => fillQuery('up{x={{namespace}}}', names)).toThrow('{{namespace}}');
  });

  it('refuses to ask about a release where there is none', () => {
    expect(() => fillQuery('up{release={{release}}}', { ...names, release: null })).toThrow('there is none');
  });
});
