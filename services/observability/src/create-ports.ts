import {
  createLocalTarget,
  latencyBoundsMs,
  type LocalTarget,
  type ReleaseMetrics,
} from '@orchestra/adapters/local-target';
import { createClusterPods, toClusterOptions, type ClusterPods } from '@orchestra/adapters/kubernetes';
import { createPrometheus } from '@orchestra/adapters/prometheus';
import type { Settings } from './config.ts';
import { createMetricsServer } from './create-metrics-server.ts';
import { createPages } from './create-pages.ts';
import type { Counters, Measurement, Measurements, Outputs, Pages, Ports } from './ports.ts';

/**
 * Connects the service to the router and the processes of the local target, to pods in the namespaces that the
 * settings allow, and to the metrics server where there is one. It
 * never starts a supervisor: deploy does.
 */
export function createPorts(settings: Settings): Ports {
  const local = createLocalTarget({ folder: settings.LOCAL_TARGET_DIR, mode: 'auto', path: '' });
  const alerts = { alertTokens: settings.ALERT_TOKENS, blastLimit: settings.ALERT_BLAST_LIMIT };
  const pods = createClusterPods(toClusterOptions(settings));
  const outputs = createOutputs(local, pods);
  const pages = createPages(local, pods);
  const measurements = createMeasurements(local, pages);
  return { measurements, pages, ...createServerPorts(settings), ...alerts, pods, outputs };
}

// Of pods the place in the output is a moment, on this machine so many bytes.
function createOutputs(local: LocalTarget, pods: ClusterPods): Outputs {
  return {
    async lines({ target, namespace, release, from, now }, signal) {
      if (namespace === null) {
        const read = await local.lines({ target, release, from }, signal);
        return read === null ? null : { lines: read.text.split('\n').slice(0, -1), next: read.next };
      }
      const next = now.getTime();
      if (from === null) return { lines: [], next };
      const asked = { target, namespace, release, from: new Date(from), to: now };
      return { lines: await pods.lines(asked, signal), next };
    },
  };
}

function createServerPorts(settings: Settings): Pick<Ports, 'metricsServer'> {
  const { PROMETHEUS_URL: url, PROMETHEUS_TOKEN: token = null } = settings;
  if (url === undefined) return {};
  const limits = { requestMs: settings.PROMETHEUS_REQUEST_MS, maxBytes: settings.PROMETHEUS_MAX_BYTES };
  return { metricsServer: createMetricsServer(createPrometheus({ url, token, ...limits })) };
}

function createMeasurements(local: LocalTarget, pages: Pages): Measurements {
  async function measureAll(
    target: string,
    metricsPath: string | null,
    signal: AbortSignal,
  ): Promise<Measurement | null> {
    const metrics = await local.metrics(target, signal);
    if (metrics === null) return null;
    const measured = metrics.releases.map(async (counted): Promise<[string, Counters]> => {
      const asked = { target, namespace: null, release: counted.release };
      const app = metricsPath === null ? null : await pages.appMetrics({ ...asked, path: metricsPath }, signal);
      return [counted.release, countersOf(counted, app)];
    });
    const releases = Object.fromEntries(await Promise.all(measured));
    return { at: new Date(metrics.at), countedSince: metrics.startedAt, releases };
  }

  return {
    async measure(target, metricsPath, signal) {
      try {
        return await measureAll(target, metricsPath, signal);
      } catch {
        signal.throwIfAborted();
        return null;
      }
    },
  };
}

function countersOf(metrics: ReleaseMetrics, app: Counters['app']): Counters {
  const { requests, errors, networkBytes, cpuSeconds, memoryBytes, diskWrittenBytes, wanted, ready } = metrics;
  const latency = { boundsMs: latencyBoundsMs, counts: metrics.latency };
  return { requests, errors, latency, networkBytes, cpuSeconds, memoryBytes, diskWrittenBytes, wanted, ready, app };
}
