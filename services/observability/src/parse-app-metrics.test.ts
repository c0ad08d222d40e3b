import { describe, expect, it } from '@jest/globals';
import { addAppMetrics, parseAppMetrics } from './parse-app-metrics.ts';

const page = `# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{method="GET",code="200"} 90
http_requests_total{method="POST",code="200"} 5
http_requests_total{method="GET",code="503",path="/a\\"b"} 5
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.1"} 50
http_request_duration_seconds_bucket{le="0.5"} 90
http_request_duration_seconds_bucket{le="+Inf"} 100
http_request_duration_seconds_sum 12
garbage that is no sample
process_resident_memory_bytes NaN
`;

describe('parseAppMetrics', () => {
  it('reads requests, errors and times to answer over all labels', () => {
    expect(parseAppMetrics(page)).toEqual({
      requests: 100,
      errors: 5,
      latency: { boundsMs: [100, 500], counts: [50, 40, 10] },
    });
  });

  it.each(['', 'process_cpu_seconds_total 1', '<html>not found</html>'])(
    'has nothing to say about requests: %j',
    (text) => {
      expect(parseAppMetrics(text)).toBeNull();
    },
  );

  it('adds up the processes of a release, and says nothing when one is silent', () => {
    const one = parseAppMetrics(page);

    expect(addAppMetrics([one, one])).toMatchObject({ requests: 200, errors: 10, latency: { counts: [100, 80, 20] } });
    expect(addAppMetrics([one, null])).toBeNull();
    expect(addAppMetrics([])).toBeNull();
  });
});
