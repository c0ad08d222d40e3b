// Renders what people look up: docs/reference/errors.md and docs/reference/settings.md, committed and drift-checked.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCodes, serviceNames } from '@orchestra/contracts';
import { z } from 'zod';
import { renderErrorsPage } from './generate-reference/errors-page.ts';
import { readComments, renderSettingsPage, type SettingsGroup } from './generate-reference/settings-page.ts';
import { root } from './run-command.ts';

const runtime = join(root, 'packages/runtime/src/process/config.ts');
const shared = readdirSync(join(root, 'packages/adapters/src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('-env.ts'))
  .map((name) => join(root, 'packages/adapters/src', name));

write(
  'errors.md',
  renderErrorsPage(errorCodes, 'Generated from packages/contracts/src/errors.ts by `npm run generate`. Do not edit.'),
);
write(
  'settings.md',
  renderSettingsPage(
    [await readGroup('Every service', runtime), ...(await Promise.all(serviceNames.map(groupOf)))],
    'Generated from the config.ts of the services and of packages/runtime by `npm run generate`. Do not edit.',
  ),
);

function groupOf(service: string): Promise<SettingsGroup> {
  return readGroup(service, join(root, 'services', service, 'src/config.ts'));
}

async function readGroup(title: string, file: string): Promise<SettingsGroup> {
  const door = z.object({
    settings: z.instanceof(z.ZodObject).optional(),
    runtimeEnv: z.instanceof(z.ZodObject).optional(),
  });
  const { settings, runtimeEnv } = door.parse({ ...(await import(file)) });
  const shape = settings ?? runtimeEnv;
  if (shape === undefined) throw new Error(`${file} exports no settings`);
  const text =
    settings === undefined
      ? 'In the embedded form, the periods and `LOG_LEVEL` only.'
      : `What [${title}](../../services/${title}/README.md) reads beside them.`;
  const own = readdirSync(dirname(file)).filter((name) => name.endsWith('.ts'));
  const sources = [...shared, ...own.map((name) => join(dirname(file), name))];
  const comments = sources.map((source) => readComments(readFileSync(source, 'utf8')));
  return { title, text, shape, comments: new Map(comments.flatMap((map) => [...map])) };
}

function write(name: string, page: string): void {
  writeFileSync(join(root, 'docs/reference', name), page);
}
