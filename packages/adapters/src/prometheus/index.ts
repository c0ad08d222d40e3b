export { fillQuery, type QueryNames } from './fill-query.ts';
export { createPrometheus, type Point, type Prometheus, type PrometheusOptions } from './prometheus.ts';
