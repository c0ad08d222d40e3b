import { z } from 'zod';
import { choice } from './choice.ts';
import { command, line, stageLimits, workspacePath } from './fields.ts';

const analyser = z.strictObject({
  name: line.describe('`oxlint` comes with the platform; any other name is yours.'),
  command: command.optional().describe('What runs. Only `oxlint` needs none.'),
  report: workspacePath.optional().describe('The SARIF file that the command writes. Default: its standard output.'),
});

export const codeAnalysis = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the source and the artifact are analysed.'),
    tools: z
      .array(z.union([line, analyser]))
      .max(20, 'must have at most 20 tools')
      .optional()
      .describe('The analysers of the source. Default: `oxlint` for JavaScript, TypeScript or no language, else none.'),
    artifact_scan: z
      .strictObject({
        command: command.describe('What scans; the artifact lies in the folder that it runs in.'),
        report: workspacePath
          .optional()
          .describe('The SARIF file that the command writes. Default: its standard output.'),
      })
      .optional()
      .describe('The scanner of what was built. Default: none, so nothing is scanned.'),
    fail_on: choice({
      values: ['error', 'warning', 'note', 'never'],
    })
      .prefault('error')
      .describe('The lowest level of a finding that fails the stage.'),
    ...stageLimits({ timeoutSeconds: 900, haltOnFailure: true }),
  })
  .describe('Linters and scanners.');

export const testing = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether tests run.'),
    framework: choice({
      values: ['command', 'jest', 'node', 'pytest'],
      older: { custom: 'command', 'node:test': 'node' },
      refused: {
        vitest: asCommand('npx vitest run --reporter=junit --outputFile=junit.xml'),
        mocha: asCommand('npx mocha --reporter xunit --reporter-option output=junit.xml'),
        unittest: asCommand('python -m xmlrunner discover --output-file junit.xml'),
        go: asCommand('gotestsum --junitfile junit.xml'),
        maven: asCommand('mvn -B test'),
        junit: asCommand('mvn -B test'),
        gradle: asCommand('./gradlew test'),
        cargo: asCommand('cargo nextest run --profile ci'),
      },
    })
      .optional()
      .describe(
        'What runs the tests. Default: `command` where `command` is given, `pytest` for Python, `node` for JavaScript, TypeScript or no language; without any of these, no tests run.',
      ),
    command: command.optional().describe('The line or argument list that tests. Default: that of the framework.'),
    report: workspacePath.optional().describe("The JUnit file that the tests write. Default: the runner's own report."),
    coverage: workspacePath
      .optional()
      .describe('The coverage file (lcov or Cobertura) that the tests write. Default: none.'),
    retry_failed: z
      .int()
      .min(0, 'must be 0 to 5')
      .max(5, 'must be 0 to 5')
      .default(0)
      .describe('How often failed tests are repeated before they count. One that passes then is reported as flaky.'),
    ...stageLimits({ timeoutSeconds: 1800, haltOnFailure: true }),
  })
  .describe('How it is tested.');

function asCommand(example: string): string {
  return `Write \`framework: command\`, \`command: ${example}\` and, in \`report\`, the JUnit file that it writes.`;
}
