/** What the platform measures of every release by itself. `unready_processes` and `probe_failed_ratio` need no threshold. */
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
] as const;
