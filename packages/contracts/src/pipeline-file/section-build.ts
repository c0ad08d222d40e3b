import { z } from 'zod';
import { choice } from './choice.ts';
import { command, stageLimits, workspacePath } from './fields.ts';

export const build = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether anything is built.'),
    tool: choice({
      values: ['npm', 'command', 'docker', 'buildah'],
      older: { custom: 'command' },
      refused: {
        pnpm: asCommand('pnpm install --frozen-lockfile && pnpm build'),
        yarn: asCommand('yarn install --immutable && yarn build'),
        maven: asCommand('mvn -B package'),
        gradle: asCommand('./gradlew build'),
        poetry: asCommand('poetry build'),
        pip: asCommand('pip wheel . -w dist'),
        go: asCommand('go build ./...'),
        cargo: asCommand('cargo build --release'),
        buildkit: 'Write `tool: docker`; docker builds with BuildKit.',
      },
    })
      .optional()
      .describe(
        'What builds. Default: `command` where `command` is given, `docker` where `dockerfile` or `image` is, `npm` for JavaScript, TypeScript or no language; for any other language the workspace is packed as it is.',
      ),
    command: command.optional().describe('The line or argument list that builds. Default: that of the tool.'),
    context: workspacePath.prefault('.').describe('The folder in which the build runs.'),
    dockerfile: workspacePath
      .optional()
      .describe(
        'The Dockerfile, for docker and buildah. Default: `Dockerfile`; one is made from a template when there is none.',
      ),
    image: z
      .string()
      .regex(
        /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d{1,5}(?=\/))?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
        'must be an image name without tag, such as registry.example.com/team/shop',
      )
      .max(200, 'must have at most 200 characters')
      .optional()
      .describe('The image name without tag, for docker and buildah. Default: made from the name of the project.'),
    output: z
      .array(workspacePath)
      .min(1, 'must name at least one path')
      .max(100, 'must have at most 100 paths')
      .optional()
      .describe('The paths inside the workspace that make up the archive. Default: all of the workspace.'),
    ...stageLimits({ timeoutSeconds: 1800, haltOnFailure: false }),
  })
  .describe('How the artifact is made.');

function asCommand(example: string): string {
  return `Write \`tool: command\` and \`command: ${example}\`.`;
}
