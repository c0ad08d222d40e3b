/** What the platform measures of every release by itself. Processes, probes and pods need no threshold. */
export const ownMetrics = [
  'error_ratio',
  'latency_ms',
  'app_error_ratio',
  'app_latency_ms',
  'cpu_ratio',
  'memory_bytes',
  'disk_bytes',
  'network_bytes_per_second',
  'unready_processes',
  'probe_failed_ratio',
  'unready_pods',
  'failing_pods',
  'pod_restarts',
] as const;

/** What is measured of the pods of a release on Kubernetes. The last value counts, not the mean. */
export const podMetrics = ['unready_pods', 'failing_pods', 'pod_restarts'] as const;
