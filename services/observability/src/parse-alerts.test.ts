import { describe, expect, it } from '@jest/globals';
import { grafanaDelivery } from './grafana-delivery.fixture.ts';
import { parseAlerts } from './parse-alerts.ts';

const one = {
  status: 'firing',
  labels: { alertname: 'HighErrorRate', service: 'web', environment: 'production', severity: 'Critical' },
  annotations: { summary: 'Too many errors\n<!channel>', value: '0.42', threshold: '0.05' },
  startsAt: '2026-01-01T12:00:00.123Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus/graph',
  fingerprint: 'a1b2c3',
};
const alertmanager = {
  version: '4',
  groupKey: '{}:{}',
  status: 'firing',
  receiver: 'orchestra',
  truncatedAlerts: 2,
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager',
  alerts: [one, { ...one, status: 'resolved', fingerprint: 'd4' }],
};

describe('parseAlerts', () => {
  it('reads what Alertmanager sends', () => {
    expect(parseAlerts(alertmanager)).toEqual({
      firing: [
        {
          name: 'HighErrorRate',
          service: 'web',
          environment: 'production',
          release: null,
          startsAt: Date.parse('2026-01-01T12:00:00.123Z'),
          severity: 'critical',
          fingerprint: 'a1b2c3',
          value: 0.42,
          threshold: 0.05,
          summary: 'Too many errors <!channel>',
        },
      ],
      resolved: 1,
      services: 1,
      truncated: 2,
    });
  });

  it('reads what Grafana sends, with the value that it measured', () => {
    expect(parseAlerts(grafanaDelivery)).toMatchObject({
      firing: [{ service: 'web', value: 0.42, threshold: null, startsAt: Date.parse('2026-01-01T13:00:00.157Z') }],
      resolved: 1,
      services: 1,
    });
  });

  it.each([
    [{ app: 'web' }, 'web'],
    [{ job: 'web', service: 'shop' }, 'shop'],
    [{ service: 'WEB"} or 1', job: 'web' }, 'web'],
    [{ service: '../web' }, null],
    [{ pod: 'web-1' }, null],
  ])('A16: finds the service in %j', (labels, service) => {
    expect(parseAlerts({ alerts: [{ ...one, labels }] }).firing[0]?.service).toBe(service);
  });

  it('counts the services that are ill', () => {
    const alerts = ['a', 'b', 'a'].map((service) => ({ ...one, labels: { service } }));

    expect(parseAlerts({ alerts }).services).toBe(2);
  });

  it.each([
    null,
    'alerts',
    {},
    { alerts: {} },
    { alerts: [{ ...one, startsAt: 'yesterday' }] },
    { alerts: [{ ...one, status: 'pending' }] },
    { alerts: [{ ...one, fingerprint: '' }] },
    { alerts: Array.from({ length: 1001 }, () => one) },
  ])('refuses %j', (body) => {
    expect(() => parseAlerts(body)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });
});
