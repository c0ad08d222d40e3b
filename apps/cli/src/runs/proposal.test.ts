import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';

let api: HttpFake;
const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });
const patch =
  'diff --git a/main.tf b/main.tf\nnew file mode 100644\n--- /dev/null\n+++ b/main.tf\n@@ -0,0 +1,1 @@\n+\t# a\n';
const proposals = [{ environment: 'production', files: ['main.tf'], digest: 'sha256:d', patch }];

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 200, body: { proposals } }));
});

afterEach(() => api.close());

describe('orchestra proposal', () => {
  it('prints the patch as it is, for a file', async () => {
    const ran = await orchestra(['proposal', 'acme/shop#3', '--environment', 'production'], environment());

    expect(api.seen).toMatchObject([{ path: '/api/v1/runs/acme%2Fshop%233/proposals?environment=production' }]);
    expect(ran).toMatchObject({ code: 0, data: patch });
  });

  it('prints one JSON document for programs', async () => {
    const ran = await orchestra(['proposal', 'run-1', '--json'], environment());

    expect(JSON.parse(ran.data)).toEqual({ proposals });
  });
});
