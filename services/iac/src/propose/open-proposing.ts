import { listNames, readInside } from '@orchestra/adapters/archive';
import { checkPatch } from '@orchestra/adapters/git';
import { openProposals } from '@orchestra/adapters/openai';
import { createMask } from '@orchestra/adapters/terraform';
import type { Settings } from '../config.ts';
import type { Proposing } from '../ports.ts';
import { manifestNames } from './compose-request.ts';
import { hideSecrets } from './hide-secrets.ts';

const maxManifestBytes = 8_192;

/** Connects to the model of the settings, and to the source in a workspace. */
export function openProposing(settings: Settings & { passed: Readonly<Record<string, string>> }): Proposing {
  const key = settings.OPENAI_API_KEY?.reveal();
  const mask = createMask([...Object.values(settings.passed), ...(key === undefined ? [] : [key])]);
  return {
    model: openProposals(settings),
    listFiles: (workspace, folder) => listNames(workspace, { folder, maxDepth: 1, maxNames: 10_000 }),
    async lookAround(workspace) {
      const files = await listNames(workspace, { folder: '.', maxDepth: 4, maxNames: 1_000 });
      const present = manifestNames.filter((name) => files.includes(name));
      const texts = await Promise.all(present.map(async (name) => [name, await readText(workspace, name)] as const));
      return { files, manifests: Object.fromEntries(texts.filter(([, text]) => text !== '')) };
    },
    checkPatch: (folder, patch) => checkPatch({ folder, patch, path: settings.PATH }),
    // The values first: a part of one could be hidden by its form, and the rest be shown.
    hide: (text) => hideSecrets(mask.whole(text)),
  };
}

// One that is too large is left out.
async function readText(workspace: string, name: string): Promise<string> {
  const bytes = await readInside(workspace, name, maxManifestBytes).catch(() => null);
  return bytes === null ? '' : bytes.toString('utf8');
}
