// `npm run new:service -- NAME [TOPIC]` makes a service that passes all checks at once. It listens to one topic, code_push
// unless another is named; more of them are added in schemas/topics.yaml and service.ts.
import { makeRoom } from './new-service/make-room.ts';
import { root, runCommand, say } from './run-command.ts';

const pnpm = 'pnpm@12.21.0';
const [name = '', topic = 'code_push'] = process.argv.slice(2);

const problems = makeRoom(root, { name, topic });
for (const problem of problems) say(problem);
if (problems.length === 0) await finish();
else process.exitCode = 1;

async function finish(): Promise<void> {
  await step('npx', ['--yes', pnpm, 'install', '--no-frozen-lockfile', '--prefer-offline']);
  await step('npm', ['run', '--silent', 'generate']);
  await step('oxfmt', [`services/${name}`, 'compose.yaml', 'tsconfig.json', 'apps/cli', 'e2e']);
  say(`services/${name} is there; npm run check says whether it fits`);
}

async function step(command: string, args: string[]): Promise<void> {
  const { code, output } = await runCommand({ command, args, env: { CI: 'true' } });
  if (code === 0) return;
  say(`${command} ${args.join(' ')} failed:\n${output}`);
  process.exit(1);
}
