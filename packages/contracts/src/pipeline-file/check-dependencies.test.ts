import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function parse(webNeeds: string, apiNeeds = '') {
  return parsePipelineFile(`project: { name: shop }
deployment:
  services:
    - { name: web, command: node web.js, port: 80 ${webNeeds} }
    - { name: api, command: node api.js, port: 81 ${apiNeeds} }
`);
}

describe('services that depend on others', () => {
  it('are in the plan', () => {
    const parsed = parse(', depends_on: [api]');

    expect(parsed.ok ? parsed.plan.deployment?.services : []).toMatchObject([
      { name: 'web', dependsOn: ['api'] },
      { name: 'api' },
    ]);
  });

  it.each([
    { web: ', depends_on: [apu]', api: '', line: 4, says: 'There is no service `apu`' },
    { web: '', api: ', depends_on: [api]', line: 5, says: 'in a circle: api → api' },
    { web: ', depends_on: [api]', api: ', depends_on: [web]', line: 4, says: 'in a circle: web → api → web' },
  ])('are refused with their line: $says', ({ web, api, line, says }) => {
    const parsed = parse(web, api);

    expect(parsed.ok ? [] : parsed.problems).toMatchObject([{ line, message: expect.stringContaining(says) }]);
  });
});
