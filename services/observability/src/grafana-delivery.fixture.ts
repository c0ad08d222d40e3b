/**
 * A delivery as Grafana Alerting sends it to a webhook, all keys included: times with an offset and microseconds, and one of two
 * alerts over.
 *
 * @see Grafana documentation, "Configure webhook notifications"
 */
export const grafanaDelivery = {
  receiver: 'orchestra',
  status: 'firing',
  orgId: 1,
  alerts: [
    {
      status: 'firing',
      labels: {
        alertname: 'CheckoutErrors',
        grafana_folder: 'Shop',
        service: 'web',
        environment: 'production',
        severity: 'critical',
      },
      annotations: { summary: 'Checkouts fail', runbook_url: 'https://runbooks.example.com/checkout' },
      startsAt: '2026-01-01T15:00:00.157076+02:00',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'https://grafana.example.com/alerting/grafana/1afz29v7z/view?orgId=1',
      fingerprint: 'c6eadffa33fcdf37',
      silenceURL: 'https://grafana.example.com/alerting/silence/new?alertmanager=grafana&matcher=service%3Dweb',
      dashboardURL: '',
      panelURL: '',
      values: { B: 0.42, C: 1 },
      valueString: "[ var='B' labels={service=web} value=0.42 ], [ var='C' labels={service=web} value=1 ]",
    },
    {
      status: 'resolved',
      labels: { alertname: 'CheckoutErrors', grafana_folder: 'Shop', service: 'basket', environment: 'production' },
      annotations: { summary: 'Checkouts fail' },
      startsAt: '2026-01-01T14:00:00.157076+02:00',
      endsAt: '2026-01-01T14:20:00.157076+02:00',
      generatorURL: 'https://grafana.example.com/alerting/grafana/1afz29v7z/view?orgId=1',
      fingerprint: 'bc97ff14869b13e3',
      silenceURL: 'https://grafana.example.com/alerting/silence/new?alertmanager=grafana&matcher=service%3Dbasket',
      dashboardURL: '',
      panelURL: '',
      values: null,
      valueString: '',
    },
  ],
  groupLabels: { alertname: 'CheckoutErrors', grafana_folder: 'Shop' },
  commonLabels: { alertname: 'CheckoutErrors', grafana_folder: 'Shop', environment: 'production' },
  commonAnnotations: { summary: 'Checkouts fail' },
  externalURL: 'https://grafana.example.com/',
  version: '1',
  groupKey: '{}:{alertname="CheckoutErrors", grafana_folder="Shop"}',
  truncatedAlerts: 0,
  title: '[FIRING:1, RESOLVED:1] CheckoutErrors Shop (production)',
  state: 'alerting',
  message: '**Firing**\n\nValue: B=0.42, C=1\n',
};
